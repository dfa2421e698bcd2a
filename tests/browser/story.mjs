// A desk that has been worked at: two brands with long names, three channels,
// people, and a post in every state that a real server can be brought to.

import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { account } from './product.mjs'
import { roughServer, ways } from './rough.mjs'

const root = resolve(import.meta.dirname, '../..')

export const PASSWORD = 'croissants at dawn'

/** Photographs for posts: the drawings of the sign-in page, as files. */
async function photographs(browser, names) {
  const drawings = readFileSync(join(root, 'crates/web/src/page/contact.html'), 'utf8').split('<div')[0]
  const page = await browser.newPage({ viewport: { width: 1280, height: 960 } })
  const files = {}
  for (const name of names) {
    await page.setContent(
      `<body style="margin:0">${drawings}<svg width="1280" height="960"><use href="#p-${name}" width="1280" height="960"/></svg>`,
    )
    files[name] = { name: `${name}.png`, mimeType: 'image/png', buffer: await page.screenshot() }
  }
  await page.close()
  return files
}

/** `Europe/Paris` in so many minutes, as the field writes it. */
export function inMinutes(minutes, zone = 'Europe/Paris') {
  const at = new Date(Date.now() + minutes * 60_000)
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' })
    .format(at)
    .replace(' ', 'T')
}

/** One browser's requests without its window. */
function hand(context, product) {
  const check = async (answer, address) => {
    if (answer.status() === 303) return answer.headers().location
    throw new Error(`${address}: ${answer.status()}: ${(await answer.text()).match(/role="alert".{0,300}/s)?.[0]}`)
  }
  return {
    /** A plain form. */
    async post(address, form) {
      return check(await context.request.post(product.url + address, { form, maxRedirects: 0 }), address)
    },
    /** The composer's form; a file is `{ name, mimeType, buffer }`. */
    async write(address, fields) {
      const data = new FormData()
      for (const [name, value] of fields) {
        if (typeof value === 'string') data.append(name, value)
        else data.append(name, new File([value.buffer], value.name, { type: value.mimeType }))
      }
      return check(await context.request.post(product.url + address, { multipart: data, maxRedirects: 0 }), address)
    },
    /** A page, as text. */
    async read(address) {
      const answer = await context.request.get(product.url + address)
      return answer.text()
    },
  }
}

const field = (html, name) =>
  html.match(new RegExp(`name="${name}" value="([^"]*)"`))?.[1].replaceAll('&#34;', '"').replaceAll('&amp;', '&') ?? ''

/** Connects `who` to `brand` by the server at `url`. */
export async function connect(ada, brand, who, url) {
  const address = `/brands/${brand}/connect/bluesky`
  const html = await ada.read(address)
  const state = field(html, 'state')
  const screen = field(html, 'screen')
  await ada.post(address, { state, screen, server: url, identifier: who.handle, password: who.password })
}

/** The ids of the channels that the composer offers, by handle. */
async function channelsOf(ada, brand) {
  const html = await ada.read(`/brands/${brand}/compose`)
  const found = [...html.matchAll(/name="channel" value="([^"]+)".*?class="handle">@([^<]+)</gs)]
  return Object.fromEntries(found.map(([, id, handle]) => [handle, id]))
}

/** Waits until the page at `address` shows `words`. */
async function until(ada, address, words, seconds = 30) {
  for (let left = seconds * 5; left > 0; left--) {
    if ((await ada.read(address)).includes(words)) return
    await wait(200)
  }
  throw new Error(`${address} never showed ${words}`)
}

export const FRENCH = `Ce soir à 18 h, les croissants sortent du four une deuxième fois. Beurre de Charentes, 27 couches, encore tièdes jusqu’à 19 h 30.

On vous en garde deux ? #boulangerie #ParisNeuvième`

/** Ada has set her desk up. */
export async function begin(context, product) {
  const ada = hand(context, product)
  const first = await ada.post(new URL(product.link).pathname, {
    name: 'Ada Marchetti-Vandenberghe',
    email: 'ada@maison-lune.example',
    password: PASSWORD,
    language: 'en',
    organization: 'Maison Lune',
    workspace: 'Maison Lune',
    time_zone: 'Europe/Paris',
  })
  return { ada, brand: first.match(/brands\/([^/]+)/)[1] }
}

