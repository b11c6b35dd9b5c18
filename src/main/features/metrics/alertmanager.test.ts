/** Finding an Alertmanager, reading it, making and ending silences; which right is missing. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { alertmanager } from '#shared/contract/alertmanager';
import { RpcClient } from '#shared/rpc/client';
import { portPair } from '#shared/rpc/port';
import { serve } from '#shared/rpc/server';
import { Scope } from '#shared/rpc/scope';
import { toAppError, type AppError } from '#shared/util/app-error';
import { openApi } from '../../k8s/open-api';
import { guardReadOnly, type ReadOnlyGuard } from '../../k8s/read-only';
import { alertmanagerService } from './alertmanager';

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly body: string;
}

let scope: Scope;
let server: Server;
let seen: Seen[];
let respond: (seen: Seen, response: ServerResponse) => void;
let guard: ReadOnlyGuard;
let client: RpcClient;

const PROXY = '/api/v1/namespaces/monitoring/services/am%3A9093/proxy';
const service = {
  metadata: { name: 'am', namespace: 'monitoring' },
  spec: { ports: [{ name: 'web', port: 9093 }] },
};

function status(response: ServerResponse, code: number, reason: string): void {
  response.writeHead(code, { 'content-type': 'application/json' });
  response.end(
    JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message: reason }),
  );
}

function json(response: ServerResponse, body: unknown, code = 200): void {
  response.writeHead(code, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

/** An API server with one Alertmanager behind it. */
function usual({ method, url }: Seen, response: ServerResponse): void {
  if (url.startsWith('/api/v1/services?'))
    json(response, { items: url.includes('operated') ? [] : [service] });
  else if (url === `${PROXY}/api/v2/status`) json(response, { versionInfo: { version: '0.28.0' } });
  else if (url === `${PROXY}/api/v2/alerts/groups`)
    json(response, [
      { labels: {}, receiver: { name: 'all' }, alerts: [{ labels: { alertname: 'Watchdog' } }] },
    ]);
  else if (url === `${PROXY}/api/v2/silences` && method === 'GET') json(response, []);
  else if (url === `${PROXY}/api/v2/silences`) json(response, { silenceID: 'aa-1' });
  else if (url === `${PROXY}/api/v2/silence/aa-1` && method === 'DELETE') response.end();
  else status(response, 404, 'NotFound');
}

beforeEach(async () => {
  scope = new Scope('alertmanager test');
  seen = [];
  respond = usual;
  server = createServer((request: IncomingMessage, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      const one = { method: request.method ?? '', url: request.url ?? '', body };
      seen.push(one);
      respond(one, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const context = {
    id: 'x',
    name: 'x',
    file: '',
    namespace: 'default',
    cluster: {
      name: 'c',
      server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      insecureSkipTlsVerify: false,
      disableCompression: false,
    },
    user: { name: 'u' },
  };
  const api = openApi(context, {}, scope);
  guard = guardReadOnly(api, 'x', false);
  const [here, there] = portPair();
  serve(there, [alertmanagerService(api)], scope);
  client = new RpcClient(here);
});

afterEach(() => {
  client.close();
  scope.dispose();
  server.closeAllConnections();
  server.close();
});

const failure = (asked: Promise<unknown>): Promise<AppError> =>
  asked.then(
    () => {
      throw new Error('it did not fail');
    },
    (thrown: unknown) => toAppError(thrown),
  );
const wish = {
  matchers: [{ name: 'alertname', value: 'Watchdog', isRegex: false, isEqual: true }],
  lasts: 3600,
  by: 'jane',
  comment: 'planned',
};

test('it is found by its labels and read', async () => {
  const found = await client.call(alertmanager, 'read', { again: false });
  expect(found.place).toEqual({
    namespace: 'monitoring',
    service: 'am',
    title: 'monitoring/am:9093',
    version: '0.28.0',
  });
  expect(found.groups[0]?.alerts[0]?.name).toBe('Watchdog');
  expect(found.looked.join(' ')).toContain('monitoring/am:9093: answers.');
  const before = seen.length;
  await client.call(alertmanager, 'read', { again: false });
  expect(seen.slice(before).map(({ url }) => url.split('/').pop())).toEqual(['groups', 'silences']);
});

test('a silence is made from now on for its time, and ended', async () => {
  expect(await client.call(alertmanager, 'silence', wish)).toBe('aa-1');
  const sent = JSON.parse(seen.find(({ method }) => method === 'POST')?.body ?? '{}') as Record<
    string,
    string
  >;
  expect(sent).toMatchObject({ matchers: wish.matchers, createdBy: 'jane', comment: 'planned' });
  expect(Date.parse(sent['endsAt'] ?? '') - Date.parse(sent['startsAt'] ?? '')).toBe(3_600_000);
  expect(Math.abs(Date.parse(sent['startsAt'] ?? '') - Date.now())).toBeLessThan(5000);
  await client.call(alertmanager, 'expire', { id: 'aa-1' });
  expect(seen.at(-1)).toMatchObject({ method: 'DELETE', url: `${PROXY}/api/v2/silence/aa-1` });
});

test('what Alertmanager refuses comes with its words', async () => {
  respond = (one, response) => {
    if (one.method === 'POST')
      json(response, 'silence invalid: at least one matcher must not match the empty string', 400);
    else usual(one, response);
  };
  expect(await failure(client.call(alertmanager, 'silence', wish))).toMatchObject({
    code: 'invalid',
    message: expect.stringContaining('at least one matcher') as string,
  });
});

test('the missing right is named, for reading and for silencing', async () => {
  respond = (one, response) => {
    if (one.method === 'POST') status(response, 403, 'Forbidden');
    else usual(one, response);
  };
  expect(await failure(client.call(alertmanager, 'silence', wish))).toMatchObject({
    code: 'forbidden',
    message: 'The right "create services/proxy" in namespace monitoring is missing.',
  });
  respond = (_, response) => status(response, 403, 'Forbidden');
  const found = await client.call(alertmanager, 'read', { again: true });
  expect(found.place).toBeUndefined();
  expect(found.looked.join(' ')).toContain(
    'the right "get services/proxy" in namespace monitoring is missing',
  );
});

test('nothing is sent from a read-only context', async () => {
  await client.call(alertmanager, 'read', { again: false });
  guard.set(true);
  const before = seen.length;
  expect((await failure(client.call(alertmanager, 'silence', wish))).code).toBe('read-only');
  expect((await failure(client.call(alertmanager, 'expire', { id: 'aa-1' }))).code).toBe('read-only');
  expect(seen).toHaveLength(before);
});

test('where none is, it is said where it was looked for', async () => {
  respond = (one, response) => {
    if (one.url.startsWith('/api/v1/services?')) json(response, { items: [] });
    else status(response, 404, 'NotFound');
  };
  const found = await client.call(alertmanager, 'read', { again: false });
  expect(found).toMatchObject({ groups: [], silences: [] });
  expect(found.place).toBeUndefined();
  expect(found.looked).toHaveLength(3);
  expect((await failure(client.call(alertmanager, 'silence', wish))).code).toBe('not-found');
});
