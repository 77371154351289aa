// Answers of the server: tables whose numbers are figures.
import { queryOptions } from '@tanstack/react-query'
import { api, ask, language, type Schemas } from '../api/client'

export type Answer = Schemas['Answer']
export type Cell = Schemas['Cell']
export type Column = Schemas['Column']

export interface Asked {
  question: string
  subject?: string
  from?: string
  until?: string
  by?: string
  limit?: number
}

export function answerQuery(asked: Asked) {
  const { question, ...query } = asked
  return queryOptions({
    queryKey: ['answer', question, query, language()],
    queryFn: async ({ signal }) =>
      // The document has the CSV of the same address, too; this asks for JSON.
      (await ask(api.GET('/api/v1/answers/{question}', { params: { path: { question }, query }, signal }))) as Answer,
  })
}

/** Where the server's own CSV of an answer lies. */
export function answerCsv(asked: Asked): string {
  const { question, ...query } = asked
  const words = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(String(value))}`],
  )
  return `/api/v1/answers/${encodeURIComponent(question)}.csv${words.length > 0 ? `?${words.join('&')}` : ''}`
}

/** Finds cells by the key of their column. */
export function reader(answer: Answer) {
  const at = new Map(answer.columns.map((column, index) => [column.key, index]))
  const cell = (row: Cell[], key: string): Cell | undefined => {
    const index = at.get(key)
    return index === undefined ? undefined : row[index]
  }
  return {
    has: (key: string) => at.has(key),
    column: (key: string): Column | undefined => answer.columns[at.get(key) ?? -1],
    cell,
    text: (row: Cell[], key: string) => cell(row, key)?.text ?? '',
    day: (row: Cell[], key: string) => cell(row, key)?.day ?? null,
    value: (row: Cell[], key: string) => cell(row, key)?.value ?? null,
  }
}
