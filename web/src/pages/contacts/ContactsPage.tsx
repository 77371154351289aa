// Everybody the business deals with: found by name, handle, phone or order number, filtered by stage and channel.
import { Anchor, Button, Group, Select, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconDownload, IconFileImport, IconSearch } from '@tabler/icons-react'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ask, type Schemas } from '../../api/client'
import { csv, download } from '../../lib/csv'
import { type DataColumn, DataTable } from '../../lib/DataTable'
import { Filters } from '../../lib/Filters'
import { formatExact, formatMoney } from '../../lib/format'
import { useNames } from '../../lib/names'
import { PageHead } from '../../lib/Page'
import { Empty, Failure, Waiting } from '../../lib/States'
import { useCan, useLanguage } from '../../lib/session'
import { Views } from '../../lib/Views'
import { When } from '../../lib/When'
import { StageMark } from './StageMark'

const route = getRouteApi('/shell/contacts')
export const STAGES = ['aware', 'considering', 'preferring', 'customer', 'repeat', 'advocate', 'lapsed'] as const
const CHANNELS = [
  'weibo',
  'wechat-subscription',
  'wechat-service',
  'email',
  'web',
  'shop',
  'phone',
  'community',
] as const

type Item = Schemas['ContactItem']

export function ContactsPage() {
  const { t } = useTranslation()
  const search = route.useSearch()
  const navigate = useNavigate({ from: '/contacts' })
  const names = useNames()
  const language = useLanguage()
  const mayImport = useCan('import')
  // Who sees no personal data cannot search by it either.
  const maySearch = useCan('contacts.personal')
  const [typed, setTyped] = useState(search.q ?? '')
  const set = (change: Partial<typeof search>) =>
    navigate({ search: now => ({ ...now, ...change }), replace: true, resetScroll: false })
  const find = useDebouncedCallback((q: string) => set({ q: q.trim() || undefined }), 250)
  // The back button changes the search without the keyboard.
  useEffect(() => setTyped(now => (now.trim() === (search.q ?? '') ? now : (search.q ?? ''))), [search.q])

  const { q, stage, channel } = search
  const contacts = useInfiniteQuery({
    queryKey: ['contacts', { q, stage, channel }],
    queryFn: ({ pageParam, signal }) =>
      ask(
        api.GET('/api/v1/contacts', { params: { query: { q, stage, channel, cursor: pageParam, limit: 50 } }, signal }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: page => page.next ?? undefined,
    placeholderData: previous => previous,
  })
  const rows = contacts.data?.pages.flatMap(page => page.items) ?? []
  const filtered = Boolean(q || stage || channel)

  const columns: DataColumn<Item>[] = [
    {
      key: 'name',
      title: t('contacts.column.name'),
      plain: row => row.name,
      cell: row => (
        <>
          <Link to="/contacts/$contact" params={{ contact: row.contact }} className="who">
            {row.name}
          </Link>
          {row.matched && row.matched !== row.name && <div className="figure-range who">{row.matched}</div>}
        </>
      ),
    },
    {
      key: 'stage',
      title: t('contacts.column.stage'),
      plain: row => (row.stage ? names.stage(row.stage) : null),
      cell: row => (row.stage ? <StageMark stage={row.stage} /> : '–'),
    },
    {
      key: 'channels',
      title: t('contacts.column.channels'),
      plain: row => row.channels.map(names.channel).join(' '),
      cell: row => row.channels.map(names.channel).join(t('common.listComma')),
    },
    {
      key: 'last_at',
      title: t('contacts.column.last'),
      plain: row => row.last_at,
      cell: row => <When at={row.last_at} />,
    },
    {
      key: 'touches',
      title: t('contacts.column.touches'),
      number: true,
      plain: row => row.touches,
      cell: row => formatExact(row.touches, language),
    },
    {
      key: 'orders',
      title: t('contacts.column.orders'),
      number: true,
      plain: row => row.orders,
      cell: row => formatExact(row.orders, language),
    },
    {
      key: 'revenue',
      title: t('contacts.column.revenue'),
      number: true,
      plain: row => row.revenue?.amount ?? null,
      cell: row => (row.revenue ? formatMoney(row.revenue.minor, row.revenue.currency, language) : '–'),
    },
    {
      key: 'last_order_at',
      title: t('contacts.column.lastOrder'),
      hidden: true,
      plain: row => row.last_order_at,
      cell: row => <When at={row.last_order_at} />,
    },
    {
      key: 'first_at',
      title: t('contacts.column.first'),
      hidden: true,
      plain: row => row.first_at,
      cell: row => <When at={row.first_at} />,
    },
  ]

  return (
    <>
      <PageHead title={t('contacts.title')} about={t('contacts.about')}>
        <Group gap="xs">
          <Button component={Link} to="/merges" variant="default">
            {t('contacts.merges')}
          </Button>
          <Views page="contacts" />
        </Group>
      </PageHead>
      <Group gap="xs" mb="sm" align="flex-end" role="search">
        {maySearch && (
          <TextInput
            data-search
            flex="1 1 240px"
            aria-label={t('contacts.search')}
            placeholder={t('contacts.search')}
            leftSection={<IconSearch size={16} stroke={1.6} />}
            value={typed}
            onChange={event => {
              setTyped(event.currentTarget.value)
              find(event.currentTarget.value)
            }}
          />
        )}
        <Select
          aria-label={t('contacts.column.stage')}
          placeholder={t('contacts.anyStage')}
          w={170}
          clearable
          clearButtonProps={{ 'aria-label': t('common.clear') }}
          data={STAGES.map(value => ({ value, label: names.stage(value) }))}
          value={stage ?? null}
          onChange={value => set({ stage: value ?? undefined })}
        />
        <Select
          aria-label={t('contacts.column.channels')}
          placeholder={t('contacts.anyChannel')}
          w={170}
          clearable
          clearButtonProps={{ 'aria-label': t('common.clear') }}
          data={[...new Set([...CHANNELS, ...(channel ? [channel] : [])])].map(value => ({
            value,
            label: names.channel(value),
          }))}
          value={channel ?? null}
          onChange={value => set({ channel: value ?? undefined })}
        />
      </Group>
      <Filters
        chips={[
          ...(q ? [{ key: 'q', label: `“${q}”`, remove: () => set({ q: undefined }) }] : []),
          ...(stage ? [{ key: 'stage', label: names.stage(stage), remove: () => set({ stage: undefined }) }] : []),
          ...(channel
            ? [{ key: 'channel', label: names.channel(channel), remove: () => set({ channel: undefined }) }]
            : []),
        ]}
        clear={() => set({ q: undefined, stage: undefined, channel: undefined })}
      />
      {contacts.isPending && <Waiting rows={8} />}
      {contacts.error && <Failure error={contacts.error} retry={() => contacts.refetch()} />}
      {contacts.data && rows.length === 0 && (
        <Empty
          title={t(filtered ? 'contacts.none.title' : 'contacts.empty.title')}
          about={t(filtered ? 'contacts.none.about' : 'contacts.empty.about')}
          action={
            filtered ? (
              <Button variant="default" onClick={() => set({ q: undefined, stage: undefined, channel: undefined })}>
                {t('filters.clear')}
              </Button>
            ) : (
              mayImport && (
                <Button component={Link} to="/import" leftSection={<IconFileImport size={18} />}>
                  {t('today.empty.import')}
                </Button>
              )
            )
          }
        />
      )}
      {rows.length > 0 && (
        <div data-state="data">
          <DataTable
            name={t('contacts.title')}
            columns={columns}
            rows={rows}
            rowKey={row => row.contact}
            onRowClick={row => navigate({ to: '/contacts/$contact', params: { contact: row.contact }, search: {} })}
            more={{
              has: contacts.hasNextPage,
              busy: contacts.isFetchingNextPage,
              load: () => contacts.fetchNextPage(),
            }}
            bulk={chosen => (
              <Button
                size="compact-sm"
                variant="default"
                leftSection={<IconDownload size={14} />}
                onClick={() =>
                  download(
                    `${t('contacts.title')}.csv`,
                    csv(
                      columns.map(column => column.title),
                      chosen.map(row => columns.map(column => column.plain(row))),
                    ),
                  )
                }
              >
                {t('contacts.chosenCsv')}
              </Button>
            )}
          />
        </div>
      )}
      <Proposals />
    </>
  )
}

/** Says at the foot of the list that some of these may be one person. */
function Proposals() {
  const { t } = useTranslation()
  const proposals = useQuery({
    queryKey: ['merges', 'proposed', 'count'],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/merges', { params: { query: { state: 'proposed', limit: 1 } }, signal })),
  })
  if (!proposals.data || proposals.data.items.length === 0) return null
  return (
    <p>
      <Anchor component={Link} to="/merges">
        {t('contacts.maybeOne')}
      </Anchor>
    </p>
  )
}
