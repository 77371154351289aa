// Every table: header that sorts, columns that can be left out, rows that can be chosen for one act, cards on a phone, CSV of
// what is shown. Where a list is longer than a page the server sorts and pages (`sort`, `more`); else the table sorts itself.
import { ActionIcon, Button, Checkbox, Group, Menu, ScrollArea, Table, Text, UnstyledButton } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconColumns3, IconDownload, IconSelector } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { csv, download } from './csv'
import { type FigureValue, HowComputed } from './Figure'

export interface DataColumn<T> {
  key: string
  title: string
  cell: (row: T) => ReactNode
  /** What stands in the CSV, and what the table sorts by where it sorts itself. */
  plain: (row: T) => string | number | null
  number?: boolean
  sortable?: boolean
  /** Not shown until asked for. */
  hidden?: boolean
  /** How the figures of the column are computed. */
  how?: FigureValue
}

/** One column, and whether the smallest stands first. */
export interface Sorting {
  key: string
  up: boolean
}

interface Props<T> {
  /** Names the table for those who cannot see it, and the CSV file. */
  name: string
  columns: DataColumn<T>[]
  rows: T[]
  rowKey: (row: T) => string
  /** The server's order; without it the table sorts its own rows. */
  sort?: { by: Sorting | null; onChange: (by: Sorting | null) => void }
  more?: { has: boolean; busy: boolean; load: () => void }
  /** Acts on the chosen rows; without it rows cannot be chosen. */
  bulk?: (rows: T[], clear: () => void) => ReactNode
  tools?: ReactNode
  /** CSV of more than is shown (the server's file); else what is shown is written here. */
  csvAddress?: string
  compact?: boolean
  onRowClick?: (row: T) => void
}

