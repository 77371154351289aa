// Time zones, currencies and countries, from what the browser knows.
import type { Language } from './format'

export const ZONES: string[] = Intl.supportedValuesOf('timeZone')
export const CURRENCIES = [
  'CNY',
  'HKD',
  'TWD',
  'USD',
  'EUR',
  'GBP',
  'JPY',
  'KRW',
  'SGD',
  'MYR',
  'THB',
  'VND',
  'AUD',
  'CAD',
  'BRL',
  'INR',
  'CHF',
]
export const COUNTRIES = [
  'CN',
  'HK',
  'TW',
  'MO',
  'SG',
  'MY',
  'JP',
  'KR',
  'TH',
  'VN',
  'US',
  'CA',
  'GB',
  'IE',
  'DE',
  'FR',
  'ES',
  'IT',
  'NL',
  'CH',
  'AT',
  'AU',
  'NZ',
  'BR',
  'IN',
]

const tag = (language: Language) => (language === 'zh' ? 'zh-CN' : 'en')

export const nameOfCurrency = (code: string, language: Language) =>
  `${new Intl.DisplayNames(tag(language), { type: 'currency' }).of(code) ?? code} (${code})`
export const nameOfCountry = (code: string, language: Language) =>
  new Intl.DisplayNames(tag(language), { type: 'region' }).of(code) ?? code

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'Asia/Shanghai'
const region = new Intl.Locale(navigator.language).maximize().region ?? 'CN'
const country = zone === 'Asia/Shanghai' ? 'CN' : COUNTRIES.includes(region) ? region : 'CN'
const MONEY: Record<string, string> = {
  CN: 'CNY',
  HK: 'HKD',
  TW: 'TWD',
  SG: 'SGD',
  MY: 'MYR',
  JP: 'JPY',
  KR: 'KRW',
  TH: 'THB',
  VN: 'VND',
  US: 'USD',
  CA: 'CAD',
  GB: 'GBP',
  CH: 'CHF',
  AU: 'AUD',
  BR: 'BRL',
  IN: 'INR',
  DE: 'EUR',
  FR: 'EUR',
  ES: 'EUR',
  IT: 'EUR',
  NL: 'EUR',
  AT: 'EUR',
  IE: 'EUR',
}

/** Where the reader seems to be: only what a form begins with. */
export const here = { zone: ZONES.includes(zone) ? zone : 'Asia/Shanghai', country, currency: MONEY[country] ?? 'CNY' }
