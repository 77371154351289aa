// Files come in here: drop, look at what each column is taken for, correct it, import. What runs goes on when one leaves.
import { Badge, Button, FileButton, Group, Progress, Stack, Text, Title } from '@mantine/core'
import { IconArrowBackUp, IconFileImport, IconX } from '@tabler/icons-react'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { type DragEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ask, type Schemas, sendFile } from '../../api/client'
import { DataTable } from '../../lib/DataTable'
import { formatBytes, formatExact, formatInstant, formatRelative } from '../../lib/format'
import { useNames } from '../../lib/names'
import { PageHead } from '../../lib/Page'
import { Empty, Failure, Waiting } from '../../lib/States'
import { useCan, useLanguage, useLocale } from '../../lib/session'
import { Reading } from './Reading'
import { STATE_MARK, useUndoImport } from './undo'

const route = getRouteApi('/shell/import')

export function ImportPage() {
  const { t } = useTranslation()
  const { upload } = route.useSearch()
  const mayImport = useCan('import')
  return (
    <>
      <PageHead title={t('import.title')} about={t('import.about')} />
      <Stack gap="xl">
        {mayImport && (upload ? <Reading key={upload} upload={upload} /> : <Drop />)}
        {mayImport && <Jobs />}
        <Imports />
      </Stack>
    </>
  )
}

interface Sending {
  file: File
  sent: number
  stop: AbortController
}

function Drop() {
  const { t } = useTranslation()
  const language = useLanguage()
  const navigate = useNavigate()
  const [over, setOver] = useState(false)
  const [sending, setSending] = useState<Sending | null>(null)
  const [error, setError] = useState<unknown>(null)
  const reset = useRef<() => void>(null)

  const take = async (file: File | null | undefined) => {
    reset.current?.()
    if (!file) return
    const stop = new AbortController()
    setError(null)
    setSending({ file, sent: 0, stop })
    try {
      const opened = await ask(api.POST('/api/v1/uploads', { body: { name: file.name, size: file.size } }))
      const whole = await sendFile(opened, file, sent => setSending({ file, sent, stop }), stop.signal)
      await navigate({ to: '/import', search: { upload: whole.id } })
    } catch (problem) {
      if (!stop.signal.aborted) setError(problem)
    } finally {
      setSending(null)
    }
  }

  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    void take(event.dataTransfer.files[0])
  }

  return (
    <Stack>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the button inside is the first */}
      <div
        className="drop"
        data-over={over || undefined}
        onDragOver={event => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        {sending ? (
          <Stack w="100%" maw={420} gap="xs" role="status">
            <Text>{t('import.sending', { file: sending.file.name })}</Text>
            <Progress
              value={sending.file.size > 0 ? (sending.sent / sending.file.size) * 100 : 100}
              aria-label={t('import.sending', { file: sending.file.name })}
            />
            <Group justify="space-between">
              <Text size="sm" c="dimmed" className="number">
                {formatBytes(sending.sent, language)} / {formatBytes(sending.file.size, language)}
              </Text>
              <Button
                size="compact-sm"
                variant="subtle"
                leftSection={<IconX size={14} />}
                onClick={() => sending.stop.abort()}
              >
                {t('common.cancel')}
              </Button>
            </Group>
          </Stack>
        ) : (
          <>
            <IconFileImport size={40} stroke={1.2} aria-hidden />
            <Title order={2} size="h3">
              {t('import.drop')}
            </Title>
            <FileButton onChange={take} resetRef={reset} inputProps={{ 'aria-label': t('import.choose') }}>
              {props => (
                <Button size="md" {...props}>
                  {t('import.choose')}
                </Button>
              )}
            </FileButton>
            <Text size="sm" c="dimmed" maw={520}>
              {t('import.formats')}
            </Text>
          </>
        )}
      </div>
      {error !== null && <Failure error={error} />}
    </Stack>
  )
}

const running = (job: Schemas['Job']) => job.state === 'waiting' || job.state === 'reading'

/** Imports that run or have just ended: they are the server's, so leaving the page changes nothing. */
function Jobs() {
  const { t } = useTranslation()
  const jobs = useQuery({
    queryKey: ['jobs'],
    queryFn: async ({ signal }) => (await ask(api.GET('/api/v1/imports/jobs', { signal }))).items,
    // The server says how far a job is by itself; this is for a connection that lost its events.
    refetchInterval: query => (query.state.data?.some(running) ? 2000 : false),
  })
  if (!jobs.data || jobs.data.length === 0) return null
  return (
    <section aria-labelledby="jobs">
      <Title order={2} id="jobs" mb="sm">
        {t('import.jobs')}
      </Title>
      <Stack gap="sm">
        {jobs.data.slice(0, 6).map(job => (
          <JobCard key={job.job} job={job} />
        ))}
      </Stack>
    </section>
  )
}

