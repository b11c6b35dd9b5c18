/** The transport against servers, proxies and certificates that misbehave. */
import { gzipSync } from 'node:zlib';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Scope } from '../../src/shared/rpc/scope';
import {
  apiFor,
  certificates,
  errorOf,
  sendJson,
  serve,
  serveTcp,
  type Certificates,
  type Handler,
  type Running,
} from './k8s-support';

const never = new AbortController().signal;

describe('transport', () => {
  let certs: Certificates;
  let good: { cert: string; key: string };
  let scope: Scope;
  let running: Running[];

  beforeAll(() => {
    certs = certificates();
    good = certs.pair('server', { san: 'IP:127.0.0.1,DNS:localhost,DNS:api.example' });
  });
  afterAll(() => certs.remove());
  beforeEach(() => {
    scope = new Scope('test');
    running = [];
  });
  afterEach(async () => {
    scope.dispose();
    await Promise.all(running.map((one) => one.close()));
  });

  async function start(handler: Handler, tls: object | null = good): Promise<Running> {
    const server = await serve(handler, tls ?? undefined);
    running.push(server);
    return server;
  }
  const at = (server: Running): { server: string; ca: { data: string } } => ({
    server: `https://127.0.0.1:${server.port}`,
    ca: { data: certs.ca },
  });

  it('sends one connection many requests, with the token and the server path', async () => {
    const server = await start((request, response) => sendJson(response, { url: request.url }));
    const api = apiFor(scope, { ...at(server), server: `${at(server).server}/k8s/c-1` }, { token: 'abc' });
    for (let round = 0; round < 20; round++)
      expect(await api.json({ path: '/version', query: { a: 'b c', list: ['x', 'y'] } }, never)).toEqual({
        url: '/k8s/c-1/version?a=b%20c&list=x&list=y',
      });
    expect(server.connections()).toBe(1);
    expect(server.requests[0]?.headers).toMatchObject({
      authorization: 'Bearer abc',
      host: `127.0.0.1:${server.port}`,
    });
  });

  it('bounds short requests to 16 connections and gives each long one its own', async () => {
    const open: (() => void)[] = [];
    const server = await start((_, response) => {
      open.push(() => sendJson(response, {}));
      if (open.length === 24) for (const answer of open) answer();
      if (open.length > 24) sendJson(response, {});
    });
    const api = apiFor(scope, at(server));
    const short = Array.from({ length: 40 }, () => api.json({ path: '/short' }, never));
    const long = Array.from({ length: 8 }, () => api.json({ path: '/long', long: true }, never));
    await Promise.all([...short, ...long]);
    expect(server.connections()).toBe(24);
  });

  it('sends impersonation line by line', async () => {
    const server = await start((request, response) => sendJson(response, request.rawHeaders));
    const api = apiFor(scope, at(server), {
      impersonate: { user: 'jürgen', groups: ['a', 'b'], uid: '7', extra: { 'scopes/x y': ['p', 'q'] } },
    });
    const raw = await api.json<string[]>({ path: '/' }, never);
    const pairs = raw.flatMap((name, index) =>
      index % 2 === 0 ? [`${name.toLowerCase()}=${raw[index + 1] ?? ''}`] : [],
    );
    expect(pairs).toContain(`impersonate-user=${Buffer.from('jürgen').toString('latin1')}`);
    expect(pairs.filter((one) => one.startsWith('impersonate-group='))).toEqual([
      'impersonate-group=a',
      'impersonate-group=b',
    ]);
    expect(pairs).toContain('impersonate-uid=7');
    expect(pairs.filter((one) => one.startsWith('impersonate-extra-'))).toEqual([
      'impersonate-extra-scopes%2fx%20y=p',
      'impersonate-extra-scopes%2fx%20y=q',
    ]);
  });

  it('never sends credentials over plain http', async () => {
    const server = await start((request, response) => sendJson(response, request.headers), null);
    const api = apiFor(scope, { server: `http://127.0.0.1:${server.port}` }, { token: 'abc' });
    expect(await api.json({ path: '/' }, never)).not.toHaveProperty('authorization');
  });

  const answers: [string, Handler, object][] = [
    [
      'fault 28: a login page',
      (_, r) => r.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<html>'),
      {
        code: 'bad-answer',
        message: expect.stringContaining('not a Kubernetes API (proxy login?)') as unknown,
      },
    ],
    [
      'text where JSON is due',
      (_, r) => r.writeHead(200, { 'content-type': 'text/plain' }).end('ok'),
      { code: 'bad-answer' },
    ],
    [
      'JSON that is none',
      (_, r) => r.writeHead(200, { 'content-type': 'application/json' }).end('{'),
      { code: 'bad-answer' },
    ],
    [
      'fault 29: a redirect',
      (_, r) => r.writeHead(302, { location: 'https://evil.example/login?x=1' }).end(),
      { code: 'bad-answer', status: 302, message: expect.stringContaining('evil.example') as unknown },
    ],
    [
      '403 with a Status',
      (_, r) =>
        sendJson(r, { kind: 'Status', message: 'pods is forbidden', reason: 'Forbidden', code: 403 }, 403),
      {
        code: 'forbidden',
        message: 'pods is forbidden',
        reason: 'Forbidden',
        denied: { verb: 'list', resource: 'pods', group: '', namespace: 'shop' },
      },
    ],
    [
      '410',
      (_, r) => sendJson(r, { kind: 'Status', message: 'too old', reason: 'Expired', code: 410 }, 410),
      { code: 'gone', reason: 'Expired' },
    ],
    [
      'fault 7: 429 with seconds',
      (_, r) => sendJson(r, {}, 429, { 'retry-after': '5' }),
      { code: 'throttled', retryAfter: 5 },
    ],
    [
      '503 of a gateway',
      (_, r) => r.writeHead(503, { 'content-type': 'text/html' }).end('<h1>down</h1>'),
      { code: 'server', status: 503, message: expect.not.stringContaining('<h1>') as unknown },
    ],
    [
      'control characters in a Status',
      (_, r) => sendJson(r, { kind: 'Status', message: 'a\u001b[31m\nb' }, 400),
      { code: 'invalid', message: 'a [31m b' },
    ],
    [
      'fault 27: an endless error body',
      (_, r) => {
        r.writeHead(500);
        const more = (): void => {
          while (!r.destroyed && r.write('x'.repeat(65536)));
        };
        r.on('drain', more);
        more();
      },
      { code: 'server', status: 500 },
    ],
    [
      'an encoding nobody asked for',
      (_, r) => r.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'br' }).end('x'),
      { code: 'bad-answer' },
    ],
    [
      'a damaged gzip body',
      (_, r) =>
        r.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end('xxxx'),
      { code: 'bad-answer' },
    ],
    [
      'fault 27: a gzip bomb',
      (_, r) =>
        r
          .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
          .end(gzipSync(Buffer.alloc(80 * 1024 * 1024, 0x20))),
      { code: 'too-large' },
    ],
    [
      'a body cut short',
      (_, r) => {
        r.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
        r.write('{');
        setImmediate(() => r.destroy());
      },
      { code: 'network' },
    ],
    ['a connection closed without an answer', (q) => q.socket.destroy(), { code: 'network' }],
  ];
  it.each(answers)('says what is wrong: %s', async (_, handler, expected) => {
    const server = await start(handler);
    const path = '/api/v1/namespaces/shop/pods';
    expect(await errorOf(apiFor(scope, at(server)).json({ path }, never))).toMatchObject(expected);
  });

  it('unzips', async () => {
    const body = gzipSync(JSON.stringify({ a: 'b'.repeat(100_000) }));
    const server = await start((_, r) =>
      r.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(body),
    );
    expect((await apiFor(scope, at(server)).json<{ a: string }>({ path: '/' }, never)).a).toHaveLength(
      100_000,
    );
  });

  it('fault 24: knows how far the server’s clock is off', async () => {
    const server = await start((_, r) =>
      sendJson(r, {}, 200, { date: new Date(Date.now() + 3_600_000).toUTCString() }),
    );
    const api = apiFor(scope, at(server));
    await api.json({ path: '/' }, never);
    expect(Math.abs(api.clockOffset - 3_600_000)).toBeLessThan(2_000);
  });

  it('names a server that accepts and then is silent, and frees the socket', async () => {
    const server = await start(() => undefined);
    const error = await errorOf(apiFor(scope, at(server)).json({ path: '/', timeoutMs: 200 }, never));
    expect(error).toMatchObject({ code: 'timeout', reason: 'NoAnswer' });
  });

  it('names a server that is frozen before TLS', async () => {
    const server = await serveTcp(() => undefined);
    running.push(server);
    const error = await errorOf(apiFor(scope, at(server)).json({ path: '/', timeoutMs: 300 }, never));
    expect(error).toMatchObject({ code: 'timeout', reason: 'NoAnswer' });
  });

  it('cancels before the head and in the body', async () => {
    const server = await start((request, response) => {
      if (request.url === '/body') response.writeHead(200, { 'content-type': 'application/json' }).write('{');
    });
    const api = apiFor(scope, at(server));
    const first = new AbortController();
    const waiting = errorOf(api.json({ path: '/head' }, first.signal));
    first.abort();
    expect((await waiting).code).toBe('cancelled');
    const second = new AbortController();
    const { body } = await api.open({ path: '/body', long: true }, second.signal);
    const reading = errorOf(
      (async () => {
        for await (const chunk of body) if (chunk.length > 0) second.abort();
      })(),
    );
    expect((await reading).code).toBe('cancelled');
  });

  it('ends streams when connections are dropped, and goes on with new ones', async () => {
    const server = await start((request, response) => {
      if (request.url === '/watch')
        response.writeHead(200, { 'content-type': 'application/json' }).write('{}\n');
      else sendJson(response, {});
    });
    const api = apiFor(scope, at(server));
    const { body } = await api.open({ path: '/watch', long: true }, never);
    const reading = errorOf(
      (async () => {
        for await (const chunk of body) if (chunk.length > 0) api.dropConnections();
      })(),
    );
    expect((await reading).code).toBe('network');
    expect(await api.json({ path: '/x' }, never)).toEqual({});
  });

  it('repeats a question once when a kept connection had just been closed', async () => {
    const server = await start((request, response) => {
      sendJson(response, {});
      response.on('finish', () => setImmediate(() => request.socket.destroy()));
    });
    const api = apiFor(scope, at(server));
    for (let round = 0; round < 30; round++) expect(await api.json({ path: '/' }, never)).toEqual({});
  });

  it('fault 41: reads the token file again after a 401, once', async () => {
    const path = join(certs.folder, 'token');
    writeFileSync(path, 'old\n');
    const server = await start((request, response) =>
      request.headers.authorization === 'Bearer new' ? sendJson(response, {}) : sendJson(response, {}, 401),
    );
    const api = apiFor(scope, at(server), { tokenFile: path });
    expect((await errorOf(api.json({ path: '/' }, never))).code).toBe('unauthorized');
    expect(server.requests).toHaveLength(2);
    writeFileSync(path, 'new\n');
    await errorOf(api.json({ path: '/' }, never)).catch(() => undefined);
    api.credentials.retry();
    expect(await api.json({ path: '/' }, never)).toEqual({});
    writeFileSync(path, '');
    expect(await api.json({ path: '/' }, never)).toEqual({});
  });

  it('fault 45 and refused: names DNS and the port that refuses', async () => {
    const dns = await errorOf(
      apiFor(scope, { server: 'https://does-not-exist.invalid:6443' }).json({ path: '/' }, never),
    );
    expect(dns).toMatchObject({
      code: 'dns',
      message: expect.stringContaining('does-not-exist.invalid') as unknown,
    });
    const free = await serveTcp(() => undefined);
    await free.close();
    const refused = await errorOf(
      apiFor(scope, { server: `https://127.0.0.1:${free.port}` }).json({ path: '/' }, never),
    );
    expect(refused).toMatchObject({
      code: 'refused',
      message: `127.0.0.1:${free.port} refuses connections.`,
    });
  });
});