/** Tells the story; gives the addresses of everything in it. */
export async function tell(browser, product) {
  const context = await browser.newContext({ locale: 'en-US' })
  const { pds } = JSON.parse(process.env.BELLWETHER_TEST_PDS)
  const rough = await roughServer(pds)
  const photos = await photographs(browser, ['croissant', 'buche', 'shop', 'bike', 'loaves'])
  const { ada, brand } = await begin(context, product)
  await ada.post('/brands', {
    workspace: 'Kitahama Cycles & Compagnie, l’atelier du vélo au bord de la mer',
    time_zone: 'Asia/Tokyo',
  })
  for (const [name, email, language, role] of [
    ['Noor Abdelrahman', 'noor@maison-lune.example', 'fr', 'approver'],
    ['Kofi', 'kofi.with-a-rather-long-address@kitahama-cycles-and-company.example', 'ja', 'writer'],
    ['한지우', 'jiwoo@noor-optics.example', 'ko', ''],
  ]) {
    await ada.post('/people', { name, email, password: PASSWORD, language, role })
  }
  await ada.post('/tokens', { name: 'Newsletter script on the old server in the cellar', workspace: brand, scope: 'write', days: '30' }).catch(() => {})

  const lune = await account('lune')
  const long = await account('kitahama')
  const lost = await account('soleil')
  for (const who of [lune, long, lost]) await connect(ada, brand, who, rough.url)
  const ids = await channelsOf(ada, brand)
  const on = (...whos) => whos.map((who) => ['channel', ids[who.handle]])
  const compose = `/brands/${brand}/compose`
  const write = (text, rest, deed) =>
    ada.write(compose, [...[text].flat().map((part) => ['text', part]), ...rest, ['do', deed], ['language', 'fr']])

  const posts = {}
  posts.draft = await write('Trois farines, un pain : le levain du jour un.', [['local', '']], 'save')
  posts.live = await write(FRENCH, [...on(lune, long), ['picture-0', photos.croissant], ['picture-0', photos.shop]], 'now')
  posts.thread = await write(
    [FRENCH, 'Et pour les matinaux : la même fournée, demain dès 6 h. Les horaires de Noël : https://maisonlune.example/noel', '冬の海沿いを走る朝の25km。北浜の港から灯台まで、風の弱い道を選びました。集合は土曜の7時30分です。'],
    [...on(lune), ['picture-0', photos.buche]],
    'now',
  )
  for (const post of [posts.live, posts.thread]) await until(ada, post, 'state is-published')

  posts.changed = await write('Ce soir, ouvert jusqu’à 20 h.', [...on(lune), ['picture-0', photos.shop]], 'now')
  await until(ada, posts.changed, 'state is-published')
  await ada.write(`${posts.changed}/edit`, [['text', 'Ce soir, ouvert jusqu’à 21 h.'], ['seen', '1'], ['do', 'save'], ['language', 'fr']])

  posts.takenDown = await write('Demain, ouvert à 5 h.', on(lune), 'now')
  await until(ada, posts.takenDown, '/takedown')
  const takedown = (await ada.read(posts.takenDown)).match(/action="([^"]+\/takedown)"/)[1]
  await ada.post(takedown, {})
  await until(ada, posts.takenDown, 'state is-down')

  rough.meets('bûche aux marrons', ways.no('Record/embed/images/0/image must be smaller than 1000000 bytes'))
  posts.refused = await write('La bûche aux marrons est arrivée. Crème de marrons d’Ardèche, biscuit cacao, et ce petit houx en sucre que Kofi pose à la pince, un par un.', [...on(lune, long), ['picture-0', photos.buche]], 'now')
  rough.meets('Samedi, 400', ways.silence, { reads: ways.nothingThere, describes: ways.somebodyElse })
  posts.unknown = await write('Samedi, 400 croissants, et le dernier parti à 9 h 12.', on(lune), 'now')
  rough.meets('Une table', ways.tooMany(2700))
  posts.retry = await write('Une table près de la fenêtre ?', on(long), 'now')
  await until(ada, posts.retry, 'The next try is')
  rough.meets('Nocturne', ways.silence, { reads: ways.trouble })
  posts.checking = await write('Nocturne jusqu’à 21 h.', on(long), 'now')
  await until(ada, posts.refused, 'state is-failed')
  await until(ada, posts.unknown, 'state is-unknown')
  await until(ada, posts.checking, 'state is-checking')

  posts.turn = await write('Et demain, on recommence.', on(long), 'now')
  rough.signOut(lost.handle)
  rough.signOut(lost.did)
  posts.heldLogin = await write('Le coffret de Noël, 24 sablés.', on(lost), 'now')
  await until(ada, posts.heldLogin, 'On hold')

  await ada.post(`/brands/${brand}/pause`, {})
  posts.missed = await write('Le pain de midi.', on(lune), 'now')
  await until(ada, posts.missed, 'On hold')
  await wait(product.grace + 500)
  await ada.post(`/brands/${brand}/pause/resumption`, { scope: 'workspace', reason: 'the storm is over', look: '' })
  await until(ada, posts.missed, 'state is-missed')

  posts.scheduled = await write('Galette des rois : les précommandes ouvrent lundi.', [...on(lune, long), ['local', inMinutes(26 * 60)], ['picture-0', photos.loaves]], 'schedule')
  posts.cancelled = await write('Livraison avant le 22.', [...on(lune), ['local', inMinutes(48 * 60)]], 'schedule')
  const cancel = (await ada.read(posts.cancelled)).match(/action="([^"]+\/cancellation)"/)[1]
  await ada.post(cancel, {})
  posts.empty = await write('', [['local', '']], 'save')
  return { context, ada, brand, rough, posts, photos, ids, lune, long, lost, write, on, until: (...asked) => until(ada, ...asked) }
}
