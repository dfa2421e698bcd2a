// Every page with true content, at a desk and on a phone, in light and dark,
// in English and Japanese, and the fullest in the other languages: nothing for
// axe to complain of, nothing that scrolls sideways, and a picture of each in
// target/pictures/tour.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { looks, overflow, picture, startBrowser, startProduct, violations } from './product.mjs'
import { FRENCH, inMinutes, tell } from './story.mjs'

let product, browser, story, page
const complaints = []

before(async () => {
  // So short that something is missed while the story is told.
  product = await startProduct({ BELLWETHER_PUBLISHING__GRACE: '8s' })
  product.grace = 8_000
  browser = await startBrowser()
  story = await tell(browser, product)
  page = await story.context.newPage()
  page.on('console', (message) => {
    const isStatus = message.text().startsWith('Failed to load resource')
    if (message.type() === 'error' && !isStatus) complaints.push(`${page.url()}: ${message.text()}`)
  })
  page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error}`))
})

after(async () => {
  await story?.rough.close()
  await browser?.close()
  await product?.stop()
})

/** Looks at the page that is open, in every way. */
async function see(name, seen = page, schemes) {
  const wrong = []
  for await (const [look, width] of looks(seen, schemes)) {
    const wide = await overflow(seen)
    if (wide.length) wrong.push(`${look}: scrolls sideways because of ${wide.join(', ')}`)
    for (const one of await violations(seen)) wrong.push(`${look}: ${one}`)
    await picture(seen, `tour/${name}-${look}`, width < 720)
  }
  assert.deepEqual(wrong, [], name)
}

async function speak(language) {
  await story.ada.post('/preferences/language', { language, back: '/' })
}

const at = (address) => page.goto(product.url + address)
const inBrand = (rest) => `/brands/${story.brand}/${rest}`

/** What is typed into a composer that has everything in it. */
async function fill() {
  await page.fill('#text-1', `${FRENCH}\n\n${'Beaucoup trop long. '.repeat(9)}`)
  await page.locator('.part').first().locator('input[type=file]').setInputFiles([story.photos.croissant, story.photos.shop])
  await page.locator('.shot').nth(1).waitFor()
  await page.locator('.shot textarea').first().fill('Un croissant doré sur une assiette blanche, la croûte brillante.')
  await page.click('button[value=add-part]')
  await page.fill('#text-2', 'Et pour les matinaux : la même fournée, demain dès 6 h. https://maisonlune.example/noel')
  await page.locator('.limits .over').first().waitFor()
}

for (const language of ['en', 'ja']) {
  test(`every page in ${language}`, { timeout: 600_000 }, async (t) => {
    await speak(language)
    const pages = {
      posts: inBrand('posts'),
      channels: inBrand('channels'),
      pauses: inBrand('pauses'),
      connect: inBrand('connect/bluesky'),
      compose: inBrand('compose'),
      brands: '/brands',
      people: '/people',
      tokens: '/tokens',
      account: '/account',
      style: '/style',
      'not-found': inBrand('posts/nothing'),
      ...Object.fromEntries(Object.entries(story.posts).map(([state, post]) => [`post-${state}`, post])),
    }
    for (const [name, address] of Object.entries(pages)) {
      await t.test(name, async () => {
        await at(address)
        await see(`${name}-${language}`)
      })
    }
    await t.test('edit', async () => {
      await at(`${story.posts.live}/edit`)
      await see(`edit-${language}`)
    })
    await t.test('sent, then changed', async () => {
      await at(story.posts.changed)
      await page.locator('.sent > summary').first().click()
      await see(`post-changed-open-${language}`)
    })
    await t.test('compose, full', async () => {
      await at(inBrand('compose'))
      await fill()
      await see(`compose-full-${language}`)
    })
    await t.test('compose, refused', async () => {
      await page.fill('[name=local]', '2020-01-01T09:00')
      await page.click('.sendbar button[value=schedule]')
      await page.waitForSelector('main [role=alert]')
      await see(`compose-refused-${language}`)
    })
    await t.test('no channel, no post', async () => {
      const html = await story.ada.read('/brands')
      const other = [...html.matchAll(/brands\/([^/"]+)\/posts/g)].map((found) => found[1]).find((id) => id !== story.brand)
      for (const name of ['posts', 'channels', 'compose']) {
        await at(`/brands/${other}/${name}`)
        await see(`${name}-empty-${language}`)
      }
    })
    await t.test('menus', async () => {
      await at(inBrand('posts'))
      await page.locator('.bar .me > summary').click()
      await see(`menu-${language}`)
      await page.keyboard.press('Escape')
      await page.locator('.bar .split > .switcher > summary').click()
      await see(`menu-pause-${language}`)
      await at(inBrand('compose'))
      await page.locator('.linkcard > summary').click()
      await page.locator('[name=card-0][value=own]').check()
      await see(`menu-card-${language}`)
    })
    await t.test('signing in', async () => {
      const context = await browser.newContext({ locale: language })
      const door = await context.newPage()
      await door.goto(`${product.url}/sign-in`)
      await see(`sign-in-${language}`, door)
      await door.fill('#email', 'ada@maison-lune.example')
      await door.fill('#password', 'wrong')
      await door.click('main button.brass')
      await door.waitForSelector('[role=alert]')
      await see(`sign-in-wrong-${language}`, door)
      await context.close()
    })
    await t.test('paused', async () => {
      await story.ada.post(inBrand('pause'), {})
      story.posts.held = await story.write('Nocturne, la vitrine de Noël.', [...story.on(story.lune), ['local', inMinutes(0)]], 'now')
      await page.waitForTimeout(1500)
      await story.ada.post(inBrand('pause'), { place: 'installation' })
      for (const name of ['posts', 'pauses', 'channels']) {
        await at(inBrand(name))
        await see(`paused-twice-${name}-${language}`)
      }
      await story.ada.post(inBrand('pause/resumption'), { scope: 'installation', reason: 'only here', look: '' })
      for (const [name, address] of [['posts', inBrand('posts')], ['channels', inBrand('channels')], ['pauses', inBrand('pauses')], ['compose', inBrand('compose')], ['post-held', story.posts.held], ['account', '/account']]) {
        await at(address)
        await see(`paused-${name}-${language}`)
      }
      await story.ada.post(inBrand('pause/resumption'), { scope: 'workspace', reason: 'the storm is over', look: 'first' })
      await at(story.posts.held)
      await see(`post-look-first-${language}`)
      await at(inBrand('posts'))
      delete story.posts.held
    })
  })
}

// Words are of other lengths there, and letters of other faces.
for (const language of ['fr', 'ko', 'zh-Hans']) {
  test(`the fullest pages in ${language}`, { timeout: 120_000 }, async (t) => {
    await speak(language)
    const pages = {
      posts: inBrand('posts'),
      channels: inBrand('channels'),
      people: '/people',
      'post-unknown': story.posts.unknown,
      'post-missed': story.posts.missed,
    }
    for (const [name, address] of Object.entries(pages)) {
      await t.test(name, async () => {
        await at(address)
        await see(`${name}-${language}`, page, ['light'])
      })
    }
    await t.test('compose, full', async () => {
      await at(inBrand('compose'))
      await fill()
      await see(`compose-full-${language}`, page, ['light'])
    })
  })
}

test('nothing complained in the console', () => {
  assert.deepEqual(complaints, [])
})
