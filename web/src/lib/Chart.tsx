// Every chart: drawn from the same rows that its table shows and its CSV holds, with one sentence that says what it shows.
import {
  ActionIcon,
  Group,
  Paper,
  ScrollArea,
  SegmentedControl,
  Skeleton,
  Table,
  Text,
  Title,
  useComputedColorScheme,
} from '@mantine/core'
import { useReducedMotion } from '@mantine/hooks'
import { IconDownload } from '@tabler/icons-react'
import type { EChartsCoreOption, EChartsType } from 'echarts/core'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { csv, download } from './csv'

/** Okabe and Ito's colours, told apart by every kind of sight. */
export const COLOURS = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9']
/** Colour is never alone: lines differ in their dashes, too. */
export const DASHES = ['solid', [6, 4], [2, 3], [10, 4, 2, 4], [1, 4], [8, 2]] as const

export interface Ink {
  text: string
  faint: string
  line: string
  paper: string
}

interface Props {
  title: string
  /** The sentence that a screen reader says instead of the picture. */
  sentence: string
  /** What is drawn; the ink follows the colour scheme. */
  option: (ink: Ink) => EChartsCoreOption
  header: string[]
  rows: (string | number | null)[][]
  /** How the rows are written in the table, where that differs from the CSV. */
  shown?: string[][]
  height?: number
  aside?: ReactNode
  note?: ReactNode
}

export function Chart({ title, sentence, option, header, rows, shown, height = 280, aside, note }: Props) {
  const { t, i18n } = useTranslation()
  const [form, setForm] = useState<'chart' | 'table'>('chart')
  return (
    <Paper component="section" className="chart" p="md" withBorder aria-label={title}>
      <Group justify="space-between" align="flex-start" mb="xs" gap="xs">
        <Title order={2} size="h3">
          {title}
        </Title>
        <Group gap={6}>
          {aside}
          <SegmentedControl
            size="xs"
            aria-label={t('chart.form', { title })}
            value={form}
            onChange={value => setForm(value === 'table' ? 'table' : 'chart')}
            data={[
              { value: 'chart', label: t('chart.chart') },
              { value: 'table', label: t('chart.table') },
            ]}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-label={t('table.csv', { name: title })}
            onClick={() => download(`${title}.csv`, csv(header, rows))}
          >
            <IconDownload size={18} stroke={1.6} />
          </ActionIcon>
        </Group>
      </Group>
      {form === 'chart' ? (
        <Drawing key={i18n.language} sentence={sentence} option={option} height={height} />
      ) : (
        <ScrollArea.Autosize mah={height + 120} viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': title }}>
          <Table aria-label={title}>
            <Table.Thead>
              <Table.Tr>
                {header.map((name, at) => (
                  <Table.Th key={name} className={at > 0 ? 'right' : undefined}>
                    {name}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {(shown ?? rows).map((row, at) => (
                <Table.Tr key={at}>
                  {row.map((cell, column) => (
                    <Table.Td key={header[column]} className={column > 0 ? 'right number' : undefined}>
                      {cell ?? '–'}
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </ScrollArea.Autosize>
      )}
      {note && (
        <Text size="sm" c="dimmed" mt="xs">
          {note}
        </Text>
      )}
    </Paper>
  )
}

function Drawing({ sentence, option, height }: { sentence: string; option: Props['option']; height: number }) {
  const box = useRef<HTMLDivElement>(null)
  const [ready, setReady] = useState(false)
  const scheme = useComputedColorScheme('light')
  const still = useReducedMotion()
  const drawn = useRef<EChartsType | null>(null)
  const latest = useRef(option)
  latest.current = option

  useEffect(() => {
    const element = box.current
    if (!element) return
    let gone = false
    let chart: EChartsType | null = null
    const watch = new ResizeObserver(() => chart?.resize())
    import('./chart').then(({ init }) => {
      if (gone) return
      chart = init(element, null, { renderer: 'svg' })
      drawn.current = chart
      paint(chart, element, latest.current, still)
      watch.observe(element)
      setReady(true)
    })
    return () => {
      gone = true
      watch.disconnect()
      chart?.dispose()
      drawn.current = null
    }
  }, [still])

  // biome-ignore lint/correctness/useExhaustiveDependencies: the scheme changes the ink that paint reads
  useEffect(() => {
    if (drawn.current && box.current) paint(drawn.current, box.current, option, still)
  }, [option, scheme, still])

  return (
    <div className="drawing" style={{ height }}>
      {!ready && <Skeleton height={height} radius="sm" className="drawing-wait" />}
      <div ref={box} role="img" aria-label={sentence} style={{ height }} />
    </div>
  )
}

function paint(chart: EChartsType, element: HTMLElement, option: Props['option'], still: boolean) {
  const style = getComputedStyle(element)
  const of = (name: string) => style.getPropertyValue(name).trim()
  const ink: Ink = {
    text: of('--mantine-color-text'),
    faint: of('--mantine-color-dimmed'),
    line: of('--kith-line'),
    paper: of('--kith-paper'),
  }
  const wanted = option(ink)
  chart.setOption(
    {
      color: COLOURS,
      animation: !still,
      animationDuration: 250,
      // 'inherit' would measure texts wrongly.
      textStyle: { fontFamily: style.fontFamily, color: ink.text },
      aria: { enabled: false },
      ...wanted,
      tooltip: {
        confine: true,
        backgroundColor: ink.paper,
        borderColor: ink.line,
        textStyle: { color: ink.text, fontFamily: style.fontFamily },
        ...(wanted.tooltip as object | undefined),
      },
    },
    { notMerge: true },
  )
}
