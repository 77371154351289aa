// What a file was taken for, before anything of it is imported: kind, columns with the reason for each guess, doubts, refusals.
import {
  Alert,
  Badge,
  Button,
  Checkbox,
  Group,
  ScrollArea,
  Select,
  SimpleGrid,
  Stack,
  Table,
  Text,
  TextInput,
  Title,
} from '@mantine/core'
import { IconHelp } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError, api, language as apiLanguage, ask, type Schemas } from '../../api/client'
import { formatShare } from '../../lib/format'
import { useNames } from '../../lib/names'
import { Failure, Waiting } from '../../lib/States'
import { useLanguage } from '../../lib/session'
import { failed } from '../../lib/Undo'

type Wanted = Partial<Schemas['Wanted']>
type Opened = Schemas['Opened']

/** What a column can be told to be, beside the server's fields. */
const NOT_READ = '–'

export function Reading({ upload }: { upload: string }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const [wanted, setWanted] = useState<Wanted>({})
  const [saveAs, setSaveAs] = useState('')
  const key = ['reading', upload, wanted, apiLanguage()]
  const reading = useQuery({
    queryKey: key,
    queryFn: () =>
      ask(
        api.PUT('/api/v1/uploads/{upload}/reading', {
          params: { path: { upload: upload } },
          body: wanted as Schemas['Wanted'],
        }),
      ),
    // A correction keeps the last reading on the page until the new one is there.
    placeholderData: previous => previous,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
  const start = useMutation({
    mutationFn: (again: boolean) =>
      ask(api.POST('/api/v1/imports', { body: { upload, again, save_mapping: saveAs.trim() || undefined } })),
    onSuccess: job => {
      queries.setQueryData<Schemas['Job'][]>(['jobs'], jobs => [
        job,
        ...(jobs ?? []).filter(one => one.job !== job.job),
      ])
      void queries.invalidateQueries({ queryKey: ['jobs'] })
      return navigate({ to: '/import', search: {} })
    },
  })
  const leave = useMutation({
    mutationFn: () => ask(api.DELETE('/api/v1/uploads/{upload}', { params: { path: { upload: upload } } })),
    onError: failed,
    onSettled: () => navigate({ to: '/import', search: {} }),
  })
  const already = start.error instanceof ApiError && start.error.problem.code === 'already-imported'
  const opened = reading.data
  return (
    <section className="sheet" aria-labelledby="reading">
      <Group justify="space-between" mb="md">
        <div>
          <Title order={2} id="reading">
            {t('import.reading.title')}
          </Title>
          <Text c="dimmed" size="sm">
            {t('import.reading.about')}
          </Text>
        </div>
        <Button variant="default" onClick={() => leave.mutate()}>
          {t('import.reading.leave')}
        </Button>
      </Group>
      {reading.isPending && <Waiting rows={5} />}
      {reading.error && (
        <Stack mb="md">
          <Failure error={reading.error} retry={() => reading.refetch()} />
          {Object.keys(wanted).length > 0 && (
            <Group>
              <Button variant="default" onClick={() => setWanted({})}>
                {t('import.reading.guessAgain')}
              </Button>
            </Group>
          )}
        </Stack>
      )}
      {opened && (
        <Stack gap="lg">
          {opened.known_import !== null && (
            <Alert variant="default" icon={<IconHelp />} title={t('import.reading.known')}>
              {t('import.reading.knownAbout', { number: opened.known_import })}
            </Alert>
          )}
          <Settings wanted={wanted} opened={opened} onChange={setWanted} />
          {opened.tables.map(table => (
            <TableReading
              key={table.table}
              table={table}
              onField={(column, field) =>
                setWanted(now => ({
                  ...now,
                  columns: { ...now.columns, [column]: field === NOT_READ ? 'ignore' : field },
                }))
              }
            />
          ))}
          {start.error && !already && <Failure error={start.error} />}
          {already && (
            <Alert variant="default" icon={<IconHelp />} title={t('import.reading.known')} role="alert">
              <Stack gap="xs" align="flex-start">
                <Text size="sm">{t('import.reading.againAbout')}</Text>
                <Button size="xs" variant="default" loading={start.isPending} onClick={() => start.mutate(true)}>
                  {t('import.reading.again')}
                </Button>
              </Stack>
            </Alert>
          )}
          <Group align="flex-end">
            <TextInput
              label={t('import.reading.saveAs')}
              description={t('import.reading.saveAsAbout')}
              value={saveAs}
              onChange={event => setSaveAs(event.currentTarget.value)}
              maw={320}
            />
            <Button
              size="md"
              loading={start.isPending}
              disabled={reading.isFetching || reading.isError}
              onClick={() => start.mutate(false)}
            >
              {t('import.reading.start')}
            </Button>
          </Group>
        </Stack>
      )}
    </section>
  )
}

const KINDS = ['touches', 'contacts', 'posts', 'orders', 'costs', 'reviews', 'cases'] as const

function Settings({
  wanted,
  opened,
  onChange,
}: {
  wanted: Wanted
  opened: Opened
  onChange: (wanted: Wanted) => void
}) {
  const { t } = useTranslation()
  const names = useNames()
  const mappings = useQuery({
    queryKey: ['mappings'],
    queryFn: async ({ signal }) => (await ask(api.GET('/api/v1/mappings', { signal }))).items,
  })
  const first = opened.tables[0]
  return (
    <SimpleGrid cols={{ base: 1, sm: 2, lg: 4 }}>
      <Select
        label={t('import.reading.kind')}
        data={KINDS.map(kind => ({ value: kind, label: names.fileKind(kind) }))}
        value={wanted.kind ?? first?.kind ?? null}
        allowDeselect={false}
        onChange={kind => kind && onChange({ ...wanted, kind, columns: undefined })}
      />
      <Select
        label={t('import.reading.mapping')}
        placeholder={t('import.reading.guessed')}
        data={(mappings.data ?? []).map(mapping => mapping.name)}
        value={wanted.mapping ?? null}
        clearable
        clearButtonProps={{ 'aria-label': t('common.clear') }}
        disabled={(mappings.data ?? []).length === 0}
        onChange={mapping => onChange({ ...wanted, mapping: mapping ?? undefined, columns: undefined })}
      />
      <TextInput
        label={t('import.reading.channel')}
        placeholder={first?.constants.channel ?? 'weibo'}
        defaultValue={wanted.channel ?? ''}
        onBlur={event => {
          const channel = event.currentTarget.value.trim() || undefined
          if (channel !== wanted.channel) onChange({ ...wanted, channel })
        }}
      />
      <TextInput
        label={t('import.reading.exportedAt')}
        type="datetime-local"
        defaultValue={wanted.exported_at?.slice(0, 16) ?? ''}
        onBlur={event => {
          const typed = event.currentTarget.value
          const exported_at = typed ? new Date(typed).toISOString() : undefined
          if (exported_at !== wanted.exported_at) onChange({ ...wanted, exported_at })
        }}
      />
      <Checkbox
        label={t('import.reading.dayFirst')}
        checked={wanted.day_first ?? false}
        onChange={event => onChange({ ...wanted, day_first: event.currentTarget.checked || undefined })}
      />
      <Checkbox
        label={t('import.reading.header')}
        checked={wanted.header ?? true}
        onChange={event => onChange({ ...wanted, header: event.currentTarget.checked ? undefined : false })}
      />
    </SimpleGrid>
  )
}

function TableReading({
  table,
  onField,
}: {
  table: Schemas['OpenedTable']
  onField: (column: string, field: string) => void
}) {
  const { t } = useTranslation()
  const names = useNames()
  const language = useLanguage()
  const fields = useQuery({
    queryKey: ['fields', language],
    queryFn: ({ signal }) => ask(api.GET('/api/v1/fields', { signal })),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const options = (own: string) => {
    const known = (fields.data?.fields ?? [])
      .filter(field => field.name !== 'ignore' && !field.name.includes('<'))
      .map(field => ({ value: field.name, label: field.about ? `${field.name} – ${field.about}` : field.name }))
    const all = [{ value: NOT_READ, label: t('import.reading.notRead') }, ...known]
    return all.some(option => option.value === own) ? all : [{ value: own, label: own }, ...all]
  }
  return (
    <Stack gap="sm">
      <Group gap="xs">
        <Title order={3} className="who">
          {table.table}
        </Title>
        <Badge className="mark mark-good">{names.fileKind(table.kind)}</Badge>
        {table.dialect && <Badge className="mark">{table.dialect}</Badge>}
        <Text size="sm" c="dimmed">
          {table.facts}
        </Text>
      </Group>
      {table.doubts.length > 0 && (
        <Alert variant="default" title={t('import.reading.doubts')} icon={<IconHelp />}>
          <ul className="notes">
            {table.doubts.map(doubt => (
              <li key={doubt}>{doubt}</li>
            ))}
          </ul>
        </Alert>
      )}
      <ScrollArea viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': table.table }}>
        <Table role="table" className="cards" aria-label={t('import.reading.columns', { table: table.table })}>
          <Table.Thead role="rowgroup">
            <Table.Tr role="row">
              <Table.Th role="columnheader">{t('import.reading.theirs')}</Table.Th>
              <Table.Th role="columnheader">{t('import.reading.example')}</Table.Th>
              <Table.Th role="columnheader" miw={240}>
                {t('import.reading.ours')}
              </Table.Th>
              <Table.Th role="columnheader">{t('import.reading.why')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody role="rowgroup">
            {table.columns.map(column => (
              <Table.Tr role="row" key={column.column}>
                <Table.Td role="cell" className="first who" data-label={t('import.reading.theirs')}>
                  {column.column}
                </Table.Td>
                <Table.Td role="cell" className="who" data-label={t('import.reading.example')}>
                  <span className="clip">{column.example}</span>
                </Table.Td>
                <Table.Td role="cell" data-label={t('import.reading.ours')}>
                  <Select
                    size="sm"
                    searchable
                    allowDeselect={false}
                    aria-label={t('import.reading.meaning', { column: column.column })}
                    data={options(column.field === 'ignore' ? NOT_READ : column.field)}
                    value={column.field === 'ignore' ? NOT_READ : column.field}
                    comboboxProps={{ width: 320, position: 'bottom-start' }}
                    onChange={field => field && field !== column.field && onField(column.column, field)}
                  />
                </Table.Td>
                <Table.Td role="cell" data-label={t('import.reading.why')}>
                  <Text size="sm" c="dimmed" component="span">
                    {column.why}
                    {column.field !== NOT_READ && column.confidence < 1
                      ? ` · ${formatShare(column.confidence, language)}`
                      : ''}
                  </Text>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea>
      {table.said.length > 0 && (
        <div>
          <Text fw={600} size="sm">
            {t('import.reading.said')}
          </Text>
          <ul className="evidence">
            {table.said.map(line => (
              <li key={line} className="stranger">
                {line}
              </li>
            ))}
          </ul>
        </div>
      )}
      <Refusals refusals={table.refusals} />
    </Stack>
  )
}

export function Refusals({ refusals }: { refusals: Schemas['Refusal'][] }) {
  const { t } = useTranslation()
  if (refusals.length === 0) return null
  return (
    <div>
      <Text fw={600} size="sm">
        {t('import.reading.refused')}
      </Text>
      <ul className="evidence">
        {refusals.map(refusal => (
          <li key={`${refusal.row}-${refusal.column}`} className="stranger">
            {t('import.reading.refusedRow', {
              row: refusal.row,
              column: refusal.column,
              value: refusal.value,
              reason: refusal.reason,
            })}
          </li>
        ))}
      </ul>
    </div>
  )
}
