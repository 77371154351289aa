// Fails when a page's first load is over its budget: 300 KiB of gzip for the entry, the page and all that they import at once,
// without the charts, which no page may load before it draws one.
import { readdirSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const BUDGET_KIB = 300
const html = readFileSync('dist/index.html', 'utf8')
const read = name => readFileSync(`dist/assets/${name}`)
const weigh = name => gzipSync(read(name), { level: 9 }).length / 1024
const names = readdirSync('dist/assets').filter(name => /\.(js|css)$/.test(name))

/** All files that a file imports before it runs, and itself. */
function closure(name, seen = new Set()) {
  if (seen.has(name)) return seen
  seen.add(name)
  if (!name.endsWith('.js')) return seen
  const text = read(name).toString()
  for (const [, wanted] of text.matchAll(/(?:from|import)\s*["']\.\/([^"']+)["']/g)) closure(wanted, seen)
  return seen
}

const entry = new Set()
for (const [, name] of html.matchAll(/assets\/([^"']+\.(?:js|css))/g)) closure(name, entry)
const charts = names.filter(name => /echarts|charts?-/i.test(name))
for (const chart of charts) {
  if (entry.has(chart)) throw new Error(`index.html loads the charts at once: ${chart}`)
}

let worst = ['(entry)', 0]
const pages = names.filter(name => /Page-.*\.js$/.test(name))
for (const page of ['', ...pages]) {
  const files = page ? closure(page, new Set(entry)) : entry
  // Styles and both words of the page load with it.
  const styles = page ? names.filter(name => name.endsWith('.css') && name.startsWith(page.split('-')[0])) : []
  const words = names.filter(name => /^(zh|en)-.*\.js$/.test(name)).map(weigh)
  const kib = [...new Set([...files, ...styles])].reduce((sum, name) => sum + weigh(name), 0) + Math.max(0, ...words)
  if (kib > worst[1]) worst = [page || '(entry)', kib]
}
if (pages.length === 0) throw new Error('no page was found in dist/assets: the budget measures nothing')
console.log(`first load: at most ${worst[1].toFixed(0)} KiB gzip (${worst[0]}), of ${BUDGET_KIB}`)
if (worst[1] > BUDGET_KIB) {
  console.error('over the budget of docs: load something later, or leave it out')
  process.exit(1)
}