function JobCard({ job }: { job: Schemas['Job'] }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const part = job.bytes_total ? Math.min(100, (job.bytes / job.bytes_total) * 100) : 0
  const count = (value: number) => formatExact(value, language)
  return (
    <div className="sheet" data-job={job.state}>
      <Group justify="space-between" mb={6}>
        <Text fw={600} className="who">
          {job.file}
        </Text>
        <Badge className={`mark ${job.state === 'done' ? 'mark-good' : job.state === 'failed' ? 'mark-bad' : ''}`}>
          {t(`import.job.${job.state}`)}
        </Badge>
      </Group>
      {running(job) && (
        <div role="status">
          <Progress value={part} animated aria-label={t('import.progress', { file: job.file })} />
          <Text size="sm" c="dimmed" mt={6} className="number">
            {t('import.rate', { rows: count(job.rows), rate: count(Math.round(job.rows_per_second)) })}
            {job.bytes_total
              ? ` · ${formatBytes(job.bytes, language)} / ${formatBytes(job.bytes_total, language)}`
              : ''}
          </Text>
        </div>
      )}
      {job.report && (
        <Group justify="space-between">
          <Text size="sm">
            {t('import.report', {
              rows: count(job.report.rows),
              touches: count(job.report.touches),
              duplicates: count(job.report.duplicates),
              refused: count(job.report.refused),
            })}
          </Text>
          <Button
            component={Link}
            to={`/import/${job.report.import}`}
            size="compact-md"
            variant={job.report.refused > 0 ? 'filled' : 'default'}
          >
            {job.report.refused > 0 ? t('import.seeRefused') : t('import.open')}
          </Button>
        </Group>
      )}
      {job.problem && (
        <Text size="sm">
          {job.problem.title} {job.problem.detail} {job.problem.advice}
        </Text>
      )}
    </div>
  )
}

export function Imports() {
  const { t } = useTranslation()
  const locale = useLocale()
  const names = useNames()
  const mayImport = useCan('import')
  const undo = useUndoImport()
  const navigate = useNavigate()
  const imports = useInfiniteQuery({
    queryKey: ['imports'],
    queryFn: ({ pageParam, signal }) =>
      ask(api.GET('/api/v1/imports', { params: { query: { cursor: pageParam, limit: 30 } }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: page => page.next ?? undefined,
  })
  const rows = imports.data?.pages.flatMap(page => page.items) ?? []
  const exact = (value: number) => formatExact(value, locale.language)
  return (
    <section aria-labelledby="imports">
      <Title order={2} id="imports" mb="sm">
        {t('import.list')}
      </Title>
      {imports.isPending && <Waiting rows={4} />}
      {imports.error && <Failure error={imports.error} retry={() => imports.refetch()} />}
      {imports.data && rows.length === 0 && <Empty title={t('import.empty.title')} about={t('import.empty.about')} />}
      {rows.length > 0 && (
        <div data-state="data">
          <DataTable
            name={t('import.list')}
            rows={rows}
            rowKey={row => String(row.number)}
            onRowClick={row => navigate({ to: '/import/$number', params: { number: String(row.number) } })}
            more={{
              has: imports.hasNextPage,
              busy: imports.isFetchingNextPage,
              load: () => imports.fetchNextPage(),
            }}
            columns={[
              {
                key: 'file',
                title: t('import.column.file'),
                plain: row => row.file,
                cell: row => (
                  <Link to="/import/$number" params={{ number: String(row.number) }} className="who">
                    {row.file}
                  </Link>
                ),
              },
              {
                key: 'kind',
                title: t('import.column.kind'),
                plain: row => row.kind,
                cell: row => names.fileKind(row.kind),
              },
              {
                key: 'state',
                title: t('import.column.state'),
                plain: row => row.state,
                cell: row => (
                  <Badge className={`mark ${STATE_MARK[row.state]}`}>{t(`import.state.${row.state}`)}</Badge>
                ),
              },
              {
                key: 'at',
                title: t('import.column.at'),
                plain: row => row.started_at,
                cell: row => (
                  <time dateTime={row.started_at} title={formatInstant(row.started_at, locale)}>
                    {formatRelative(row.started_at, locale, new Date())}
                  </time>
                ),
              },
              {
                key: 'rows',
                title: t('import.column.rows'),
                number: true,
                plain: row => row.rows,
                cell: row => exact(row.rows),
              },
              {
                key: 'touches',
                title: t('import.column.touches'),
                number: true,
                plain: row => row.touches,
                cell: row => exact(row.touches),
              },
              {
                key: 'duplicates',
                title: t('import.column.duplicates'),
                number: true,
                hidden: true,
                plain: row => row.duplicates,
                cell: row => exact(row.duplicates),
              },
              {
                key: 'refused',
                title: t('import.column.refused'),
                number: true,
                plain: row => row.refused,
                cell: row =>
                  row.refused > 0 ? (
                    <Link to="/import/$number" params={{ number: String(row.number) }}>
                      {exact(row.refused)}
                    </Link>
                  ) : (
                    exact(0)
                  ),
              },
              {
                key: 'act',
                title: t('import.column.act'),
                plain: () => null,
                cell: row =>
                  mayImport && (row.state === 'active' || row.state === 'undone') ? (
                    <Button
                      size="compact-sm"
                      variant="subtle"
                      leftSection={<IconArrowBackUp size={14} />}
                      loading={undo.isPending && undo.variables.number === row.number}
                      aria-label={t(row.state === 'active' ? 'import.undoLabel' : 'import.redoLabel', {
                        file: row.file,
                      })}
                      onClick={() => undo.mutate({ number: row.number, act: row.state === 'active' ? 'undo' : 'redo' })}
                    >
                      {t(row.state === 'active' ? 'import.undo' : 'import.redo')}
                    </Button>
                  ) : null,
              },
            ]}
          />
        </div>
      )}
    </section>
  )
}
