import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { error, open, since, status, Harness } from './reflector-test-help';
import { eventOf, listOf, settle, type Asked } from './scripted-api';

let t: Harness;
beforeEach(() => {
  t = new Harness();
});
afterEach(async () => expect(await t.end()).toBe(0));

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
    t.run((asked) => {
      if (asked.watch) return t.api.watches.length === 1 ? expire(asked) : open(asked);
      asked.send(listOf(names, t.api.lists.length === 1 ? '10' : '5'));
      asked.end();
      names = ['b', 'c'];
    });
    await t.clock.advance(2000);
    expect(t.phase()).toBe('live');
    expect(t.rows()).toEqual(['b', 'c']);
    expect(t.blanks).toBe(0);
    expect(t.api.lists).toHaveLength(2);
    expect(since(t.api.watches[1]!)).toBe('5');
  });

  it('lists at once after 410, however long the server was away before', async () => {
    let away = false;
    const watches: number[] = [];
    t.run((asked) => {
      if (away) return asked.refuse(error('refused'));
      if (asked.watch) {
        watches.push(t.clock.now());
        if (watches.length === 1) return open(asked);
        return watches.length === 2 ? asked.send(status(410, 'Expired')) : open(asked);
      }
      asked.send(listOf(['a'], '10'));
      asked.end();
    });
    await settle();
    away = true;
    t.api.watches[0]!.end();
    // Long enough for pauses of many seconds.
    await t.clock.advance(100_000);
    expect(t.phase()).toBe('stale');
    away = false;
    while (watches.length < 2) await t.clock.advance(1_000);
    const answered = watches[1]!;
    while (t.phase() !== 'live') await t.clock.advance(100);
    expect(t.clock.now() - answered).toBeLessThan(1_500);
  });

  it('makes no storm of a server that expires everything (fault 6)', async () => {
    t.run(t.listing(['a'], (asked) => asked.send(status(410, 'Expired'))));
    await t.clock.advance(300_000);
    expect(t.api.lists.length).toBeLessThan(16);
    expect(t.rows()).toEqual(['a']);
  });

  it('forgets how often it expired when told to try again', async () => {
    const reflector = t.run(t.listing(['a'], (asked) => asked.send(status(410, 'Expired'))));
    await t.clock.advance(300_000);
    const before = t.api.lists.length;
    reflector.retry();
    await t.clock.advance(1_500);
    expect(t.api.lists.length - before).toBeGreaterThanOrEqual(2);
  });

  it('makes no storm of 410 at the start of each watch', async () => {
    t.run(t.listing(['a'], (asked) => asked.refuse(error('gone', 410))));
    await t.clock.advance(300_000);
    expect(t.api.lists.length).toBeLessThan(16);
  });

  it('makes no storm of 410 on every list', async () => {
    t.run((asked) => asked.refuse(error('gone', 410)));
    await t.clock.advance(300_000);
    expect(t.api.lists.length).toBeLessThan(32);
    expect(t.states.at(-1)).toMatchObject({ phase: 'failed', error: { code: 'gone' } });
  });

  it('waits as long as 429 asks for, for all lists of the cluster (fault 7)', async () => {
    t.run(
      t.listing(['a'], (asked, nth) =>
        nth === 1 ? asked.refuse(error('throttled', 429, { retryAfter: 20 })) : open(asked),
      ),
    );
    await settle();
    let admitted = false;
    void t.gate.admit({}, t.scope.signal).then(() => (admitted = true));
    await t.clock.advance(19_900);
    expect([t.api.watches.length, admitted]).toEqual([1, false]);
    await t.clock.advance(10_000);
    expect([t.api.watches.length, admitted]).toEqual([2, true]);
    expect(t.api.lists).toHaveLength(1);
  });

  it('goes on from the same version after 429 in the stream', async () => {
    t.run(
      t.listing(['a'], (asked, nth) =>
        nth === 1 ? asked.send(status(429, 'TooManyRequests')) : open(asked),
      ),
    );
    await t.clock.advance(3000);
    expect(since(t.api.watches[1]!)).toBe('10');
    expect(t.api.lists).toHaveLength(1);
  });

  it('lists again after 500 in the stream', async () => {
    t.run(
      t.listing(['a'], (asked, nth) => (nth === 1 ? asked.send(status(500, 'InternalError')) : open(asked))),
    );
    await t.clock.advance(3000);
    expect(t.api.lists).toHaveLength(2);
    expect(t.phase()).toBe('live');
  });

  it('asks a forbidden list again after 5 minutes only, or when told to (fault 12)', async () => {
    const reflector = t.run((asked) => asked.refuse(error('forbidden', 403)));
    await t.clock.advance(299_000);
    expect(t.api.lists).toHaveLength(1);
    expect(t.phase()).toBe('denied');
    reflector.retry();
    await settle();
    expect(t.api.lists).toHaveLength(2);
    await t.clock.advance(301_000);
    expect(t.api.lists).toHaveLength(3);
  });

  it('says that a kind is gone (fault 15)', async () => {
    t.run((asked) => asked.refuse(error('not-found', 404)));
    await settle();
    expect(t.phase()).toBe('gone');
  });

  it('asks for credentials again only after minutes (fault 11)', async () => {
    t.run((asked) => asked.refuse(error('unauthorized', 401)));
    await t.clock.advance(250_000);
    expect(t.api.lists).toHaveLength(1);
  });

  it('skips and counts lines that are none (faults 18, 21)', async () => {
    t.run(t.listing(['a'], open));
    await settle();
    t.api.watches[0]!.send(
      `nonsense\n${JSON.stringify({ type: 'ADDED', object: {} })}\n${eventOf('ADDED', 'b', '11')}`,
    );
    await settle();
    expect(t.rows()).toEqual(['a', 'b']);
    expect(t.table.skipped).toBe(2);
  });
});
