/** The oidc auth-provider against identity providers of our own: a good one and hostile ones. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Scope } from '#shared/rpc/scope';
import { toAppError, type AppError } from '#shared/util/app-error';
import { makeCertificate } from '../../src/demo/certificate';
import { makeCredentials } from '../../src/main/k8s/credentials';
import { OidcToken } from '../../src/main/k8s/oidc';
import type { Rotation } from '../../src/main/kubeconfig/types';

const signal = new AbortController().signal;
const jwt = (exp: number, more = ''): string =>
  ['{"alg":"none"}', JSON.stringify({ exp: Math.floor(exp / 1000), more }), 'sig']
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.');
const HOUR = 3_600_000;

type Handler = (request: IncomingMessage, body: string, response: ServerResponse) => void;

let scope: Scope;
let server: Server;
let seen: { path: string; body: string; authorization: string | undefined }[];
let token: Handler;
let discovery: Handler;
let now: number;

const base = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const json = (response: ServerResponse, value: unknown, status = 200): void => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
};

function answer(request: IncomingMessage, response: ServerResponse): void {
  let body = '';
  request.on('data', (chunk: Buffer) => (body += chunk.toString()));
  request.on('end', () => {
    seen.push({ path: request.url ?? '', body, authorization: request.headers.authorization });
    (request.url?.includes('.well-known') ? discovery : token)(request, body, response);
  });
}

beforeEach(async () => {
  scope = new Scope('test');
  seen = [];
  now = Date.now();
  discovery = (_, __, response) =>
    json(response, { issuer: base(), token_endpoint: `${base()}/token?tenant=a` });
  token = (_, __, response) => json(response, { id_token: jwt(now + HOUR, `t${seen.length}`) });
  server = createServer(answer);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
afterEach(async () => {
  scope.dispose();
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

const config = (more: Record<string, string> = {}): Record<string, string> => ({
  'idp-issuer-url': `${base()}/`,
  'client-id': 'kubernetes',
  'client-secret': 'top/s3cret',
  'refresh-token': 'r3fresh-1',
  'id-token': jwt(now - 1000),
  ...more,
});
const open = (more?: Record<string, string>, onRotated?: (tokens: Rotation) => void): OidcToken =>
  new OidcToken({
    config: config(more),
    environment: {},
    scope,
    now: () => now,
    ...(onRotated && { onRotated }),
  });
const failureOf = (one: OidcToken): Promise<AppError> =>
  one.current(signal).then(() => Promise.reject(new Error('it gave a token')), toAppError);
const tokenCalls = () => seen.filter((one) => one.path.startsWith('/token'));

describe('a good provider', () => {
  it('is not asked while the token is good', async () => {
    const good = jwt(now + HOUR);
    expect(await open({ 'id-token': good }).current(signal)).toEqual({ token: good, generation: 0 });
    expect(seen).toEqual([]);
  });

  it('renews once for 100 requests, and again when that one runs out', async () => {
    const one = open();
    const got = await Promise.all(Array.from({ length: 100 }, () => one.current(signal)));
    expect(new Set(got.map((each) => each.token)).size).toBe(1);
    expect(tokenCalls()).toHaveLength(1);
    await one.current(signal);
    expect(tokenCalls()).toHaveLength(1);
    now += HOUR - 5_000;
    await one.current(signal);
    expect(tokenCalls()).toHaveLength(2);
    expect(one.expires).toBeGreaterThan(now);
  });

  it.each([
    [
      'by header, form-encoded',
      {},
      undefined,
      `Basic ${Buffer.from('kubernetes:top%2Fs3cret').toString('base64')}`,
      false,
    ],
    ['in the form where only that is offered', {}, ['client_secret_post'], undefined, true],
    ['without a secret', { 'client-secret': '' }, undefined, undefined, false],
  ] as [string, Record<string, string>, string[] | undefined, string | undefined, boolean][])(
    'is told who asks: %s',
    async (_, more, methods, header, inForm) => {
      discovery = (__, ___, response) =>
        json(response, {
          token_endpoint: `${base()}/token?tenant=a`,
          ...(methods ? { token_endpoint_auth_methods_supported: methods } : {}),
        });
      await open(more).current(signal);
      const [call] = tokenCalls();
      const form = new URLSearchParams(call?.body);
      expect(call?.path).toBe('/token?tenant=a');
      expect(call?.authorization).toBe(header);
      expect(form.get('grant_type')).toBe('refresh_token');
      expect(form.get('refresh_token')).toBe('r3fresh-1');
      expect(form.get('client_secret')).toBe(inForm ? 'top/s3cret' : null);
      expect(form.get('client_id')).toBe(header === undefined ? 'kubernetes' : null);
    },
  );

  it('may rotate the refresh-token', async () => {
    token = (_, __, response) =>
      json(response, { id_token: jwt(now + HOUR), refresh_token: `r3fresh-${tokenCalls().length + 1}` });
    const told: Rotation[] = [];
    const one = open({}, (tokens) => told.push(tokens));
    const first = await one.current(signal);
    now += HOUR;
    await one.current(signal);
    expect(new URLSearchParams(tokenCalls()[1]?.body).get('refresh_token')).toBe('r3fresh-2');
    expect(told).toMatchObject([
      { used: 'r3fresh-1', id: first.token, refresh: 'r3fresh-2' },
      { used: 'r3fresh-2', refresh: 'r3fresh-3' },
    ]);
  });

  it('tells nothing when the refresh-token stays', async () => {
    const told: Rotation[] = [];
    await open({}, (tokens) => told.push(tokens)).current(signal);
    expect(told).toEqual([]);
  });

  it('takes the tokens of another sign-in, also after it was refused', async () => {
    token = (_, __, response) => json(response, { error: 'invalid_grant' }, 400);
    const one = open();
    await failureOf(one);
    const good = jwt(now + HOUR, 'of kubectl');
    expect(one.adopt({ name: 'oidc', config: config() })).toBe(false);
    await failureOf(one);
    const next = config({ 'id-token': good, 'refresh-token': 'r3fresh-9' });
    expect(one.adopt({ name: 'oidc', config: next, notKept: 'The file is read-only.' })).toBe(true);
    expect((await one.current(signal)).token).toBe(good);
    expect(one.notKept).toBe('The file is read-only.');
    expect(tokenCalls()).toHaveLength(1);
    // What was adopted may be renewed once when the server does not take it.
    expect(one.rejected((await one.current(signal)).generation)).toBe(true);
  });

  it('with a certificate authority of its own is trusted only by that', async () => {
    const made = makeCertificate(Date.now());
    const secure = createTlsServer({ key: made.keyPem, cert: made.certPem }, answer);
    await new Promise<void>((done) => secure.listen(0, '127.0.0.1', done));
    const issuer = `https://127.0.0.1:${(secure.address() as AddressInfo).port}`;
    discovery = (_, __, response) => json(response, { token_endpoint: `${issuer}/token` });
    const data = Buffer.from(made.caPem).toString('base64');
    try {
      const good = open({ 'idp-issuer-url': issuer, 'idp-certificate-authority-data': data });
      expect((await good.current(signal)).generation).toBe(1);
      expect((await failureOf(open({ 'idp-issuer-url': issuer }))).message).toContain('certificate');
    } finally {
      secure.closeAllConnections();
      secure.close();
    }
  });
});

describe('after a 401 of the API server', () => {
  it('a token that still looks good is renewed once, and not again', async () => {
    const one = open({ 'id-token': jwt(now + HOUR) });
    const first = await one.current(signal);
    expect(one.rejected(first.generation)).toBe(true);
    const second = await one.current(signal);
    expect(second.token).not.toBe(first.token);
    expect(one.rejected(first.generation)).toBe(true);
    expect(one.rejected(second.generation)).toBe(false);
    expect(tokenCalls()).toHaveLength(1);
  });

  it('without a refresh-token there is nothing to try', async () => {
    const one = open({ 'id-token': jwt(now + HOUR), 'refresh-token': '' });
    expect(one.rejected((await one.current(signal)).generation)).toBe(false);
  });
});

describe('a provider that is hostile or broken', () => {
  it.each([
    [
      'refuses with 400',
      (r: ServerResponse) => json(r, { error: 'invalid_grant', token: 's3cret' }, 400),
      'refused to renew',
    ],
    [
      'refuses with 401',
      (r: ServerResponse) => json(r, { error: 'invalid_client' }, 401),
      'refused to renew',
    ],
    ['has no id_token', (r: ServerResponse) => json(r, { access_token: 'x' }), 'without an id_token'],
    ['gives an old token', (r: ServerResponse) => json(r, { id_token: jwt(now - HOUR) }), 'expired'],
    [
      'gives a token with a line break',
      (r: ServerResponse) => json(r, { id_token: 'a\r\nx: y' }),
      'characters',
    ],
    ['gives null', (r: ServerResponse) => json(r, null), 'something else'],
    [
      'gives HTML',
      (r: ServerResponse) => r.writeHead(200, { 'content-type': 'text/html' }).end('<p>in'),
      'cannot be used',
    ],
    [
      'redirects',
      (r: ServerResponse) => r.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
      'cannot be used',
    ],
    ['gives a megabyte', (r: ServerResponse) => json(r, { id_token: 'x'.repeat(1 << 20) }), 'cannot be used'],
  ] as [string, (response: ServerResponse) => void, string][])(
    '%s: said once, not asked again',
    async (_, act, words) => {
      token = (__, ___, response) => act(response);
      const one = open();
      const error = await failureOf(one);
      expect(error.code).toBe('credentials');
      expect(error.message).toContain(words);
      expect(JSON.stringify(error)).not.toMatch(/s3cret|r3fresh/);
      now += HOUR;
      await failureOf(one);
      expect(tokenCalls()).toHaveLength(1);
      one.retry();
      await failureOf(one);
      expect(tokenCalls()).toHaveLength(2);
    },
  );

  it('is asked again 15 s after it was away', async () => {
    const good = token;
    token = (_, __, response) => json(response, {}, 503);
    const one = open();
    expect((await failureOf(one)).message).toContain('cannot renew');
    token = good;
    now += 14_000;
    await failureOf(one);
    expect(tokenCalls()).toHaveLength(1);
    now += 1_000;
    expect((await one.current(signal)).generation).toBe(1);
  });

  it.each([
    ['an issuer without TLS', { 'idp-issuer-url': 'http://idp.example' }, 'not https'],
    ['an issuer that is none', { 'idp-issuer-url': 'not a url' }, 'not a URL'],
    ['an issuer with a password', { 'idp-issuer-url': 'https://u:p@idp.example' }, 'not https'],
    ['no refresh-token', { 'refresh-token': '' }, 'expired'],
    ['nothing at all', { 'refresh-token': '', 'id-token': '' }, 'no id-token'],
  ])('%s', async (_, more, words) => {
    expect((await failureOf(open(more))).message).toContain(words);
    expect(seen).toEqual([]);
  });

  it('sends no token to an endpoint without TLS that the discovery names', async () => {
    discovery = (_, __, response) => json(response, { token_endpoint: 'http://elsewhere.example/token' });
    expect((await failureOf(open())).message).toContain('not https');
    expect(tokenCalls()).toEqual([]);
  });
});

it('is what a context with auth-provider oidc signs in with; gcp is explained', async () => {
  const cluster = { name: 'c', server: 'https://h', insecureSkipTlsVerify: false, disableCompression: false };
  const user = (name: string) => ({ name: 'u', authProvider: { name, config: config() } });
  const credentials = makeCredentials(user('oidc'), cluster, {}, scope);
  const got = await credentials.current(signal);
  expect(got.headers['authorization']).toMatch(/^Bearer ey/);
  expect(credentials.report.kind).toBe('auth-provider');
  expect(credentials.report.expires).toBeGreaterThan(now);
  const gcp = makeCredentials(user('gcp'), cluster, {}, scope).current(signal);
  await expect(gcp).rejects.toThrow('auth-provider gcp is not supported');
});
