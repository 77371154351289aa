// What was published, how it was answered, and which posts are surely better than usual.
import { Anchor, Button, Group, SegmentedControl, Select, Text, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconFileImport, IconSearch } from '@tabler/icons-react'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ask, type Schemas } from '../../api/client'
import { POST_TABS } from '../../app/router'
import { AnswerTable } from '../../lib/AnswerTable'
import { answerCsv, answerQuery } from '../../lib/answers'
import { type DataColumn, DataTable } from '../../lib/DataTable'
import { DateRange } from '../../lib/DateRange'
import { Filters } from '../../lib/Filters'
import { formatExact, formatNumber } from '../../lib/format'
import { useNames } from '../../lib/names'
import { PageHead } from '../../lib/Page'
import { Empty, Failure, Waiting } from '../../lib/States'
import { daysOf, keptRange, oneOf, todayIn } from '../../lib/search'
import { useCan, useLanguage, useLocale } from '../../lib/session'
import { Views } from '../../lib/Views'
import { When } from '../../lib/When'

const route = getRouteApi('/shell/posts')
const METRICS = ['reads', 'impressions', 'likes', 'reposts', 'comments', 'clicks'] as const
const CHANNELS = ['weibo', 'wechat-subscription', 'wechat-service', 'bluesky', 'mastodon', 'blog'] as const
type Post = Schemas['Post']

