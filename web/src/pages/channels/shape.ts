// Answers turned into what a chart draws.
import { type Answer, reader } from '../../lib/answers'

/** A share of each medium in each run, the best in the long run first. */
export function shareByRun(answer: Answer, key: string) {
  const read = reader(answer)
  const media = [...new Set(answer.rows.map(row => read.text(row, 'medium')))]
  const runs = [...new Set(answer.rows.map(row => read.text(row, 'run')))]
  const values = new Map(
    answer.rows.map(row => [`${read.text(row, 'medium')}\n${read.text(row, 'run')}`, read.value(row, key)]),
  )
  const value = (medium: string, run: string | undefined) => values.get(`${medium}\n${run}`) ?? null
  // The best in the long run first.
  const long = runs.at(-1)
  media.sort((one, other) => (value(other, long) ?? -1) - (value(one, long) ?? -1))
  return { media, runs, value }
}

const DRAWN = 5
const COUNTED = ['visits', 'clicks', 'scans']

/** Visits by period of the media that brought most; the rest is one line with the empty name. */
export function mediaOverTime(answer: Answer, period: 'day' | 'week') {
  const read = reader(answer)
  const totals = new Map<string, number>()
  const cells = new Map<string, number>()
  const periods = new Set<string>()
  for (const row of answer.rows) {
    const medium = read.text(row, 'medium')
    const day = read.day(row, period)
    if (!day) continue
    const visits = COUNTED.reduce((sum, key) => sum + (read.value(row, key) ?? 0), 0)
    periods.add(day)
    totals.set(medium, (totals.get(medium) ?? 0) + visits)
    cells.set(`${medium}\n${day}`, visits)
  }
  const ranked = [...totals].filter(([, total]) => total > 0).sort((one, other) => other[1] - one[1])
  const drawn = ranked.slice(0, DRAWN).map(([medium]) => medium)
  const others = ranked.slice(DRAWN).map(([medium]) => medium)
  const of = (medium: string, day: string) => cells.get(`${medium}\n${day}`) ?? 0
  return {
    periods: filled([...periods].sort(), period === 'week' ? 7 : 1),
    media: others.length > 0 ? [...drawn, ''] : drawn,
    value: (medium: string, day: string) =>
      medium === '' ? others.reduce((sum, other) => sum + of(other, day), 0) : of(medium, day),
  }
}

/** All days between the first and the last: a day without visits is zero, not missing. */
function filled(days: string[], step: number): string[] {
  const [first, last] = [days[0], days.at(-1)]
  if (!first || !last) return []
  const all: string[] = []
  for (let at = Date.parse(first); at <= Date.parse(last); at += step * 86_400_000) {
    all.push(new Date(at).toISOString().slice(0, 10))
  }
  return all
}
