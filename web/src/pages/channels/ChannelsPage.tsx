// What each medium brings for its cost: reads, visits, leads, orders, in the short and in the long run (demand 1.1).
import { Button, SegmentedControl, Stack, Text, Title } from '@mantine/core'
import { IconFileImport } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { AnswerTable, figureOf } from '../../lib/AnswerTable'
import { type Answer, answerCsv, answerQuery, reader } from '../../lib/answers'
import { Chart, COLOURS, DASHES } from '../../lib/Chart'
import { DateRange } from '../../lib/DateRange'
import { Figure } from '../../lib/Figure'
import { formatDay, formatNumber, formatShare } from '../../lib/format'
import { useNames } from '../../lib/names'
import { PageHead } from '../../lib/Page'
import { Empty, Failure, Waiting } from '../../lib/States'
import { before, daysBetween, daysOf, keptRange, todayIn } from '../../lib/search'
import { useCan, useLocale } from '../../lib/session'
import { mediaOverTime, shareByRun } from './shape'

const route = getRouteApi('/shell/channels')

export function ChannelsPage() {
  const { t } = useTranslation()
  const search = route.useSearch()
  const navigate = useNavigate({ from: '/channels' })
  const { zone } = useLocale()
  const mayImport = useCan('import')
  const range = search.range ? search : { range: keptRange() ?? 'all' }
  const days = daysOf(range, todayIn(zone, new Date()))
  const cost = useQuery(answerQuery({ question: 'cost', by: 'medium', ...days }))
  const nothing = cost.data && cost.data.rows.length === 0
  return (
    <>
      <PageHead title={t('channels.title')} about={t('channels.about')}>
        <DateRange value={range} onChange={next => navigate({ search: next, resetScroll: false })} />
      </PageHead>
      {cost.isPending && <Waiting rows={6} height={70} />}
      {cost.error && <Failure error={cost.error} retry={() => cost.refetch()} />}
      {nothing && (
        <Empty
          title={t('channels.empty.title')}
          about={t(range.range === 'all' ? 'channels.empty.about' : 'channels.empty.range')}
          action={
            range.range === 'all' ? (
              mayImport && (
                <Button component={Link} to="/import" leftSection={<IconFileImport size={18} />}>
                  {t('today.empty.import')}
                </Button>
              )
            ) : (
              <Button onClick={() => navigate({ search: { range: 'all' } })}>{t('channels.empty.all')}</Button>
            )
          }
        />
      )}
      {cost.data && !nothing && (
        <Stack gap="xl" data-state="data">
          <Totals days={days} />
          <Runs days={days} />
          <Trend days={days} />
          <section aria-labelledby="inout">
            <Title order={2} id="inout">
              {t('channels.cost.title')}
            </Title>
            <Text c="dimmed" size="sm" mb="sm">
              {t('channels.cost.about')}
            </Text>
            <MediumTable
              answer={cost.data}
              name={t('channels.cost.title')}
              csvAddress={answerCsv({ question: 'cost', by: 'medium', ...days })}
            />
          </section>
        </Stack>
      )}
    </>
  )
}

type Days = { from?: string; until?: string }

function MediumTable({
  answer,
  name,
  csvAddress,
  leaveOut,
}: {
  answer: Answer
  name: string
  csvAddress?: string
  leaveOut?: string[]
}) {
  const names = useNames()
  return (
    <AnswerTable
      answer={answer}
      name={name}
      words={{ medium: text => names.medium(text) }}
      hidden={['other', 'per_visit']}
      leaveOut={leaveOut}
      csvAddress={csvAddress}
    />
  )
}

const SHOWN = ['visits', 'leads', 'orders', 'revenue', 'return'] as const

/** The whole business in the chosen days, beside the equally long time before. */
function Totals({ days }: { days: Days }) {
  const { t } = useTranslation()
  const { language } = useLocale()
  const past = before(days)
  const now = useQuery(answerQuery({ question: 'cost', by: 'none', ...days }))
  const then = useQuery({ ...answerQuery({ question: 'cost', by: 'none', ...past }), enabled: Boolean(past.from) })
  if (now.isPending) return <Waiting rows={1} height={110} />
  if (now.error) return <Failure error={now.error} retry={() => now.refetch()} />
  const answer = now.data
  const row = answer.rows[0]
  if (!row) return null
  const read = reader(answer)
  const old = then.data?.rows[0]
  return (
    <section aria-label={t('channels.totals')} className="grid-figures">
      {SHOWN.map(key => {
        const column = read.column(key)
        const cell = read.cell(row, key)
        if (!column || !cell) return null
        const was = then.data && old ? reader(then.data).value(old, key) : null
        const change = was && cell.value !== null ? cell.value / was - 1 : null
        return (
          <div key={key}>
            <Figure figure={figureOf(column, cell, answer.as_of)} label={column.title} />
            {change !== null && was !== null && past.from && past.until && (
              <Text size="xs" c="dimmed" mt={4} ml={4} className="number">
                {change >= 0 ? '▲' : '▼'} {formatShare(Math.abs(change), language)}{' '}
                {t('channels.before', {
                  from: formatDay(past.from, language, 'short'),
                  until: formatDay(past.until, language, 'short'),
                })}
              </Text>
            )}
          </div>
        )
      })}
    </section>
  )
}

