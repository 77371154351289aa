// Who is who: pairs that only a person can judge, and all that was merged, each with its reason and its undo.
import { Anchor, Badge, Button, Group, SegmentedControl, Stack, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, language as apiLanguage, ask, type Schemas } from '../../api/client'
import { MERGE_STATES } from '../../app/router'
import { formatShare } from '../../lib/format'
import { useNames } from '../../lib/names'
import { PageHead } from '../../lib/Page'
import { Empty, Failure, Waiting } from '../../lib/States'
import { oneOf } from '../../lib/search'
import { useCan, useLanguage } from '../../lib/session'
import { When } from '../../lib/When'
import { useDecide, useUndoMerge } from './merging'

const route = getRouteApi('/shell/merges')

type Item = Schemas['Merge']

export function MergesPage() {
  const { t } = useTranslation()
  const state = route.useSearch().state ?? 'proposed'
  const navigate = useNavigate({ from: '/merges' })
  const merges = useInfiniteQuery({
    queryKey: ['merges', state, apiLanguage()],
    queryFn: ({ pageParam, signal }) =>
      ask(api.GET('/api/v1/merges', { params: { query: { state, cursor: pageParam, limit: 30 } }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: page => page.next ?? undefined,
  })
  const rows = merges.data?.pages.flatMap(page => page.items) ?? []
  return (
    <>
      <Anchor component={Link} to="/contacts" size="sm">
        ← {t('contacts.title')}
      </Anchor>
      <PageHead title={t('merges.title')} about={t('merges.about')}>
        <SegmentedControl
          aria-label={t('merges.title')}
          value={state}
          onChange={value => navigate({ search: { state: oneOf(value, MERGE_STATES) } })}
          data={MERGE_STATES.map(value => ({ value, label: t(`merges.state.${value}`) }))}
        />
      </PageHead>
      {merges.isPending && <Waiting rows={4} height={120} />}
      {merges.error && <Failure error={merges.error} retry={() => merges.refetch()} />}
      {merges.data && rows.length === 0 && <Empty title={t(`merges.empty.${state}`)} about={t('merges.emptyAbout')} />}
      <Stack gap="sm" data-state={rows.length > 0 ? 'data' : undefined}>
        {rows.map(item => (
          <Pair key={item.number} item={item} />
        ))}
      </Stack>
      {merges.hasNextPage && (
        <Group justify="center" mt="md">
          <Button variant="default" loading={merges.isFetchingNextPage} onClick={() => merges.fetchNextPage()}>
            {t('table.more')}
          </Button>
        </Group>
      )}
    </>
  )
}

function Pair({ item }: { item: Item }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const names = useNames()
  const decide = useDecide()
  const undo = useUndoMerge()
  const mayDecide = useCan('contacts.decide')
  const merge = item.state === 'proposed' ? null : item
  return (
    <article className="sheet" aria-label={`${item.one.name} – ${item.other.name}`}>
      <Group justify="space-between" align="flex-start" gap="md">
        <Stack gap={4} flex="1 1 300px">
          <Group gap="lg">
            <Side side={item.one} />
            <Text c="dimmed" aria-hidden="true">
              {merge && !merge.undone_at ? '=' : '≟'}
            </Text>
            <Side side={item.other} />
          </Group>
          <Text size="sm">{item.reason}</Text>
          <Group gap={8}>
            <Badge className="mark">{t('merges.confidence', { share: formatShare(item.confidence, language) })}</Badge>
            {item.basis && <Badge className="mark">{names.identity(item.basis)}</Badge>}
            <Text size="xs" c="dimmed">
              {merge ? (
                <>
                  {merge.made_by ?? t('merges.byRule')} · <When at={merge.since} />
                  {merge.undone_at && (
                    <>
                      {' '}
                      · {t('merges.undoneBy', { who: merge.undone_by ?? t('merges.byRule') })}{' '}
                      <When at={merge.undone_at} />
                    </>
                  )}
                </>
              ) : (
                <When at={item.since} />
              )}
            </Text>
          </Group>
        </Stack>
        {mayDecide && (
          <Group gap="xs">
            {item.state === 'proposed' ? (
              <>
                <Button loading={decide.isPending} onClick={() => decide.mutate({ proposal: item, decision: 'same' })}>
                  {t('merges.same')}
                </Button>
                <Button
                  variant="default"
                  disabled={decide.isPending}
                  onClick={() => decide.mutate({ proposal: item, decision: 'different' })}
                >
                  {t('merges.different')}
                </Button>
              </>
            ) : (
              !item.undone_at && (
                <Button
                  variant="default"
                  loading={undo.isPending}
                  aria-label={t('merges.undoLabel', { one: item.one.name, other: item.other.name })}
                  onClick={() => undo.mutate(item)}
                >
                  {t('merges.undo')}
                </Button>
              )
            )}
          </Group>
        )}
      </Group>
    </article>
  )
}

function Side({ side }: { side: Schemas['Side'] }) {
  const names = useNames()
  return (
    <div>
      <Anchor component={Link} to={`/contacts/${side.contact}`} fw={600} className="who">
        {side.name}
      </Anchor>
      <Text size="xs" c="dimmed" className="who">
        {[names.identity(side.kind), side.channel && names.channel(side.channel), side.external]
          .filter(Boolean)
          .join(' · ')}
      </Text>
    </div>
  )
}
