import { describe, expect, it } from 'vitest'
import {
  dayOf,
  formatBytes,
  formatDay,
  formatExact,
  formatInstant,
  formatMoney,
  formatNumber,
  formatRelative,
  formatShare,
  formatValue,
  minorUnits,
} from './format'

const shanghai = { language: 'zh', zone: 'Asia/Shanghai' } as const
const english = { language: 'en', zone: 'Asia/Shanghai' } as const

describe('numbers', () => {
  it('are counted in ten thousands in Chinese and in thousands in English', () => {
    expect(formatNumber(1_284_000, 'zh')).toBe('128.4万')
    expect(formatNumber(230_000_000, 'zh')).toBe('2.3亿')
    expect(formatNumber(1_284_000, 'en')).toBe('1.3M')
  })
  it('below ten thousand are written out in both languages', () => {
    expect(formatNumber(9_999, 'en')).toBe('9,999')
    expect(formatNumber(9_999, 'zh')).toBe('9,999')
  })
  it('keep every digit where the exact number is asked for', () => {
    expect(formatExact(99_999_999, 'zh')).toBe('99,999,999')
    expect(formatValue(99_999_999, 'count', undefined, 'zh')).toEqual({ short: '1亿', exact: '99,999,999' })
  })
  it('have a true minus sign', () => {
    expect(formatNumber(-12, 'en')).toBe('−12')
  })
})

describe('money', () => {
  it('is minor units of its own currency', () => {
    expect(formatMoney(123_450, 'CNY', 'zh')).toBe('¥1,234.50')
    expect(formatMoney(1_234, 'JPY', 'en')).toBe('¥1,234')
    expect(minorUnits('KWD')).toBe(1000)
  })
  it('is short on the page and exact on hover', () => {
    expect(formatMoney(128_400_000, 'CNY', 'zh')).toBe('¥128.4万')
    expect(formatMoney(128_400_000, 'CNY', 'zh', 'exact')).toBe('¥1,284,000.00')
  })
  it('has no pence where there are none', () => {
    expect(formatMoney(5_000, 'CNY', 'en')).toBe('¥50')
  })
})

describe('shares', () => {
  it('keep digits that say something', () => {
    expect(formatShare(0.8, 'en')).toBe('80%')
    expect(formatShare(0.034, 'en')).toBe('3.4%')
    expect(formatShare(0.00034, 'en')).toBe('0.03%')
    expect(formatShare(0, 'en')).toBe('0%')
  })
})

describe('times', () => {
  const now = new Date('2026-11-23T08:00:00Z')
  it('are relative within a week and a day after that', () => {
    expect(formatRelative('2026-11-23T06:00:00Z', shanghai, now)).toBe('2小时前')
    expect(formatRelative('2026-11-23T06:00:00Z', english, now)).toBe('2 hours ago')
    expect(formatRelative('2026-11-01T06:00:00Z', shanghai, now)).toBe('11月1日')
    expect(formatRelative('2025-11-01T06:00:00Z', english, now)).toBe('1 Nov 2025')
  })
  it('belong to the day of the business, not of the reader', () => {
    expect(dayOf('2026-11-22T16:30:00Z', 'Asia/Shanghai')).toBe('2026-11-23')
    expect(dayOf('2026-11-22T16:30:00Z', 'America/New_York')).toBe('2026-11-22')
  })
  it('say their zone when they are exact', () => {
    expect(formatInstant('2026-11-23T06:00:00Z', shanghai)).toContain('14:00')
    expect(formatInstant('2026-11-23T06:00:00Z', shanghai)).toContain('GMT+8')
  })
  it('across daylight saving keep the wall clock of the zone', () => {
    const madrid = { language: 'en', zone: 'Europe/Madrid' } as const
    expect(formatInstant('2026-10-25T00:30:00Z', madrid)).toContain('02:30')
    expect(formatInstant('2026-10-25T01:30:00Z', madrid)).toContain('02:30')
  })
  it('write a calendar day without shifting it', () => {
    expect(formatDay('2026-11-03', 'zh')).toBe('2026年11月3日')
    expect(formatDay('2026-11-03', 'en')).toBe('3 Nov 2026')
  })
})

it('file sizes are decimal', () => {
  expect(formatBytes(1_234_567, 'en')).toBe('1.2 MB')
  expect(formatBytes(12, 'en')).toBe('12 B')
})
