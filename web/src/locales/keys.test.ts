import { expect, it } from 'vitest'
import { en } from './en'
import { zh } from './zh'

/** All keys, `page.part.word`; the forms of a number count as one. */
function keys(words: object, path = ''): string[] {
  return Object.entries(words).flatMap(([key, value]) =>
    typeof value === 'string' ? [path + key.replace(/_(one|other)$/, '_n')] : keys(value, `${path}${key}.`),
  )
}
const holes = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort()
const at = (words: object, path: string) =>
  path.split('.').reduce<unknown>((part, key) => (part as Record<string, unknown>)[key], words)

it('both languages have the same keys', () => {
  expect([...new Set(keys(zh))].sort()).toEqual([...new Set(keys(en))].sort())
})

it('both languages fill the same holes', () => {
  for (const key of keys(en).filter(key => !key.endsWith('_n'))) {
    expect([key, holes(String(at(zh, key)))]).toEqual([key, holes(String(at(en, key)))])
  }
})

it('no word is empty, and Chinese words are Chinese where they are sentences', () => {
  for (const key of keys(en).filter(key => !key.endsWith('_n'))) {
    expect(String(at(zh, key)), key).not.toBe('')
    if (String(at(en, key)).split(' ').length > 4 && key !== 'palette.language') {
      expect(String(at(zh, key)), key).toMatch(/\p{Script=Han}/u)
    }
  }
})