/** Only an address that a browser may follow: a stranger's file may hold anything. */
export const safeAddress = (url: string | null) => (url && /^https?:\/\//i.test(url) ? url : null)

export function PostsPage() {
  const { t } = useTranslation()
  const tab = route.useSearch().tab ?? 'all'
  const navigate = useNavigate({ from: '/posts' })
  return (
    <>
      <PageHead title={t('posts.title')} about={t('posts.about')}>
        <Group gap="xs">
          <SegmentedControl
            aria-label={t('posts.title')}
            value={tab}
            onChange={value => navigate({ search: now => ({ ...now, tab: oneOf(value, POST_TABS) }) })}
            data={POST_TABS.map(value => ({ value, label: t(`posts.tab.${value}`) }))}
          />
          <Views page="posts" />
        </Group>
      </PageHead>
      {tab === 'all' ? <All /> : <Best />}
    </>
  )
}

function NoPosts({ filtered, clear }: { filtered: boolean; clear: () => void }) {
  const { t } = useTranslation()
  const mayImport = useCan('import')
  return (
    <Empty
      title={t(filtered ? 'posts.none' : 'posts.empty.title')}
      about={t(filtered ? 'posts.noneAbout' : 'posts.empty.about')}
      action={
        filtered ? (
          <Button variant="default" onClick={clear}>
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
  )
}

function All() {
  const { t } = useTranslation()
  const names = useNames()
  const language = useLanguage()
  const { q, channel } = route.useSearch()
  const navigate = useNavigate({ from: '/posts' })
  const [typed, setTyped] = useState(q ?? '')
  const set = (change: { q?: string; channel?: string }) =>
    navigate({ search: now => ({ ...now, ...change }), replace: true, resetScroll: false })
  const find = useDebouncedCallback((text: string) => set({ q: text.trim() || undefined }), 250)
  useEffect(() => setTyped(now => (now.trim() === (q ?? '') ? now : (q ?? ''))), [q])
  const posts = useInfiniteQuery({
    queryKey: ['posts', { q, channel }],
    queryFn: ({ pageParam, signal }) =>
      ask(api.GET('/api/v1/posts', { params: { query: { q, channel, cursor: pageParam, limit: 50 } }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: page => page.next ?? undefined,
    placeholderData: previous => previous,
  })
  const rows = posts.data?.pages.flatMap(page => page.items) ?? []
  const clear = () => set({ q: undefined, channel: undefined })
  const columns: DataColumn<Post>[] = [
    {
      key: 'text',
      title: t('posts.column.text'),
      plain: row => row.title ?? row.text,
      cell: row => {
        const address = safeAddress(row.url)
        return (
          <div style={{ maxWidth: 420 }}>
            <span className="clip stranger" title={row.text}>
              {row.title || row.text || row.external}
            </span>
            {address && (
              <Anchor href={address} target="_blank" rel="noopener noreferrer" size="xs">
                {t('posts.open')}
              </Anchor>
            )}
          </div>
        )
      },
    },
    {
      key: 'channel',
      title: t('posts.column.channel'),
      plain: row => names.channel(row.channel),
      cell: row => names.channel(row.channel),
    },
    {
      key: 'account',
      title: t('posts.column.account'),
      hidden: true,
      plain: row => row.account,
      cell: row => row.account ?? '–',
    },
    {
      key: 'topic',
      title: t('posts.column.topic'),
      plain: row => row.topics.join(' '),
      cell: row => row.topics.join(t('common.listComma')) || '–',
    },
    {
      key: 'published_at',
      title: t('posts.column.published'),
      plain: row => row.published_at,
      cell: row => <When at={row.published_at} />,
    },
    ...METRICS.map(
      (metric): DataColumn<Post> => ({
        key: metric,
        title: names.metric(metric),
        number: true,
        hidden: metric === 'impressions' || metric === 'clicks',
        plain: row => row.counts[metric] ?? null,
        cell: row => {
          const count = row.counts[metric]
          return count === undefined ? (
            '–'
          ) : (
            <span title={formatExact(count, language)}>{formatNumber(count, language)}</span>
          )
        },
      }),
    ),
  ]
  return (
    <>
      <Group gap="xs" mb="sm" align="flex-end" role="search">
        <TextInput
          data-search
          flex="1 1 240px"
          aria-label={t('posts.search')}
          placeholder={t('posts.search')}
          leftSection={<IconSearch size={16} stroke={1.6} />}
          value={typed}
          onChange={event => {
            setTyped(event.currentTarget.value)
            find(event.currentTarget.value)
          }}
        />
        <Select
          aria-label={t('posts.column.channel')}
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
          ...(channel
            ? [{ key: 'channel', label: names.channel(channel), remove: () => set({ channel: undefined }) }]
            : []),
        ]}
        clear={clear}
      />
      {posts.isPending && <Waiting rows={8} />}
      {posts.error && <Failure error={posts.error} retry={() => posts.refetch()} />}
      {posts.data && rows.length === 0 && <NoPosts filtered={Boolean(q || channel)} clear={clear} />}
      {rows.length > 0 && (
        <div data-state="data">
          <DataTable
            name={t('posts.title')}
            columns={columns}
            rows={rows}
            rowKey={row => `${row.channel}\n${row.external}`}
            more={{ has: posts.hasNextPage, busy: posts.isFetchingNextPage, load: () => posts.fetchNextPage() }}
          />
          <Text size="sm" c="dimmed" mt="xs">
            {t('posts.countsAbout')}
          </Text>
        </div>
      )}
    </>
  )
}

/** Posts by what is sure of their engagement rate. */
function Best() {
  const { t } = useTranslation()
  const names = useNames()
  const { zone } = useLocale()
  const search = route.useSearch()
  const navigate = useNavigate({ from: '/posts' })
  const range = search.range ? search : { range: keptRange() ?? ('all' as const) }
  const asked = { question: 'top-posts', ...daysOf(range, todayIn(zone, new Date())), limit: 100 }
  const best = useQuery(answerQuery(asked))
  return (
    <>
      <Group justify="flex-end" mb="sm">
        <DateRange
          value={range}
          onChange={next => navigate({ search: now => ({ ...now, ...next }), resetScroll: false })}
        />
      </Group>
      {best.isPending && <Waiting rows={8} />}
      {best.error && <Failure error={best.error} retry={() => best.refetch()} />}
      {best.data && best.data.rows.length === 0 && (
        <NoPosts
          filtered={range.range !== 'all'}
          clear={() => navigate({ search: now => ({ ...now, range: 'all' }) })}
        />
      )}
      {best.data && best.data.rows.length > 0 && (
        <div data-state="data">
          <AnswerTable
            answer={{ ...best.data, columns: [...best.data.columns] }}
            name={t('posts.tab.best')}
            words={{
              channel: slug => names.channel(slug),
              title: text => <span className="clip stranger">{text}</span>,
            }}
            hidden={['post']}
            csvAddress={answerCsv(asked)}
          />
        </div>
      )}
    </>
  )
}
