// One import: what it brought, what was refused and why, and the way to take it back.
import { Anchor, Badge, Button, Group, ScrollArea, Stack, Table, Text, Title } from '@mantine/core'
import { IconArrowBackUp, IconDownload } from '@tabler/icons-react'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, ask, language } from '../../api/client'
import { formatExact, formatInstant } from '../../lib/format'
import { useNames } from '../../lib/names'
import { PageHead } from '../../lib/Page'
import { Failure, Waiting } from '../../lib/States'
import { useCan, useLocale } from '../../lib/session'
import { STATE_MARK, useUndoImport } from './undo'

const route = getRouteApi('/shell/import/$number')

export function ImportDetailPage() {
  const { t } = useTranslation()
  const number = Number(route.useParams().number)
  const locale = useLocale()
  const names = useNames()
  const mayImport = useCan('import')
  const undo = useUndoImport()
  const one = useQuery({
    queryKey: ['imports', number, language()],
    queryFn: ({ signal }) => ask(api.GET('/api/v1/imports/{number}', { params: { path: { number } }, signal })),
  })
  const data = one.data
  const exact = (value: number) => formatExact(value, locale.language)
  return (
    <>
      <Anchor component={Link} to="/import" size="sm">
        ← {t('import.title')}
      </Anchor>
      {one.isPending && <Waiting rows={5} />}
      {one.error && <Failure error={one.error} retry={() => one.refetch()} />}
      {data && (
        <Stack gap="lg" mt="xs">
          <PageHead
            title={<span className="who">{data.file}</span>}
            about={t('import.detail.about', {
              number: data.number,
              kind: names.fileKind(data.kind),
              at: formatInstant(data.started_at, locale),
            })}
          >
            <Group>
              <Badge size="lg" className={`mark ${STATE_MARK[data.state]}`}>
                {t(`import.state.${data.state}`)}
              </Badge>
              {mayImport && (data.state === 'active' || data.state === 'undone') && (
                <Button
                  variant="default"
                  leftSection={<IconArrowBackUp size={16} />}
                  loading={undo.isPending}
                  onClick={() => undo.mutate({ number, act: data.state === 'active' ? 'undo' : 'redo' })}
                >
                  {t(data.state === 'active' ? 'import.undo' : 'import.redo')}
                </Button>
              )}
            </Group>
          </PageHead>
          {data.why && <Text>{data.why}</Text>}
          <dl className="grid-figures">
            {(['rows', 'touches', 'duplicates', 'passed_over', 'refused'] as const).map(name => (
              <div key={name} className="figure">
                <Text component="dt" size="sm" c="dimmed">
                  {t(`import.detail.${name}`)}
                </Text>
                <dd className="figure-value number" style={{ marginInlineStart: 0 }}>
                  {exact(data[name])}
                </dd>
              </div>
            ))}
          </dl>
          {data.has_refused && mayImport && <Refused number={number} />}
          {data.history.length > 0 && (
            <section aria-labelledby="history">
              <Title order={2} id="history">
                {t('import.detail.history')}
              </Title>
              <ul className="evidence">
                {data.history.map(line => (
                  <li key={line.at + line.what}>
                    {formatInstant(line.at, locale)} · {line.who} · {line.what}
                  </li>
                ))}
              </ul>
            </section>
          )}
        </Stack>
      )}
    </>
  )
}

function Refused({ number }: { number: number }) {
  const { t } = useTranslation()
  const rows = useInfiniteQuery({
    queryKey: ['imports', number, 'refused', language()],
    queryFn: ({ pageParam, signal }) =>
      ask(
        api.GET('/api/v1/imports/{number}/refused', {
          params: { path: { number }, query: { cursor: pageParam, limit: 50 } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: page => page.next ?? undefined,
  })
  const first = rows.data?.pages[0]
  const items = rows.data?.pages.flatMap(page => page.items) ?? []
  return (
    <section aria-labelledby="refused">
      <Group justify="space-between" mb="sm">
        <div>
          <Title order={2} id="refused">
            {t('import.refused.title')}
          </Title>
          <Text c="dimmed" size="sm">
            {t('import.refused.about')}
          </Text>
        </div>
        <Button
          component="a"
          href={`/api/v1/imports/${number}/refused.csv`}
          download
          variant="default"
          leftSection={<IconDownload size={16} />}
        >
          {t('import.refused.csv')}
        </Button>
      </Group>
      {rows.isPending && <Waiting rows={4} />}
      {rows.error && <Failure error={rows.error} retry={() => rows.refetch()} />}
      {first && (
        <ScrollArea viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': t('import.refused.title') }}>
          <Table aria-label={t('import.refused.title')}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th className="right">{t('import.refused.row')}</Table.Th>
                <Table.Th>{t('import.refused.column')}</Table.Th>
                <Table.Th>{t('import.refused.reason')}</Table.Th>
                {first.columns.map(column => (
                  <Table.Th key={column} className="who">
                    {column}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {items.map(item => (
                <Table.Tr key={item.row}>
                  <Table.Td className="right number">{item.row}</Table.Td>
                  <Table.Td className="who">{item.column}</Table.Td>
                  <Table.Td miw={220}>{item.reason}</Table.Td>
                  {first.columns.map((column, at) => (
                    <Table.Td key={column}>
                      <span className="clip stranger">{item.cells[at]}</span>
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </ScrollArea>
      )}
      {rows.hasNextPage && (
        <Group justify="center" mt="md">
          <Button variant="default" loading={rows.isFetchingNextPage} onClick={() => rows.fetchNextPage()}>
            {t('table.more')}
          </Button>
        </Group>
      )}
    </section>
  )
}
