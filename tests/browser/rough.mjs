// Stands between the program and the real Bluesky server and gives it the bad
// days that a good server does not have: what a write meets is decided by the
// words of the post.

import { createServer, request } from 'node:http'

/** Forwards everything to `pds`; `moods` say otherwise: `{ words, does }`. */
export async function roughServer(pds) {
  const moods = []
  const away = new Set()
  let own = ''

  const server = createServer((asked, answer) => {
    const chunks = []
    asked.on('data', (bytes) => chunks.push(bytes))
    asked.on('end', () => {
      const body = Buffer.concat(chunks)
      const method = asked.url.match(/\/xrpc\/([^?]+)/)?.[1] ?? ''
      const say = (status, value, headers = {}) => {
        answer.writeHead(status, { 'content-type': 'application/json', ...headers })
        answer.end(JSON.stringify(value))
      }
      const text = body.toString('utf8')
      if (/createSession|refreshSession|putRecord|applyWrites/.test(method)) {
        const token = asked.headers.authorization ?? ''
        const isAway = [...away].some((did) => text.includes(did) || token.includes(did))
        if (isAway) return say(401, { error: 'AuthenticationRequired', message: 'Invalid identifier or password' })
      }
      const isWrite = /putRecord|applyWrites/.test(method)
      const mood = isWrite ? moods.find((one) => text.includes(one.words)) : undefined
      if (mood) {
        mood.keys = [...text.matchAll(/"rkey":"([^"]+)"/g)].map((found) => found[1])
        return mood.does({ say, answer, mood })
      }
      const asksFor = moods.find((one) => one.keys?.some((key) => asked.url.includes(key)))
      if (asksFor?.reads) return asksFor.reads({ say, answer })
      const describes = method.endsWith('describeRepo') && moods.find((one) => one.keys && one.describes)
      if (describes) return describes.describes({ say })
      forward(pds, asked, body, answer, own)
    })
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  own = `http://localhost:${server.address().port}`

  return {
    url: own,
    /** What a write of a post with these `words` meets. */
    meets(words, does, later = {}) {
      moods.push({ words, does, ...later })
    },
    /** Signs the account `did` out for good. */
    signOut: (did) => away.add(did),
    async close() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}

function forward(pds, asked, body, answer, own) {
  const to = new URL(asked.url, pds)
  const headers = { ...asked.headers, host: to.host }
  delete headers['accept-encoding']
  const out = request(to, { method: asked.method, headers }, (got) => {
    const chunks = []
    got.on('data', (bytes) => chunks.push(bytes))
    got.on('end', () => {
      let back = Buffer.concat(chunks)
      // The identity document names the server itself; here it must name us.
      if (/Session/.test(asked.url)) back = Buffer.from(back.toString('utf8').replaceAll(pds, own))
      const kept = { ...got.headers, 'content-length': back.length }
      delete kept['transfer-encoding']
      answer.writeHead(got.statusCode, kept)
      answer.end(back)
    })
  })
  out.on('error', () => answer.destroy())
  out.end(body)
}

/** Ways to meet a write, and to answer who looks for it afterwards. */
export const ways = {
  no: (message) => ({ say }) => say(400, { error: 'InvalidRequest', message }),
  tooMany: (seconds) => ({ say }) => say(429, { error: 'RateLimitExceeded', message: 'Rate Limit Exceeded' }, { 'retry-after': String(seconds) }),
  silence: ({ answer }) => answer.socket.destroy(),
  // Held open until the server closes.
  forEver: () => {},
  trouble: ({ say }) => say(503, { error: 'NotEnoughResources', message: 'Not Enough Resources' }),
  nothingThere: ({ say }) => say(400, { error: 'RecordNotFound', message: 'Could not locate record' }),
  somebodyElse: ({ say }) => say(200, { did: 'did:plc:somebodyelse', handle: 'else.test' }),
}
