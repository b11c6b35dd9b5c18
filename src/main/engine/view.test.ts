import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TableState, ViewBatch, WireRow } from '#shared/contract/resources';
import { Scope } from '#shared/rpc/scope';
import type { Sort } from './order';
import { sample, sampleKind, uuid } from './sample-kind';
import { Table } from './table';
import { openView, type LiveTable, type View, type ViewQuery } from './view';

const base: ViewQuery = { namespaces: [], filter: '', sort: null, offset: 0, limit: 10, request: 1 };

/** A reader that keeps what the renderer keeps: the order and rows it was told. */
class Reader {
  readonly table = new Table(sampleKind);
  readonly batches: ViewBatch[] = [];
  order: readonly string[] = [];
  readonly rows = new Map<string, WireRow>();
  ready = 0;
  view: View | undefined;
  state: TableState = { phase: 'live', since: 0 };
  readonly stateListeners = new Set<() => void>();

  open(query: Partial<ViewQuery>, scope: Scope, onReady?: () => void): View {
    const live: LiveTable = {
      table: this.table,
      state: this.state,
      onState: (listener) => {
        this.stateListeners.add(listener);
        return () => this.stateListeners.delete(listener);
      },
    };
    Object.defineProperty(live, 'state', { get: () => this.state });
    this.view = openView(
      live,
      { ...base, ...query },
      { now: () => Date.now(), onReady: onReady ?? (() => void this.ready++) },
      scope,
    );
    return this.view;
  }

  pull(): ViewBatch | undefined {
    const batch = this.view!.take();
    if (!batch) return undefined;
    this.batches.push(batch);
    if (batch.order) this.order = batch.order;
    for (const row of batch.rows) this.rows.set(row.id, row);
    return batch;
  }

  shown(): string[] {
    return this.order.map((id) => {
      const row = this.rows.get(id)!;
      return `${row.namespace}/${row.name}=${String(row.cells[7])}`;
    });
  }
}

let scope: Scope;
beforeEach(() => {
  scope = new Scope('test');
});
afterEach(() => {
  scope.dispose();
  vi.useRealTimers();
});

describe('windows', () => {
  it('sends the window once, then only what changed in it', () => {
    const reader = new Reader();
    for (let i = 0; i < 50; i++) reader.table.upsert(sample(`web-${i}`, { count: i }));
    reader.table.flush();
    reader.open({}, scope);
    const first = reader.pull()!;
    expect(first).toMatchObject({ total: 50, matched: 50, offset: 0, request: 1 });
    expect(first.columns).toHaveLength(10);
    expect(reader.shown()[2]).toBe('default/web-2=2');
    expect(reader.shown()).toHaveLength(10);

    reader.table.upsert(sample('web-3', { count: 99, rv: '2' }));
    reader.table.upsert(sample('web-40', { count: 99, rv: '2' }));
    reader.table.flush();
    const second = reader.pull()!;
    expect(second.rows.map((row) => row.name)).toEqual(['web-3']);
    expect(second.order).toBeUndefined();
    expect(second.columns).toBeUndefined();

    reader.table.upsert(sample('web-41', { count: 98, rv: '2' }));
    reader.table.flush();
    expect(reader.pull()).toBeUndefined();

    reader.table.remove(uuid('default/web-0'));
    reader.table.flush();
    const third = reader.pull()!;
    expect(third.rows.map((row) => row.name)).toEqual(['web-10']);
    expect(third).toMatchObject({ total: 49, matched: 49 });
    expect(third.order).toHaveLength(10);
  });

  it('moves with the reader, clamps the limit, and stays inside the rows', () => {
    const reader = new Reader();
    for (let i = 0; i < 500; i++) reader.table.upsert(sample(`web-${i}`));
    reader.open({ limit: 5000 }, scope);
    expect(reader.pull()!.rows).toHaveLength(200);
    reader.view!.update({ offset: 480, limit: 50, request: 2 });
    expect(reader.pull()).toMatchObject({ offset: 480, request: 2 });
    expect(reader.shown()[19]).toContain('web-499');
    reader.view!.update({ offset: 100_000, request: 3 });
    const end = reader.pull()!;
    expect(end.offset).toBeLessThan(500);
    expect(reader.order.length).toBeGreaterThan(0);
  });

  it('answers every request, even when nothing changed', () => {
    const reader = new Reader();
    reader.table.upsert(sample('a'));
    reader.open({}, scope);
    reader.pull();
    reader.view!.update({ filter: 'a', request: 7 });
    expect(reader.pull()).toMatchObject({ request: 7, rows: [] });
    expect(reader.pull()).toBeUndefined();
  });

  it('keeps the last good filter and says what is wrong with the new one', () => {
    const reader = new Reader();
    reader.table.upsert(sample('web'));
    reader.table.upsert(sample('db'));
    reader.open({ filter: 'web' }, scope);
    expect(reader.pull()).toMatchObject({ matched: 1, total: 2 });
    reader.view!.update({ filter: 'status:', request: 2 });
    expect(reader.pull()).toMatchObject({ matched: 1, filterError: { at: 7 } });
    reader.view!.update({ filter: '', request: 3 });
    const good = reader.pull()!;
    expect(good.matched).toBe(2);
    expect(good.filterError).toBeUndefined();
  });

  it('selects by query: keys of all rows that match, in order', () => {
    const reader = new Reader();
    for (let i = 0; i < 30; i++) reader.table.upsert(sample(`web-${i}`, { count: i }));
    const view = reader.open({ filter: 'count:>=20', sort: { column: 'count', desc: true } }, scope);
    const { keys, matched } = view.select(3);
    expect(matched).toBe(10);
    expect(keys.map((key) => key.name)).toEqual(['web-29', 'web-28', 'web-27']);
  });

  it('tells a state without any row', () => {
    const reader = new Reader();
    reader.state = { phase: 'listing', loaded: 0, expected: null };
    reader.open({}, scope);
    expect(reader.pull()!.state.phase).toBe('listing');
    reader.state = { phase: 'live', since: 1 };
    for (const listener of reader.stateListeners) listener();
    expect(reader.pull()!.state.phase).toBe('live');
  });
});

