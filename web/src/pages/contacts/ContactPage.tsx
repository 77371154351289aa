// One contact: every touch in order, and beside it what we know and how we know it.
import { Anchor, Badge, Button, Group, Select, Text, Title } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, language as apiLanguage, ask, type Schemas } from '../../api/client'
import { Filters } from '../../lib/Filters'
import { dayOf, formatClock, formatDay, formatExact, formatMoney } from '../../lib/format'
import { useNames } from '../../lib/names'
import { PageHead } from '../../lib/Page'
import { Empty, Failure, Waiting } from '../../lib/States'
import { useLocale } from '../../lib/session'
import { When } from '../../lib/When'
import { Aside } from './Aside'
import { iconOf, isLoud, isOurs, KINDS } from './kinds'
import { StageMark } from './StageMark'

const route = getRouteApi('/shell/contacts/$contact')

export function ContactPage() {
  const { t } = useTranslation()
  const { contact } = route.useParams()
  const names = useNames()
  const locale = useLocale()
  const one = useQuery({
    queryKey: ['contact', contact, apiLanguage()],
    queryFn: ({ signal }) => ask(api.GET('/api/v1/contacts/{contact}', { params: { path: { contact } }, signal })),
  })
  const data = one.data
  return (
    <>
      <Anchor component={Link} to="/contacts" size="sm">
        ← {t('contacts.title')}
      </Anchor>
      {one.isPending && <Waiting rows={6} />}
      {one.error && <Failure error={one.error} retry={() => one.refetch()} />}
      {data && (
        <>
          <PageHead
            title={<span className="who">{data.name}</span>}
            about={[
              data.channels.map(names.channel).join(t('common.listComma')),
              [data.profile.province, data.profile.city].filter(Boolean).join(' '),
            ]
              .filter(Boolean)
              .join(' · ')}
          >
            <Group gap="xs">{data.stage && <StageMark stage={data.stage} />}</Group>
          </PageHead>
          <dl className="grid-figures">
            <Fact title={t('contacts.fact.touches')}>{formatExact(data.touches, locale.language)}</Fact>
            <Fact title={t('contacts.fact.orders')}>
              {formatExact(data.orders.filter(order => !order.cancelled).length, locale.language)}
            </Fact>
            <Fact title={t('contacts.fact.revenue')}>
              {data.revenue ? formatMoney(data.revenue.minor, data.revenue.currency, locale.language) : '–'}
            </Fact>
            <Fact title={t('contacts.fact.since')}>
              <When at={data.first_at} />
            </Fact>
          </dl>
          <div className="two" style={{ marginTop: 24 }}>
            <Timeline contact={data.contact} channels={data.channels} identities={data.identities} />
            <Aside contact={data} />
          </div>
        </>
      )}
    </>
  )
}

function Fact({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <div className="figure">
      <Text component="dt" size="sm" c="dimmed">
        {title}
      </Text>
      <dd className="figure-value number" style={{ marginInlineStart: 0 }}>
        {children}
      </dd>
    </div>
  )
}

