// Answers turned into what the page draws.
import { type Answer, type Cell, reader } from '../../lib/answers'

export interface Flow {
  before: string
  after: string
  contacts: number
}

/** Moves between stages, of one week or of all, the biggest first. */
export function flowsOf(answer: Answer, week?: string): Flow[] {
  const read = reader(answer)
  const flows = new Map<string, Flow>()
  for (const row of answer.rows) {
    if (week && read.day(row, 'week') !== week) continue
    const [before, after] = [read.text(row, 'before'), read.text(row, 'after')]
    const key = `${before}\n${after}`
    const known = flows.get(key) ?? { before, after, contacts: 0 }
    flows.set(key, { ...known, contacts: known.contacts + (read.value(row, 'contacts') ?? 0) })
  }
  return [...flows.values()].filter(flow => flow.contacts > 0).sort((one, other) => other.contacts - one.contacts)
}

export interface CohortRow {
  month: string
  size: number
  /** What came back after one, two, three … months. */
  after: (Cell | undefined)[]
  /** Which of them is the month that is not over. */
  open: number | null
}

export function cohortTable(answer: Answer): { months: CohortRow[]; longest: number } {
  const read = reader(answer)
  const months = new Map<string, CohortRow>()
  let longest = 0
  for (const row of answer.rows) {
    const month = read.day(row, 'cohort')
    if (!month) continue
    const known = months.get(month) ?? { month, size: read.value(row, 'size') ?? 0, after: [], open: null }
    const at = Number(read.text(row, 'months_since')) - 1
    known.after[at] = read.cell(row, 'retained')
    if (read.text(row, 'open') !== '') known.open = at
    longest = Math.max(longest, at + 1)
    months.set(month, known)
  }
  return { months: [...months.values()].sort((one, other) => other.month.localeCompare(one.month)), longest }
}
