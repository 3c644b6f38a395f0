// Clients that move cases through the HTTP interface, each with cases of its own, one request after the other.
// Standard input: {port, clients, seconds, headers, versions: {case: version}, rate?}; standard output: what was seen.
// With `rate` moves are sent at that many a second, whatever the answers take; without it each waits for its answer.
import { randomUUID } from 'node:crypto'
import http from 'node:http'

const wanted = JSON.parse(await new Response(process.stdin).text())
const agent = new http.Agent({ keepAlive: true, maxSockets: wanted.rate ? 64 : wanted.clients })
const versions = wanted.versions
const cases = Object.keys(versions)
const times = []
let done = 0
let failed = 0
const refusals = {}

function move(id) {
  const body = JSON.stringify({
    move: 'comment',
    version: versions[id],
    client_id: randomUUID(),
    given: { opinion: '请抓紧' },
  })
  const begun = performance.now()
  return new Promise((resolve) => {
    const request = http.request(
      {
        agent,
        host: '127.0.0.1',
        port: wanted.port,
        method: 'POST',
        path: `/api/v1/cases/${id}/moves`,
        headers: { ...wanted.headers, 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) },
      },
      (response) => {
        let text = ''
        response.on('data', (piece) => (text += piece))
        response.on('end', () => {
          times.push(performance.now() - begun)
          if (response.statusCode === 200) {
            done += 1
            versions[id] = JSON.parse(text).version
          } else {
            failed += 1
            refusals[text.slice(0, 200)] = (refusals[text.slice(0, 200)] ?? 0) + 1
          }
          resolve()
        })
      },
    )
    request.on('error', (error) => {
      failed += 1
      refusals[String(error)] = 1
      resolve()
    })
    request.end(body)
  })
}

async function client(number, until) {
  const mine = cases.filter((_, at) => at % wanted.clients === number)
  for (let turn = 0; performance.now() < until; turn += 1) await move(mine[turn % mine.length])
}

async function paced(until) {
  const waiting = []
  const begun = performance.now()
  for (let turn = 0; performance.now() < until; turn += 1) {
    const due = begun + (turn * 1000) / wanted.rate
    const rest = due - performance.now()
    if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest))
    waiting.push(move(cases[turn % cases.length]))
  }
  await Promise.all(waiting)
}

const used = process.cpuUsage()
const begun = performance.now()
const until = begun + wanted.seconds * 1000
if (wanted.rate) await paced(until)
else await Promise.all(Array.from({ length: wanted.clients }, (_, number) => client(number, until)))
const seconds = (performance.now() - begun) / 1000
const { user, system } = process.cpuUsage(used)
console.log(JSON.stringify({ done, failed, refusals, seconds, times, versions, cpu: (user + system) / 1e6 }))
process.exit(0)
