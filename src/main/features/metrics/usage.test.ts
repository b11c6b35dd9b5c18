/** metrics-server is asked while a table is seen, and only then; its words where it is absent. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Scope } from '#shared/rpc/scope';
import { fail } from '#shared/util/app-error';
import type { Api } from '../../k8s/api';
import type { LiveTable } from '../../engine/view';
import { UsagePolls, USAGE_EVERY } from './usage';
import { POINTS, UsageHistory } from './usage-history';

const item = (name: string, cpu: string, memory: string): object => ({
  metadata: { name, namespace: 'shop' },
  containers: [{ name: 'app', usage: { cpu, memory } }],
});

function setUp(answer: () => unknown = () => ({ items: [item('web', '250m', '64Mi')] })) {
  const paths: string[] = [];
  const api = {
    json: ({ path }: { path: string }) => {
      paths.push(path);
      try {
        return Promise.resolve(answer());
      } catch (thrown) {
        return Promise.reject(thrown as Error);
      }
    },
  } as unknown as Api;
  const use: Record<string, (row: number) => number | null>[] = [];
  const live = {
    table: { namespace: () => 'shop', name: () => 'web', setUse: (cells: never) => use.push(cells) },
    state: { phase: 'live', since: 0 },
    onState: () => () => undefined,
  } as unknown as LiveTable;
  return { api, live, paths, use };
}

let scope: Scope;
beforeEach(() => {
  vi.useFakeTimers();
  scope = new Scope('usage test');
});
afterEach(() => {
  scope.dispose();
  vi.useRealTimers();
});

describe('polls of metrics-server', () => {
  test('begin when the table is seen, stop when its tab is hidden, go on without asking too often', async () => {
    const { api, live, paths, use } = setUp();
    const polls = new UsagePolls(api, scope);
    const user = polls.feed('pods', live, null, scope.child('view'));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(paths).toHaveLength(0);
    user.show(true);
    await vi.advanceTimersByTimeAsync(0);
    expect(paths).toEqual(['/apis/metrics.k8s.io/v1beta1/pods']);
    expect(use[0]?.['cpu']?.(0)).toBeCloseTo(0.25);
    expect(use[0]?.['memory']?.(0)).toBe(64 * 1024 * 1024);
    await vi.advanceTimersByTimeAsync(USAGE_EVERY);
    expect(paths).toHaveLength(2);
    user.show(false);
    await vi.advanceTimersByTimeAsync(10 * USAGE_EVERY);
    expect(paths).toHaveLength(2);
    user.show(true);
    await vi.advanceTimersByTimeAsync(0);
    expect(paths).toHaveLength(3);
    // Switching to and fro asks no more than every 15 s.
    for (let i = 0; i < 20; i += 1) {
      user.show(i % 2 === 1);
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(paths).toHaveLength(3);
    expect(polls.history.of('pods', 'shop/web')).toHaveLength(3);
  });

  test('are shared by two views and go on while one of them is seen', async () => {
    const { api, live, paths } = setUp();
    const polls = new UsagePolls(api, scope);
    const [first, second] = [scope.child('first'), scope.child('second')];
    polls.feed('pods', live, null, first).show(true);
    const other = polls.feed('pods', live, null, second);
    other.show(true);
    await vi.advanceTimersByTimeAsync(0);
    expect(paths).toHaveLength(1);
    first.dispose();
    await vi.advanceTimersByTimeAsync(USAGE_EVERY);
    expect(paths).toHaveLength(2);
    second.dispose();
    await vi.advanceTimersByTimeAsync(5 * USAGE_EVERY);
    expect(paths).toHaveLength(2);
    other.show(true);
    await vi.advanceTimersByTimeAsync(USAGE_EVERY);
    expect(paths).toHaveLength(2);
  });

  test('ask nothing while the computer sleeps', async () => {
    const { api, live, paths } = setUp();
    const polls = new UsagePolls(api, scope);
    polls.suspend();
    polls.feed('pods', live, ['a', 'b'], scope.child('view')).show(true);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(paths).toHaveLength(0);
    polls.resume();
    await vi.advanceTimersByTimeAsync(0);
    expect(paths).toEqual([
      '/apis/metrics.k8s.io/v1beta1/namespaces/a/pods',
      '/apis/metrics.k8s.io/v1beta1/namespaces/b/pods',
    ]);
  });

  test.each([
    ['absent', () => fail('not-found', 'no'), /not installed/],
    ['absent', () => fail('server', 'unavailable', { status: 503 }), /installed but does not answer/],
    ['denied', () => fail('forbidden', 'You may not list pods.'), /may not list/],
    ['failed', () => fail('timeout', 'No answer.'), /No answer/],
  ] as const)('say that it is %s', async (phase, failure, words) => {
    const { api, live, paths } = setUp(() => {
      throw failure();
    });
    const polls = new UsagePolls(api, scope);
    polls.feed('pods', live, null, scope.child('view')).show(true);
    await vi.advanceTimersByTimeAsync(0);
    expect(polls.state.phase).toBe(phase);
    expect(polls.state.error?.message).toMatch(words);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(paths).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(paths).toHaveLength(2);
  });
});

test('one pod is asked each 15 s until its scope ends; what its table saw comes first', async () => {
  const { api, paths } = setUp(() => item('web', '250m', '64Mi'));
  const polls = new UsagePolls(api, scope);
  polls.history.add('pods', Date.now() - 15_000, new Map([['shop/web', { cpu: 1, memory: 2 }]]));
  const held = scope.child('drawer');
  const told: number[] = [];
  polls.watchOne('pods', 'shop', 'web', held, ({ samples }) => told.push(samples.length));
  await vi.advanceTimersByTimeAsync(USAGE_EVERY);
  expect(paths).toEqual(Array(2).fill('/apis/metrics.k8s.io/v1beta1/namespaces/shop/pods/web'));
  expect(told).toEqual([2, 3]);
  held.dispose();
  await vi.advanceTimersByTimeAsync(5 * USAGE_EVERY);
  expect(paths).toHaveLength(2);
});

test('the history keeps the newest samples, oldest first', () => {
  const history = new UsageHistory();
  const at = 1_790_000_000_000;
  for (let i = 0; i < POINTS + 5; i += 1)
    history.add('pods', at + i * 15_000, new Map([['shop/web', { cpu: i, memory: i * 2 }]]));
  const samples = history.of('pods', 'shop/web');
  expect(samples).toHaveLength(POINTS);
  expect(samples[0]).toEqual({ at: at + 5 * 15_000, cpu: 5, memory: 10 });
  expect(samples.at(-1)?.cpu).toBe(POINTS + 4);
  expect(history.of('nodes', 'shop/web')).toEqual([]);
});
