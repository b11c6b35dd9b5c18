import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TableState } from '#shared/contract/resources';
import { Scope } from '#shared/rpc/scope';
import type { AppError } from '#shared/util/app-error';
import { Gate } from './gate';
import { startReflector } from './reflector';
import type { Reflector } from './reflector-types';
import { sampleKind } from './sample-kind';
import { eventOf, HandClock, listOf, ScriptedApi, settle, type Asked, type Script } from './scripted-api';
import { sourceOf } from './source';
import { Table } from './table';

const status = (code: number, reason: string, message = reason): string =>
  `${JSON.stringify({ type: 'ERROR', object: { kind: 'Status', code, reason, message } })}\n`;
const error = (code: AppError['code'], http?: number, more: Partial<AppError> = {}): AppError => ({
  code,
  message: `${code}.`,
  ...(http === undefined ? {} : { status: http }),
  ...more,
});

let scope: Scope;
let clock: HandClock;
let gate: Gate;
let table: Table;
let states: TableState[];
let blanks: number;
let api: ScriptedApi;

beforeEach(() => {
  scope = new Scope('test');
  clock = new HandClock();
  gate = new Gate(clock);
  table = new Table(sampleKind);
  states = [];
  blanks = 0;
});
afterEach(async () => {
  scope.dispose();
  await settle();
  expect(clock.pending).toBe(0);
});

function run(script: Script, watchable = true): Reflector {
  api = new ScriptedApi(clock, script);
  let filled = false;
  return startReflector(
    {
      api,
      gate,
      clock,
      watchable,
      source: sourceOf({ group: '', version: 'v1', resource: 'samples' }, sampleKind),
      sink: {
        beginReplace: () => table.beginReplace(),
        upsert: (object) => table.upsert(object),
        remove: (uid) => table.remove(uid),
        flush: () => {
          table.flush();
          if (table.size > 0) filled = true;
          else if (filled) blanks++;
        },
        skipped: () => void table.skipped++,
        state: (state) => states.push(state),
      },
    },
    scope,
  );
}

/** Lists `names` at version 10 and leaves watches to `watch`. */
const listing =
  (names: readonly string[], watch: (asked: Asked, nth: number) => void): Script =>
  (asked) => {
    if (asked.watch) watch(asked, api.watches.length);
    else {
      asked.send(listOf(names, '10'));
      asked.end();
    }
  };
const open = (asked: Asked): void => asked.send('\n');
const phase = (): string => states.at(-1)!.phase;
const rows = (): string[] => {
  const list: string[] = [];
  for (let row = 0; row < table.top; row++) if (table.alive[row] === 1) list.push(table.name(row));
  return list.sort();
};
const since = (asked: Asked): string => String(asked.request.query?.['resourceVersion']);

