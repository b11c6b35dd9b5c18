import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { KindInfo } from '#shared/contract/cluster';
import { Scope } from '#shared/rpc/scope';
import { fail } from '#shared/util/app-error';
import type { Api, ApiRequest } from '../../k8s/api';
import { Counter, type CountsInput } from './counts';

const KINDS = ['configmaps', 'deployments', 'pods', 'services'];

let scope: Scope;
beforeEach(() => {
  vi.useFakeTimers();
  scope = new Scope('test');
});
afterEach(() => {
  scope.dispose();
  vi.useRealTimers();
});

/** A server with some objects of each kind; counts how often it is asked for them. */
function open(input: Partial<CountsInput> = {}) {
  const objects = new Map(KINDS.map((id, i) => [id, i + 1]));
  const asked: string[] = [];
  const denied = new Set<string>();
  const live = new Map<string, number>();
  const api = {
    json: ({ path }: ApiRequest) => {
      const id = String(path.split('/').pop());
      asked.push(id);
      if (denied.has(id)) return Promise.reject(fail('forbidden', 'no'));
      const left = objects.get(id)! - 1;
      return Promise.resolve(
        left < 0
          ? { metadata: {}, items: [] }
          : { metadata: left > 0 ? { continue: 'x', remainingItemCount: left } : {}, items: [{}] },
      );
    },
  } as unknown as Api;
  const answers = new Map<string, number | null | 'denied'>();
  const counter = new Counter(
    {
      onAnswer: (id, count) => answers.set(id, count),
      api,
      kind: (id) => ({ id, group: '', version: 'v1', resource: id, namespaced: true }) as KindInfo,
      ready: () => Promise.resolve(),
      liveCount: (id) => live.get(id),
    },
    { kinds: KINDS, namespaces: [], hidden: false, ...input },
    scope,
    () => undefined,
  );
  const round = async (ms: number): Promise<string[]> => {
    asked.length = 0;
    await vi.advanceTimersByTimeAsync(ms);
    return [...asked].sort();
  };
  return { answers, counter, objects, asked, denied, live, round };
}

describe('counts of kinds nobody watches', () => {
  it('are asked at once and again after 30 s', async () => {
    const { counter, round } = open();
    expect(await round(0)).toEqual(KINDS);
    expect(Object.fromEntries(counter.counts)).toEqual({
      configmaps: 1,
      deployments: 2,
      pods: 3,
      services: 4,
    });
    expect(await round(29_000)).toEqual([]);
    expect(await round(1_000)).toEqual(KINDS);
  });

  it('are asked every minute once they stand still, some in each round', async () => {
    const { round } = open();
    await round(30_000);
    const third = await round(30_000);
    const fourth = await round(30_000);
    expect(third).toHaveLength(2);
    expect([...third, ...fourth].sort()).toEqual(KINDS);
  });

  it('are asked every 30 s again when they move', async () => {
    const { counter, objects, round } = open();
    await round(30_000);
    objects.set('pods', 9);
    await round(60_000);
    expect(counter.counts.get('pods')).toBe(9);
    objects.set('pods', 10);
    let times = 0;
    for (let i = 0; i < 2; i++) {
      objects.set('pods', 11 + i);
      if ((await round(30_000)).includes('pods')) times++;
    }
    expect(times).toBe(2);
    expect(counter.counts.get('pods')).toBe(12);
  });

  it('are all asked when somebody looks again', async () => {
    const { counter, round } = open();
    await round(60_000);
    counter.update({ hidden: true });
    await round(0);
    counter.update({ hidden: false });
    expect(await round(0)).toEqual(KINDS);
  });

  it('ask nothing when nobody looks any more, then seldom', async () => {
    const { counter, round } = open();
    await round(1_000);
    counter.update({ hidden: true });
    expect(await round(119_000)).toEqual([]);
    expect(await round(1_000)).not.toEqual([]);
  });

  it('come to their end where nobody looks any more meanwhile', async () => {
    const { counter, round } = open();
    counter.update({ hidden: true });
    expect(await round(0)).toEqual(KINDS);
    expect(await round(119_000)).toEqual([]);
    expect(await round(1_000)).not.toEqual([]);
  });

  it('tell what may be listed in the whole cluster, and only that', async () => {
    const { answers, counter, denied, round } = open();
    denied.add('services');
    await round(0);
    expect(Object.fromEntries(answers)).toEqual({
      configmaps: 1,
      deployments: 2,
      pods: 3,
      services: 'denied',
    });
    answers.clear();
    counter.update({ namespaces: ['shop'] });
    await round(0);
    expect(answers.size).toBe(0);
  });

  it('cost nothing where a table is live, and say where they are denied', async () => {
    const { counter, denied, live, round } = open();
    live.set('pods', 42);
    denied.add('services');
    expect(await round(0)).toEqual(['configmaps', 'deployments', 'services']);
    // After the first answers both hold.
    await round(30_000);
    expect(counter.counts.get('pods')).toBe(42);
    expect(counter.counts.get('services')).toBe('denied');
    expect(await round(60_000)).not.toContain('services');
  });
});
