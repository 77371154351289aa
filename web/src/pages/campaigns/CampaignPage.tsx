// One campaign: its plan, its media, what success would be, and the report that answers the questions by name.
import { Alert, Anchor, Badge, Button, Checkbox, Group, Progress, Stack, Table, Tabs, Text, Title } from '@mantine/core'
import { IconDownload, IconFlag, IconPencil, IconPlus } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, language as apiLanguage, ask, type Schemas } from '../../api/client'
import { CAMPAIGN_TABS } from '../../app/router'
import { figureOf, Notes } from '../../lib/AnswerTable'
import { Figure } from '../../lib/Figure'
import { formatDay, formatExact, formatMoney } from '../../lib/format'
import { useNames } from '../../lib/names'
import { PageHead } from '../../lib/Page'
import { Empty, Failure, Waiting } from '../../lib/States'
import { oneOf } from '../../lib/search'
import { useCan, useLanguage } from '../../lib/session'
import { failed, said } from '../../lib/Undo'
import { CAMPAIGN_MARK } from './mark'

const route = getRouteApi('/shell/campaigns/$id')
type Campaign = Schemas['Campaign']

// Forms bring calendars with them: they are loaded when somebody writes.
const CampaignForm = lazy(() => import('./CampaignForm').then(module => ({ default: module.CampaignForm })))
const PlacementForm = lazy(() => import('./PlacementForm').then(module => ({ default: module.PlacementForm })))

export const bodyOf = ({ name, from, until, success, stages }: Campaign): Schemas['CampaignBody'] => ({
  name,
  from,
  until,
  success,
  stages,
})

export function CampaignPage() {
  const { t } = useTranslation()
  const { id } = route.useParams()
  const fresh = id === 'new'
  const campaign = useQuery({
    queryKey: ['campaigns', id],
    enabled: !fresh,
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/campaigns/{campaign}', { params: { path: { campaign: id } }, signal })),
  })
  return (
    <>
      <Anchor component={Link} to="/campaigns" size="sm">
        ← {t('campaigns.title')}
      </Anchor>
      {fresh && (
        <>
          <PageHead title={t('campaigns.new')} about={t('campaigns.newAbout')} />
          <Suspense fallback={<Waiting rows={5} />}>
            <CampaignForm />
          </Suspense>
        </>
      )}
      {!fresh && campaign.isPending && <Waiting rows={6} />}
      {campaign.error && <Failure error={campaign.error} retry={() => campaign.refetch()} />}
      {!fresh && campaign.data && <Whole campaign={campaign.data} />}
    </>
  )
}