describe('list and watch', () => {
  it('lists, watches from the version of the list, follows events and bookmarks', async () => {
    run(listing(['a', 'b'], open));
    await settle();
    expect(phase()).toBe('live');
    expect(rows()).toEqual(['a', 'b']);
    const { query } = api.watches[0]!.request;
    expect(query).toMatchObject({ resourceVersion: '10', allowWatchBookmarks: true, watch: true });
    expect(query!['timeoutSeconds']).toBeGreaterThanOrEqual(300);
    expect(query!['timeoutSeconds']).toBeLessThanOrEqual(600);
    api.watches[0]!.send(
      eventOf('ADDED', 'c', '11') + eventOf('MODIFIED', 'a', '12', 'n') + eventOf('DELETED', 'b', '13'),
    );
    api.watches[0]!.send(
      `${JSON.stringify({ type: 'BOOKMARK', object: { metadata: { resourceVersion: '99' } } })}\n`,
    );
    await clock.advance(60_000);
    expect(rows()).toEqual(['a', 'c']);
    api.watches[0]!.end();
    await settle();
    expect(api.watches).toHaveLength(2);
    expect(since(api.watches[1]!)).toBe('99');
    expect(api.lists).toHaveLength(1);
  });

  it('reads pages with one page of look-ahead', async () => {
    const order: string[] = [];
    run((asked) => {
      if (asked.watch) return;
      const token = String(asked.request.query?.['continue'] ?? '');
      order.push(`asked ${token}`);
      if (token === '') {
        const text = listOf(['a'], '10', { continue: 'two', remaining: 1 });
        asked.send(text.slice(0, -5) + ' '.repeat(10_000));
        setImmediate(() =>
          setImmediate(() => {
            order.push('end of page one');
            asked.send(text.slice(-5));
            asked.end();
          }),
        );
      } else {
        asked.send(listOf(['b'], '10'));
        asked.end();
      }
    });
    await settle();
    expect(order).toEqual(['asked ', 'asked two', 'end of page one']);
    expect(api.lists[0]!.request.query).toMatchObject({ limit: 500 });
    expect(rows()).toEqual(['a', 'b']);
  });

  it('takes a server that ignores the limit', async () => {
    run(
      listing(
        Array.from({ length: 1200 }, (_, i) => `n${i}`),
        open,
      ),
    );
    await settle();
    expect(table.size).toBe(1200);
    expect(api.lists).toHaveLength(1);
  });

  it('reads everything once more when the continue token expires (fault 5)', async () => {
    run((asked) => {
      if (asked.watch) return open(asked);
      if (asked.request.query?.['continue'] !== undefined) return asked.refuse(error('gone', 410));
      const full = asked.request.query?.['limit'] === undefined;
      asked.send(full ? listOf(['b', 'c'], '20') : listOf(['a'], '10', { continue: 't', remaining: 1 }));
      asked.end();
    });
    await settle();
    expect(rows()).toEqual(['b', 'c']);
    expect(since(api.watches[0]!)).toBe('20');
    expect(api.lists).toHaveLength(3);
  });

  it('polls where list is allowed and watch is not', async () => {
    run(listing(['a'], (asked) => asked.refuse(error('forbidden', 403))));
    await settle();
    expect(states.at(-1)).toMatchObject({ phase: 'polling', every: 30_000 });
    await clock.advance(65_000);
    expect(api.lists).toHaveLength(3);
    expect(api.watches).toHaveLength(1);
    expect(phase()).toBe('polling');
  });
});

