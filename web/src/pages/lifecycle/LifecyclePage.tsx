// Where everybody stands with us, who moved in the last weeks, and who came back (demand 2.12).
import { Button, Group, ScrollArea, SegmentedControl, Stack, Table, Text, Title } from '@mantine/core'
import { IconFileImport } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { figureOf, Notes } from '../../lib/AnswerTable'
import { type Answer, answerCsv, answerQuery, reader } from '../../lib/answers'
import { Chart, COLOURS } from '../../lib/Chart'
import { Figure, HowComputed } from '../../lib/Figure'
import { formatDay, formatExact, formatShare } from '../../lib/format'
import { useNames } from '../../lib/names'
import { PageHead } from '../../lib/Page'
import { Empty, Failure, Waiting } from '../../lib/States'
import { useCan, useLanguage } from '../../lib/session'
import { cohortTable, flowsOf } from './shape'

export function LifecyclePage() {
  const { t } = useTranslation()
  const mayImport = useCan('import')
  const stages = useQuery(answerQuery({ question: 'lifecycle' }))
  const all = stages.data ? stages.data.rows.reduce((sum, row) => sum + (row[1]?.value ?? 0), 0) : 0
  return (
    <>
      <PageHead title={t('lifecycle.title')} about={t('lifecycle.about')} />
      {stages.isPending && <Waiting rows={4} height={90} />}
      {stages.error && <Failure error={stages.error} retry={() => stages.refetch()} />}
      {stages.data && all === 0 && (
        <Empty
          title={t('lifecycle.empty.title')}
          about={t('lifecycle.empty.about')}
          action={
            mayImport && (
              <Button component={Link} to="/import" leftSection={<IconFileImport size={18} />}>
                {t('today.empty.import')}
              </Button>
            )
          }
        />
      )}
      {stages.data && all > 0 && (
        <Stack gap="xl" data-state="data">
          <Stages answer={stages.data} />
          <Flows />
          <Cohorts />
        </Stack>
      )}
    </>
  )
}

function Stages({ answer }: { answer: Answer }) {
  const { t } = useTranslation()
  const names = useNames()
  const language = useLanguage()
  const read = reader(answer)
  const contacts = read.column('contacts')
  const share = read.column('share')
  return (
    <section aria-label={answer.title}>
      <div className="stages">
        {answer.rows.map(row => {
          const stage = read.text(row, 'stage')
          const count = read.cell(row, 'contacts')
          const part = read.cell(row, 'share')
          if (!contacts || !count) return null
          return (
            <div key={stage} className="stage">
              <Figure figure={figureOf(contacts, count, answer.as_of)} label={names.stage(stage)} />
              {part && share && part.value !== null && (
                <Text size="xs" c="dimmed" mt={4} ml={4} className="number">
                  {t('lifecycle.share', { share: formatShare(part.value, language) })}
                </Text>
              )}
              <Link to="/contacts" search={{ stage }} className="stage-link">
                {t('lifecycle.who')}
              </Link>
              {whatToDo(stage) && (
                <Text size="xs" c="dimmed" mt={4} ml={4}>
                  {t(`lifecycle.todo.${whatToDo(stage) ?? 'aware'}`)}
                </Text>
              )}
            </div>
          )
        })}
      </div>
      <Notes notes={answer.notes} />
    </section>
  )
}

const TODO = ['aware', 'considering', 'preferring', 'customer', 'repeat', 'advocate', 'lapsed'] as const
const whatToDo = (stage: string) => TODO.find(one => one === stage)

/** Who moved from which stage to which. */
function Flows() {
  const { t } = useTranslation()
  const names = useNames()
  const language = useLanguage()
  const [week, setWeek] = useState('all')
  const asked = { question: 'lifecycle-flows' }
  const flows = useQuery(answerQuery(asked))
  if (flows.isPending) return <Waiting rows={1} height={360} />
  if (flows.error) return <Failure error={flows.error} retry={() => flows.refetch()} />
  const answer = flows.data
  const weeks = [...new Set(answer.rows.map(row => reader(answer).day(row, 'week') ?? ''))].filter(Boolean).sort()
  const chosen = weeks.includes(week) ? week : 'all'
  const links = flowsOf(answer, chosen === 'all' ? undefined : chosen)
  const column = reader(answer).column('contacts')
  const name = (stage: string) => (stage === 'unknown' ? t('lifecycle.flows.unknown') : names.stage(stage))
  if (links.length === 0) {
    return (
      <section className="sheet" aria-label={t('lifecycle.flows.title')}>
        <Title order={2} size="h3">
          {t('lifecycle.flows.title')}
        </Title>
        <Text c="dimmed">{t('lifecycle.flows.none')}</Text>
      </section>
    )
  }
  const biggest = links[0]
  return (
    <Chart
      title={t('lifecycle.flows.title')}
      sentence={t('lifecycle.flows.sentence', {
        before: name(biggest?.before ?? ''),
        after: name(biggest?.after ?? ''),
        contacts: formatExact(biggest?.contacts ?? 0, language),
      })}
      height={380}
      header={[t('lifecycle.flows.before'), t('lifecycle.flows.after'), t('lifecycle.flows.contacts')]}
      rows={links.map(link => [name(link.before), name(link.after), link.contacts])}
      shown={links.map(link => [name(link.before), name(link.after), formatExact(link.contacts, language)])}
      aside={
        <Group gap={4}>
          <SegmentedControl
            size="xs"
            aria-label={t('lifecycle.flows.weeks')}
            value={chosen}
            onChange={setWeek}
            data={[
              { value: 'all', label: t('lifecycle.flows.all', { count: weeks.length }) },
              ...weeks.slice(-2).map(day => ({
                value: day,
                label: t('lifecycle.flows.week', { day: formatDay(day, language, 'short') }),
              })),
            ]}
          />
          {column && (
            <HowComputed
              label={t('lifecycle.flows.title')}
              figure={{
                value: null,
                unit: 'people',
                currency: null,
                low: null,
                high: null,
                n: null,
                claim: column.claim,
                method: column.method,
                as_of: answer.as_of,
              }}
            />
          )}
        </Group>
      }
      note={t('lifecycle.flows.about')}
      option={ink => ({
        tooltip: { trigger: 'item' },
        series: [
          {
            type: 'sankey',
            left: 8,
            right: 110,
            top: 12,
            bottom: 12,
            nodeWidth: 14,
            nodeGap: 14,
            draggable: false,
            // The order of the stages is kept.
            layoutIterations: 0,
            emphasis: { focus: 'adjacency' },
            label: { color: ink.text, fontSize: 12 },
            lineStyle: { color: 'source', opacity: 0.38, curveness: 0.5 },
            // The same stage stands on both sides: before and after are different nodes.
            data: [
              ...nodes(links.map(link => link.before)).map(stage => ({
                name: `< ${stage}`,
                depth: 0,
                itemStyle: { color: colourOf(stage) },
                label: { formatter: name(stage) },
              })),
              ...nodes(links.map(link => link.after)).map(stage => ({
                name: `> ${stage}`,
                depth: 1,
                itemStyle: { color: colourOf(stage) },
                label: { formatter: name(stage) },
              })),
            ],
            links: links.map(link => ({ source: `< ${link.before}`, target: `> ${link.after}`, value: link.contacts })),
            tooltip: {
              formatter: ({
                dataType,
                data,
              }: {
                dataType?: string
                data: { source?: string; target?: string; value?: number; name?: string }
              }) =>
                dataType === 'edge'
                  ? `${name(data.source?.slice(2) ?? '')} → ${name(data.target?.slice(2) ?? '')}: ${formatExact(data.value ?? 0, language)}`
                  : name(data.name?.slice(2) ?? ''),
            },
          },
        ],
      })}
    />
  )
}

