import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { error, open, since, Harness } from './reflector-test-help';
import { eventOf, listOf, settle } from './scripted-api';

let t: Harness;
beforeEach(() => {
  t = new Harness();
});
afterEach(async () => expect(await t.end()).toBe(0));

describe('list and watch', () => {
  it('lists, watches from the version of the list, follows events and bookmarks', async () => {
    t.run(t.listing(['a', 'b'], open));
    await settle();
    expect(t.phase()).toBe('live');
    expect(t.rows()).toEqual(['a', 'b']);
    const { query } = t.api.watches[0]!.request;
    expect(query).toMatchObject({ resourceVersion: '10', allowWatchBookmarks: true, watch: true });
    expect(query!['timeoutSeconds']).toBeGreaterThanOrEqual(300);
    expect(query!['timeoutSeconds']).toBeLessThanOrEqual(600);
    t.api.watches[0]!.send(
      eventOf('ADDED', 'c', '11') + eventOf('MODIFIED', 'a', '12', 'n') + eventOf('DELETED', 'b', '13'),
    );
    t.api.watches[0]!.send(
      `${JSON.stringify({ type: 'BOOKMARK', object: { metadata: { resourceVersion: '99' } } })}\n`,
    );
    await t.clock.advance(60_000);
    expect(t.rows()).toEqual(['a', 'c']);
    t.api.watches[0]!.end();
    await settle();
    expect(t.api.watches).toHaveLength(2);
    expect(since(t.api.watches[1]!)).toBe('99');
    expect(t.api.lists).toHaveLength(1);
  });

  it('reads pages with one page of look-ahead', async () => {
    const order: string[] = [];
    t.run((asked) => {
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
    expect(t.api.lists[0]!.request.query).toMatchObject({ limit: 500 });
    expect(t.rows()).toEqual(['a', 'b']);
  });

  it('takes a server that ignores the limit', async () => {
    t.run(
      t.listing(
        Array.from({ length: 1200 }, (_, i) => `n${i}`),
        open,
      ),
    );
    await settle();
    expect(t.table.size).toBe(1200);
    expect(t.api.lists).toHaveLength(1);
  });

  it('reads everything once more when the continue token expires (fault 5)', async () => {
    t.run((asked) => {
      if (asked.watch) return open(asked);
      if (asked.request.query?.['continue'] !== undefined) return asked.refuse(error('gone', 410));
      const full = asked.request.query?.['limit'] === undefined;
      asked.send(full ? listOf(['b', 'c'], '20') : listOf(['a'], '10', { continue: 't', remaining: 1 }));
      asked.end();
    });
    await settle();
    expect(t.rows()).toEqual(['b', 'c']);
    expect(since(t.api.watches[0]!)).toBe('20');
    expect(t.api.lists).toHaveLength(3);
  });

  it('polls where list is allowed and watch is not', async () => {
    t.run(t.listing(['a'], (asked) => asked.refuse(error('forbidden', 403))));
    await settle();
    expect(t.states.at(-1)).toMatchObject({ phase: 'polling', every: 30_000 });
    await t.clock.advance(65_000);
    expect(t.api.lists).toHaveLength(3);
    expect(t.api.watches).toHaveLength(1);
    expect(t.phase()).toBe('polling');
  });
});

describe('interruptions', () => {
  it('drops a line cut in the middle and goes on from the last whole version (fault 1)', async () => {
    t.run(t.listing(['a'], open));
    await settle();
    t.api.watches[0]!.send(eventOf('ADDED', 'b', '11') + eventOf('ADDED', 'c', '12').slice(0, 40));
    t.api.watches[0]!.cut();
    await t.clock.advance(2000);
    expect(since(t.api.watches[1]!)).toBe('11');
    t.api.watches[1]!.send(eventOf('ADDED', 'c', '12'));
    await settle();
    expect(t.rows()).toEqual(['a', 'b', 'c']);
    expect(t.api.lists).toHaveLength(1);
    expect(t.states.map((state) => state.phase).slice(-2)).toEqual(['catching-up', 'live']);
  });

  it('backs off from a server that cuts every watch (fault 2)', async () => {
    t.run(
      t.listing(['a'], (asked) => {
        open(asked);
        asked.cut();
      }),
    );
    await t.clock.advance(600_000);
    expect(t.api.watches.length).toBeLessThan(25);
    const gaps = t.api.watches.slice(1).map((asked, i) => asked.at - t.api.watches[i]!.at);
    expect(gaps[0]).toBeGreaterThanOrEqual(800);
    expect(gaps.at(-1)).toBeGreaterThanOrEqual(30_000);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(60_000);
    expect(t.api.lists).toHaveLength(1);
    expect(t.rows()).toEqual(['a']);
  });

  it('backs off from very short watches that end cleanly', async () => {
    t.run(t.listing(['a'], (asked) => asked.end()));
    await t.clock.advance(120_000);
    expect(t.api.watches.length).toBeLessThan(12);
    expect(t.api.lists).toHaveLength(1);
  });

  it('opens again at once, without a word, at the timeout of the server (fault 3)', async () => {
    t.run(t.listing(['a'], open));
    await t.clock.advance(89_000);
    t.api.watches[0]!.end();
    await settle();
    expect(t.api.watches[1]!.at).toBe(t.api.watches[0]!.at + 89_000);
    expect(t.states.map((state) => state.phase)).toEqual(['listing', 'live']);
  });

  it('finds out within 120 s that a stream is dead, and says stale (fault 4)', async () => {
    let dead = false;
    t.run((asked) => {
      if (asked.watch) return dead ? undefined : open(asked);
      if (!dead) {
        asked.send(listOf(['a'], '10'));
        asked.end();
      } else asked.refuse(error('timeout'));
    });
    await settle();
    dead = true;
    await t.clock.advance(91_000);
    expect(t.states.at(-1)).toMatchObject({ phase: 'stale', error: { code: 'timeout' } });
    expect(t.rows()).toEqual(['a']);
    await t.clock.advance(3000);
    expect(t.api.watches).toHaveLength(2);
  });

  it('keeps a silent stream when the probe says that nothing happened', async () => {
    t.run(t.listing(['a'], open));
    await t.clock.advance(200_000);
    expect(t.api.watches).toHaveLength(1);
    expect(t.phase()).toBe('live');
    expect(t.api.lists.slice(1).every((asked) => asked.request.query?.['limit'] === 1)).toBe(true);
  });

  it('keeps the version and the rows while the server is away (fault 8)', async () => {
    let away = false;
    t.run(t.listing(['a'], (asked) => (away ? asked.refuse(error('refused')) : open(asked))));
    await settle();
    away = true;
    t.api.watches[0]!.cut();
    await t.clock.advance(120_000);
    expect(t.states.at(-1)).toMatchObject({ phase: 'stale', error: { code: 'refused' } });
    away = false;
    await t.clock.advance(61_000);
    expect(t.phase()).toBe('live');
    expect(t.api.lists).toHaveLength(1);
    expect(since(t.api.watches.at(-1)!)).toBe('10');
    expect(t.blanks).toBe(0);
  });

  it('fails, with the reason, while nothing was ever listed', async () => {
    let away = true;
    t.run((asked) => {
      if (asked.watch) return open(asked);
      if (away) return asked.refuse(error('refused'));
      asked.send(listOf(['a'], '10'));
      asked.end();
    });
    await settle();
    expect(t.states.at(-1)).toMatchObject({ phase: 'failed', error: { code: 'refused' } });
    away = false;
    await t.clock.advance(2000);
    expect(t.phase()).toBe('live');
  });
});
