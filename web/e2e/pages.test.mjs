// Every page in both languages, light and dark, at a desk and on a phone: nothing for axe to say, no error in the console, nothing
// wider than the screen.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { faults, firstSignIn, openPage, settled, shot, startBrowser, startKith } from './kith.mjs'

const PAGES = {
  today: '/',
  contacts: '/contacts',
  merges: '/merges',
  channels: '/channels?range=all',
  campaigns: '/campaigns',
  plan: '/campaigns/new',
  lifecycle: '/lifecycle',
  posts: '/posts',
  best: '/posts?tab=best&range=all',
  import: '/import',
  business: '/settings?tab=business',
  accounts: '/settings?tab=accounts',
  brands: '/settings?tab=brands',
  people: '/settings?tab=people',
  security: '/settings?tab=security',
  tokens: '/settings?tab=tokens',
  audit: '/settings?tab=audit',
  lost: '/no-such-page',
}

let kith
let browser
let storage

before(async () => {
  kith = await startKith()
  browser = await startBrowser()
  const { page, context } = await openPage(browser, { address: kith.address })
  await firstSignIn(page, kith)
  storage = await context.storageState()
  storage.origins = []
  await context.close()
})
after(async () => {
  await browser?.close()
  await kith?.stop()
})

for (const language of ['zh', 'en']) {
  for (const scheme of ['light', 'dark']) {
    for (const width of [1280, 390]) {
      test(`every page is sound: ${language}, ${scheme}, ${width} px`, async () => {
        const { page, context, errors } = await openPage(browser, {
          language,
          scheme,
          width,
          storage,
          address: kith.address,
        })
        const wrong = []
        const look = async name => {
          for (const fault of await faults(page)) wrong.push(`${name}: ${fault}`)
          const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
          if (wide > 0) wrong.push(`${name}: ${wide} px wider than the screen`)
          await shot(page, `${name}-${language}-${scheme}-${width}`)
        }
        for (const [name, path] of Object.entries(PAGES)) {
          await page.goto(path)
          await settled(page)
          await look(name)
        }
        await page.goto('/contacts')
        await settled(page)
        await page.locator('a[href^="/contacts/"]').first().click()
        await page.locator('.timeline-touch').first().waitFor()
        await settled(page)
        await look('timeline')
        await page.goto('/')
        await settled(page)
        await page.keyboard.press('Control+k')
        await page.getByRole('dialog').getByRole('textbox').waitFor()
        await look('palette')
        await page.keyboard.press('Escape')
        await page.locator('.person').click()
        await page.getByRole('menu').waitFor()
        await look('menu')
        await page.keyboard.press('Escape')
        await page.locator('button.how').first().click()
        await page.locator('[role=dialog]').last().waitFor()
        await look('figure')
        assert.deepEqual([...wrong, ...errors], [])
        await context.close()
      })
    }
  }
}
