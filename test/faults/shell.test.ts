/** Faults 52 to 55: exec over WebSocket, against a server of ours that does as it likes. */
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, expect } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { Scope } from '#shared/rpc/scope';
import type { Dialler } from '../../src/main/k8s/channel-socket';
import { Input } from '../../src/main/features/shell/input';
import { openExec, type ExecEnd, type ExecStream } from '../../src/main/k8s/exec-stream';
import { errorOf, exited, frame, request } from '../../src/main/k8s/exec-test-help';
import { TerminalLink } from '../../src/renderer/data/terminal-link';
import { fault } from './support/row';
import { until } from './support/sessions';

let scope: Scope;
let server: Server;
let serve: (ws: WebSocket) => void;
/** Head and body that are sent in place of the upgrade. */
let refusal: readonly [string, string] | undefined;
const sockets = new Set<Socket>();

beforeEach(async () => {
  scope = new Scope('faults');
  refusal = undefined;
  const upgrades = new WebSocketServer({
    noServer: true,
    handleProtocols: (asked) => [...asked][0] ?? false,
  });
  server = createServer();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('upgrade', (from, socket, head) => {
    if (!refusal) return upgrades.handleUpgrade(from, socket, head, (ws) => serve(ws));
    const [line, body] = refusal;
    socket.end(
      `HTTP/1.1 ${line}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
afterEach(async () => {
  scope.dispose();
  for (const socket of sockets) socket.destroy();
  await new Promise((done) => server.close(done));
});

const port = (): number => (server.address() as AddressInfo).port;
const api: Dialler = {
  connect: (signal) =>
    new Promise((resolve, reject) => {
      const socket = connect(port(), '127.0.0.1', () =>
        resolve({ socket, headers: {}, rejected: () => false }),
      );
      socket.on('error', reject);
      signal.addEventListener('abort', () => socket.destroy());
    }),
  url: (path) => new URL(`https://127.0.0.1:${port()}${path}`),
};

interface Held {
  readonly stream: ExecStream;
  text(): string;
  readonly end: Promise<ExecEnd>;
}
async function start(): Promise<Held> {
  let text = '';
  let ended: (end: ExecEnd) => void = () => undefined;
  const end = new Promise<ExecEnd>((resolve) => (ended = resolve));
  const onData = (_from: string, bytes: Uint8Array): void => {
    text += Buffer.from(bytes).toString();
  };
  const stream = await openExec(api, request, { onData, onEnd: ended }, scope.signal);
  return { stream, text: () => text, end };
}
const status = (code: number, reason: string, message: string): string =>
  JSON.stringify({ kind: 'Status', status: 'Failure', code, reason, message });

for (const [name, head, body, expected] of [
  [
    'wrong container',
    '400 Bad Request',
    status(400, 'BadRequest', 'container nope is not valid for pod web'),
    { code: 'not-found', message: 'Pod web has no container nope.' },
  ],
  [
    'forbidden',
    '403 Forbidden',
    status(403, 'Forbidden', 'pods "web" is forbidden: User "jane" cannot create resource "pods/exec"'),
    { code: 'forbidden', denied: { resource: 'pods/exec' } },
  ],
  ['gone', '404 Not Found', status(404, 'NotFound', 'pods "web" not found'), { code: 'not-found' }],
  [
    'pending',
    '400 Bad Request',
    status(400, 'BadRequest', 'pod web does not have a host assigned'),
    { message: /not scheduled to a node/ },
  ],
] as const)
  fault(
    52,
    async () => {
      refusal = [head, body];
      const error = await errorOf(start());
      if (expected.message instanceof RegExp) expect(error.message).toMatch(expected.message);
      else expect(error).toMatchObject(expected);
    },
    name,
  );

for (const [name, close] of [
  ['1000', (ws: WebSocket) => ws.close(1000)],
  ['1006', (ws: WebSocket) => ws.terminate()],
  ['1011', (ws: WebSocket) => ws.close(1011)],
] as const)
  fault(
    53,
    async () => {
      serve = (ws) => ws.send(frame(1, 'half'), () => close(ws));
      const { end, text } = await start();
      const how = await end;
      expect(how).toMatchObject({ error: { code: 'network', reason: 'ConnectionLost' } });
      expect(how).not.toHaveProperty('code');
      expect(text()).toBe('half');
    },
    `closed with ${name}`,
  );

fault(54, async () => {
  serve = (ws) => {
    ws.send(frame(1, ''));
    ws.send(Buffer.alloc(0));
    ws.send(frame(9, 'unknown channel'));
    ws.send(frame(1, 'fine'));
    ws.send(frame(3, exited('7')), () => ws.close(1000));
  };
  const odd = await start();
  expect(await odd.end).toEqual({ code: 7 });
  expect(odd.text()).toBe('fine');
  for (const send of [
    (ws: WebSocket) => ws.send('a text frame'),
    (ws: WebSocket) => ws.send(Buffer.concat([Buffer.from([1]), Buffer.alloc(20 * 2 ** 20)])),
    (ws: WebSocket) => ws.send(frame(3, '{"kind":"Status"'), () => ws.close(1000)),
  ]) {
    serve = (ws) => {
      send(ws);
      scope.timeout(() => ws.close(1000), 500);
    };
    const bad = await start();
    const how = await bad.end;
    // Passed over or ended: never an exit code nobody sent.
    expect(how).toHaveProperty('error');
  }
});

fault(55, async () => {
  const sizes: { Width: number; Height: number }[] = [];
  serve = (ws) =>
    ws.on('message', (data: Buffer) => {
      if (data[0] === 4) sizes.push(JSON.parse(data.subarray(1).toString()) as (typeof sizes)[number]);
    });
  const { stream, end } = await start();
  const began = performance.now();
  for (let i = 0; i < 1_000; i++) stream.resize(i, i);
  stream.resize(0, 0);
  stream.resize(10_000, 10_000);
  await until(() => sizes.at(-1)?.Width === 1_000);
  const most = (performance.now() - began) / 50 + 2;
  expect(sizes.length).toBeLessThanOrEqual(most);
  for (const { Width, Height } of sizes) {
    expect(Width).toBeGreaterThanOrEqual(2);
    expect(Width).toBeLessThanOrEqual(1_000);
    expect(Height).toBeLessThanOrEqual(1_000);
  }
  stream.close();
  // Closing takes an answer of the server; until then its scopes live.
  expect(await end).toMatchObject({ error: { code: 'cancelled' } });
});

/** The way of a paste: from the terminal on screen over the host to the program. */
function paste(stream: ExecStream, text: string): { readonly link: TerminalLink; held(): number } {
  let taken = 0;
  let pushed = 0;
  let tell: (taken: number) => void = () => undefined;
  const input = new Input((total) => {
    taken = total;
    tell(total);
  });
  input.attach(stream);
  const link = new TerminalLink(
    (_size, listener) => {
      tell = (total) => void listener.onData({ taken: total });
      return {
        update: (update) => {
          if (update.type !== 'input') return;
          pushed += Buffer.byteLength(update.data);
          input.push(update.data);
        },
        close: () => {
          stream.close();
        },
      };
    },
    { columns: 80, rows: 24 },
    { write: (_bytes, shown) => shown?.() },
    () => undefined,
  );
  link.input(text);
  return { link, held: () => pushed - taken };
}

const pasted = Array.from({ length: 40_000 }, (_, at) => `line ${at} ${'ä'.repeat(60)}\n`).join('');

fault(
  56,
  async () => {
    const got: Buffer[] = [];
    const sizes: number[] = [];
    let socket: WebSocket | undefined;
    serve = (ws) => {
      socket = ws;
      // Reads nothing at first.
      ws.pause();
      ws.on('message', (data: Buffer) => {
        if (data[0] !== 0) return;
        sizes.push(data.length - 1);
        got.push(Buffer.from(data.subarray(1)));
      });
    };
    const { stream, end } = await start();
    const { held } = paste(stream, pasted);
    let most = 0;
    // What the sockets hold is full: nothing moves any more, and little waits on our side.
    let before = -1;
    await until(() => {
      most = Math.max(most, held());
      const isStill = held() === before;
      before = held();
      return isStill;
    });
    expect(most).toBeLessThanOrEqual(1024 * 1024);
    socket?.resume();
    const bytes = Buffer.byteLength(pasted);
    await until(() => got.reduce((sum, one) => sum + one.length, 0) === bytes, 30_000);
    expect(Buffer.concat(got).toString()).toBe(pasted);
    expect(bytes).toBeGreaterThan(5 * 1000 * 1000);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(32 * 1024);
    stream.close();
    await end;
  },
  'pieces, in order, whole',
);

fault(
  56,
  async () => {
    let got = 0;
    serve = (ws) => {
      ws.on('message', (data: Buffer) => (got += data.length));
      ws.pause();
      scope.timeout(() => ws.resume(), 300);
    };
    const { stream, end } = await start();
    const { link } = paste(stream, pasted);
    link.close();
    expect(await end).toMatchObject({ error: { code: 'cancelled' } });
    expect(got).toBeLessThan(2 * 2 ** 20);
  },
  'cancelled',
);