/** Of a hundred people whom a medium reached first, how many bought, soon and in the long run. */
function Runs({ days }: { days: Days }) {
  const { t } = useTranslation()
  const names = useNames()
  const { language } = useLocale()
  const [run, setRun] = useState<string | null>(null)
  const asked = { question: 'efficiency', ...days }
  const efficiency = useQuery(answerQuery(asked))
  if (efficiency.isPending) return <Waiting rows={1} height={320} />
  if (efficiency.error) return <Failure error={efficiency.error} retry={() => efficiency.refetch()} />
  const answer = efficiency.data
  if (answer.rows.length === 0) return null
  const { media, runs, value } = shareByRun(answer, 'bought')
  const chosen = run ?? runs[0] ?? ''
  const read = reader(answer)
  const best = media[0]
  const header = [read.column('medium')?.title ?? '', ...runs]
  const rows = media.map(medium => [names.medium(medium), ...runs.map(one => value(medium, one))])
  const percent = (share: number | null) => (share === null ? '–' : formatShare(share, language))
  return (
    <Stack gap="md">
      <Chart
        title={t('channels.runs.title')}
        sentence={t('channels.runs.sentence', {
          medium: best ? names.medium(best) : '–',
          share: percent(best ? value(best, runs.at(-1)) : null),
          run: runs.at(-1) ?? '',
        })}
        height={Math.max(220, media.length * 44 + 60)}
        header={header}
        rows={rows}
        shown={media.map(medium => [names.medium(medium), ...runs.map(one => percent(value(medium, one)))])}
        note={t('channels.runs.about')}
        option={ink => ({
          grid: { left: 8, right: 28, top: 34, bottom: 8, containLabel: true },
          legend: { top: 0, left: 0, textStyle: { color: ink.text } },
          tooltip: {
            trigger: 'axis',
            axisPointer: { type: 'shadow' },
            valueFormatter: (share: unknown) => percent(typeof share === 'number' ? share : null),
          },
          xAxis: {
            type: 'value',
            axisLabel: { color: ink.faint, formatter: (share: number) => formatShare(share, language) },
            splitLine: { lineStyle: { color: ink.line } },
          },
          yAxis: {
            type: 'category',
            inverse: true,
            data: media.map(names.medium),
            axisLabel: { color: ink.text, width: 130, overflow: 'truncate' },
            axisLine: { lineStyle: { color: ink.line } },
            axisTick: { show: false },
          },
          series: runs.map((one, at) => ({
            type: 'bar',
            name: one,
            barMaxWidth: 14,
            data: media.map(medium => value(medium, one)),
            // The long run is hatched: colour is never alone.
            itemStyle:
              at === 0
                ? { color: COLOURS[0] }
                : {
                    color: COLOURS[4],
                    decal: {
                      symbol: 'rect',
                      dashArrayX: [1, 0],
                      dashArrayY: [3, 3],
                      rotation: -Math.PI / 4,
                      color: 'rgba(0,0,0,0.28)',
                    },
                  },
          })),
        })}
      />
      <section aria-label={answer.title}>
        <AnswerTable
          answer={{ ...answer, rows: answer.rows.filter(row => read.text(row, 'run') === chosen) }}
          name={answer.title}
          words={{ medium: text => names.medium(text) }}
          leaveOut={['run']}
          csvAddress={answerCsv(asked)}
          tools={
            <SegmentedControl
              aria-label={t('channels.runs.run')}
              value={chosen}
              onChange={setRun}
              data={runs.map(one => ({ value: one, label: t('channels.runs.within', { run: one }) }))}
            />
          }
        />
      </section>
    </Stack>
  )
}

/** Visits by medium over the chosen days. */
function Trend({ days }: { days: Days }) {
  const { t } = useTranslation()
  const names = useNames()
  const { language } = useLocale()
  const long = !days.from || !days.until || daysBetween(days.from, days.until) > 92
  const traffic = useQuery(answerQuery({ question: 'traffic', by: long ? 'week,medium' : 'day,medium', ...days }))
  if (traffic.isPending) return <Waiting rows={1} height={320} />
  if (traffic.error) return <Failure error={traffic.error} retry={() => traffic.refetch()} />
  const { periods, media, value } = mediaOverTime(traffic.data, long ? 'week' : 'day')
  if (periods.length < 2) return null
  const name = (medium: string) => (medium === '' ? t('channels.trend.others') : names.medium(medium))
  const total = (medium: string) => periods.reduce((sum, day) => sum + value(medium, day), 0)
  return (
    <Chart
      title={t(long ? 'channels.trend.weeks' : 'channels.trend.days')}
      sentence={t('channels.trend.sentence', {
        from: formatDay(periods[0] ?? '', language),
        until: formatDay(periods.at(-1) ?? '', language),
        media: media
          .slice(0, 3)
          .map(medium => `${name(medium)} ${formatNumber(total(medium), language)}`)
          .join(t('common.listComma')),
      })}
      header={[t(long ? 'channels.trend.week' : 'channels.trend.day'), ...media.map(name)]}
      rows={periods.map(day => [day, ...media.map(medium => value(medium, day))])}
      height={320}
      option={ink => ({
        grid: { left: 8, right: 16, top: 60, bottom: 8, containLabel: true },
        legend: { top: 0, left: 0, textStyle: { color: ink.text } },
        tooltip: { trigger: 'axis' },
        xAxis: {
          type: 'category',
          boundaryGap: false,
          data: periods,
          axisLabel: {
            color: ink.faint,
            formatter: (day: string) => formatDay(day, language, 'short'),
            hideOverlap: true,
          },
          axisLine: { lineStyle: { color: ink.line } },
        },
        yAxis: {
          type: 'value',
          axisLabel: { color: ink.faint, formatter: (count: number) => formatNumber(count, language) },
          splitLine: { lineStyle: { color: ink.line } },
        },
        series: media.map((medium, at) => ({
          type: 'line',
          name: name(medium),
          showSymbol: false,
          lineStyle: { width: 2, type: DASHES[at % DASHES.length] },
          data: periods.map(day => value(medium, day)),
        })),
      })}
    />
  )
}
