/** Answers of many megabytes come over a connection of their own, and fare no worse for it. */
import { randomBytes } from 'node:crypto';
import type * as http from 'node:http';
import { createServer, type TLSSocket } from 'node:tls';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { eachChunk } from '../../src/main/k8s/body';
import { requestHead } from '../../src/main/k8s/direct-line';
import { Scope } from '../../src/shared/rpc/scope';
import {
  apiFor,
  certificates,
  errorOf,
  sendJson,
  serve,
  type Certificates,
  type Running,
} from './k8s-support';

let certs: Certificates;
let pair: { cert: string; key: string };
let scope: Scope;
let server: Running;
/** The port each request came from. */
let from: number[];
let answer: (request: http.IncomingMessage, response: http.ServerResponse) => void;

const bytes = randomBytes(5_000_000);

beforeAll(() => {
  certs = certificates();
  pair = certs.pair('server', { san: 'IP:127.0.0.1' });
});
afterAll(() => certs.remove());
beforeEach(async () => {
  scope = new Scope('direct');
  from = [];
  answer = (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(bytes);
  };
  server = await serve((request, response) => {
    from.push(request.socket.remotePort ?? 0);
    if (request.url === '/small') sendJson(response, { fine: true });
    else answer(request, response);
  }, pair);
});
afterEach(async () => {
  scope.dispose();
  await server.close();
});

/** Has talked to the server, so that it knows where it is. */
async function known(port = server.port): Promise<ReturnType<typeof apiFor>> {
  const api = apiFor(
    scope,
    { server: `https://127.0.0.1:${port}`, ca: { data: certs.ca } },
    { token: 'secret-token' },
  );
  await api.json({ path: '/small' }, scope.signal);
  return api;
}

const big = { path: '/big', bulk: true, timeoutMs: 5_000 };

async function read(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  await eachChunk(body, (chunk) => void pieces.push(Buffer.from(chunk)));
  return Buffer.concat(pieces);
}

