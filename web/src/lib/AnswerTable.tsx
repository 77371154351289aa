// An answer as a table: each column says how it was computed, each cell keeps its interval.
import { Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Answer, Cell, Column } from './answers'
import { type DataColumn, DataTable } from './DataTable'
import { Figure, type FigureValue } from './Figure'
import { formatDay } from './format'
import { useLanguage } from './session'

export function figureOf(column: Column, cell: Cell, asOf: string): FigureValue {
  return {
    value: cell.value,
    unit: column.unit,
    currency: cell.currency ?? column.currency,
    low: cell.low,
    high: cell.high,
    n: cell.n,
    claim: column.claim,
    method: column.method,
    as_of: asOf,
  }
}

interface Props {
  answer: Answer
  name: string
  /** Writes the text cells of a column: media and stages by their own names. */
  words?: Record<string, (text: string, row: Cell[]) => ReactNode>
  leaveOut?: string[]
  hidden?: string[]
  csvAddress?: string
  tools?: ReactNode
}

export function AnswerTable({ answer, name, words = {}, leaveOut = [], hidden = [], csvAddress, tools }: Props) {
  const language = useLanguage()
  const columns = answer.columns.flatMap((column, at): DataColumn<Cell[]>[] => {
    if (leaveOut.includes(column.key)) return []
    const of = (row: Cell[]) => row[at]
    const number = column.kind === 'figure'
    return [
      {
        key: column.key,
        title: column.title,
        number,
        sortable: true,
        hidden: hidden.includes(column.key),
        how: number ? { ...figureOf(column, emptyCell, answer.as_of), n: null, value: null } : undefined,
        plain: row => {
          const cell = of(row)
          return cell ? (number ? cell.value : (cell.day ?? cell.text)) : null
        },
        cell: row => {
          const cell = of(row)
          if (!cell) return null
          if (number) return <Figure form="cell" label={column.title} figure={figureOf(column, cell, answer.as_of)} />
          if (cell.day) return formatDay(cell.day, language)
          const word = words[column.key]
          return word && cell.text !== null ? word(cell.text, row) : cell.text
        },
      },
    ]
  })
  return (
    <>
      <DataTable
        name={name}
        columns={columns}
        rows={answer.rows}
        rowKey={row => String(answer.rows.indexOf(row))}
        csvAddress={csvAddress}
        tools={tools}
      />
      <Notes notes={answer.notes} />
    </>
  )
}

const emptyCell: Cell = {
  text: null,
  day: null,
  value: null,
  low: null,
  high: null,
  n: null,
  currency: null,
  shown: '',
}

/** What a reader should know before believing an answer. */
export function Notes({ notes }: { notes: string[] }) {
  if (notes.length === 0) return null
  return (
    <ul className="notes">
      {notes.map(note => (
        <li key={note}>
          <Text size="sm" c="dimmed" component="span">
            {note}
          </Text>
        </li>
      ))}
    </ul>
  )
}