describe('interruptions', () => {
  it('drops a line cut in the middle and goes on from the last whole version (fault 1)', async () => {
    run(listing(['a'], open));
    await settle();
    api.watches[0]!.send(eventOf('ADDED', 'b', '11') + eventOf('ADDED', 'c', '12').slice(0, 40));
    api.watches[0]!.cut();
    await clock.advance(2000);
    expect(since(api.watches[1]!)).toBe('11');
    api.watches[1]!.send(eventOf('ADDED', 'c', '12'));
    await settle();
    expect(rows()).toEqual(['a', 'b', 'c']);
    expect(api.lists).toHaveLength(1);
    expect(states.map((state) => state.phase).slice(-2)).toEqual(['catching-up', 'live']);
  });

  it('backs off from a server that cuts every watch (fault 2)', async () => {
    run(
      listing(['a'], (asked) => {
        open(asked);
        asked.cut();
      }),
    );
    await clock.advance(600_000);
    expect(api.watches.length).toBeLessThan(25);
    const gaps = api.watches.slice(1).map((asked, i) => asked.at - api.watches[i]!.at);
    expect(gaps[0]).toBeGreaterThanOrEqual(800);
    expect(gaps.at(-1)).toBeGreaterThanOrEqual(30_000);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(60_000);
    expect(api.lists).toHaveLength(1);
    expect(rows()).toEqual(['a']);
  });

  it('backs off from very short watches that end cleanly', async () => {
    run(listing(['a'], (asked) => asked.end()));
    await clock.advance(120_000);
    expect(api.watches.length).toBeLessThan(12);
    expect(api.lists).toHaveLength(1);
  });

  it('opens again at once, without a word, at the timeout of the server (fault 3)', async () => {
    run(listing(['a'], open));
    await clock.advance(89_000);
    api.watches[0]!.end();
    await settle();
    expect(api.watches[1]!.at).toBe(api.watches[0]!.at + 89_000);
    expect(states.map((state) => state.phase)).toEqual(['listing', 'live']);
  });

  it('finds out within 120 s that a stream is dead, and says stale (fault 4)', async () => {
    let dead = false;
    run((asked) => {
      if (asked.watch) return dead ? undefined : open(asked);
      if (!dead) {
        asked.send(listOf(['a'], '10'));
        asked.end();
      } else asked.refuse(error('timeout'));
    });
    await settle();
    dead = true;
    await clock.advance(91_000);
    expect(states.at(-1)).toMatchObject({ phase: 'stale', error: { code: 'timeout' } });
    expect(rows()).toEqual(['a']);
    await clock.advance(3000);
    expect(api.watches).toHaveLength(2);
  });

  it('keeps a silent stream when the probe says that nothing happened', async () => {
    run(listing(['a'], open));
    await clock.advance(200_000);
    expect(api.watches).toHaveLength(1);
    expect(phase()).toBe('live');
    expect(api.lists.slice(1).every((asked) => asked.request.query?.['limit'] === 1)).toBe(true);
  });

  it('keeps the version and the rows while the server is away (fault 8)', async () => {
    let away = false;
    run(listing(['a'], (asked) => (away ? asked.refuse(error('refused')) : open(asked))));
    await settle();
    away = true;
    api.watches[0]!.cut();
    await clock.advance(120_000);
    expect(states.at(-1)).toMatchObject({ phase: 'stale', error: { code: 'refused' } });
    away = false;
    await clock.advance(61_000);
    expect(phase()).toBe('live');
    expect(api.lists).toHaveLength(1);
    expect(since(api.watches.at(-1)!)).toBe('10');
    expect(blanks).toBe(0);
  });

  it('fails, with the reason, while nothing was ever listed', async () => {
    let away = true;
    run((asked) => {
      if (asked.watch) return open(asked);
      if (away) return asked.refuse(error('refused'));
      asked.send(listOf(['a'], '10'));
      asked.end();
    });
    await settle();
    expect(states.at(-1)).toMatchObject({ phase: 'failed', error: { code: 'refused' } });
    away = false;
    await clock.advance(2000);
    expect(phase()).toBe('live');
  });
});