describe('pace', () => {
  it('speaks at most every 100 ms, at once after an update, every second while hidden', async () => {
    vi.useFakeTimers({ now: 1_000_000 });
    const reader = new Reader();
    const times: number[] = [];
    reader.open({}, scope, () => {
      times.push(Date.now() - 1_000_000);
      reader.pull();
    });
    await vi.advanceTimersByTimeAsync(0);
    for (let i = 0; i < 100; i++) {
      reader.table.upsert(sample('a', { count: i, rv: String(i) }));
      reader.table.flush();
      await vi.advanceTimersByTimeAsync(10);
    }
    expect(times.length).toBeGreaterThanOrEqual(10);
    expect(times.length).toBeLessThanOrEqual(12);
    times.length = 0;
    reader.view!.update({ hidden: true, request: 2 });
    for (let i = 0; i < 300; i++) {
      reader.table.upsert(sample('a', { count: i, rv: `h${i}` }));
      reader.table.flush();
      await vi.advanceTimersByTimeAsync(10);
    }
    expect(times.length).toBeGreaterThanOrEqual(3);
    expect(times.length).toBeLessThanOrEqual(5);
  });

  it('fills a first screen as its rows come, and takes its time once that is full', async () => {
    vi.useFakeTimers({ now: 0 });
    const reader = new Reader();
    reader.state = { phase: 'listing', loaded: 0, expected: null };
    const seen: string[] = [];
    reader.open({}, scope, () => seen.push(`${reader.pull()?.matched} at ${Date.now()}`));
    await vi.advanceTimersByTimeAsync(0);
    for (let i = 0; i < 25; i++) {
      reader.table.upsert(sample(`web-${i}`, { count: i }));
      reader.table.flush();
      await vi.advanceTimersByTimeAsync(10);
    }
    const filling = ['0 at 0', '2 at 20', '4 at 40', '6 at 60', '8 at 80', '10 at 100'];
    expect(seen).toEqual([...filling, '20 at 200']);
  });

  it('tells a change on screen at once, however much happens elsewhere', async () => {
    vi.useFakeTimers();
    const reader = new Reader();
    for (let i = 0; i < 50; i++) reader.table.upsert(sample(`web-${i}`, { count: i }));
    reader.table.flush();
    reader.open({ limit: 10 }, scope, () => void reader.pull());
    await vi.advanceTimersByTimeAsync(1_000);
    const before = reader.batches.length;
    for (let i = 0; i < 30; i++) {
      reader.table.upsert(sample('web-40', { count: 100 + i, rv: String(i + 2) }));
      reader.table.flush();
      vi.advanceTimersByTime(5);
    }
    expect(reader.batches).toHaveLength(before);
    reader.table.upsert(sample('web-3', { count: 7, rv: '9' }));
    reader.table.flush();
    // Without a timer: each wakes the process once more.
    await Promise.resolve();
    expect(reader.batches).toHaveLength(before + 1);
    expect(reader.shown()[3]).toBe('default/web-3=7');
    // And the next one after the usual pause.
    reader.table.upsert(sample('web-3', { count: 8, rv: '10' }));
    reader.table.flush();
    vi.advanceTimersByTime(90);
    expect(reader.batches).toHaveLength(before + 1);
    vi.advanceTimersByTime(10);
    expect(reader.shown()[3]).toBe('default/web-3=8');
  });

  it('shows a row that changed out of sight as it is when it comes into sight', () => {
    const reader = new Reader();
    for (let i = 0; i < 50; i++) reader.table.upsert(sample(`web-${i}`, { count: i }));
    reader.table.flush();
    reader.open({ limit: 10 }, scope);
    reader.pull();
    reader.table.upsert(sample('web-40', { count: 77, rv: '2' }));
    reader.table.flush();
    reader.view!.update({ offset: 38, request: 2 });
    reader.pull();
    expect(reader.shown()[2]).toBe('default/web-40=77');
  });

  it('lets rows pass an age filter as time goes by', async () => {
    vi.useFakeTimers({ now: 1_000_000 });
    const reader = new Reader();
    reader.table.upsert(sample('a', { born: 995_000 }));
    reader.open({ filter: 'age:>10s' }, scope, () => void reader.pull());
    await vi.advanceTimersByTimeAsync(0);
    expect(reader.batches.at(-1)!.matched).toBe(0);
    await vi.advanceTimersByTimeAsync(11_000);
    expect(reader.batches.at(-1)!.matched).toBe(1);
  });
});

