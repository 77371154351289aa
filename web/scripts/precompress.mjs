// Writes a .br and a .gz beside each text file of dist that is larger than 1 KiB, so that the server never compresses.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const kinds = /\.(js|css|svg|html|json)$/
const walk = folder =>
  readdirSync(folder, { withFileTypes: true }).flatMap(entry =>
    entry.isDirectory() ? walk(join(folder, entry.name)) : [join(folder, entry.name)],
  )

for (const file of walk('dist')) {
  // index.html is filled with a nonce on each answer, so it cannot be compressed ahead.
  if (!kinds.test(file) || file.endsWith('index.html') || statSync(file).size <= 1024) continue
  const bytes = readFileSync(file)
  writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }))
  writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }))
}