describe('what the server says', () => {
  it.each([
    ['in the stream', (asked: Asked) => asked.send(status(410, 'Expired'))],
    ['at the start', (asked: Asked) => asked.refuse(error('gone', 410))],
    [
      'as a version too large',
      (asked: Asked) =>
        asked.refuse(error('timeout', 504, { message: 'Too large resource version: 10, current: 3' })),
    ],
  ])('lists again after 410 %s: a diff, never a blank (faults 5, 9)', async (_name, expire) => {
    let names = ['a', 'b'];
    run((asked) => {
      if (asked.watch) return api.watches.length === 1 ? expire(asked) : open(asked);
      asked.send(listOf(names, api.lists.length === 1 ? '10' : '5'));
      asked.end();
      names = ['b', 'c'];
    });
    await clock.advance(2000);
    expect(phase()).toBe('live');
    expect(rows()).toEqual(['b', 'c']);
    expect(blanks).toBe(0);
    expect(api.lists).toHaveLength(2);
    expect(since(api.watches[1]!)).toBe('5');
  });

  it('lists at once after 410, however long the server was away before', async () => {
    let away = false;
    const watches: number[] = [];
    run((asked) => {
      if (away) return asked.refuse(error('refused'));
      if (asked.watch) {
        watches.push(clock.now());
        if (watches.length === 1) return open(asked);
        return watches.length === 2 ? asked.send(status(410, 'Expired')) : open(asked);
      }
      asked.send(listOf(['a'], '10'));
      asked.end();
    });
    await settle();
    away = true;
    api.watches[0]!.end();
    // Long enough for pauses of many seconds.
    await clock.advance(100_000);
    expect(phase()).toBe('stale');
    away = false;
    while (watches.length < 2) await clock.advance(1_000);
    const answered = watches[1]!;
    while (phase() !== 'live') await clock.advance(100);
    expect(clock.now() - answered).toBeLessThan(1_500);
  });

  it('makes no storm of a server that expires everything (fault 6)', async () => {
    run(listing(['a'], (asked) => asked.send(status(410, 'Expired'))));
    await clock.advance(300_000);
    expect(api.lists.length).toBeLessThan(16);
    expect(rows()).toEqual(['a']);
  });

  it('makes no storm of 410 at the start of each watch', async () => {
    run(listing(['a'], (asked) => asked.refuse(error('gone', 410))));
    await clock.advance(300_000);
    expect(api.lists.length).toBeLessThan(16);
  });

  it('makes no storm of 410 on every list', async () => {
    run((asked) => asked.refuse(error('gone', 410)));
    await clock.advance(300_000);
    expect(api.lists.length).toBeLessThan(32);
    expect(states.at(-1)).toMatchObject({ phase: 'failed', error: { code: 'gone' } });
  });

  it('waits as long as 429 asks for, for all lists of the cluster (fault 7)', async () => {
    run(
      listing(['a'], (asked, nth) =>
        nth === 1 ? asked.refuse(error('throttled', 429, { retryAfter: 20 })) : open(asked),
      ),
    );
    await settle();
    let admitted = false;
    void gate.admit({}, scope.signal).then(() => (admitted = true));
    await clock.advance(19_900);
    expect([api.watches.length, admitted]).toEqual([1, false]);
    await clock.advance(10_000);
    expect([api.watches.length, admitted]).toEqual([2, true]);
    expect(api.lists).toHaveLength(1);
  });

  it('goes on from the same version after 429 in the stream', async () => {
    run(
      listing(['a'], (asked, nth) => (nth === 1 ? asked.send(status(429, 'TooManyRequests')) : open(asked))),
    );
    await clock.advance(3000);
    expect(since(api.watches[1]!)).toBe('10');
    expect(api.lists).toHaveLength(1);
  });

  it('lists again after 500 in the stream', async () => {
    run(listing(['a'], (asked, nth) => (nth === 1 ? asked.send(status(500, 'InternalError')) : open(asked))));
    await clock.advance(3000);
    expect(api.lists).toHaveLength(2);
    expect(phase()).toBe('live');
  });

  it('asks a forbidden list again after 5 minutes only, or when told to (fault 12)', async () => {
    const reflector = run((asked) => asked.refuse(error('forbidden', 403)));
    await clock.advance(299_000);
    expect(api.lists).toHaveLength(1);
    expect(phase()).toBe('denied');
    reflector.retry();
    await settle();
    expect(api.lists).toHaveLength(2);
    await clock.advance(301_000);
    expect(api.lists).toHaveLength(3);
  });

  it('says that a kind is gone (fault 15)', async () => {
    run((asked) => asked.refuse(error('not-found', 404)));
    await settle();
    expect(phase()).toBe('gone');
  });

  it('asks for credentials again only after minutes (fault 11)', async () => {
    run((asked) => asked.refuse(error('unauthorized', 401)));
    await clock.advance(250_000);
    expect(api.lists).toHaveLength(1);
  });

  it('skips and counts lines that are none (faults 18, 21)', async () => {
    run(listing(['a'], open));
    await settle();
    api.watches[0]!.send(
      `nonsense\n${JSON.stringify({ type: 'ADDED', object: {} })}\n${eventOf('ADDED', 'b', '11')}`,
    );
    await settle();
    expect(rows()).toEqual(['a', 'b']);
    expect(table.skipped).toBe(2);
  });
});
