import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pod } from '#shared/kinds/pod';
import { Scope } from '#shared/rpc/scope';
import { Caches, LINGER_MS, type SharedTable, type TableRequest } from './caches';
import { WATCH_LIST_FROM } from './list';
import { sampleKind } from './sample-kind';
import { eventOf, HandClock, listOf, ScriptedApi, settle, type Asked, type Script } from './scripted-api';

let scope: Scope;
let clock: HandClock;
let api: ScriptedApi;
let caches: Caches;

const request = (more: Partial<TableRequest> = {}, verbs = ['list', 'watch']): TableRequest => ({
  served: { group: '', version: 'v1', resource: 'samples', verbs, namespaced: true },
  descriptor: sampleKind,
  namespaces: null,
  ...more,
});
const pods = request({
  served: { group: '', version: 'v1', resource: 'pods', verbs: ['list', 'watch'], namespaced: true },
  descriptor: pod,
});
const plain: Script = (asked) => {
  if (asked.watch) return asked.send('\n');
  asked.send(listOf(['a'], '10'));
  asked.end();
};
const inNamespace = (asked: Asked): string => /namespaces\/([^/]+)/.exec(asked.request.path)?.[1] ?? '';

function start(script: Script): void {
  api = new ScriptedApi(clock, script);
  caches = new Caches({ api, clock }, scope);
}

function acquire(more?: Partial<TableRequest>, verbs?: string[]): { shared: SharedTable; drop(): void } {
  const use = new AbortController();
  return { shared: caches.acquire(request(more, verbs), use.signal), drop: () => use.abort() };
}

beforeEach(() => {
  scope = new Scope('test');
  clock = new HandClock();
});
afterEach(async () => {
  scope.dispose();
  await settle();
  expect(clock.pending).toBe(0);
});

describe('lifetimes', () => {
  it('shares one list-watch, and keeps it 30 s after the last user', async () => {
    start(plain);
    const one = acquire();
    const two = acquire();
    expect(two.shared).toBe(one.shared);
    await settle();
    expect([api.lists.length, api.watches.length]).toEqual([1, 1]);
    one.drop();
    two.drop();
    await clock.advance(LINGER_MS - 1000);
    const three = acquire();
    await clock.advance(LINGER_MS * 2 - 10_000);
    expect(api.watches[0]!.done).toBe(false);
    three.drop();
    await clock.advance(LINGER_MS + 1);
    expect(api.watches.at(-1)!.done).toBe(true);
    expect(caches.loaded()).toHaveLength(0);
    acquire();
    await settle();
    expect(api.lists.at(-1)!.at).toBe(clock.now());
  });

  it('lets the longest unused go first where unused tables take too much memory', async () => {
    api = new ScriptedApi(clock, plain);
    caches = new Caches({ api, clock, spareBytes: 1 }, scope);
    const named = (resource: string): Partial<TableRequest> => ({
      served: { group: '', version: 'v1', resource, verbs: ['list', 'watch'], namespaced: true },
    });
    const [one, two, three] = ['one', 'two', 'three'].map((name) => acquire(named(name)));
    await settle();
    const held = (): string[] => caches.loaded().map((table) => table.id);
    one!.drop();
    await clock.advance(1000);
    expect(held()).toEqual(['one', 'two', 'three']);
    two!.drop();
    // The one just left stays, so does what is in use.
    expect(held()).toEqual(['two', 'three']);
    await clock.advance(LINGER_MS + 1);
    expect(held()).toEqual(['three']);
    three!.drop();
  });

  it('starts anew when the columns of a kind changed', async () => {
    start(plain);
    const { shared } = acquire();
    await settle();
    const other = acquire({ descriptor: { ...sampleKind } });
    expect(other.shared).not.toBe(shared);
    await settle();
    expect(api.watches[0]!.done).toBe(true);
    expect(caches.loaded()).toHaveLength(1);
  });

  it('polls a kind without the verb watch', async () => {
    start(plain);
    const { shared } = acquire({}, ['list']);
    await clock.advance(31_000);
    expect([api.watches.length, api.lists.length, shared.state.phase]).toEqual([0, 2, 'polling']);
  });
});

describe('a table by namespaces', () => {
  const split: Script = (asked) => {
    const namespace = inNamespace(asked);
    if (namespace === 'two')
      return asked.refuse({ code: 'forbidden', message: 'no.', status: 403, reason: 'Forbidden' });
    if (asked.watch) return asked.send('\n');
    asked.send(listOf([`in-${namespace}`], '10').replaceAll('"default"', `"${namespace}"`));
    asked.end();
  };

  it('never asks for the whole cluster and merges what it may see (fault 13)', async () => {
    start(split);
    const { shared } = acquire({ namespaces: ['one', 'two', 'three', 'one'] });
    await settle();
    expect(api.asked.every((asked) => inNamespace(asked) !== '')).toBe(true);
    expect(api.lists).toHaveLength(3);
    expect(shared.table.size).toBe(2);
    expect([shared.table.count('one'), shared.table.count('two')]).toEqual([1, 0]);
    expect(shared.state.phase).toBe('live');
    expect(shared.stateOf('two')!.phase).toBe('denied');
  });

  it('is denied when every namespace is', async () => {
    start(split);
    const { shared } = acquire({ namespaces: ['two'] });
    await settle();
    expect(shared.state.phase).toBe('denied');
  });
});