export function DataTable<T>(props: Props<T>) {
  const { name, columns, rows, rowKey, sort, more, bulk, tools, csvAddress } = props
  const { t } = useTranslation()
  const [ownSort, setOwnSort] = useState<Sorting | null>(null)
  const [selection, setSelection] = useState<ReadonlySet<string>>(new Set())
  const [hidden, setHidden] = useState<ReadonlySet<string>>(
    () => new Set(columns.filter(column => column.hidden).map(column => column.key)),
  )
  const sorting = sort ? sort.by : ownSort
  const turn = (column: DataColumn<T>) => {
    // Numbers begin with the biggest, words with the first of the alphabet; the third time is the order as it came.
    const first = !column.number
    const next =
      sorting?.key !== column.key
        ? { key: column.key, up: first }
        : sorting.up === first
          ? { key: column.key, up: !first }
          : null
    if (sort) sort.onChange(next)
    else setOwnSort(next)
  }
  const shown = columns.filter(column => !hidden.has(column.key))
  const by = sort ? undefined : columns.find(column => column.key === ownSort?.key)
  const ordered = by ? sorted(rows, by.plain, ownSort?.up ?? true) : rows
  const chosen = ordered.filter(row => selection.has(rowKey(row)))
  const flip = (set: ReadonlySet<string>, key: string) => {
    const next = new Set(set)
    if (!next.delete(key)) next.add(key)
    return next
  }
  const clear = () => setSelection(new Set())
  const save = () =>
    download(
      `${name}.csv`,
      csv(
        shown.map(column => column.title),
        ordered.map(row => shown.map(column => column.plain(row))),
      ),
    )

  return (
    <div className="datatable">
      <Group justify="space-between" mb={6} gap="xs" className="datatable-tools">
        <Group gap="xs">
          {chosen.length > 0 && bulk ? (
            <>
              <Text size="sm" fw={600}>
                {t('table.chosen', { count: chosen.length })}
              </Text>
              {bulk(chosen, clear)}
              <Button size="compact-sm" variant="subtle" onClick={clear}>
                {t('table.clear')}
              </Button>
            </>
          ) : (
            tools
          )}
        </Group>
        <Group gap={4}>
          <Menu position="bottom-end" closeOnItemClick={false} withinPortal>
            <Menu.Target>
              <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('table.columns')}>
                <IconColumns3 size={18} stroke={1.6} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Label>{t('table.columns')}</Menu.Label>
              {columns.slice(1).map(column => {
                const on = !hidden.has(column.key)
                return (
                  <Menu.Item
                    key={column.key}
                    role="menuitemcheckbox"
                    aria-checked={on}
                    onClick={() => setHidden(flip(hidden, column.key))}
                    leftSection={<Checkbox.Indicator size="xs" checked={on} />}
                  >
                    {column.title}
                  </Menu.Item>
                )
              })}
            </Menu.Dropdown>
          </Menu>
          {csvAddress ? (
            <ActionIcon
              component="a"
              href={csvAddress}
              download
              variant="subtle"
              color="gray"
              size="lg"
              aria-label={t('table.csv', { name })}
            >
              <IconDownload size={18} stroke={1.6} />
            </ActionIcon>
          ) : (
            <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('table.csv', { name })} onClick={save}>
              <IconDownload size={18} stroke={1.6} />
            </ActionIcon>
          )}
        </Group>
      </Group>
      <ScrollArea type="auto" viewportProps={{ tabIndex: 0, 'aria-label': name, role: 'region' }} offsetScrollbars="x">
        {/* The roles stand, because cards on a phone would lose them. */}
        <Table role="table" aria-label={name} className="cards" stickyHeader>
          <Table.Thead role="rowgroup">
            <Table.Tr role="row">
              {bulk && (
                <Table.Th role="columnheader" w={36}>
                  <Checkbox
                    size="xs"
                    aria-label={t('table.all')}
                    checked={ordered.length > 0 && chosen.length === ordered.length}
                    indeterminate={chosen.length > 0 && chosen.length < ordered.length}
                    onChange={() =>
                      setSelection(chosen.length === ordered.length ? new Set() : new Set(ordered.map(rowKey)))
                    }
                  />
                </Table.Th>
              )}
              {shown.map(column => {
                const turned = sorting?.key === column.key ? (sorting.up ? 'asc' : 'desc') : null
                return (
                  <Table.Th
                    role="columnheader"
                    key={column.key}
                    className={column.number ? 'right' : undefined}
                    aria-sort={
                      column.sortable
                        ? turned === 'asc'
                          ? 'ascending'
                          : turned === 'desc'
                            ? 'descending'
                            : 'none'
                        : undefined
                    }
                  >
                    <span className="th">
                      {column.sortable ? (
                        <UnstyledButton className="sorter" onClick={() => turn(column)}>
                          {column.title}
                          {turned === 'asc' ? (
                            <IconArrowUp size={13} aria-hidden />
                          ) : turned === 'desc' ? (
                            <IconArrowDown size={13} aria-hidden />
                          ) : (
                            <IconSelector size={13} aria-hidden className="faint" />
                          )}
                        </UnstyledButton>
                      ) : (
                        column.title
                      )}
                      {column.how && <HowComputed figure={column.how} label={column.title} />}
                    </span>
                  </Table.Th>
                )
              })}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody role="rowgroup">
            {ordered.map(row => (
              <Table.Tr
                role="row"
                key={rowKey(row)}
                data-chosen={selection.has(rowKey(row)) || undefined}
                className={props.onRowClick ? 'clickable' : undefined}
                onClick={
                  props.onRowClick
                    ? event => {
                        // A link or a box in the row does its own.
                        if (event.target instanceof Element && event.target.closest('a,button,input,label')) return
                        props.onRowClick?.(row)
                      }
                    : undefined
                }
              >
                {bulk && (
                  <Table.Td role="cell" className="choose">
                    <Checkbox
                      size="xs"
                      aria-label={t('table.choose', { row: String(columns[0]?.plain(row) ?? rowKey(row)) })}
                      checked={selection.has(rowKey(row))}
                      onChange={() => setSelection(flip(selection, rowKey(row)))}
                    />
                  </Table.Td>
                )}
                {shown.map((column, at) => (
                  <Table.Td
                    role="cell"
                    key={column.key}
                    className={[column.number ? 'right' : '', at === 0 ? 'first' : ''].join(' ').trim() || undefined}
                    data-label={column.title}
                  >
                    {column.cell(row)}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea>
      {more?.has && (
        <Group justify="center" mt="md">
          <Button variant="default" loading={more.busy} onClick={more.load}>
            {t('table.more')}
          </Button>
        </Group>
      )}
    </div>
  )
}

/** Rows by what a column says; what is not known stands last, whichever way. Equal rows keep their order. */
export function sorted<T>(rows: T[], plain: (row: T) => string | number | null, up: boolean): T[] {
  return [...rows].sort((one, other) => {
    const [left, right] = [plain(one), plain(other)]
    if (left === null || right === null) return left === right ? 0 : left === null ? 1 : -1
    const order =
      typeof left === 'number' && typeof right === 'number'
        ? left - right
        : String(left).localeCompare(String(right), document.documentElement.lang)
    return up ? order : -order
  })
}
