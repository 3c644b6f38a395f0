// Clients that ask for tiles, each over a connection of its own, one request after the other.
// Standard input: {port, clients, headers, paths}; standard output: {seconds, times, statuses, bytes, cpu}.
// Plain sockets: what an HTTP library takes of the processor would be taken from the server that is measured.
import net from 'node:net';

const wanted = JSON.parse(await new Response(process.stdin).text());
const lines = Object.entries({ Host: `127.0.0.1:${wanted.port}`, ...wanted.headers }).map(([name, value]) => `${name}: ${value}\r\n`).join('');
const times = [];
const statuses = {};
let next = 0;
let bytes = 0;

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

function client() {
  return new Promise((resolve, reject) => {
    const socket = net.connect(wanted.port, '127.0.0.1');
    socket.setNoDelay(true);
    let held = Buffer.alloc(0);
    let begun = 0;
    const ask = () => {
      if (next >= wanted.paths.length) { socket.end(); resolve(); return; }
      begun = performance.now();
      socket.write(`GET ${wanted.paths[next++]} HTTP/1.1\r\n${lines}\r\n`);
    };
    socket.on('connect', ask);
    socket.on('error', reject);
    socket.on('close', () => (next >= wanted.paths.length ? resolve() : reject(new Error('the server hung up'))));
    socket.on('data', (piece) => {
      held = held.length ? Buffer.concat([held, piece]) : piece;
      const length = whole(held);
      if (!length) return;
      times.push(performance.now() - begun);
      const status = held.toString('latin1', 9, 12);
      statuses[status] = (statuses[status] ?? 0) + 1;
      bytes += length;
      held = held.subarray(length);
      ask();
    });
  });
}

const used = process.cpuUsage();
const begun = performance.now();
await Promise.all(Array.from({ length: wanted.clients }, client));
const seconds = (performance.now() - begun) / 1000;
const { user, system } = process.cpuUsage(used);
console.log(JSON.stringify({ seconds, times, statuses, bytes, cpu: (user + system) / 1e6 / seconds }));
process.exit(0);
