import { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { toAppError } from '#shared/util/app-error';
import type { ApiRequest, ApiResponse } from './api';
import { guardReadOnly, refusal, type Outlets } from './read-only';

const pods = '/api/v1/namespaces/shop/pods';
const authz = '/apis/authorization.k8s.io/v1';

const passes: readonly ApiRequest[] = [
  { path: pods },
  { path: pods, method: 'GET', query: { watch: true } },
  { path: `${pods}/web-0/log`, query: { follow: true } },
  { path: '/version' },
  { path: '/openapi/v3' },
  { path: '/api/v1/namespaces/exec' },
  { path: '/api/v1/namespaces/exec/pods/attach' },
  {
    path: '/api/v1/namespaces/monitoring/services/prometheus:9090/proxy/api/v1/query',
    query: { query: 'up' },
  },
  { path: '/api/v1/nodes/n1/proxy/stats/summary' },
  { path: `${authz}/selfsubjectaccessreviews`, method: 'POST' },
  { path: `${authz}/selfsubjectrulesreviews`, method: 'POST' },
  { path: `${authz}/subjectaccessreviews`, method: 'POST' },
  { path: `${authz}/namespaces/shop/localsubjectaccessreviews`, method: 'POST' },
  { path: '/apis/authentication.k8s.io/v1/selfsubjectreviews', method: 'POST' },
  { path: '/apis/authentication.k8s.io/v1beta1/selfsubjectreviews', method: 'POST' },
  { path: `${pods}/web-0`, method: 'PATCH', query: { dryRun: 'All' } },
  { path: `${pods}/web-0`, method: 'DELETE', query: { dryRun: ['All'] } },
  { path: `${pods}/web-0/ephemeralcontainers`, method: 'PATCH', query: { dryRun: 'All' } },
];

const refused: readonly ApiRequest[] = [
  { path: pods, method: 'POST' },
  { path: `${pods}/web-0`, method: 'PUT' },
  { path: `${pods}/web-0`, method: 'PATCH' },
  { path: `${pods}/web-0`, method: 'DELETE' },
  { path: pods, method: 'DELETE' },
  { path: `${pods}/web-0/eviction`, method: 'POST' },
  { path: `${pods}/web-0/binding`, method: 'POST' },
  { path: '/apis/apps/v1/namespaces/shop/deployments/web/scale', method: 'PATCH' },
  { path: '/api/v1/namespaces/shop', method: 'DELETE' },
  { path: '/api/v1/namespaces/shop/finalize', method: 'PUT' },
  { path: '/api/v1/namespaces/shop/serviceaccounts/sa/token', method: 'POST' },
  { path: '/api/v1/namespaces/shop/services/web/proxy/', method: 'POST' },
  // Not questions about rights, however they look.
  { path: '/apis/authentication.k8s.io/v1/tokenreviews', method: 'POST' },
  { path: `${authz}/selfsubjectaccessreviews/x`, method: 'POST' },
  { path: `${authz}/selfsubjectaccessreviews`, method: 'PUT' },
  { path: `${authz}/../../../api/v1/namespaces/shop/pods/selfsubjectaccessreviews`, method: 'POST' },
  { path: '/apis/evil.io/v1/selfsubjectaccessreviews', method: 'POST' },
  { path: `${pods}?x=${authz}/selfsubjectaccessreviews`, method: 'POST' },
  // Dry-run that is none, or that is not honoured.
  { path: pods, method: 'POST', query: { dryRun: 'None' } },
  { path: pods, method: 'POST', query: { dryRun: true } },
  { path: pods, method: 'POST', query: { dryRun: [] } },
  { path: pods, method: 'POST', query: { dryRun: ['All', ''] } },
  { path: pods, method: 'POST', query: { DryRun: 'All' } },
  { path: `${pods}?dryRun=All`, method: 'POST' },
  { path: `${pods}?dryRun=`, method: 'POST', query: { dryRun: 'All' } },
  { path: `${pods}/web-0/exec`, method: 'POST', query: { dryRun: 'All' } },
  { path: '/api/v1/namespaces/shop/services/web/proxy/pay', method: 'POST', query: { dryRun: 'All' } },
  { path: '/api/v1/namespaces/shop/serviceaccounts/sa/token', method: 'POST', query: { dryRun: 'All' } },
  // A GET that acts.
  { path: `${pods}/web-0/exec`, query: { command: 'sh' } },
  { path: `${pods}/web-0/exec/` },
  { path: `${pods}/web-0%2Fexec` },
  { path: `${pods}/web-0/%65xec` },
  { path: `${pods}/web-0/attach` },
  { path: `${pods}/web-0/portforward` },
  { path: '/api/v1/nodes/n1/proxy/exec/shop/web-0/app' },
  { path: '/api/v1/nodes/n1/proxy/run/shop/web-0/app' },
  { path: '/api/v1/nodes/n1/proxy/portForward/shop/web-0' },
  { path: pods, headers: { Upgrade: 'websocket' } },
  { path: `${pods}/%zz` },
];

const word = (request: ApiRequest): string =>
  `${request.method ?? 'GET'} ${request.path} ${JSON.stringify(request.query ?? {})}`;

describe('what may leave a read-only context', () => {
  test.each(passes.map((request) => [word(request), request] as const))('%s passes', (_, request) => {
    expect(refusal(request)).toBeUndefined();
  });
  test.each(refused.map((request) => [word(request), request] as const))('%s is refused', (_, request) => {
    expect(refusal(request)).toBeTypeOf('string');
  });
});

class FakeSocket extends EventEmitter {
  destroyed = false;
  destroy(): void {
    this.destroyed = true;
    this.emit('close');
  }
}

/** As the transport: `json` goes through `open` of the same object. */
class FakeApi implements Outlets {
  readonly sent: string[] = [];
  readonly sockets: FakeSocket[] = [];
  slow: Promise<void> = Promise.resolve();
  async open(request: ApiRequest): Promise<ApiResponse> {
    this.sent.push(word(request));
    return Promise.resolve({ status: 200, headers: {}, body: (async function* () {})() });
  }
  async json(request: ApiRequest, signal: AbortSignal): Promise<number> {
    return (await (this as Outlets).open(request, signal)).status;
  }
  async connect(): Promise<{ socket: Duplex }> {
    await this.slow;
    const socket = new FakeSocket();
    this.sockets.push(socket);
    return { socket: socket as unknown as Duplex };
  }
}

const signal = new AbortController().signal;
const code = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'sent',
    (thrown: unknown) => toAppError(thrown).code,
  );

