// A real Bluesky personal data server (PDS) with the directory of identities (PLC) it needs, both on 127.0.0.1,
// all data in one temporary folder that is removed at the end. Started by `./run`, which picks the right Node.
//
// Prints one line of JSON on standard output once both answer: {"pds":"http://localhost:1234","plc":"http://localhost:1235"}
//
//   PDS_PORT, PLC_PORT   ports to listen on; 0 or absent: free ones
//   PDS_KNOWN_AT         the port that the PDS names as its own in the directory, where somebody else listens and passes
//                        on what comes; absent: the one it listens on
//   PDS_RATE_LIMITS=1    the limits of the public servers, with their RateLimit-* headers; off otherwise
//   END_WITH_STDIN=1     ends when standard input closes, so that a test run that dies takes its server along
//
// Ends on SIGTERM, SIGINT and SIGHUP as well.
import { mkdir, mkdtemp } from 'node:fs/promises'
import { rmSync } from 'node:fs'
import { Server, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const folder = await mkdtemp(join(tmpdir(), 'bellwether-bluesky-'))
await mkdir(join(folder, 'data'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

let network
let isEnding = false
const end = async () => {
  if (isEnding) return
  isEnding = true
  // Closing waits for open connections, and a test that was killed may have left some: it gets two seconds.
  setTimeout(() => process.exit(0), 2000)
  await network?.close().catch(() => {})
  process.exit(0)
}
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, end)
if (process.env.END_WITH_STDIN === '1') process.stdin.on('end', end).on('error', end).resume()

const freePort = () =>
  new Promise((resolve, reject) => {
    const probe = createServer().on('error', reject)
    probe.listen(0, () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })

const pdsPort = Number(process.env.PDS_PORT) || (await freePort())
const knownAt = Number(process.env.PDS_KNOWN_AT) || pdsPort

// Both servers listen on every address and offer no setting for it. Their admin password is public, so they must not
// be reachable from outside. Nor is there a setting for being known elsewhere.
const listen = Server.prototype.listen
Server.prototype.listen = function (port, ...rest) {
  if (typeof port !== 'number') return listen.call(this, port, ...rest)
  const at = port === knownAt ? pdsPort : port
  return listen.call(this, at, '127.0.0.1', ...rest.filter((value) => typeof value === 'function'))
}

const { TestNetworkNoAppView } = await import('@atproto/dev-env')
network = await TestNetworkNoAppView.create({
  plc: { port: Number(process.env.PLC_PORT) || (await freePort()) },
  pds: {
    port: knownAt,
    hostname: 'localhost',
    dataDirectory: join(folder, 'data'),
    blobstoreDiskLocation: join(folder, 'blobs'),
    rateLimitsEnabled: process.env.PDS_RATE_LIMITS === '1',
  },
})
if (isEnding) process.exit(0)
console.log(JSON.stringify({ pds: `http://localhost:${pdsPort}`, plc: network.plc.url }))