describe('sleep', () => {
  it('stops all traffic and catches up afterwards from where it was (fault 43)', async () => {
    start(plain);
    const { shared } = acquire();
    await settle();
    caches.suspend();
    await clock.advance(8 * 3_600_000);
    expect(api.asked).toHaveLength(2);
    caches.resume();
    expect(api.dropped).toBe(1);
    await clock.advance(2000);
    expect([api.watches.length, api.lists.length, shared.state.phase]).toEqual([2, 1, 'live']);
  });
});

describe('large lists', () => {
  const many = WATCH_LIST_FROM + 500;
  const endOfInitial = (resourceVersion: string): string => {
    const metadata = { resourceVersion, annotations: { 'k8s.io/initial-events-end': 'true' } };
    return `${JSON.stringify({ type: 'BOOKMARK', object: { metadata } })}\n`;
  };
  const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `n${i}`);

  it('leave the first page once it shows enough, and come by the way for many bytes', async () => {
    start((asked) => {
      if (asked.watch) return asked.send('\n');
      const { limit } = asked.request.query ?? {};
      if (limit === undefined) {
        asked.send(listOf(names(1200), '12'));
        return asked.end();
      }
      // Its end never comes.
      const page = listOf(names(150), '10', { continue: 't', remaining: 5000 });
      asked.send(page.slice(0, -2));
    });
    const { shared } = acquire();
    await settle();
    expect([shared.table.size, shared.state.phase]).toEqual([1200, 'live']);
    expect(api.lists.map((asked) => asked.request.bulk)).toEqual([false, true]);
    expect(api.watches[0]!.request.bulk).toBe(true);
  });

  it('of a few pages are read whole, and their watch shares its connection', async () => {
    start((asked) => {
      if (asked.watch) return asked.send('\n');
      const isFirst = asked.request.query?.['continue'] === undefined;
      asked.send(
        isFirst ? listOf(names(500), '10', { continue: 't', remaining: 3 }) : listOf(['x', 'y', 'z'], '10'),
      );
      asked.end();
    });
    const { shared } = acquire();
    await settle();
    expect([shared.table.size, shared.state.phase]).toEqual([503, 'live']);
    expect(api.asked.map((asked) => asked.request.bulk)).toEqual([false, false, false]);
  });

  it('are prepared for where they are likely; of many a small first page is asked', async () => {
    const first = async (expected: number | undefined, namespaces: string[] | null = null) => {
      start((asked) => {
        if (asked.watch) return asked.send('\n');
        const isFirst = asked.request.query?.['limit'] !== undefined;
        asked.send(
          isFirst ? listOf(names(100), '10', { continue: 't', remaining: 4900 }) : listOf(names(9), '12'),
        );
        asked.end();
      });
      const states: unknown[] = [];
      const { shared } = acquire({ expected, namespaces });
      shared.onState(() => states.push(shared.state));
      await settle();
      expect(shared.table.size).toBe(9);
      expect(states).toContainEqual({
        phase: 'listing',
        loaded: 100,
        expected: expected === 5000 ? 5000 : 5400,
      });
      expect(api.lists[1]!.request.bulkNext).toBe(false);
      const { bulkNext, query } = api.lists[0]!.request;
      return [bulkNext, query?.['limit']];
    };
    expect(await first(5000)).toEqual([true, 100]);
    // Nobody counted.
    expect(await first(undefined)).toEqual([true, 500]);
    expect(await first(12)).toEqual([false, 500]);
    // What was counted is the whole cluster's.
    expect(await first(12, ['default'])).toEqual([true, 500]);
  });

  it('come in one answer not older than the first page', async () => {
    start((asked) => {
      if (asked.watch) return asked.send('\n');
      const rest = asked.request.query?.['limit'] === undefined;
      asked.send(
        rest ? listOf(['a', 'b', 'c'], '12') : listOf(['a', 'x'], '10', { continue: 't', remaining: 5000 }),
      );
      asked.end();
    });
    const { shared } = acquire();
    await settle();
    expect(api.lists[1]!.request.query).toMatchObject({
      resourceVersion: '10',
      resourceVersionMatch: 'NotOlderThan',
    });
    expect(shared.table.size).toBe(3);
    expect(api.watches[0]!.request.query).toMatchObject({ resourceVersion: '12' });
  });

  it('come as a WatchList when they are very large; then the same stream goes on', async () => {
    start((asked) => {
      if (asked.watch) return;
      asked.send(listOf(['a', 'x'], '10', { continue: 't', remaining: many }));
      asked.end();
    });
    const { shared } = acquire();
    await settle();
    expect(api.watches[0]!.request.query).toMatchObject({
      sendInitialEvents: true,
      resourceVersionMatch: 'NotOlderThan',
      allowWatchBookmarks: true,
    });
    expect(shared.state.phase).toBe('listing');
    expect(shared.table.size).toBe(2);
    const stream = api.watches[0]!;
    stream.send(eventOf('ADDED', 'b', '99') + eventOf('ADDED', 'a', '3'));
    stream.send(endOfInitial('100'));
    await settle();
    expect(shared.state.phase).toBe('live');
    expect(shared.table.size).toBe(2);
    expect(shared.table.findNamed('default', 'x')).toBe(-1);
    stream.send(eventOf('ADDED', 'c', '101'));
    stream.cut();
    await clock.advance(3000);
    expect(shared.table.size).toBe(3);
    expect(api.watches[1]!.request.query).toMatchObject({ resourceVersion: '101' });
  });

  it('fall back to a list where the server refuses a WatchList', async () => {
    start((asked) => {
      if (asked.watch) {
        if (asked.request.query?.['sendInitialEvents'] === true)
          return asked.refuse({
            code: 'invalid',
            message: 'forbidden field',
            status: 422,
            reason: 'Invalid',
          });
        return asked.send('\n');
      }
      const rest = asked.request.query?.['limit'] === undefined;
      asked.send(rest ? listOf(['a', 'b'], '12') : listOf(['a'], '10', { continue: 't', remaining: many }));
      asked.end();
    });
    const { shared } = acquire();
    await clock.advance(3000);
    expect(shared.state.phase).toBe('live');
    expect(shared.table.size).toBe(2);
    expect(caches.gate.watchList).toBe(false);
  });

  /** Each burst meets a server whose cache is behind, where `isBehind` says so. */
  function startLarge(isBehind: (burst: number) => boolean): { bursts: number } {
    const seen = { bursts: 0 };
    start((asked) => {
      const { query } = asked.request;
      if (!asked.watch) {
        const whole = query?.['limit'] === undefined;
        asked.send(
          whole ? listOf(['a', 'b'], '12') : listOf(['a'], '10', { continue: 't', remaining: many }),
        );
        return asked.end();
      }
      if (query?.['sendInitialEvents'] !== true) return asked.send('\n');
      if (!isBehind(seen.bursts++)) return asked.send(eventOf('ADDED', 'a', '9') + endOfInitial('11'));
      const status = { kind: 'Status', code: 504, message: 'Too large resource version: 10, current: 7' };
      asked.send(`${JSON.stringify({ type: 'ERROR', object: status })}\n`);
    });
    return seen;
  }
  const wholeLists = (): number =>
    api.lists.filter((asked) => asked.request.query?.['limit'] === undefined).length;

  it('come as a list where the cache of the server stays behind', async () => {
    const seen = startLarge(() => true);
    const { shared } = acquire();
    await clock.advance(8000);
    expect([shared.state.phase, shared.table.size, seen.bursts, wholeLists()]).toEqual(['live', 2, 2, 1]);
    expect(caches.gate.watchList).toBe(false);
  });

  it('come as a WatchList where it is behind for once, each time anew', async () => {
    const seen = startLarge((burst) => burst % 2 === 0);
    const { shared } = acquire();
    await clock.advance(8000);
    expect([shared.state.phase, shared.table.size, seen.bursts]).toEqual(['live', 1, 2]);
    const gone = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' };
    api.watches.at(-1)!.send(`${JSON.stringify({ type: 'ERROR', object: gone })}\n`);
    await clock.advance(8000);
    expect([shared.state.phase, seen.bursts, wholeLists()]).toEqual(['live', 4, 0]);
    expect(caches.gate.watchList).toBe(true);
  });

  it('asks again as JSON when a refusal of protobuf gives no reason', async () => {
    start((asked) => {
      const json = asked.request.accept === 'application/json';
      asked.refuse({
        code: 'forbidden',
        message: json ? 'pods is forbidden' : 'HTTP status 403',
        status: 403,
        ...(json ? { reason: 'Forbidden' } : {}),
      });
    });
    const shared = caches.acquire(pods, scope.signal);
    await settle();
    expect(api.lists.map((asked) => asked.request.accept?.includes('protobuf'))).toEqual([true, false]);
    expect(shared.state).toMatchObject({ phase: 'denied', error: { message: 'pods is forbidden' } });
  });

  it('reads JSON that was sent for protobuf, and names what is neither (fault 28)', async () => {
    start(plain);
    const shared = caches.acquire(pods, scope.signal);
    await settle();
    expect([shared.table.size, shared.state.phase]).toEqual([1, 'live']);
    api.contentType = 'text/html; charset=utf-8';
    const { shared: page } = acquire();
    await settle();
    expect(page.state).toMatchObject({ phase: 'failed', error: { code: 'bad-answer' } });
  });
});