const nodes = (stages: string[]) => [...new Set(stages)].sort((one, other) => order(one) - order(other))
const order = (stage: string) => (TODO as readonly string[]).indexOf(stage)
const colourOf = (stage: string) =>
  stage === 'lapsed' || stage === 'unknown' ? '#8a857c' : COLOURS[Math.max(0, order(stage)) % COLOURS.length]

/** Of those who first bought in a month, how many bought again one, two, three … months later. */
function Cohorts() {
  const { t } = useTranslation()
  const language = useLanguage()
  const asked = { question: 'cohorts' }
  const cohorts = useQuery(answerQuery(asked))
  if (cohorts.isPending) return <Waiting rows={5} />
  if (cohorts.error) return <Failure error={cohorts.error} retry={() => cohorts.refetch()} />
  const answer = cohorts.data
  const { months, longest } = cohortTable(answer)
  if (months.length === 0) return null
  const read = reader(answer)
  const retained = read.column('retained')
  const shown = Math.min(longest, 12)
  const month = (day: string) => formatDay(day, language).replace(language === 'zh' ? /\d+日$/ : /^\d+ /, '')
  return (
    <section className="sheet" aria-labelledby="cohorts">
      <Group justify="space-between">
        <div>
          <Title order={2} size="h3" id="cohorts">
            {t('lifecycle.cohorts.title')}{' '}
            {retained && (
              <HowComputed
                label={t('lifecycle.cohorts.title')}
                figure={{
                  value: null,
                  unit: 'share',
                  currency: null,
                  low: null,
                  high: null,
                  n: null,
                  claim: retained.claim,
                  method: retained.method,
                  as_of: answer.as_of,
                }}
              />
            )}
          </Title>
          <Text c="dimmed" size="sm">
            {t('lifecycle.cohorts.about')}
          </Text>
        </div>
        <Button component="a" variant="default" size="xs" href={answerCsv(asked)} download>
          CSV
        </Button>
      </Group>
      <ScrollArea mt="sm" viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': t('lifecycle.cohorts.title') }}>
        <Table className="heat" aria-label={t('lifecycle.cohorts.title')} withRowBorders={false}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('lifecycle.cohorts.month')}</Table.Th>
              <Table.Th className="right">{t('lifecycle.cohorts.size')}</Table.Th>
              {Array.from({ length: shown }, (_, at) => (
                <Table.Th key={at} ta="center">
                  {t('lifecycle.cohorts.after', { count: at + 1 })}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {months.map(row => (
              <Table.Tr key={row.month}>
                <Table.Th scope="row">{month(row.month)}</Table.Th>
                <Table.Td className="right">{formatExact(row.size, language)}</Table.Td>
                {Array.from({ length: shown }, (_, at) => {
                  const cell = row.after[at]
                  const value = cell?.value ?? null
                  return (
                    <Table.Td
                      key={at}
                      title={
                        cell && cell.low !== null && cell.high !== null
                          ? t('figure.range', {
                              low: formatShare(cell.low, language),
                              high: formatShare(cell.high, language),
                            })
                          : undefined
                      }
                      style={value !== null ? { background: shade(value) } : undefined}
                    >
                      {value === null ? '' : `${formatShare(value, language)}${row.open === at ? '*' : ''}`}
                    </Table.Td>
                  )
                })}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea>
      <Text size="sm" c="dimmed" mt="xs">
        {t('lifecycle.cohorts.open')}
      </Text>
    </section>
  )
}

/** More came back, more ink; the number stays readable on either paper. */
const shade = (value: number) =>
  `color-mix(in srgb, var(--kith-accent) ${Math.round(Math.min(1, value / 0.5) * 42)}%, transparent)`