interface Model {
  readonly name: string;
  readonly namespace: string;
  readonly count: number | null;
}

/** Splits into words and numbers: slow, plain, and written apart from the engine's. */
function natural(a: string, b: string): number {
  const parts = (text: string): string[] => text.match(/\d+|\D/g) ?? [];
  const x = parts(a);
  const y = parts(b);
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    const p = x[i]!;
    const q = y[i]!;
    if (/\d/.test(p) && /\d/.test(q)) {
      if (Number(p) !== Number(q)) return Number(p) - Number(q);
    } else if (p.toLowerCase() !== q.toLowerCase()) {
      return p.toLowerCase() < q.toLowerCase() ? -1 : 1;
    }
  }
  return x.length - y.length;
}

function expected(model: Iterable<Model>, query: ViewQuery): string[] {
  const { sort } = query;
  const rows = [...model].filter(
    (row) =>
      (query.namespaces.length === 0 || query.namespaces.includes(row.namespace)) &&
      `${row.name} ${row.namespace}`.includes(query.filter),
  );
  const sign = sort?.desc ? -1 : 1;
  const key = (a: Model, b: Model): number => {
    if (sort?.column === 'name') return sign * natural(a.name, b.name);
    if (sort?.column !== 'count' || a.count === b.count) return 0;
    if (a.count === null || b.count === null) return a.count === null ? 1 : -1;
    return sign * (a.count - b.count);
  };
  rows.sort((a, b) => key(a, b) || natural(a.namespace, b.namespace) || natural(a.name, b.name));
  return rows
    .slice(query.offset, query.offset + query.limit)
    .map((row) => `${row.namespace}/${row.name}=${String(row.count)}`);
}

describe('against a plain model', () => {
  const sorts = fc.constantFrom<Sort | null>(
    null,
    { column: 'count', desc: false },
    { column: 'count', desc: true },
    { column: 'name', desc: true },
    { column: 'name', desc: false },
  );
  const step = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        op: fc.constant('put' as const),
        id: fc.nat(40),
        ns: fc.nat(2),
        count: fc.option(fc.nat(4)),
      }),
    },
    { weight: 2, arbitrary: fc.record({ op: fc.constant('drop' as const), id: fc.nat(40), ns: fc.nat(2) }) },
    { weight: 1, arbitrary: fc.record({ op: fc.constant('sort' as const), sort: sorts }) },
    {
      weight: 1,
      arbitrary: fc.record({
        op: fc.constant('filter' as const),
        filter: fc.constantFrom('', '1', 'p-2', 'zz'),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        op: fc.constant('spaces' as const),
        spaces: fc.constantFrom<string[]>([], ['ns0'], ['ns1', 'ns2']),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        op: fc.constant('window' as const),
        offset: fc.nat(5),
        limit: fc.integer({ min: 1, max: 12 }),
      }),
    },
    { weight: 3, arbitrary: fc.record({ op: fc.constant('pull' as const) }) },
  );

  it('shows what sorting everything anew would show, after any history', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const own = scope.child('property');
        const reader = new Reader();
        reader.open({}, own);
        let query: ViewQuery = base;
        const model = new Map<string, Model>();
        const check = (): void => {
          reader.pull();
          const want = expected(model.values(), query);
          // Beyond the end the view shows its last page instead of nothing.
          if (want.length > 0) expect(reader.shown()).toEqual(want);
        };
        steps.forEach((s, i) => {
          if (s.op === 'put') {
            const row = { name: `p-${s.id}`, namespace: `ns${s.ns}`, count: s.count };
            model.set(`${row.namespace}/${row.name}`, row);
            reader.table.upsert(sample(row.name, { ...row, rv: String(i) }));
          } else if (s.op === 'drop') {
            model.delete(`ns${s.ns}/p-${s.id}`);
            reader.table.remove(uuid(`ns${s.ns}/p-${s.id}`));
          } else if (s.op === 'pull') {
            reader.table.flush();
            check();
          } else {
            const change =
              s.op === 'sort'
                ? { sort: s.sort }
                : s.op === 'filter'
                  ? { filter: s.filter }
                  : s.op === 'spaces'
                    ? { namespaces: s.spaces }
                    : { offset: s.offset, limit: s.limit };
            query = { ...query, ...change };
            reader.view!.update({ ...change, request: i });
          }
        });
        reader.table.flush();
        check();
        own.dispose();
      }),
      { numRuns: 300 },
    );
  });
});
