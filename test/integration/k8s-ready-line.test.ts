/** A connection made ahead, while a first page tells how much there is. */
import type { AddressInfo, Socket } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { collect } from '../../src/main/k8s/body';
import { DirectSocket, type SocketUser } from '../../src/main/k8s/direct-socket';
import { Scope } from '../../src/shared/rpc/scope';
import { apiFor, certificates, type Certificates } from './k8s-support';

let certs: Certificates;
let scope: Scope;
let server: Server;
/** Of each connection in the order of their handshakes: the paths it was asked for. */
let asked: string[][];
let sockets: TLSSocket[];
let answer: (socket: TLSSocket, path: string) => void;

const small = { path: '/small', bulkNext: true };
const big = { path: '/big', bulk: true, timeoutMs: 5_000 };

function ok(socket: TLSSocket): void {
  socket.write('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}');
}

beforeAll(() => (certs = certificates()));
afterAll(() => certs.remove());
beforeEach(async () => {
  scope = new Scope('ready');
  asked = [];
  sockets = [];
  answer = ok;
  server = createServer(certs.pair('server', { san: 'IP:127.0.0.1' }), (socket) => {
    const paths: string[] = [];
    asked.push(paths);
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      const path = data.toString().split(' ')[1] ?? '';
      paths.push(path);
      answer(socket, path);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
afterEach(() => {
  scope.dispose();
  for (const socket of sockets) socket.destroy();
  server.close();
});

const port = (): number => (server.address() as AddressInfo).port;

/** Has talked to the server, so that it knows where it is. */
async function known(): Promise<ReturnType<typeof apiFor>> {
  const api = apiFor(
    scope,
    { server: `https://127.0.0.1:${port()}`, ca: { data: certs.ca } },
    { token: 'secret-token' },
  );
  await api.json({ path: '/known' }, scope.signal);
  return api;
}

/** Two connections: that of short requests and the one made ahead. */
async function ready(): Promise<ReturnType<typeof apiFor>> {
  const api = await known();
  await api.json(small, scope.signal);
  await vi.waitFor(() => expect(asked).toEqual([['/known', '/small'], []]));
  return api;
}

it('is made beside the request that announces it and carries the next one, once', async () => {
  const api = await ready();
  expect(await api.json(big, scope.signal)).toEqual({});
  expect(asked).toEqual([['/known', '/small'], ['/big']]);
  await vi.waitFor(() => expect(sockets[1]!.destroyed).toBe(true));
  expect(await api.json(big, scope.signal)).toEqual({});
  expect(asked).toEqual([['/known', '/small'], ['/big'], ['/big']]);
});

it('is one, however many announce it', async () => {
  const api = await ready();
  await api.json(small, scope.signal);
  await api.json(small, scope.signal);
  await api.json(big, scope.signal);
  expect(asked).toEqual([['/known', '/small', '/small', '/small'], ['/big']]);
});

it('is not needed: the server may have closed it meanwhile, or close it just then', async () => {
  const api = await ready();
  sockets[1]!.destroy();
  await vi.waitFor(() => expect(sockets[1]!.destroyed).toBe(true));
  expect(await api.json(big, scope.signal)).toEqual({});

  await api.json(small, scope.signal);
  await vi.waitFor(() => expect(sockets.length).toBe(4));
  // The request arrives where nobody answers it any more: it is a question, and asked again.
  answer = (socket, path) => {
    if (socket === sockets[3] && path === '/big') socket.destroy();
    else ok(socket);
  };
  expect(await api.json(big, scope.signal)).toEqual({});
  expect(asked.slice(3)).toEqual([['/big'], ['/big']]);
});

it('goes with all others', async () => {
  const api = await ready();
  api.dropConnections();
  await vi.waitFor(() => expect(sockets[1]!.destroyed).toBe(true));
});

it('goes when the server speaks without being asked', async () => {
  const api = await ready();
  sockets[1]!.write('HTTP/1.1 408 Request Timeout\r\n\r\n');
  await vi.waitFor(() => expect(sockets[1]!.destroyed).toBe(true));
  const { body } = await api.open(big, scope.signal);
  expect((await collect(body, 100)).toString()).toBe('{}');
});

it('goes after a while in which nobody takes it', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const drop = new AbortController();
    const options = { host: '127.0.0.1', port: port(), ca: certs.ca };
    const lone = new DirectSocket(options, drop.signal).keep();
    const user: SocketUser = { onReady: vi.fn(), onBytes() {}, onTurn() {}, onEnd() {}, onLost: vi.fn() };
    const taken = new DirectSocket(options, drop.signal).keep();
    taken.use(user);
    const closed = new Promise((done) => (lone.socket as Socket).once('close', done));
    await new Promise((done) => taken.socket.once('secureConnect', done));
    vi.advanceTimersByTime(9_999);
    expect([lone.isUsable, taken.isUsable]).toEqual([true, false]);
    vi.advanceTimersByTime(1);
    expect(lone.isUsable).toBe(false);
    await closed;
    expect(user.onReady).toHaveBeenCalledOnce();
    expect(user.onLost).not.toHaveBeenCalled();
    drop.abort();
    expect(user.onLost).toHaveBeenCalled();
    taken.close();
  } finally {
    vi.useRealTimers();
  }
});