function Whole({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const search = route.useSearch()
  const navigate = useNavigate({ from: '/campaigns/$id' })
  const mayPlan = useCan('plan.write')
  const [editing, setEditing] = useState(false)
  const tab = search.tab ?? (campaign.state === 'ended' ? 'report' : 'plan')
  if (editing) {
    return (
      <>
        <PageHead title={<span className="who">{campaign.name}</span>} />
        <Suspense fallback={<Waiting rows={5} />}>
          <CampaignForm campaign={campaign} close={() => setEditing(false)} />
        </Suspense>
      </>
    )
  }
  return (
    <>
      <PageHead
        title={<span className="who">{campaign.name}</span>}
        about={`${formatDay(campaign.from, language)} – ${formatDay(campaign.until, language)}`}
      >
        <Group gap="xs">
          <Badge size="lg" className={`mark ${CAMPAIGN_MARK[campaign.state]}`}>
            {t(`campaigns.state.${campaign.state}`)}
          </Badge>
          {mayPlan && (
            <Button variant="default" leftSection={<IconPencil size={16} />} onClick={() => setEditing(true)}>
              {t('common.edit')}
            </Button>
          )}
          {mayPlan && (campaign.state === 'planned' || campaign.state === 'held') && (
            <Start campaign={campaign} define={() => setEditing(true)} />
          )}
        </Group>
      </PageHead>
      {!campaign.has_success && (
        <Alert variant="default" className="failure" mb="md" icon={<IconFlag />} title={t('campaigns.heldTitle')}>
          {t('campaigns.heldAbout')}
        </Alert>
      )}
      <Tabs
        value={tab}
        onChange={value =>
          navigate({ search: { tab: oneOf(value, CAMPAIGN_TABS) }, replace: true, resetScroll: false })
        }
      >
        <Tabs.List mb="md" aria-label={campaign.name}>
          {CAMPAIGN_TABS.map(value => (
            <Tabs.Tab key={value} value={value}>
              {t(`campaigns.tab.${value}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="plan">
          <Plan campaign={campaign} edit={mayPlan ? () => setEditing(true) : undefined} />
        </Tabs.Panel>
        <Tabs.Panel value="media">
          <Media campaign={campaign} />
        </Tabs.Panel>
        <Tabs.Panel value="success">
          <Success campaign={campaign} edit={mayPlan ? () => setEditing(true) : undefined} />
        </Tabs.Panel>
        <Tabs.Panel value="report">{tab === 'report' && <Report id={campaign.id} />}</Tabs.Panel>
      </Tabs>
    </>
  )
}

function Start({ campaign, define }: { campaign: Campaign; define: () => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const start = useMutation({
    mutationFn: () =>
      ask(api.POST('/api/v1/campaigns/{campaign}/start', { params: { path: { campaign: campaign.id } } })),
    onSuccess: started => {
      queries.setQueryData(['campaigns', campaign.id], started)
      void queries.invalidateQueries({ queryKey: ['campaigns'] })
      said(t('campaigns.started', { name: campaign.name }), async () => {
        await ask(
          api.PUT('/api/v1/campaigns/{campaign}', {
            params: { path: { campaign: campaign.id } },
            body: bodyOf(campaign),
          }),
        )
        await queries.invalidateQueries({ queryKey: ['campaigns'] })
      })
    },
    onError: failed,
  })
  // Without a definition of success the server refuses; the button leads to where it is written.
  return campaign.has_success ? (
    <Button loading={start.isPending} leftSection={<IconFlag size={16} />} onClick={() => start.mutate()}>
      {t('campaigns.start')}
    </Button>
  ) : (
    <>
      <Button
        variant="default"
        loading={start.isPending}
        leftSection={<IconFlag size={16} />}
        onClick={() => start.mutate()}
      >
        {t('campaigns.start')}
      </Button>
      <Button onClick={define}>{t('campaigns.define')}</Button>
    </>
  )
}

function Plan({ campaign, edit }: { campaign: Campaign; edit?: () => void }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const queries = useQueryClient()
  const set = (stage: number, step: number, done: boolean) =>
    ask(
      api.PUT('/api/v1/campaigns/{campaign}/stages/{stage}/steps/{step}/done', {
        params: { path: { campaign: campaign.id, stage, step } },
        body: { done },
      }),
    )
  const tick = useMutation({
    mutationFn: ({ stage, step, done }: { stage: number; step: number; done: boolean }) => set(stage, step, done),
    // On the page at once; it goes back if the server refuses.
    onMutate: ({ stage, step, done }) => {
      const before = queries.getQueryData<Campaign>(['campaigns', campaign.id])
      queries.setQueryData<Campaign>(
        ['campaigns', campaign.id],
        now =>
          now && {
            ...now,
            stages: now.stages.map((one, at) =>
              at === stage
                ? { ...one, steps: one.steps.map((own, index) => (index === step ? { ...own, done } : own)) }
                : one,
            ),
          },
      )
      return { before }
    },
    onError: (error, _, context) => {
      queries.setQueryData(['campaigns', campaign.id], context?.before)
      failed(error)
    },
    onSuccess: (after, { stage, step, done }) => {
      queries.setQueryData(['campaigns', campaign.id], after)
      said(t(done ? 'campaigns.stepDone' : 'campaigns.stepOpen'), async () => {
        queries.setQueryData(['campaigns', campaign.id], await set(stage, step, !done))
      })
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['campaigns'], exact: false }),
  })
  if (campaign.stages.length === 0) {
    return (
      <Empty
        title={t('campaigns.plan.empty')}
        about={t('campaigns.plan.emptyAbout')}
        action={edit && <Button onClick={edit}>{t('campaigns.plan.write')}</Button>}
      />
    )
  }
  return (
    <Stack>
      {campaign.stages.map((stage, at) => (
        <section className="sheet" key={at} aria-labelledby={`stage-${at}`}>
          <Title order={2} size="h3" id={`stage-${at}`} mb="xs" className="who">
            {at + 1}. {stage.name}
          </Title>
          <Stack gap="xs">
            {stage.steps.map((step, index) => (
              <Checkbox
                key={index}
                checked={step.done}
                disabled={!edit}
                onChange={event => tick.mutate({ stage: at, step: index, done: event.currentTarget.checked })}
                label={
                  <>
                    <Text component="span" td={step.done ? 'line-through' : undefined} className="who">
                      {step.what}
                    </Text>{' '}
                    <Text component="span" size="sm" c="dimmed">
                      {step.owner} · {formatDay(step.on, language, 'weekday')}
                    </Text>
                  </>
                }
              />
            ))}
          </Stack>
        </section>
      ))}
    </Stack>
  )
}

function Media({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation()
  const names = useNames()
  const language = useLanguage()
  const mayPlan = useCan('plan.write')
  const [open, setOpen] = useState<Schemas['Placement'] | 'new' | null>(null)
  const add = mayPlan && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setOpen('new')}>
      {t('campaigns.media.add')}
    </Button>
  )
  return (
    <Stack>
      {open && (
        <Suspense>
          <PlacementForm campaign={campaign} placement={open} close={() => setOpen(null)} />
        </Suspense>
      )}
      {campaign.placements.length === 0 ? (
        <Empty title={t('campaigns.media.empty')} about={t('campaigns.media.emptyAbout')} action={add} />
      ) : (
        <>
          <Group justify="flex-end">{add}</Group>
          <div className="sheet">
            <Table role="table" className="cards" aria-label={t('campaigns.tab.media')}>
              <Table.Thead role="rowgroup">
                <Table.Tr role="row">
                  {(['content', 'medium', 'form', 'place', 'days', 'cost', 'link'] as const).map(key => (
                    <Table.Th role="columnheader" key={key} className={key === 'cost' ? 'right' : undefined}>
                      {t(`campaigns.media.${key}`)}
                    </Table.Th>
                  ))}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody role="rowgroup">
                {campaign.placements.map(placement => (
                  <Table.Tr role="row" key={placement.id}>
                    <Table.Td role="cell" className="first who">
                      {mayPlan ? (
                        <Anchor component="button" type="button" onClick={() => setOpen(placement)}>
                          {placement.content || placement.id}
                        </Anchor>
                      ) : (
                        placement.content || placement.id
                      )}
                    </Table.Td>
                    <Table.Td role="cell" data-label={t('campaigns.media.medium')}>
                      {names.medium(placement.medium)}
                    </Table.Td>
                    <Table.Td role="cell" data-label={t('campaigns.media.form')}>
                      {placement.form || '–'}
                    </Table.Td>
                    <Table.Td role="cell" data-label={t('campaigns.media.place')}>
                      {placement.place || '–'}
                    </Table.Td>
                    <Table.Td role="cell" data-label={t('campaigns.media.days')}>
                      {formatDay(placement.from, language, 'short')} – {formatDay(placement.until, language, 'short')}
                    </Table.Td>
                    <Table.Td role="cell" className="right number" data-label={t('campaigns.media.cost')}>
                      {placement.cost
                        ? formatMoney(placement.cost.minor, placement.cost.currency, language, 'exact')
                        : '–'}
                    </Table.Td>
                    <Table.Td role="cell" className="who" data-label={t('campaigns.media.link')}>
                      {placement.link || '–'}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </div>
        </>
      )}
    </Stack>
  )
}

function Success({ campaign, edit }: { campaign: Campaign; edit?: () => void }) {
  const { t } = useTranslation()
  const names = useNames()
  const language = useLanguage()
  const { success, progress } = campaign
  if (!success) {
    return (
      <Empty
        title={t('campaigns.success.empty')}
        about={t('campaigns.heldAbout')}
        action={edit && <Button onClick={edit}>{t('campaigns.define')}</Button>}
      />
    )
  }
  const exact = (value: number) => formatExact(value, language)
  return (
    <section className="sheet" aria-label={t('campaigns.tab.success')}>
      <Stack>
        <Text size="lg">
          {t('campaigns.success.sentence', {
            measure: names.measure(success.measure),
            baseline: exact(success.baseline),
            target: exact(success.target),
            by: formatDay(success.by, language),
          })}
        </Text>
        {success.method && <Text c="dimmed">{t('campaigns.success.method', { method: success.method })}</Text>}
        {progress ? (
          <div>
            <Progress
              size="lg"
              value={Math.max(0, Math.min(100, (progress.reached / progress.target) * 100))}
              aria-label={t('campaigns.success.reached')}
            />
            <Text mt="xs">
              {t('campaigns.success.progress', { reached: exact(progress.reached), target: exact(progress.target) })}{' '}
              {progress.behind
                ? t('campaigns.success.behind', { due: exact(Math.round(progress.due)) })
                : t('campaigns.success.onTrack', { due: exact(Math.round(progress.due)) })}
            </Text>
          </div>
        ) : (
          <Text c="dimmed">{t('campaigns.success.noProgress')}</Text>
        )}
      </Stack>
    </section>
  )
}

/** The answers of a report differ in their unit: what has a currency is money, the others are counts and quotients. */
const unitOf = (column: Schemas['Column'], cell: Schemas['Cell']): Schemas['Column'] =>
  cell.currency
    ? { ...column, unit: 'money', currency: cell.currency }
    : { ...column, unit: column.unit === 'money' ? 'ratio' : column.unit, currency: null }

/** Every question by name, each with its answer; a question that has several answers stands once. */
function Report({ id }: { id: string }) {
  const { t } = useTranslation()
  const report = useQuery({
    queryKey: ['campaigns', id, 'report', apiLanguage()],
    queryFn: async ({ signal }) =>
      (await ask(
        api.GET('/api/v1/campaigns/{campaign}/report', { params: { path: { campaign: id } }, signal }),
      )) as Schemas['Answer'],
  })
  if (report.isPending) return <Waiting rows={6} height={60} />
  if (report.error) return <Failure error={report.error} retry={() => report.refetch()} />
  const answer = report.data
  const column = answer.columns[2]
  const questions = new Map<string, Schemas['Cell'][][]>()
  for (const row of answer.rows) {
    const question = row[0]?.text ?? ''
    questions.set(question, [...(questions.get(question) ?? []), row])
  }
  return (
    <section className="sheet" aria-label={t('campaigns.tab.report')}>
      <Group justify="flex-end">
        <Button
          component="a"
          variant="default"
          download
          href={`/api/v1/answers/campaign.csv?subject=${encodeURIComponent(id)}`}
          leftSection={<IconDownload size={16} />}
        >
          CSV
        </Button>
      </Group>
      <dl className="report">
        {[...questions].map(([question, rows]) => (
          <div key={question} className="report-row">
            <dt>{question}</dt>
            <dd>
              {rows.map(row => {
                const [, words, cell] = row
                return (
                  <div key={words?.text} className="report-answer">
                    <span className="who">{words?.text}</span>
                    {column && cell && cell.value !== null && (
                      <Figure
                        form="line"
                        label={question}
                        figure={figureOf(unitOf(column, cell), cell, answer.as_of)}
                      />
                    )}
                  </div>
                )
              })}
            </dd>
          </div>
        ))}
      </dl>
      <Notes notes={answer.notes} />
    </section>
  )
}
