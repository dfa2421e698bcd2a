// Without a mouse, without luck: the composer by keyboard alone, focus that
// stays where somebody is, and text that outlives what happens to its page.

import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { account, startBrowser, startProduct } from './product.mjs'
import { PASSWORD, begin, connect } from './story.mjs'

let product, browser, context, page, ada, brand, lune

before(async () => {
  product = await startProduct()
  browser = await startBrowser()
  context = await browser.newContext({ locale: 'en-US', timezoneId: 'Asia/Tokyo' })
  ;({ ada, brand } = await begin(context, product))
  lune = await account('lune')
  await connect(ada, brand, lune, lune.server)
  page = await context.newPage()
})

after(async () => {
  await browser?.close()
  await product?.stop()
})

beforeEach(() => page.evaluate(() => localStorage.clear()).catch(() => {}))

const compose = () => page.goto(`${product.url}/brands/${brand}/compose`)
const key = (...keys) => keys.reduce((before, one) => before.then(() => page.keyboard.press(one)), Promise.resolve())

/** What has the focus, in words. */
const focus = () =>
  page.evaluate(() => {
    const at = document.activeElement
    return at.getAttribute('aria-label') ?? at.labels?.[0]?.textContent.trim() ?? at.textContent.trim()
  })

/** Presses Tab until `words` has the focus; the ring must be seen on the way. */
async function tabTo(words, most = 40) {
  for (let left = most; left > 0; left--) {
    await key('Tab')
    const has = await focus()
    const ring = await page.evaluate(() => {
      const at = document.activeElement
      const shown = at.matches('.sr, .pick *') ? at.closest('label') ?? at : at
      const style = getComputedStyle(shown)
      return at === document.body || style.outlineStyle !== 'none' || style.boxShadow !== 'none' || style.borderStyle !== 'none'
    })
    assert.ok(ring, `nobody sees that ${has} has the focus`)
    if (has.includes(words)) return
  }
  assert.fail(`${words} cannot be reached: the focus is on ${await focus()}`)
}

test('the first thing on a page leads past what stands on every page', async () => {
  await page.goto(`${product.url}/brands/${brand}/posts`)
  await key('Tab')
  assert.equal(await focus(), 'Skip to the page')
  assert.ok((await page.locator('.skip').boundingBox()).y >= 0, 'it shows itself')
  await key('Enter')
  assert.match(page.url(), /#main$/)
})

test('a post is written, counted, planned and let go with the keyboard alone', async () => {
  await compose()
  assert.equal(await focus(), 'Text, part 1', 'writing can begin at once')
  await page.keyboard.type(`Ce soir à 18 h. ${'x'.repeat(300)}`)
  await page.getByText('Part 1: 16 characters too many.').waitFor({ state: 'attached' })
  const aloud = page.locator('#aloud')
  assert.equal(await aloud.getAttribute('role'), 'status', 'and it is said without interrupting')
  for (let left = 20; left > 0; left--) await key('Backspace')
  await page.waitForFunction(() => document.querySelector('#aloud').textContent.trim() === '')
  assert.equal(await focus(), 'Text, part 1', 'counting takes the focus from nobody')

  await tabTo('Add part 2')
  await key('Enter')
  await page.waitForSelector('#text-2')
  await page.locator('#text-2').focus()
  await page.keyboard.type('Et demain.')
  await tabTo('Other ways to send')
  await key('Enter', 'ArrowDown')
  assert.equal(await focus(), 'Publish now')
  await key('Escape')
  assert.equal(await focus(), 'Other ways to send', 'a menu gives the focus back')
  await key('Enter', 'ArrowDown', 'Enter')
  await page.waitForURL(/\/posts\//)
  await page.getByText('Published', { exact: true }).first().waitFor({ timeout: 20_000 })
  assert.equal((await lune.posts()).length, 2)
})

test('a time is chosen and a plan made with the keyboard alone', async () => {
  await compose()
  await page.keyboard.type('Demain.')
  await tabTo('When, in Paris time')
  await tabTo('Schedule for Maison Lune')
  await key('Enter')
  await page.waitForURL(/\/posts\//)
  await page.getByText('Scheduled', { exact: true }).first().waitFor()
})

test('what is typed outlives a closed tab, every part of it', async () => {
  await compose()
  await page.fill('#text-1', 'One.')
  await page.click('button[value=add-part]')
  await page.fill('#text-2', 'Two.')
  await page.close()
  page = await context.newPage()
  await compose()
  await page.waitForSelector('#text-2')
  assert.deepEqual([await page.inputValue('#text-1'), await page.inputValue('#text-2')], ['One.', 'Two.'])
})

test('what is typed outlives being signed out while it is sent', async () => {
  await compose()
  await page.fill('#text-1', 'Written by candle light.')
  await context.clearCookies()
  await page.click('button[value=save]')
  await page.getByText('kept on this device').waitFor()
  await page.click('main a.brass')
  await page.fill('#email', 'ada@maison-lune.example')
  await page.fill('#password', PASSWORD)
  await page.click('main button.brass')
  await page.waitForURL(/\/compose$/)
  assert.equal(await page.inputValue('#text-1'), 'Written by candle light.')
  assert.ok(await page.locator('[data-sent]').isVisible(), 'and it says that it does not know whether it arrived')
  await page.click('button[value=save]')
  await page.waitForURL(/\/posts\//)
  await compose()
  assert.equal(await page.inputValue('#text-1'), '', 'what has arrived is not brought back')
})

test('the zone of the desk is asked for with the one of the browser in it', async () => {
  await page.goto(`${product.url}/brands`)
  assert.equal(await page.inputValue('#time_zone'), 'Asia/Tokyo')
})
