// What was done by whom, and whether the store is sound.
import { Button, Group, Stack, Text } from '@mantine/core'
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, ask, language } from '../../api/client'
import { DataTable } from '../../lib/DataTable'
import { formatInstant } from '../../lib/format'
import { Empty, Failure, Waiting } from '../../lib/States'
import { useLocale } from '../../lib/session'

export function Audit() {
  const { t } = useTranslation()
  const locale = useLocale()
  const audit = useInfiniteQuery({
    queryKey: ['audit', language()],
    queryFn: ({ pageParam, signal }) =>
      ask(api.GET('/api/v1/audit', { params: { query: { cursor: pageParam, limit: 50 } }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: page => page.next ?? undefined,
  })
  const rows = audit.data?.pages.flatMap(page => page.items) ?? []
  return (
    <>
      <Text c="dimmed" mb="sm">
        {t('settings.audit.about')}
      </Text>
      {audit.isPending && <Waiting rows={8} />}
      {audit.error && <Failure error={audit.error} retry={() => audit.refetch()} />}
      {audit.data && rows.length === 0 && <Empty title={t('settings.audit.empty')} about={t('settings.audit.about')} />}
      {rows.length > 0 && (
        <DataTable
          name={t('settings.tab.audit')}
          rows={rows}
          rowKey={row => String(row.number)}
          more={{ has: audit.hasNextPage, busy: audit.isFetchingNextPage, load: () => audit.fetchNextPage() }}
          columns={[
            {
              key: 'at',
              title: t('settings.audit.at'),
              plain: row => row.at,
              cell: row => formatInstant(row.at, locale),
            },
            {
              key: 'who',
              title: t('settings.audit.who'),
              plain: row => row.who_name ?? row.who,
              cell: row => <span className="who">{row.who_name ?? row.who}</span>,
            },
            { key: 'what', title: t('settings.audit.what'), plain: row => row.action, cell: row => row.action },
            {
              key: 'on',
              title: t('settings.audit.on'),
              plain: row => row.on,
              cell: row => <span className="who">{row.on}</span>,
            },
            {
              key: 'address',
              title: t('settings.audit.address'),
              hidden: true,
              plain: row => row.address,
              cell: row => row.address,
            },
          ]}
        />
      )}
    </>
  )
}

export function Store() {
  const { t } = useTranslation()
  const doctor = useQuery({
    queryKey: ['doctor', language()],
    queryFn: ({ signal }) => ask(api.GET('/api/v1/doctor', { signal })),
    // It reads the whole store: only when asked.
    enabled: false,
  })
  return (
    <Stack maw={720}>
      <Text c="dimmed">{t('settings.store.about')}</Text>
      <Group>
        <Button loading={doctor.isFetching} onClick={() => doctor.refetch()}>
          {t('settings.store.check')}
        </Button>
      </Group>
      {doctor.error && <Failure error={doctor.error} retry={() => doctor.refetch()} />}
      {doctor.data && (
        <Stack className="sheet" gap="sm" role="status">
          {doctor.data.findings.map(finding => (
            <Group key={finding.what} wrap="nowrap" align="flex-start" gap="sm">
              {finding.sound ? (
                <IconCheck size={18} aria-label={t('settings.store.sound')} />
              ) : (
                <IconAlertTriangle size={18} aria-label={t('settings.store.unsound')} className="missing" />
              )}
              <div>
                <Text size="sm">{finding.what}</Text>
                {finding.advice && (
                  <Text size="sm" c="dimmed">
                    {finding.advice}
                  </Text>
                )}
              </div>
            </Group>
          ))}
        </Stack>
      )}
    </Stack>
  )
}