describe('the guard', () => {
  test('holds for open, for json and for connect, and says what was not sent', async () => {
    const api = new FakeApi();
    const guard = guardReadOnly(api, 'prod', true);
    const write: ApiRequest = { method: 'DELETE', path: `${pods}/web-0` };
    expect(await code(api.open(write))).toBe('read-only');
    expect(await code(api.json(write, signal))).toBe('read-only');
    expect(await code((api as Outlets).connect(signal))).toBe('read-only');
    expect(api.sent).toEqual([]);
    expect(api.sockets).toEqual([]);
    expect(await api.json({ path: pods }, signal)).toBe(200);
    await api.json(write, signal).catch((thrown: unknown) => {
      const error = toAppError(thrown);
      expect(error.message).toBe(`prod is read-only in Binnacle: DELETE ${pods}/web-0 was not sent.`);
      expect(error.hint).toContain('Nothing was changed');
    });
    expect(guard.on).toBe(true);
  });

  test('follows the setting, and ends upgraded connections when it is turned on', async () => {
    const api = new FakeApi();
    const guard = guardReadOnly(api, 'prod', false);
    const write: ApiRequest = { method: 'POST', path: pods };
    expect(await code(api.json(write, signal))).toBe('sent');
    await (api as Outlets).connect(signal);
    guard.set(true);
    expect(api.sockets.map((socket) => socket.destroyed)).toEqual([true]);
    expect(await code(api.json(write, signal))).toBe('read-only');
    guard.set(false);
    expect(await code(api.json(write, signal))).toBe('sent');
    expect(await code((api as Outlets).connect(signal))).toBe('sent');
  });

  test('a connection that was being made when it was turned on is closed', async () => {
    const api = new FakeApi();
    let go: () => void = () => undefined;
    api.slow = new Promise((done) => (go = done));
    const guard = guardReadOnly(api, 'prod', false);
    const waiting = code((api as Outlets).connect(signal));
    guard.set(true);
    go();
    expect(await waiting).toBe('read-only');
    expect(api.sockets.map((socket) => socket.destroyed)).toEqual([true]);
  });
});
