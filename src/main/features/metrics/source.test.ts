/** Sources given by URL: tried again after a restart, their secrets told to nobody but who keeps them. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { KeptSources, SourceChange, UrlFields } from '#shared/domain/prom/kept';
import { fail, toAppError } from '#shared/util/app-error';
import { Scope } from '#shared/rpc/scope';
import type { Api } from '../../k8s/api';
import { Sources } from './source';

const never = new AbortController().signal;
const refused = (): Promise<never> => Promise.reject(fail('not-found', 'There is nothing.'));
/** A cluster without any Prometheus. */
const api = { json: refused, open: refused, clockOffset: 0 } as unknown as Api;

let scope: Scope;
let server: Server;
let url: string;
let tenants: (string | undefined)[];
let changes: SourceChange[];
let up: boolean;

beforeEach(async () => {
  scope = new Scope('sources');
  tenants = [];
  changes = [];
  up = true;
  server = createServer((request, response) => {
    tenants.push(request.headers['x-scope-orgid']?.toString());
    response.writeHead(up ? 200 : 404, { 'content-type': 'application/json' });
    response.end(up ? '{"status":"success","data":{"version":"3.5.0"}}' : '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  scope.dispose();
  server.closeAllConnections();
  server.close();
});

const open = (kept?: KeptSources): Sources =>
  new Sources({ api, environment: {}, scope, kept, onKept: (change) => changes.push(change) });
const kept = (source: UrlFields, more: Partial<KeptSources['urls'][number]> = {}): KeptSources => ({
  keyStore: true,
  chosen: `url:${source.url}`,
  urls: [{ source, missing: [], headerNames: [], ...more }],
});

test('what was given is told to who keeps it, and chosen', async () => {
  const sources = open();
  await sources.connect({ url: `${url}/?a=1`, headers: { 'X-Scope-OrgID': 'shop' } }, never);
  const source = { url, headers: { 'X-Scope-OrgID': 'shop' } };
  expect(changes).toEqual([
    { type: 'keep', source },
    { type: 'choose', id: `url:${url}` },
  ]);
  expect(sources.state).toMatchObject({ phase: 'ready', chosen: { title: url, version: '3.5.0' } });
  expect(sources.state.kept).toMatchObject([{ url, tenant: 'shop', missing: [] }]);
});

test('a kept URL is asked again with its headers, when somebody looks and not before', async () => {
  const sources = open(kept({ url, headers: { 'X-Scope-OrgID': 'shop' } }));
  expect(tenants).toEqual([]);
  await sources.ready();
  expect(new Set(tenants)).toEqual(new Set(['shop']));
  expect(sources.state).toMatchObject({ phase: 'ready', chosen: { id: `url:${url}` } });
  expect(changes).toEqual([]);
});

test('a URL whose secret is missing is not asked, and says what is missing', async () => {
  const sources = open(kept({ url }, { missing: ['bearer'] }));
  await sources.ready();
  expect(tenants).toEqual([]);
  expect(sources.state).toMatchObject({ phase: 'none', kept: [{ url, missing: ['bearer'] }] });
  await expect(sources.client()).rejects.toThrow(/No Prometheus/);
});

test('one that does not answer stays kept with its reason, and is tried again', async () => {
  up = false;
  const sources = open(kept({ url }));
  await sources.ready();
  expect(sources.state.phase).toBe('none');
  expect(sources.state.kept?.[0]?.error).toBeDefined();
  up = true;
  await sources.again([]);
  expect(sources.state).toMatchObject({ phase: 'ready', chosen: { id: `url:${url}` } });
  expect(sources.state.kept?.[0]?.error).toBeUndefined();
});

test('nothing of a secret is in the state the page sees', async () => {
  const whole = {
    url: 'https://127.0.0.1:9',
    bearer: 'SECRET-1',
    password: 'SECRET-2',
    key: 'SECRET-3',
    headers: { 'X-Key': 'SECRET-4' },
  };
  const sources = open(kept(whole));
  await sources.ready();
  expect(sources.state.kept).toMatchObject([{ headerNames: ['X-Key'], missing: [] }]);
  expect(JSON.stringify(sources.state)).not.toContain('SECRET');
});

test('what is left out is taken from the same URL only', async () => {
  const sources = open(kept({ url, headers: { 'X-Scope-OrgID': 'shop' } }));
  await sources.connect({ url, again: true }, never);
  expect(tenants.at(-1)).toBe('shop');
  const other = url.replace('127.0.0.1', 'localhost');
  await sources.connect({ url: other, again: true }, never).catch(() => undefined);
  await sources.connect({ url }, never);
  expect(tenants.at(-1)).toBeUndefined();
  for (const change of changes)
    if (change.type === 'keep' && change.source.url === other) expect(change.source.headers).toBeUndefined();
});

test('a forgotten URL is gone, with what was asked through it', async () => {
  const sources = open(kept({ url }));
  await sources.ready();
  await sources.forget(`url:${url}`);
  expect(sources.state).toMatchObject({ phase: 'none', kept: [], sources: [] });
  expect(changes).toEqual([
    { type: 'forget', url },
    { type: 'choose', id: null },
  ]);
});

test.each([
  [{ ca: 'x' }, /no PEM certificate/],
  [{ ca: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' }, /damaged/],
  [{ certificate: 'x' }, /client key is missing/],
  [{ key: 'x' }, /client certificate is missing/],
] as const)('bad certificates are named before anything is sent: %j', async (fields, words) => {
  const error = await open()
    .connect({ url: 'https://127.0.0.1:9', ...fields }, never)
    .then(() => undefined, toAppError);
  expect(error).toMatchObject({ code: 'invalid-input' });
  expect(error?.message).toMatch(words);
  expect(changes).toEqual([]);
});

test('certificates are refused over http', async () => {
  await expect(open().connect({ url, ca: 'x' }, never)).rejects.toThrow(/only of use over https/);
});
