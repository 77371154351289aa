import { expect, it } from 'vitest'
import { before, daysOf, parseRange, text } from './search'

it('thirty days end today and begin twenty-nine days earlier', () => {
  expect(daysOf({ range: '30' }, '2026-11-23')).toEqual({ from: '2026-10-25', until: '2026-11-23' })
})
it('a range that ends before it begins is not taken from the address', () => {
  expect(parseRange({ range: 'custom', from: '2026-11-03', until: '2026-11-01' })).toEqual({})
  expect(parseRange({ range: 'custom', from: '2026-11-01', until: '2026-11-03' })).toEqual({
    range: 'custom',
    from: '2026-11-01',
    until: '2026-11-03',
  })
  expect(parseRange({ range: 'custom', from: 'x', until: '<script>' })).toEqual({})
})
it('a number in the address is a preset, too', () => {
  expect(parseRange({ range: 7 })).toEqual({ range: '7' })
})
it('the time before is as long and ends the day before', () => {
  expect(before({ from: '2026-11-01', until: '2026-11-07' })).toEqual({ from: '2026-10-25', until: '2026-10-31' })
  expect(before({})).toEqual({})
})
it('an empty search is no search', () => {
  expect(text('')).toBeUndefined()
  expect(text(138)).toBe('138')
})
