// Ada sets Bellwether up, connects a channel, publishes, pauses and goes on.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { account, shoot, startBrowser, startProduct, violations } from './product.mjs'

let product, browser, page, ada, brand
const complaints = []

before(async () => {
  product = await startProduct()
  browser = await startBrowser()
  page = await (await browser.newContext({ locale: 'en-US' })).newPage()
  page.on('console', (message) => {
    // A refused form comes back with a status of its own; that is no complaint.
    const isStatus = message.text().startsWith('Failed to load resource')
    if (message.type() === 'error' && !isStatus) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  ada = await account('ada')
})

after(async () => {
  await browser?.close()
  await product?.stop()
})

async function look(name) {
  assert.deepEqual(await violations(page), [], `axe on ${name}`)
  await shoot(page, name)
}

test('the first owner is made by a link that works once', async () => {
  await page.goto(product.link)
  await look('set-up')
  await page.fill('#name', 'Ada')
  await page.fill('#email', 'ada@maison-lune.example')
  await page.fill('#password', 'croissants at dawn')
  await page.fill('#organization', 'Maison Lune')
  await page.fill('#workspace', 'Maison Lune')
  await page.fill('input[name=time_zone]', 'Europe/Paris')
  await page.click('main button.brass')
  await page.waitForURL(/\/brands\/[^/]+\//)
  brand = page.url().match(/\/brands\/([^/]+)\//)[1]
  // Somebody else, later: the link is of no use any more.
  const again = await fetch(product.link, { redirect: 'manual' })
  assert.notEqual(again.status, 200)
})

test('signing in keeps what was typed and says what is wrong', async () => {
  const context = await browser.newContext({ locale: 'ja' })
  const other = await context.newPage()
  await other.goto(`${product.url}/sign-in`)
  assert.equal(await other.getAttribute('html', 'lang'), 'ja')
  await shoot(other, 'sign-in-ja')
  await other.fill('input[type=email]', 'ada@maison-lune.example')
  await other.fill('input[type=password]', 'wrong')
  await other.click('main button.brass')
  assert.equal(await other.inputValue('input[type=email]'), 'ada@maison-lune.example')
  assert.equal(await other.inputValue('input[type=password]'), '')
  assert.ok(await other.locator('[role=alert]').count())
  await other.fill('input[type=password]', 'croissants at dawn')
  await other.click('main button.brass')
  await other.waitForURL(/\/brands\//)
  await shoot(other, 'posts-empty-ja')
  await context.close()
})

test('a wrong server address is said, and the right one connects', async () => {
  await page.goto(`${product.url}/brands/${brand}/channels`)
  await look('channels-empty')
  await page.goto(`${product.url}/brands/${brand}/connect/bluesky`)
  await look('connect')
  const [server, identifier, password] = await page.locator('main form .field input').all()
  await server.fill('https://no-such-server.invalid')
  await identifier.fill(ada.handle)
  await password.fill(ada.password)
  await page.click('main button.brass')
  await page.waitForSelector('[role=alert]')
  assert.equal(await page.locator('main form .field input').nth(1).inputValue(), ada.handle)
  assert.equal(await page.locator('main form .field input').nth(2).inputValue(), '')
  await look('connect-trouble')
  await page.locator('main form .field input').nth(0).fill(ada.server)
  await page.locator('main form .field input').nth(2).fill(ada.password)
  await page.click('main button.brass')
  await page.waitForURL(/\/channels/)
  await page.locator('main').getByText(ada.handle).first().waitFor()
  await look('channels')
})

test('a post is counted while typed, published once, and its log says so', async () => {
  await page.goto(`${product.url}/brands/${brand}/compose`)
  const text = 'Ce soir à 18 h, les croissants sortent du four. #boulangerie'
  await page.fill('#text-1', text)
  const box = page.locator('input[name=channel]').first()
  if (!(await box.isChecked())) await page.locator('label.chip').first().click()
  await page.waitForResponse((answer) => answer.url().includes('/compose/measure'))
  await look('compose')
  await page.locator('.sendbar summary').click()
  await page.click('.sendbar button[value=now]')
  await page.waitForURL(/\/posts\//)
  await page.getByText('Published', { exact: true }).first().waitFor({ timeout: 20_000 })
  await look('post-published')
  const there = await ada.posts()
  assert.equal(there.length, 1)
  assert.equal(there[0].value.text, text)
})

test('a pause takes one click, holds what is due, and asks why afterwards', async () => {
  await page.goto(`${product.url}/brands/${brand}/posts`)
  await look('posts')
  await page.locator('header').getByRole('button', { name: /pause/i }).first().click()
  await page.waitForSelector('section.stopped')
  await look('paused')
  await page.goto(`${product.url}/brands/${brand}/compose`)
  await page.fill('#text-1', 'Pas maintenant.')
  const box = page.locator('input[name=channel]').first()
  if (!(await box.isChecked())) await page.locator('label.chip').first().click()
  await page.locator('.sendbar summary').click()
  await page.click('.sendbar button[value=now]')
  await page.waitForURL(/\/posts\//)
  await page.getByText(/On hold/).first().waitFor({ timeout: 20_000 })
  await look('post-held')
  assert.equal((await ada.posts()).length, 1)
})

test('nothing complained in the console', () => {
  assert.deepEqual(complaints, [])
})
