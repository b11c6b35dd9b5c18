/** Many objects at once: how many at a time, one result each, what a retry takes, what a cancel leaves. */
import { expect, test } from 'vitest';
import type { ItemResult } from '#shared/contract/actions';
import type { KindInfo } from '#shared/contract/cluster';
import { fail } from '#shared/util/app-error';
import type { Api, ApiRequest } from '../../k8s/api';
import { runAction, type RunItem } from './run';

const kind = {
  id: 'configmaps',
  group: '',
  version: 'v1',
  resource: 'configmaps',
  kind: 'ConfigMap',
  namespaced: true,
  verbs: ['delete', 'patch'],
} as unknown as KindInfo;

interface World {
  readonly objects: Set<string>;
  /** Refusals left, by name. */
  readonly refused: Map<string, number>;
  readonly asked: ApiRequest[];
  now: number;
  most: number;
}

function world(count: number): World {
  const names = Array.from({ length: count }, (_, index) => `c${index}`);
  return { objects: new Set(names), refused: new Map(), asked: [], now: 0, most: 0 };
}

function apiOf(of: World): Api {
  const json = async (request: ApiRequest): Promise<unknown> => {
    of.asked.push(request);
    of.now += 1;
    of.most = Math.max(of.most, of.now);
    // Long enough that all that may run at once do.
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    of.now -= 1;
    const name = request.path.split('/').pop() ?? '';
    if (!of.objects.has(name)) throw fail('not-found', 'gone', { status: 404 });
    const left = of.refused.get(name) ?? 0;
    if (left > 0) {
      of.refused.set(name, left - 1);
      throw fail('forbidden', `You may not delete ${name}.`, { status: 403 });
    }
    of.objects.delete(name);
    return { kind: 'Status', status: 'Success' };
  };
  return { json } as unknown as Api;
}

const item = (name: string): RunItem => ({ kind: 'configmaps', namespace: 'shop', name, uid: `uid-${name}` });

async function run(
  of: World,
  items: readonly RunItem[],
  signal: AbortSignal = new AbortController().signal,
  see: (result: ItemResult) => void = () => undefined,
): Promise<readonly ItemResult[]> {
  const last = new Map<number, ItemResult>();
  const kinds = {
    byId: () => kind,
    byGroupKind: () => kind,
    all: () => [kind],
    ready: () => Promise.resolve(),
  };
  await runAction(
    { api: apiOf(of), kinds, now: () => 0 },
    { verb: 'delete', options: { propagation: 'Background', grace: null }, items },
    (result) => {
      last.set(result.index, result);
      see(result);
    },
    signal,
  );
  return items.map((_item, index) => last.get(index) ?? { index, phase: 'waiting' });
}

test('at most 5 at a time, and one result for each', async () => {
  const of = world(40);
  const results = await run(of, [...of.objects].map(item));
  expect(of.most).toBe(5);
  expect(results.map(({ phase }) => phase)).toEqual(Array.from({ length: 40 }, () => 'done'));
  expect(of.objects.size).toBe(0);
});

test('one that fails stops no other, and tells why; a retry takes only what failed', async () => {
  const of = world(12);
  of.refused.set('c3', 1).set('c7', 1);
  const items = [...of.objects].map(item);
  const first = await run(of, items);
  const failed = first.filter(({ phase }) => phase === 'failed');
  expect(failed.map(({ index, error }) => [index, error?.message])).toEqual([
    [3, 'You may not delete c3.'],
    [7, 'You may not delete c7.'],
  ]);
  expect([...of.objects]).toEqual(['c3', 'c7']);
  const asked = of.asked.length;
  const second = await run(
    of,
    failed.map(({ index }) => items[index]).filter((one) => one !== undefined),
  );
  expect(second.map(({ phase }) => phase)).toEqual(['done', 'done']);
  expect(of.asked.length - asked).toBe(2);
});

test('what was gone already is no failure', async () => {
  const of = world(2);
  const items = [...of.objects].map(item);
  of.objects.delete('c1');
  expect((await run(of, items)).map(({ phase, message }) => [phase, message])).toEqual([
    ['done', 'Deleted'],
    ['unchanged', 'It was gone already.'],
  ]);
});

test('a cancel finishes what runs and leaves the rest', async () => {
  const of = world(20);
  const stop = new AbortController();
  let done = 0;
  const results = await run(of, [...of.objects].map(item), stop.signal, ({ phase }) => {
    if (phase === 'done' && ++done === 3) stop.abort();
  });
  const count = (phase: string): number => results.filter((one) => one.phase === phase).length;
  expect(count('done') + count('cancelled')).toBe(20);
  expect(count('cancelled')).toBeGreaterThanOrEqual(12);
  expect(of.objects.size).toBe(count('cancelled'));
  expect(results.find(({ phase }) => phase === 'cancelled')?.message).toBe('Not begun.');
});