function Timeline({
  contact,
  channels,
  identities,
}: {
  contact: string
  channels: string[]
  identities: Schemas['Identity'][]
}) {
  const { t } = useTranslation()
  const { kind, channel } = route.useSearch()
  const navigate = useNavigate({ from: '/contacts/$contact' })
  const names = useNames()
  const locale = useLocale()
  const set = (change: { kind?: string; channel?: string }) =>
    navigate({ search: now => ({ ...now, ...change }), replace: true, resetScroll: false })
  const touches = useInfiniteQuery({
    queryKey: ['timeline', contact, { kind, channel }],
    queryFn: ({ pageParam, signal }) =>
      ask(
        api.GET('/api/v1/contacts/{contact}/timeline', {
          params: { path: { contact }, query: { kind, channel, cursor: pageParam, limit: 60 } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: page => page.next ?? undefined,
    placeholderData: previous => previous,
  })
  const rows = touches.data?.pages.flatMap(page => page.items) ?? []
  const days = new Map<string, Schemas['TouchItem'][]>()
  for (const touch of rows) {
    const day = touch.at ? dayOf(touch.at, locale.zone) : ''
    const list = days.get(day)
    if (list) list.push(touch)
    else days.set(day, [touch])
  }
  return (
    <section aria-labelledby="timeline">
      <Group justify="space-between" gap="xs" mb="xs">
        <Title order={2} id="timeline">
          {t('contacts.timeline.title')}
        </Title>
        <Group gap="xs">
          <Select
            size="xs"
            w={140}
            aria-label={t('contacts.timeline.kind')}
            placeholder={t('contacts.timeline.anyKind')}
            clearable
            searchable
            clearButtonProps={{ 'aria-label': t('common.clear') }}
            data={KINDS.map(value => ({ value, label: names.kind(value) }))}
            value={kind ?? null}
            onChange={value => set({ kind: value ?? undefined })}
          />
          {channels.length > 1 && (
            <Select
              size="xs"
              w={140}
              aria-label={t('contacts.column.channels')}
              placeholder={t('contacts.anyChannel')}
              clearable
              clearButtonProps={{ 'aria-label': t('common.clear') }}
              data={channels.map(value => ({ value, label: names.channel(value) }))}
              value={channel ?? null}
              onChange={value => set({ channel: value ?? undefined })}
            />
          )}
        </Group>
      </Group>
      <Filters
        chips={[
          ...(kind ? [{ key: 'kind', label: names.kind(kind), remove: () => set({ kind: undefined }) }] : []),
          ...(channel
            ? [{ key: 'channel', label: names.channel(channel), remove: () => set({ channel: undefined }) }]
            : []),
        ]}
        clear={() => set({ kind: undefined, channel: undefined })}
      />
      {touches.isPending && <Waiting rows={6} height={52} />}
      {touches.error && <Failure error={touches.error} retry={() => touches.refetch()} />}
      {touches.data && rows.length === 0 && (
        <Empty
          title={t('contacts.timeline.empty.title')}
          about={t('contacts.timeline.empty.about')}
          action={
            (kind || channel) && (
              <Button variant="default" onClick={() => set({ kind: undefined, channel: undefined })}>
                {t('filters.clear')}
              </Button>
            )
          }
        />
      )}
      {[...days].map(([day, list]) => (
        <div key={day}>
          <h3 className="timeline-day">{day ? formatDay(day, locale.language) : t('contacts.timeline.undated')}</h3>
          <ol className="timeline">
            {list.map(touch => (
              <Touch key={touch.id} touch={touch} identities={identities} />
            ))}
          </ol>
        </div>
      ))}
      {touches.hasNextPage && (
        <Group justify="center" mt="md">
          <Button variant="default" loading={touches.isFetchingNextPage} onClick={() => touches.fetchNextPage()}>
            {t('contacts.timeline.earlier')}
          </Button>
        </Group>
      )}
    </section>
  )
}

function Touch({ touch, identities }: { touch: Schemas['TouchItem']; identities: Schemas['Identity'][] }) {
  const { t } = useTranslation()
  const names = useNames()
  const locale = useLocale()
  const Icon = iconOf(touch.kind)
  const who = identities.length > 1 ? identities.find(one => one.identity === touch.identity) : undefined
  const facts = [
    touch.item && (touch.quantity && touch.quantity !== 1 ? `${touch.item} × ${touch.quantity}` : touch.item),
    touch.order && t('contacts.timeline.order', { number: touch.order }),
    touch.medium && touch.medium !== touch.channel && t('contacts.timeline.by', { medium: names.medium(touch.medium) }),
    touch.campaign && t('contacts.timeline.campaign', { campaign: touch.campaign }),
    touch.account && t('contacts.timeline.account', { account: touch.account }),
    who?.name || who?.external,
  ].filter(Boolean)
  return (
    <li
      className="timeline-touch"
      data-ours={isOurs(touch.kind) || undefined}
      data-loud={isLoud(touch.kind) || undefined}
      data-kind={touch.kind}
    >
      <span className="timeline-icon">
        <Icon size={17} stroke={1.6} aria-hidden />
      </span>
      <div className="timeline-body">
        <Group gap={8} align="baseline">
          <Text fw={600} component="span">
            {names.kind(touch.kind)}
          </Text>
          <Text size="sm" c="dimmed" component="span">
            {names.channel(touch.channel)}
          </Text>
          {touch.at && (
            <Text size="sm" c="dimmed" component="time" dateTime={touch.at} className="number">
              {formatClock(touch.at, locale)}
            </Text>
          )}
          {touch.value && (
            <Badge className="mark number">
              {formatMoney(touch.value.minor, touch.value.currency, locale.language, 'exact')}
            </Badge>
          )}
          {touch.score !== null && (
            <Badge className={`mark ${touch.score <= 2 ? 'mark-bad' : ''}`}>
              {t('figure.points', { value: touch.score })}
            </Badge>
          )}
        </Group>
        <Text size="sm" c="dimmed" className="who">
          {facts.join(' · ')}
          {touch.import !== null && (
            <>
              {facts.length > 0 && ' · '}
              <Anchor component={Link} to={`/import/${touch.import}`} c="dimmed" inherit>
                {t('contacts.timeline.from', { number: touch.import })}
              </Anchor>
            </>
          )}
        </Text>
        {touch.text && <blockquote className="quote">{touch.text}</blockquote>}
        {touch.post_text && (
          <Text size="sm" c="dimmed" className="clip stranger" mt={2}>
            {t('contacts.timeline.post', { text: touch.post_text })}
          </Text>
        )}
      </div>
    </li>
  )
}
