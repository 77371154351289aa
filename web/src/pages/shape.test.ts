import { expect, it } from 'vitest'
import type { Answer, Cell } from '../lib/answers'
import { sorted } from '../lib/DataTable'
import { mediaOverTime, shareByRun } from './channels/shape'
import { cohortTable, flowsOf } from './lifecycle/shape'
import { slugOf } from './welcome/slug'

const nothing: Cell = { text: null, day: null, value: null, low: null, high: null, n: null, currency: null, shown: '' }
const cell = (value: string | number | null): Cell =>
  typeof value === 'number'
    ? { ...nothing, value }
    : value === null
      ? nothing
      : /^\d{4}-/.test(value)
        ? { ...nothing, day: value }
        : { ...nothing, text: value }
const answer = (keys: string[], ...rows: (string | number | null)[][]): Answer => ({
  question: '',
  title: '',
  from: null,
  until: null,
  as_of: '2026-11-23T00:00:00Z',
  columns: keys.map(key => ({ key, title: key, kind: 'text', unit: null, currency: null, claim: null, method: '' })),
  rows: rows.map(row => row.map(cell)),
  notes: [],
  all_rows: rows.length,
})

it('media stand with the best of the long run first, and what is not known is not zero', () => {
  const { media, runs, value } = shareByRun(
    answer(
      ['medium', 'run', 'bought'],
      ['weibo', 'soon', 0.3],
      ['weibo', 'later', 0.4],
      ['blog', 'soon', 0.1],
      ['blog', 'later', 0.6],
      ['sms', 'soon', 0.2],
    ),
    'bought',
  )
  expect(media).toEqual(['blog', 'weibo', 'sms'])
  expect(runs).toEqual(['soon', 'later'])
  expect(value('sms', 'later')).toBeNull()
})

it('a day without visits is zero, and all beyond five media are one line', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
  const { periods, media, value } = mediaOverTime(
    answer(
      ['day', 'medium', 'visits', 'clicks', 'scans'],
      ...names.map((name, at) => ['2026-11-01', name, 10 - at, 1, 0]),
      ['2026-11-03', 'a', 5, 0, 0],
    ),
    'day',
  )
  expect(periods).toEqual(['2026-11-01', '2026-11-02', '2026-11-03'])
  expect(media).toEqual(['a', 'b', 'c', 'd', 'e', ''])
  expect(value('a', '2026-11-02')).toBe(0)
  expect(value('', '2026-11-01')).toBe(5 + 1 + 4 + 1)
})

it('flows of all weeks add up, and one week stands alone', () => {
  const flows = answer(
    ['week', 'before', 'after', 'contacts'],
    ['2026-11-02', 'aware', 'lapsed', 3],
    ['2026-11-09', 'aware', 'lapsed', 4],
    ['2026-11-09', 'repeat', 'advocate', 9],
  )
  expect(flowsOf(flows)).toEqual([
    { before: 'repeat', after: 'advocate', contacts: 9 },
    { before: 'aware', after: 'lapsed', contacts: 7 },
  ])
  expect(flowsOf(flows, '2026-11-02')).toEqual([{ before: 'aware', after: 'lapsed', contacts: 3 }])
})

it('a cohort knows which of its months is not over', () => {
  const { months, longest } = cohortTable(
    answer(
      ['cohort', 'size', 'months_since', 'retained', 'open'],
      ['2026-09-01', 10, '1', 0.2, ''],
      ['2026-09-01', 10, '2', 0.3, 'month not over'],
    ),
  )
  expect(longest).toBe(2)
  expect(months[0]).toMatchObject({ month: '2026-09-01', size: 10, open: 1 })
})

it('sorting keeps what is not known at the end, whichever way', () => {
  const rows = [{ v: 2 }, { v: null }, { v: 5 }]
  expect(sorted(rows, row => row.v, true).map(row => row.v)).toEqual([2, 5, null])
  expect(sorted(rows, row => row.v, false).map(row => row.v)).toEqual([5, 2, null])
})

it('a short name keeps the letters of any script', () => {
  expect(slugOf(' 清明 新茶 2026! ')).toBe('清明-新茶-2026')
  expect(slugOf('Spring Tea')).toBe('spring-tea')
})
