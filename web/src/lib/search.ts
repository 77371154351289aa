// What a page keeps in its address, parsed at the door.
import { dayOf } from './format'

export const PRESETS = ['today', 'yesterday', '7', '30', '90', 'month', 'all', 'custom'] as const
export type Preset = (typeof PRESETS)[number]

export interface RangeSearch {
  range?: Preset
  from?: string
  until?: string
}

const isDay = (value: unknown): value is string =>
  typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value))

export const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined

export function oneOf<T extends string>(value: unknown, allowed: readonly T[]): T | undefined {
  const word = typeof value === 'number' ? String(value) : value
  return allowed.find(one => one === word)
}

export function parseRange(search: Record<string, unknown>): RangeSearch {
  const range = oneOf(search.range, PRESETS)
  const from = isDay(search.from) ? search.from : undefined
  const until = isDay(search.until) ? search.until : undefined
  if (range === 'custom' && from && until && from <= until) return { range, from, until }
  return range && range !== 'custom' ? { range } : {}
}

const KEPT = 'kith-range'

/** The range last chosen, for pages whose address names none. */
export function keptRange(): Preset | undefined {
  try {
    return oneOf(localStorage.getItem(KEPT), PRESETS)
  } catch {
    return undefined
  }
}

export function keepRange(preset: Preset): void {
  try {
    // A custom range belongs to the page it was chosen on.
    if (preset !== 'custom') localStorage.setItem(KEPT, preset)
  } catch {
    // Nothing is kept.
  }
}

export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}

export function daysBetween(from: string, until: string): number {
  return Math.round((Date.parse(until) - Date.parse(from)) / 86_400_000) + 1
}

/** The days of a range, both inside; nothing for `all`. */
export function daysOf(search: RangeSearch, today: string): { from?: string; until?: string } {
  switch (search.range) {
    case 'today':
      return { from: today, until: today }
    case 'yesterday':
      return { from: addDays(today, -1), until: addDays(today, -1) }
    case '7':
    case '30':
    case '90':
      return { from: addDays(today, 1 - Number(search.range)), until: today }
    case 'month':
      return { from: `${today.slice(0, 7)}-01`, until: today }
    case 'custom':
      return { from: search.from, until: search.until }
    default:
      return {}
  }
}

/** The stretch of equal length before a range; nothing before everything. */
export function before(days: { from?: string; until?: string }): { from?: string; until?: string } {
  if (!days.from || !days.until) return {}
  return { from: addDays(days.from, -daysBetween(days.from, days.until)), until: addDays(days.from, -1) }
}

export const todayIn = (zone: string, now: Date) => dayOf(now, zone)