describe('an answer of many megabytes', () => {
  it('comes whole over a connection of its own, which ends with it', async () => {
    const api = await known();
    const { status, headers, body } = await api.open(big, scope.signal);
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('application/json');
    expect((await read(body)).equals(bytes)).toBe(true);
    expect(from[1]).not.toBe(from[0]);
    expect(server.requests[1]?.headers).toMatchObject({
      authorization: 'Bearer secret-token',
      host: `127.0.0.1:${server.port}`,
      'user-agent': 'binnacle',
    });
    await api.json({ path: '/small' }, scope.signal);
    expect(from[2]).toBe(from[0]);
    await vi.waitFor(() => expect(server.requests[1]?.socket.destroyed).toBe(true));
  });

  it('may also be iterated, slowly', async () => {
    const api = await known();
    const { body } = await api.open(big, scope.signal);
    const pieces: Uint8Array[] = [];
    for await (const chunk of body) {
      await new Promise(setImmediate);
      pieces.push(chunk);
    }
    expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
  });

  it('waits in the socket while nobody reads it', async () => {
    const api = await known();
    const { body } = await api.open(big, scope.signal);
    await vi.waitFor(() => expect(server.requests[1]?.socket.writableLength).toBeGreaterThan(0));
    expect((await read(body)).equals(bytes)).toBe(true);
  });

  it('may be left, cancelled and cut', async () => {
    const api = await known();
    let pieces = 0;
    const left = await api.open(big, scope.signal);
    await eachChunk(left.body, () => ++pieces < 2);
    await vi.waitFor(() => expect(server.requests[1]?.socket.destroyed).toBe(true));

    answer = (_, response) => void response.write('{"half":');
    const stop = new AbortController();
    const cancelled = await api.open(big, stop.signal);
    const reading = errorOf(read(cancelled.body));
    stop.abort();
    expect((await reading).code).toBe('cancelled');
    await vi.waitFor(() => expect(server.requests[2]?.socket.destroyed).toBe(true));

    const cut = await api.open(big, scope.signal);
    const ending = errorOf(read(cut.body));
    server.requests[3]?.socket.destroy();
    expect((await ending).code).toBe('network');

    const dropped = await api.open(big, scope.signal);
    const dropping = errorOf(read(dropped.body));
    api.dropConnections();
    expect((await dropping).code).toBe('network');
  });

  /** A watch that rests 300 ms after each turn; `onChunk` hears of each piece before it counts. */
  async function paced(onChunk: () => void = () => undefined) {
    const api = await known();
    let write = (_: string): void => undefined;
    answer = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      write = (text) => void response.write(text);
      response.flushHeaders();
    };
    const { body } = await api.open(big, scope.signal);
    const turns: { at: number; bytes: number }[] = [];
    let came = 0;
    const take = (chunk: Uint8Array): void => {
      onChunk();
      came += chunk.length;
    };
    const onTurn = (): void => {
      turns.push({ at: performance.now(), bytes: came });
      came = 0;
    };
    const reading = eachChunk(body, take, { onTurn, pace: () => 300 }).catch(() => undefined);
    const end = (): Promise<void> => {
      scope.dispose();
      return reading;
    };
    return { turns, write, end };
  }

  it('is left in the socket between two reads of a busy watch', async () => {
    const { turns, write, end } = await paced();
    write('a');
    await vi.waitFor(() => expect(turns.length).toBe(1));
    // Twenty small writes, some turns of the loop apart: one read of them all, after the pause.
    for (let i = 0; i < 20; i++) {
      write('b');
      await new Promise(setImmediate);
    }
    await vi.waitFor(() => expect(turns.map((turn) => turn.bytes)).toEqual([1, 20]));
    expect(turns[1]!.at - turns[0]!.at).toBeGreaterThanOrEqual(290);
    await end();
  });

  it('waits for the pause also where it comes while the last is looked at', async () => {
    const watch = await paced(() => {
      if (watch.turns.length === 0) watch.write('b');
    });
    const { turns, write, end } = watch;
    write('a');
    await vi.waitFor(() => expect(turns.map((turn) => turn.bytes)).toEqual([1, 1]));
    expect(turns[1]!.at - turns[0]!.at).toBeGreaterThanOrEqual(290);
    await end();
  });

  it('fails with the reason where there is one', async () => {
    const api = await known();
    answer = (_, response) =>
      sendJson(response, { kind: 'Status', reason: 'Expired', message: 'too old', code: 410 }, 410);
    expect(await errorOf(api.open(big, scope.signal))).toMatchObject({ code: 'gone', message: 'too old' });

    answer = (_, response) => sendJson(response, {}, 200, { 'content-type': 'text/html' });
    expect((await errorOf(api.open(big, scope.signal))).code).toBe('bad-answer');

    answer = (_, response) => void response.socket?.end('SSH-2.0\r\n\r\n');
    expect((await errorOf(api.open(big, scope.signal))).code).toBe('bad-answer');

    answer = (request) => void request.socket.destroy();
    expect((await errorOf(api.open(big, scope.signal))).code).toBe('network');

    answer = () => undefined;
    expect(await errorOf(api.open({ ...big, timeoutMs: 300 }, scope.signal))).toMatchObject({
      code: 'timeout',
      reason: 'NoAnswer',
    });
  });

  it('is unzipped where the server zips unasked', async () => {
    const api = await known();
    answer = (request, response) => {
      expect(request.headers['accept-encoding']).toBe('identity');
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
      response.end(gzipSync(bytes));
    };
    const { body } = await api.open(big, scope.signal);
    expect((await read(body)).equals(bytes)).toBe(true);
  });

  it('goes another way where no second connection comes about', async () => {
    const only = createServer(pair, (socket: TLSSocket) => {
      socket.on('error', () => undefined);
      socket.on('data', (data) => {
        const text = data.toString().startsWith('GET /small') ? '{}' : '{"big":true}';
        socket.write(
          `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${text.length}\r\n\r\n${text}`,
        );
      });
    });
    // Before TLS is done: after it the server has been asked, and a failure is told.
    let sockets = 0;
    only.on('connection', (socket) => {
      sockets += 1;
      if (sockets === 2) socket.destroy();
    });
    await new Promise<void>((done) => only.listen(0, '127.0.0.1', done));
    const api = await known((only.address() as AddressInfo).port);
    expect(await api.json(big, scope.signal)).toEqual({ big: true });
    expect(sockets).toBe(2);
    api.dropConnections();
    only.close();
  });

  it('is not asked for over plain http, nor before the server is known', async () => {
    const plain = await serve((request, response) => sendJson(response, { over: request.httpVersion }));
    const api = apiFor(scope, { server: `http://127.0.0.1:${plain.port}` });
    expect(await api.json(big, scope.signal)).toEqual({ over: '1.1' });
    await plain.close();
    const unknown = apiFor(
      scope,
      { server: `https://127.0.0.1:${server.port}`, ca: { data: certs.ca } },
      { token: 'secret-token' },
    );
    const { body } = await unknown.open(big, scope.signal);
    expect((await read(body)).equals(bytes)).toBe(true);
    expect(server.connections()).toBe(1);
  });

  it('trusts no other certificate than before', async () => {
    const api = await known();
    await server.close();
    const other = certificates();
    const impostor = await serve(
      (_, response) => sendJson(response, { big: true }),
      other.pair('server', { san: 'IP:127.0.0.1' }),
      undefined,
      server.port,
    );
    expect((await errorOf(api.open(big, scope.signal))).code).toBe('tls');
    expect(impostor.requests).toHaveLength(0);
    await impostor.close();
    other.remove();
  });
});

describe('the bytes of a request', () => {
  it('hold what was asked and nothing smuggled', () => {
    expect(requestHead('/a?b=c', { host: 'x', accept: ['a', 'b'], none: undefined })).toBe(
      'GET /a?b=c HTTP/1.1\r\nhost: x\r\naccept: a\r\naccept: b\r\n\r\n',
    );
    expect(() => requestHead('/a\r\nx: y', {})).toThrow(/cannot be used/);
    expect(() => requestHead('/a b', {})).toThrow(/cannot be used/);
    expect(() => requestHead('/a', { authorization: 'Bearer a\r\nx: y' })).toThrow(/[Ii]nvalid character/);
  });
});
