// The program as a process, the browser, and an account to publish to.

import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { chromium } from 'playwright-core'

const root = resolve(import.meta.dirname, '../..')
export const pictures = join(root, 'target/pictures')
mkdirSync(pictures, { recursive: true })

const axe = readFileSync(join(import.meta.dirname, 'node_modules/axe-core/axe.min.js'), 'utf8')

async function freePort() {
  const server = createServer()
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address()
  await new Promise((done) => server.close(done))
  return port
}

/** The database of a run over PostgreSQL; its pages look like those over SQLite, so no pictures are made. */
const database = process.env.BELLWETHER_BROWSER_DATABASE

/** Starts `bellwether serve` over an empty folder; gives its address and the owner's link. */
export async function startProduct(settings = {}) {
  const data = mkdtempSync(join(tmpdir(), 'bellwether-browser-'))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const child = spawn(join(root, 'target/debug/bellwether'), ['serve', '--data', join(data, 'data')], {
    cwd: data,
    env: {
      PATH: process.env.PATH,
      BELLWETHER_LISTEN: `127.0.0.1:${port}`,
      BELLWETHER_PUBLIC_URL: url,
      BELLWETHER_HTTP__ALLOW: '["127.0.0.0/8", "::1/128"]',
      ...(database && { BELLWETHER_DATABASE__URL: database }),
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  let log = ''
  child.stderr.on('data', (bytes) => (log += bytes))
  const link = await new Promise((found, failed) => {
    child.stdout.on('data', (bytes) => {
      said += bytes
      const match = said.match(/http\S+\/set-up\/\S+/)
      if (match) found(match[0])
    })
    child.on('exit', (code) => failed(new Error(`the program ended (${code}): ${log}`)))
  })
  const stop = async () => {
    child.removeAllListeners('exit')
    const ended = new Promise((done) => child.on('exit', done))
    child.kill('SIGTERM')
    await ended
    rmSync(data, { recursive: true, force: true })
  }
  return { url, link, stop, log: () => log }
}

export function startBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  })
}

/** An account with an app password on the real server. */
export async function account(name) {
  const { pds } = JSON.parse(process.env.BELLWETHER_TEST_PDS)
  const call = async (method, body, token) => {
    const answer = await fetch(`${pds}/xrpc/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
    })
    if (!answer.ok) throw new Error(`${method}: ${answer.status}: ${await answer.text()}`)
    return answer.json()
  }
  const handle = `${name}-${Date.now() % 1e9}.test`
  const made = await call('com.atproto.server.createAccount', {
    email: `${handle}@example.test`,
    handle,
    password: 'correct horse battery',
  })
  const app = await call('com.atproto.server.createAppPassword', { name: 'bw' }, made.accessJwt)
  const posts = async () => {
    const query = new URLSearchParams({ repo: made.did, collection: 'app.bsky.feed.post' })
    const answer = await fetch(`${pds}/xrpc/com.atproto.repo.listRecords?${query}`)
    return (await answer.json()).records
  }
  return { handle, did: made.did, password: app.password, server: pds, posts }
}

/** What axe finds wrong with the page, in words. */
export async function violations(page) {
  // Through the debugger and not through a script element: the page's policy allows none.
  await page.evaluate(axe)
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }))
  return found.violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => n.target.join(' ')).join('; ')}`)
}

/** A picture of the page as it is. */
export async function picture(page, name, fullPage) {
  const path = join(pictures, `${name}.png`)
  mkdirSync(dirname(path), { recursive: true })
  await page.screenshot({ path, fullPage })
}

/** At a desk and on a phone, in light and dark: gives each look's name and width. */
export async function* looks(page, schemes = ['light', 'dark']) {
  for (const width of [1440, 390]) {
    for (const scheme of schemes) {
      await page.setViewportSize({ width, height: width === 390 ? 844 : 1000 })
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
      yield [`${width}-${scheme}`, width]
    }
  }
  await page.setViewportSize({ width: 1440, height: 1000 })
  await page.emulateMedia({ colorScheme: 'light' })
}

/** What makes the page scroll sideways. */
export function overflow(page) {
  return page.evaluate(() => {
    const root = document.documentElement
    if (root.scrollWidth <= root.clientWidth) return []
    const wide = [...document.body.querySelectorAll('*')].filter((element) => element.getBoundingClientRect().right > root.clientWidth + 1)
    return wide.slice(0, 5).map((element) => `${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''}`)
  })
}

/** The page as a picture, in every look. */
export async function shoot(page, name) {
  if (database) return
  for await (const [look, width] of looks(page)) await picture(page, `${name}-${look}`, width < 720)
}
