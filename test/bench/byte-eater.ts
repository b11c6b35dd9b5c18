/**
 * A program of its own that asks over HTTP by hand and throws the answers away, as a person's browser
 * or database client would beside the app: what it takes is not on the relay's account. Used by
 * forward-rate.ts; a client library would be what is measured.
 */
import { spawn } from 'node:child_process';

export interface Eaten {
  /** Requests that got the whole answer. */
  readonly answered: number;
  readonly bytes: number;
  /** From the first connect to the end of the last answer. */
  readonly ms: number;
}

/** Plain JavaScript: it starts without a compiler. Arguments: port, path, connections at once. */
const program = `
const { connect } = require('node:net');
const [port, path, count] = process.argv.slice(1);
const get = () => new Promise((resolve) => {
  let head = '', bytes = 0, length = -1;
  const socket = connect(Number(port), '127.0.0.1');
  socket.write('GET ' + path + ' HTTP/1.1\\r\\nHost: web\\r\\n\\r\\n');
  socket.on('data', (chunk) => {
    if (length >= 0) bytes += chunk.length;
    else {
      head += chunk.toString('latin1');
      const end = head.indexOf('\\r\\n\\r\\n');
      if (end < 0) return;
      length = Number((/^Content-Length: (\\d+)/im.exec(head) ?? [])[1] ?? 0);
      bytes = head.length - end - 4;
    }
    if (length >= 0 && bytes >= length) { socket.destroy(); resolve({ ok: true, bytes }); }
  });
  socket.on('error', () => resolve({ ok: false, bytes }));
  socket.on('close', () => resolve({ ok: false, bytes }));
});
const began = performance.now();
Promise.all(Array.from({ length: Number(count) }, get)).then((all) => {
  const ms = performance.now() - began;
  const bytes = all.reduce((sum, one) => sum + one.bytes, 0);
  process.stdout.write(JSON.stringify({ answered: all.filter((one) => one.ok).length, bytes, ms }));
});
`;

export function eat(port: number, path: string, connections = 1): Promise<Eaten> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['-e', program, String(port), path, String(connections)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.on('data', (text: Buffer) => (said += text.toString()));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(said) as Eaten);
      else reject(new Error(`the reader ended with ${String(code)}`));
    });
  });
}
