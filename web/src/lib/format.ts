// The only place where numbers, money, days and times become text.

export type Language = 'zh' | 'en'

/** What a number needs to know of the reader and of the business. */
export interface Locale {
  language: Language
  /** The business's IANA time zone: days and hours are always its own. */
  zone: string
}

const tag = (language: Language) => (language === 'zh' ? 'zh-CN' : 'en-GB')
// English numbers are written the American way (1.3M), days the British way (3 Nov 2026): no reader takes them for another day.
const numberTag = (language: Language) => (language === 'zh' ? 'zh-CN' : 'en-US')

const formats = new Map<string, Intl.NumberFormat>()
function numberFormat(language: Language, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = language + JSON.stringify(options)
  let format = formats.get(key)
  if (!format) {
    format = new Intl.NumberFormat(numberTag(language), options)
    formats.set(key, format)
  }
  return format
}

/** A minus sign as wide as a plus, so that columns stand. */
const sign = (text: string) => text.replace(/^-/, '−')

/** 128.4万, 1.3M. Below ten thousand the number itself: 9,999 is not 10K. */
export function formatNumber(value: number, language: Language): string {
  if (Math.abs(value) < 10_000) return formatExact(value, language)
  return sign(numberFormat(language, { notation: 'compact', maximumFractionDigits: 1 }).format(value))
}

/** All digits: 1,284,000. */
export function formatExact(value: number, language: Language): string {
  const digits = Number.isInteger(value) ? 0 : Math.abs(value) < 10 ? 2 : 1
  return sign(numberFormat(language, { maximumFractionDigits: digits }).format(value))
}

/** How many minor units make one: 100 for CNY, 1 for JPY, 1000 for KWD. */
export function minorUnits(currency: string): number {
  const digits = numberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
  return 10 ** digits
}

/** Money as records keep it: whole minor units. */
export function formatMoney(
  minor: number,
  currency: string,
  language: Language,
  form: 'short' | 'exact' = 'short',
): string {
  return formatMajor(minor / minorUnits(currency), currency, language, form)
}

/** Money as figures give it, in major units: an average of cents is not whole cents. */
export function formatMajor(
  major: number,
  currency: string,
  language: Language,
  form: 'short' | 'exact' = 'short',
): string {
  const style = { style: 'currency', currency, currencyDisplay: 'narrowSymbol' } as const
  if (form === 'exact') return sign(numberFormat(language, style).format(major))
  if (Math.abs(major) < 10_000) {
    const whole = Number.isInteger(major) ? { minimumFractionDigits: 0, maximumFractionDigits: 0 } : {}
    return sign(numberFormat(language, { ...style, ...whole }).format(major))
  }
  return sign(
    numberFormat(language, {
      ...style,
      notation: 'compact',
      minimumFractionDigits: 0,
      maximumFractionDigits: 1,
    }).format(major),
  )
}

/** A fraction of 1 in percent; small ones keep two digits that say something. */
export function formatShare(value: number, language: Language): string {
  const percent = Math.abs(value * 100)
  const digits = percent === 0 || percent >= 10 ? (percent >= 99.95 ? 0 : 1) : percent >= 1 ? 1 : 2
  return sign(numberFormat(language, { style: 'percent', maximumFractionDigits: digits }).format(value))
}

const times = new Map<string, Intl.DateTimeFormat>()
function timeFormat(locale: Locale, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale.language + locale.zone + JSON.stringify(options)
  let format = times.get(key)
  if (!format) {
    format = new Intl.DateTimeFormat(tag(locale.language), { timeZone: locale.zone, ...options })
    times.set(key, format)
  }
  return format
}

/** An instant in the business's zone, to the minute, with the zone: for hover and focus. */
export function formatInstant(iso: string, locale: Locale): string {
  return timeFormat(locale, {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  }).format(new Date(iso))
}

/** The time of day alone: 09:30. */
export function formatClock(iso: string, locale: Locale): string {
  return timeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(iso))
}

/** The day, in the business's zone, on which an instant lies, as 2026-11-03. */
export function dayOf(iso: string | Date, zone: string): string {
  // sv-SE writes ISO days.
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone }).format(new Date(iso))
}

/** A calendar day such as 2026-11-03; it has no zone. */
export function formatDay(day: string, language: Language, form: 'short' | 'long' | 'weekday' = 'long'): string {
  const options: Intl.DateTimeFormatOptions = { month: 'short', day: 'numeric' }
  if (form === 'long') options.year = 'numeric'
  if (form === 'weekday') options.weekday = 'short'
  return timeFormat({ language, zone: 'UTC' }, options).format(new Date(`${day}T00:00:00Z`))
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]

/** 2小时前 within a week, the day after that. */
export function formatRelative(iso: string, locale: Locale, now: Date): string {
  const seconds = (new Date(iso).getTime() - now.getTime()) / 1000
  if (Math.abs(seconds) >= 7 * 86_400) {
    const day = dayOf(iso, locale.zone)
    const sameYear = day.slice(0, 4) === dayOf(now, locale.zone).slice(0, 4)
    return formatDay(day, locale.language, sameYear ? 'short' : 'long')
  }
  const relative = new Intl.RelativeTimeFormat(tag(locale.language), { numeric: 'auto' })
  for (const [unit, size] of STEPS) {
    if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit)
  }
  return relative.format(0, 'second')
}

/** 1.2 MB, as file managers write it. */
export function formatBytes(bytes: number, language: Language): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let at = 0
  let rest = bytes
  while (rest >= 1000 && at < units.length - 1) {
    rest /= 1000
    at += 1
  }
  return `${numberFormat(language, { maximumFractionDigits: at === 0 ? 0 : 1 }).format(rest)} ${units[at]}`
}

export type UnitName = 'count' | 'people' | 'share' | 'money' | 'days' | 'hours' | 'points' | 'ratio'

/** A figure's value, short and exact; money in major units. The words of units come from the locales. */
export function formatValue(
  value: number,
  unit: UnitName,
  currency: string | undefined,
  language: Language,
): { short: string; exact: string } {
  switch (unit) {
    case 'money':
      return {
        short: formatMajor(value, currency ?? 'CNY', language),
        exact: formatMajor(value, currency ?? 'CNY', language, 'exact'),
      }
    case 'share':
      return {
        short: formatShare(value, language),
        exact: sign(numberFormat(language, { style: 'percent', maximumFractionDigits: 4 }).format(value)),
      }
    default: {
      const exact = sign(numberFormat(language, { maximumFractionDigits: 4 }).format(value))
      return { short: formatNumber(value, language), exact }
    }
  }
}
