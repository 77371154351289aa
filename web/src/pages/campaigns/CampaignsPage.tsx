// Campaigns: what is planned, what runs, what is held because nobody has said what success would be.
import { Badge, Button, Group, SegmentedControl, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, ask } from '../../api/client'
import { CAMPAIGN_STATES } from '../../app/router'
import { DataTable } from '../../lib/DataTable'
import { formatDay, formatExact } from '../../lib/format'
import { PageHead } from '../../lib/Page'
import { Empty, Failure, Waiting } from '../../lib/States'
import { oneOf } from '../../lib/search'
import { useCan, useLanguage } from '../../lib/session'
import { CAMPAIGN_MARK } from './mark'

const route = getRouteApi('/shell/campaigns')

export function CampaignsPage() {
  const { t } = useTranslation()
  const { state } = route.useSearch()
  const navigate = useNavigate({ from: '/campaigns' })
  const language = useLanguage()
  const mayPlan = useCan('plan.write')
  const campaigns = useQuery({
    queryKey: ['campaigns', state ?? null],
    queryFn: ({ signal }) => ask(api.GET('/api/v1/campaigns', { params: { query: { state, limit: 200 } }, signal })),
    placeholderData: previous => previous,
  })
  const rows = campaigns.data?.items ?? []
  const create = mayPlan && (
    <Button component={Link} to="/campaigns/new" leftSection={<IconPlus size={16} />}>
      {t('campaigns.new')}
    </Button>
  )
  return (
    <>
      <PageHead title={t('campaigns.title')} about={t('campaigns.about')}>
        {create}
      </PageHead>
      <SegmentedControl
        mb="sm"
        aria-label={t('campaigns.column.state')}
        value={state ?? 'all'}
        onChange={value => navigate({ search: { state: oneOf(value, CAMPAIGN_STATES) } })}
        data={[
          { value: 'all', label: t('campaigns.all') },
          ...CAMPAIGN_STATES.map(value => ({ value, label: t(`campaigns.state.${value}`) })),
        ]}
      />
      {campaigns.isPending && <Waiting rows={5} />}
      {campaigns.error && <Failure error={campaigns.error} retry={() => campaigns.refetch()} />}
      {campaigns.data && rows.length === 0 && (
        <Empty
          title={t(state ? 'campaigns.none' : 'campaigns.empty.title')}
          about={t('campaigns.empty.about')}
          action={
            state ? (
              <Button variant="default" onClick={() => navigate({ search: {} })}>
                {t('campaigns.showAll')}
              </Button>
            ) : (
              create
            )
          }
        />
      )}
      {rows.length > 0 && (
        <div data-state="data">
          <DataTable
            name={t('campaigns.title')}
            rows={rows}
            rowKey={row => row.id}
            onRowClick={row => navigate({ to: '/campaigns/$id', params: { id: row.id }, search: {} })}
            columns={[
              {
                key: 'name',
                title: t('campaigns.column.name'),
                sortable: true,
                plain: row => row.name,
                cell: row => (
                  <Link to="/campaigns/$id" params={{ id: row.id }} className="who">
                    {row.name}
                  </Link>
                ),
              },
              {
                key: 'state',
                title: t('campaigns.column.state'),
                sortable: true,
                plain: row => t(`campaigns.state.${row.state}`),
                cell: row => (
                  <Badge className={`mark ${CAMPAIGN_MARK[row.state]}`}>{t(`campaigns.state.${row.state}`)}</Badge>
                ),
              },
              {
                key: 'days',
                title: t('campaigns.column.days'),
                sortable: true,
                plain: row => `${row.from} – ${row.until}`,
                cell: row => `${formatDay(row.from, language)} – ${formatDay(row.until, language)}`,
              },
              {
                key: 'success',
                title: t('campaigns.column.success'),
                plain: row => t(row.has_success ? 'campaigns.defined' : 'campaigns.undefined'),
                cell: row =>
                  row.has_success ? (
                    t('campaigns.defined')
                  ) : (
                    <Text c="red" size="sm" component="span" className="missing">
                      {t('campaigns.undefined')}
                    </Text>
                  ),
              },
              {
                key: 'steps',
                title: t('campaigns.column.steps'),
                number: true,
                plain: row => `${row.steps_done}/${row.steps}`,
                cell: row => `${formatExact(row.steps_done, language)} / ${formatExact(row.steps, language)}`,
              },
              {
                key: 'next',
                title: t('campaigns.column.next'),
                plain: row => row.next_step?.what ?? null,
                cell: row =>
                  row.next_step ? (
                    <Group gap={6}>
                      <span className="who">{row.next_step.what}</span>
                      <Text size="sm" c="dimmed" component="span">
                        {formatDay(row.next_step.on, language, 'short')} · {row.next_step.owner}
                      </Text>
                    </Group>
                  ) : (
                    '–'
                  ),
              },
            ]}
          />
        </div>
      )}
    </>
  )
}
