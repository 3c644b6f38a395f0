// Clients that ask for tiles, each over a connection of its own, one request after the other.
// Standard input: {port, clients, headers, paths}; standard output: {seconds, times, statuses, bytes, cpu}, times in the
// order of the paths. A path is a text, or {path, headers, method, body} where it is asked for in another way.
// Plain sockets: what an HTTP library takes of the processor would be taken from the server that is measured.
import net from 'node:net';

const wanted = JSON.parse(await new Response(process.stdin).text());
const requests = wanted.paths.map(written);
const times = new Array(requests.length);
const statuses = {};
let next = 0;
let bytes = 0;

/** What is sent for a path. */
function written(asked) {
  const { path, headers = {}, method = 'GET', body = '' } = typeof asked === 'string' ? { path: asked } : asked;
  const length = body ? { 'Content-Length': Buffer.byteLength(body) } : {};
  const lines = Object.entries({ Host: `127.0.0.1:${wanted.port}`, ...wanted.headers, ...headers, ...length });
  return `${method} ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`;
}

/** How long an answer is that begins a buffer; 0 while not all of it is there. */
function whole(buffer) {
  const end = buffer.indexOf('\r\n\r\n');
  if (end < 0) return 0;
  const head = buffer.toString('latin1', 0, end).toLowerCase();
  const length = /\r\ncontent-length: *(\d+)/.exec(head);
  if (length) return buffer.length >= end + 4 + Number(length[1]) ? end + 4 + Number(length[1]) : 0;
  if (!head.includes('\r\ntransfer-encoding: chunked')) return end + 4;
  for (let at = end + 4; ;) {
    const line = buffer.indexOf('\r\n', at);
    if (line < 0) return 0;
    const size = Number.parseInt(buffer.toString('latin1', at, line), 16);
    at = line + 2 + size + 2;
    if (at > buffer.length) return 0;
    if (size === 0) return at;
  }
}

/** One client: a request after the other, over a new connection where an answer asks for one; that takes of its time. */
function client() {
  return new Promise((resolve, reject) => {
    const begin = () => {
      if (next >= requests.length) { resolve(); return; }
      const asked = next++;
      return { asked, begun: performance.now() };
    };
    const connect = (turn) => {
      if (!turn) return;
      let { asked, begun } = turn;
      let held = Buffer.alloc(0);
      const socket = net.connect(wanted.port, '127.0.0.1');
      socket.setNoDelay(true);
      socket.on('connect', () => socket.write(requests[asked]));
      socket.on('error', reject);
      socket.on('close', () => reject(new Error('the server hung up')));
      socket.on('data', (piece) => {
        held = held.length ? Buffer.concat([held, piece]) : piece;
        const length = whole(held);
        if (!length) return;
        times[asked] = performance.now() - begun;
        const status = held.toString('latin1', 9, 12);
        statuses[status] = (statuses[status] ?? 0) + 1;
        bytes += length;
        const parts = /\r\nconnection: *close/i.test(held.toString('latin1', 0, held.indexOf('\r\n\r\n')));
        held = held.subarray(length);
        const turn = begin();
        if (parts || !turn) {
          socket.removeAllListeners('close').on('close', () => {}).end();
          connect(turn);
        } else {
          ({ asked, begun } = turn);
          socket.write(requests[asked]);
        }
      });
    };
    connect(begin());
  });
}

const used = process.cpuUsage();
const begun = performance.now();
await Promise.all(Array.from({ length: wanted.clients }, client));
const seconds = (performance.now() - begun) / 1000;
const { user, system } = process.cpuUsage(used);
console.log(JSON.stringify({ seconds, times, statuses, bytes, cpu: (user + system) / 1e6 / seconds }));
process.exit(0);
