/** Watches over HTTP/2 where the server speaks it, everything else and every other server over HTTP/1.1. */
import * as http2 from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Scope } from '../../src/shared/rpc/scope';
import { apiFor, certificates, errorOf, sendJson, serve, type Certificates } from './k8s-support';

let certs: Certificates;
let pair: { cert: string; key: string };
let scope: Scope;
let server: http2.Http2SecureServer;
let sessions: Set<http2.ServerHttp2Session>;
let sockets: Set<Socket>;
let connections: number;
/** `h2 /path` or `h1 /path`. */
let asked: string[];
let silent: boolean;
let watches: http2.Http2ServerResponse[];

beforeAll(() => {
  certs = certificates();
  pair = certs.pair('server', { san: 'IP:127.0.0.1' });
});
afterAll(() => certs.remove());
beforeEach(async () => {
  scope = new Scope('http2');
  sessions = new Set();
  sockets = new Set();
  connections = 0;
  asked = [];
  watches = [];
  silent = false;
  server = http2.createSecureServer({ ...pair, allowHTTP1: true }, (request, response) => {
    asked.push(`${request.httpVersionMajor === 2 ? 'h2' : 'h1'} ${request.url.split('?')[0]}`);
    if (silent && request.httpVersionMajor === 2) return;
    response.writeHead(200, { 'content-type': 'application/json', date: new Date().toUTCString() });
    if (request.url.includes('watch=')) {
      response.write('{"type":"ADDED"}\n');
      watches.push(response);
    } else response.end('{"fine":true}');
  });
  server.on('session', (session) => {
    sessions.add(session);
    session.on('error', () => undefined);
    session.on('close', () => sessions.delete(session));
  });
  server.on('secureConnection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
afterEach(async () => {
  scope.dispose();
  for (const session of sessions) session.destroy();
  for (const socket of sockets) socket.destroy();
  await new Promise((done) => server.close(done));
});

const api = () =>
  apiFor(
    scope,
    { server: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, ca: { data: certs.ca } },
    { token: 'secret-token' },
  );
const watch = (at: number, more: object = {}) => ({
  path: `/api/v1/kind${at}`,
  query: { watch: true },
  long: true,
  ...more,
});
async function first(body: AsyncIterable<Uint8Array>): Promise<string> {
  for await (const chunk of body) return Buffer.from(chunk).toString();
  return '';
}

describe('a server that speaks HTTP/2', () => {
  it('gets all watches on one connection, and lists on HTTP/1.1', async () => {
    const client = api();
    const never = new AbortController().signal;
    const answers = await Promise.all(Array.from({ length: 40 }, (_, at) => client.open(watch(at), never)));
    expect(answers.every((one) => one.status === 200)).toBe(true);
    expect(answers[0]?.headers['content-type']).toBe('application/json');
    expect(connections).toBe(1);
    expect(await client.json({ path: '/api/v1/pods' }, never)).toEqual({ fine: true });
    expect(asked.filter((line) => line.startsWith('h2'))).toHaveLength(40);
    expect(asked.at(-1)).toBe('h1 /api/v1/pods');
    expect(await Promise.all(answers.map((one) => first(one.body)))).toEqual(
      Array.from({ length: 40 }, () => '{"type":"ADDED"}\n'),
    );
    // Leaving a body frees its stream, and only that.
    await vi.waitFor(() => expect(watches.every((one) => one.destroyed || one.stream.closed)).toBe(true));
    expect(sessions.size).toBe(1);
  });

  it('a watch that begins with a list stays on HTTP/1.1', async () => {
    const { body } = await api().open(
      watch(1, { query: { watch: true, sendInitialEvents: true } }),
      new AbortController().signal,
    );
    expect(await first(body)).toBe('{"type":"ADDED"}\n');
    expect(asked).toEqual(['h1 /api/v1/kind1']);
  });

  it('a lost connection ends its watches, and the next ones get a new one', async () => {
    const client = api();
    const never = new AbortController().signal;
    const { body } = await client.open(watch(1), never);
    const read = errorOf(
      (async () => {
        for await (const chunk of body) void chunk;
      })(),
    );
    for (const socket of sockets) socket.destroy();
    expect(await read).toMatchObject({
      code: 'network',
      message: expect.stringMatching(/was lost/) as unknown,
    });
    expect((await client.open(watch(2), never)).status).toBe(200);
    expect(connections).toBe(2);
  });

  it('GOAWAY: those that run go on, new ones go elsewhere', async () => {
    const client = api();
    const never = new AbortController().signal;
    const one = await client.open(watch(1), never);
    for (const session of sessions) session.goaway(0);
    await vi.waitFor(async () => {
      await client.open(watch(2), never);
      expect(connections).toBeGreaterThan(1);
    });
    watches[0]?.write('{"type":"MODIFIED"}\n');
    const seen: string[] = [];
    for await (const chunk of one.body) {
      seen.push(Buffer.from(chunk).toString());
      if (seen.join('').includes('MODIFIED')) break;
    }
    expect(seen.join('')).toContain('MODIFIED');
  });

  it('aborting ends the body with "cancelled" and drops the stream', async () => {
    const stop = new AbortController();
    const { body } = await api().open(watch(1), stop.signal);
    const read = errorOf(
      (async () => {
        for await (const chunk of body) void chunk;
      })(),
    );
    stop.abort();
    expect((await read).code).toBe('cancelled');
    await vi.waitFor(() => expect(watches[0]?.stream.closed).toBe(true));
  });

  it('an end in good order is one', async () => {
    const { body } = await api().open(watch(1), new AbortController().signal);
    const chunks: string[] = [];
    for await (const chunk of body) {
      chunks.push(Buffer.from(chunk).toString());
      watches[0]?.end('{"type":"BOOKMARK"}\n');
    }
    expect(chunks.join('')).toBe('{"type":"ADDED"}\n{"type":"BOOKMARK"}\n');
  });

  it('closing the cluster closes the connection', async () => {
    const client = api();
    await client.open(watch(1), new AbortController().signal);
    client.dropConnections();
    await vi.waitFor(() => expect(sockets.size).toBe(0));
    expect((await client.open(watch(2), new AbortController().signal)).status).toBe(200);
  });

  it('something in between that swallows HTTP/2 is left alone after one try', async () => {
    silent = true;
    const client = api();
    const never = new AbortController().signal;
    expect(await errorOf(client.open(watch(1, { timeoutMs: 300 }), never))).toMatchObject({
      code: 'timeout',
    });
    expect((await client.open(watch(1, { timeoutMs: 5_000 }), never)).status).toBe(200);
    expect(asked).toEqual(['h2 /api/v1/kind1', 'h1 /api/v1/kind1']);
  });
});

it('a server that does not speak HTTP/2 is watched over HTTP/1.1', async () => {
  const plain = await serve((_, response) => sendJson(response, { fine: true }), pair);
  const client = apiFor(scope, { server: `https://127.0.0.1:${plain.port}`, ca: { data: certs.ca } });
  const never = new AbortController().signal;
  for (const at of [1, 2, 3]) {
    const { body } = await client.open(watch(at), never);
    expect(await first(body)).toBe('{"fine":true}');
  }
  expect(plain.requests.map((one) => one.httpVersion)).toEqual(['1.1', '1.1', '1.1']);
  await plain.close();
});
