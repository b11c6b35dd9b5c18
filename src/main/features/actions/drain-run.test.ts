/** A drain against a small API of its own: 429 and Retry-After, cancel, pods that stop it. */
import { expect, test, vi } from 'vitest';
import { kubectlDefaults } from '#shared/domain/actions/drain';
import { fail } from '#shared/util/app-error';
import type { Api, ApiRequest } from '../../k8s/api';
import { Drain } from './drain-run';

interface World {
  cordoned: boolean;
  readonly pods: Map<string, { owned: boolean }>;
  /** Evictions that are refused before one passes, by pod. */
  readonly refusals: Map<string, number>;
  /** Pods that take their time to end. */
  readonly slow: Set<string>;
  readonly asked: ApiRequest[];
}

function world(pods: readonly string[], bare: readonly string[] = []): World {
  return {
    cordoned: false,
    pods: new Map([...pods, ...bare].map((name) => [name, { owned: !bare.includes(name) }])),
    refusals: new Map(),
    slow: new Set(),
    asked: [],
  };
}

function apiOf(of: World): Api {
  const podOf = (name: string): unknown => ({
    metadata: {
      name,
      namespace: 'shop',
      uid: name,
      ...(of.pods.get(name)?.owned
        ? { ownerReferences: [{ kind: 'ReplicaSet', name: 'rs', uid: 'rs', controller: true }] }
        : {}),
    },
    status: { phase: 'Running' },
  });
  const json = (request: ApiRequest, signal: AbortSignal): unknown => {
    signal.throwIfAborted();
    of.asked.push(request);
    const { path, method = 'GET' } = request;
    if (path === '/api/v1/nodes/n') {
      if (method === 'PATCH') of.cordoned = true;
      return { metadata: { uid: 'n' }, spec: of.cordoned ? { unschedulable: true } : {} };
    }
    if (path === '/api/v1/pods') return { items: [...of.pods.keys()].map(podOf) };
    const name = /\/pods\/([^/]+)/.exec(path)?.[1] ?? '';
    if (path.endsWith('/eviction')) {
      const left = of.refusals.get(name) ?? 0;
      of.refusals.set(name, left - 1);
      if (left > 0) throw fail('throttled', `Cannot evict ${name}.`, { status: 429, retryAfter: 0.01 });
      if (!of.slow.has(name)) of.pods.delete(name);
      return {};
    }
    if (name !== '') {
      if (!of.pods.has(name)) throw fail('not-found', 'gone');
      return podOf(name);
    }
    return { items: [] };
  };
  return {
    json: (request: ApiRequest, signal: AbortSignal) => Promise.resolve().then(() => json(request, signal)),
  } as unknown as Api;
}

const quick = { lookMs: 1, heldMs: 5 };

test('cordons, waits for a budget as Retry-After says, and ends when all are gone', async () => {
  const of = world(['a', 'b']);
  of.refusals.set('b', 2);
  const drain = new Drain(apiOf(of), 'n', kubectlDefaults, () => undefined, quick);
  await drain.run(new AbortController().signal);
  expect(drain.state()).toMatchObject({
    phase: 'done',
    cordoned: true,
    wasCordoned: false,
    message: 'Drained: 2 pods evicted. n is cordoned.',
  });
  expect(of.asked.filter((one) => one.path.endsWith('/b/eviction'))).toHaveLength(3);
  expect(of.asked.some((one) => one.method === 'DELETE')).toBe(false);
});

test('cancel leaves a true state: what is gone, what is not, and the cordon', async () => {
  const of = world(['a', 'b']);
  of.refusals.set('b', Infinity);
  const abort = new AbortController();
  const drain = new Drain(apiOf(of), 'n', kubectlDefaults, () => undefined, quick);
  const run = drain.run(abort.signal);
  await vi.waitFor(() => {
    const phases = new Map(drain.state().items.map((item) => [item.name, item.phase]));
    expect([phases.get('a'), phases.get('b')]).toEqual(['gone', 'held']);
  });
  abort.abort();
  await run;
  const state = drain.state();
  expect(state.phase).toBe('cancelled');
  expect(state.message).toBe(
    'Cancelled: 1 of 2 pods gone, 0 ending, 1 not evicted. n is cordoned and stays so until it is uncordoned.',
  );
  expect([...of.pods.keys()]).toEqual(['b']);
  expect(of.cordoned).toBe(true);
});

test('cancel while one pod ends and a budget holds another brings nothing down', async () => {
  const of = world(['a', 'b']);
  of.slow.add('a');
  of.refusals.set('b', Infinity);
  const lost: unknown[] = [];
  const note = (reason: unknown): unknown => lost.push(reason);
  process.on('unhandledRejection', note);
  try {
    const abort = new AbortController();
    const drain = new Drain(apiOf(of), 'n', kubectlDefaults, () => undefined, quick);
    const run = drain.run(abort.signal);
    await vi.waitFor(() => {
      const phases = new Map(drain.state().items.map((item) => [item.name, item.phase]));
      expect([phases.get('a'), phases.get('b')]).toEqual(['ending', 'held']);
    });
    abort.abort();
    await run;
    expect(drain.state()).toMatchObject({ phase: 'cancelled', cordoned: true });
    // Rejections that nobody awaits are told with the next turn.
    await new Promise((done) => setImmediate(done));
    expect(lost).toEqual([]);
  } finally {
    process.off('unhandledRejection', note);
  }
});

test('a pod that needs a decision stops the drain before the node is touched', async () => {
  const of = world(['a'], ['bare']);
  const drain = new Drain(apiOf(of), 'n', kubectlDefaults, () => undefined, quick);
  await drain.run(new AbortController().signal);
  expect(drain.state()).toMatchObject({ phase: 'failed', cordoned: false });
  expect(drain.state().error?.message).toMatch(/shop\/bare: No controller/);
  expect(of.asked.every((one) => (one.method ?? 'GET') === 'GET')).toBe(true);
});
