// Starts the real binary with an empty store and a real browser, and watches both for errors.
import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const binary = process.env.KITH_BINARY ?? '../target/debug/kith'
export const PASSWORD = 'a friend of the house drinks tea'

/** A Kith of its own: with the sample (a few contacts), on a free port. */
export async function startKith(contacts = 400) {
  const folder = mkdtempSync(join(tmpdir(), 'kith-e2e-'))
  const args = ['run', '--store', folder, '--contacts', String(contacts), '--listen', '127.0.0.1:0']
  const child = spawn(binary, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  const ready = new Promise((resolve, reject) => {
    const look = data => {
      said += data
      const address = said.match(/^Kith is at (http:\S+)$/m)?.[1]
      const password = said.match(/one-time password (\S+)$/m)?.[1]
      if (address && password) resolve({ address, password })
    }
    child.stdout.on('data', look)
    child.stderr.on('data', data => {
      said += data
    })
    child.on('error', reject)
    child.on('exit', code => reject(new Error(`kith ended with ${code}:\n${said}`)))
    setTimeout(() => reject(new Error(`kith did not say where it is:\n${said}`)), 300_000).unref()
  })
  const { address, password } = await ready
  return {
    address,
    password,
    stop: async () => {
      child.removeAllListeners('exit')
      const ended = new Promise(resolve => child.on('exit', resolve))
      child.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export function startBrowser() {
  const executablePath = process.env.CHROMIUM ?? execFileSync('sh', ['-c', 'command -v chromium']).toString().trim()
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--force-color-profile=srgb',
      '--font-render-hinting=none',
    ],
  })
}

/** A page whose every console error is kept: an empty list is also the proof of the content security policy. */
export async function openPage(browser, { language = 'zh', scheme = 'light', width = 1280, storage, address } = {}) {
  const context = await browser.newContext({
    baseURL: address,
    viewport: { width, height: width < 600 ? 844 : 860 },
    locale: language === 'zh' ? 'zh-CN' : 'en-GB',
    timezoneId: 'Asia/Shanghai',
    reducedMotion: 'reduce',
    colorScheme: scheme,
    storageState: storage,
  })
  // Only at first: what is chosen on a page stays.
  await context.addInitScript(
    one => localStorage.setItem('kith-language', localStorage.getItem('kith-language') ?? one),
    language,
  )
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  const errors = []
  page.on('console', message => {
    // The browser reports every refused call by itself; whether one was expected is the test's business.
    if (message.type() === 'error' && !/status of (401|409|422)/.test(message.text())) errors.push(message.text())
  })
  page.on('pageerror', error => errors.push(String(error)))
  return { page, context, errors }
}

/** Waits until nothing on the page is still a grey line. */
export async function settled(page) {
  await page.waitForFunction(
    () => document.querySelector('h1, h2') && !document.querySelector('[aria-busy="true"]'),
    null,
    {
      timeout: 60_000,
    },
  )
  await page.waitForTimeout(150)
}

/** What axe finds, as one line a fault; empty is good. */
export async function faults(page) {
  await page.evaluate(axe)
  const found = await page.evaluate(() =>
    window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }),
  )
  return found.violations.map(
    fault =>
      `${fault.id}: ${fault.nodes.map(node => `${node.target.join(' ')} ${node.html.slice(0, 120)}`).join(' | ')}`,
  )
}

/** Signs in for the first time: the one-time password, then one's own. */
export async function firstSignIn(page, kith) {
  await page.goto('/')
  await page.getByLabel(/^(登录名|Login)/).fill('owner')
  await page
    .getByLabel(/^(密码|Password)/)
    .first()
    .fill(kith.password)
  await page.keyboard.press('Enter')
  await page.waitForURL('**/welcome')
  await page.getByLabel(/^(给你的密码|The password you were given)/).fill(kith.password)
  await page.getByLabel(/^(自己的密码|Your own password)/).fill(PASSWORD)
  await page.getByLabel(/^(再输一次|Once more)/).fill(PASSWORD)
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: /^(看看示例|Look at the sample)$/ }).waitFor()
}

export async function shot(page, name) {
  if (!process.env.SHOTS) return
  mkdirSync(process.env.SHOTS, { recursive: true })
  await page.screenshot({ path: join(process.env.SHOTS, `${name}.png`), fullPage: true })
}
