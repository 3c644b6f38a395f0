// Open screens and moves: a thousand streams of moves, read as they come, while some people move cases.
// First line of standard input: {port, viewers: [cookie], movers: [{Cookie, X-CSRFToken}], cases: {case: version}};
// then one command a line: {open}, {move: {rate, seconds}}, {settle: ms}, {close}. Each is answered by one line.
import { randomUUID } from 'node:crypto'
import http from 'node:http'
import readline from 'node:readline'

const lines = readline.createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const wanted = JSON.parse((await lines.next()).value)
const versions = wanted.cases
const told = (content) => process.stdout.write(JSON.stringify(content) + '\n')
const now = () => performance.timeOrigin + performance.now()
const agent = new http.Agent({ keepAlive: true, maxSockets: 64 })

class Viewer {
  constructor(cookie) {
    this.cookie = cookie
    this.since = ''
    this.known = new Map()
    this.gone = new Set()
    this.doubled = 0
    this.anew = 0
    this.bytes = 0
    this.closed = false
    this.standing = false
    this.stands = null
  }

  open() {
    return new Promise((resolve) => {
      this.stands = resolve
      this.ask()
    })
  }

  ask() {
    const headers = { Cookie: this.cookie, Accept: 'text/event-stream' }
    if (this.since) headers['Last-Event-ID'] = this.since
    this.request = http.get({ host: '127.0.0.1', port: wanted.port, path: '/live', headers, agent: false }, (answer) => {
      if (answer.statusCode !== 200) {
        let said = ''
        answer.on('data', (piece) => (said += piece))
        answer.on('end', () => {
          if (!refused.has(said)) console.error(answer.statusCode, said.slice(0, 200))
          refused.add(said)
          this.again()
        })
        return
      }
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (piece) => {
        this.bytes += piece.length
        text += piece
        for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
          this.read(text.slice(0, end))
          text = text.slice(end + 2)
        }
      })
      answer.on('close', () => this.again())
    })
    this.request.on('error', () => this.again())
  }

  again() {
    this.standing = false
    if (this.closed || this.waiting) return
    this.waiting = setTimeout(() => {
      this.waiting = null
      this.ask()
    }, 1000 + Math.random() * 500)
  }

  read(block) {
    const field = {}
    for (const line of block.split('\n')) {
      const at = line.indexOf(': ')
      if (at > 0) field[line.slice(0, at)] = line.slice(at + 2)
    }
    if (field.id) this.since = field.id
    if (field.event === 'resync') this.anew += 1
    if (field.event === 'moves') this.heard(JSON.parse(field.data), now())
    if (field.event === 'hello' || field.event === 'resync') {
      this.standing = true
      this.stands?.()
    }
  }

  heard(cases, at) {
    for (const moved of cases) {
      const last = this.known.get(moved.case_id) ?? 0
      if (moved.version <= last) {
        this.doubled += 1
        continue
      }
      this.known.set(moved.case_id, moved.version)
      if (moved.gone) this.gone.add(moved.case_id)
      else this.gone.delete(moved.case_id)
      const key = `${moved.case_id}:${moved.version}`
      if (!received.has(key)) received.set(key, [])
      received.get(key).push(at)
    }
  }
}

const refused = new Set()
const received = new Map()
const viewers = wanted.viewers.map((cookie) => new Viewer(cookie))

async function open() {
  const begun = now()
  for (let at = 0; at < viewers.length; at += 50) {
    await Promise.all(viewers.slice(at, at + 50).map((viewer) => viewer.open()))
  }
  return { seconds: (now() - begun) / 1000 }
}

function move(id, mover) {
  const body = JSON.stringify({ move: 'comment', version: versions[id], client_id: randomUUID(), given: { opinion: '现场已围挡' } })
  const headers = { ...mover, 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }
  const begun = now()
  return new Promise((resolve) => {
    const request = http.request({ agent, host: '127.0.0.1', port: wanted.port, method: 'POST', path: `/api/v1/cases/${id}/moves`, headers }, (answer) => {
      let text = ''
      answer.on('data', (piece) => (text += piece))
      answer.on('end', () => {
        const said = JSON.parse(text)
        if (said.version) versions[id] = said.version
        // The worker has moved the case meanwhile: as a person would, look and do it again.
        if (said.code === 'case_changed') resolve(move(id, mover))
        else resolve({ ms: now() - begun, refused: answer.statusCode === 200 ? null : text.slice(0, 200) })
      })
    })
    request.on('error', (error) => resolve({ ms: 0, refused: String(error) }))
    request.end(body)
  })
}

async function moves({ rate, seconds }) {
  const ids = Object.keys(versions)
  const waiting = []
  const busy = new Set()
  let next = 0
  const begun = now()
  const used = process.cpuUsage()
  for (let turn = 0; turn < rate * seconds; turn += 1) {
    const rest = begun + (turn * 1000) / rate - now()
    if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest))
    // A case is moved again when the answer to its last move is here.
    while (busy.has(ids[next % ids.length]) && busy.size < ids.length) next += 1
    const id = ids[next++ % ids.length]
    busy.add(id)
    waiting.push(move(id, wanted.movers[turn % wanted.movers.length]).finally(() => busy.delete(id)))
  }
  const done = await Promise.all(waiting)
  const cpu = process.cpuUsage(used)
  const took = (now() - begun) / 1000
  return {
    seconds: took, cpu: (cpu.user + cpu.system) / 1e6 / took,
    times: done.filter((one) => !one.refused).map((one) => one.ms), refused: done.map((one) => one.refused).filter(Boolean),
  }
}

function seen() {
  const found = {
    received: Object.fromEntries(received), anew: viewers.reduce((sum, viewer) => sum + viewer.anew, 0),
    doubled: viewers.reduce((sum, viewer) => sum + viewer.doubled, 0), bytes: viewers.reduce((sum, viewer) => sum + viewer.bytes, 0),
    known: viewers.map((viewer) => Object.fromEntries(viewer.known)), gone: viewers.map((viewer) => [...viewer.gone]),
  }
  received.clear()
  return found
}

for await (const line of { [Symbol.asyncIterator]: () => lines }) {
  const command = JSON.parse(line)
  if (command.open) told(await open())
  if (command.move) told(await moves(command.move))
  if (command.settle) {
    const begun = now()
    while (viewers.some((viewer) => !viewer.standing) && now() - begun < 90_000) await new Promise((resolve) => setTimeout(resolve, 50))
    const stood = (now() - begun) / 1000
    await new Promise((resolve) => setTimeout(resolve, command.settle))
    told({ stood, ...seen() })
  }
  if (command.close) break
}
for (const viewer of viewers) {
  viewer.closed = true
  viewer.request.destroy()
}
process.exit(0)
