import { expect, it } from 'vitest'
import { csv, csvCell } from './csv'

it('begins with a byte order mark, so that Excel shows Chinese', () => {
  expect(csv(['渠道', '读者'], [['微博', 12]])).toBe('\uFEFF渠道,读者\r\n微博,12\r\n')
})
it('quotes what would break a row', () => {
  expect(csvCell('a,"b"\nc')).toBe('"a,""b""\nc"')
})
it('keeps a spreadsheet from running what a stranger wrote', () => {
  expect(csvCell('=HYPERLINK("x")')).toBe('"\'=HYPERLINK(""x"")"')
  expect(csvCell(-12)).toBe('-12')
})
it('leaves a hole where nothing is known', () => {
  expect(csvCell(null)).toBe('')
})
