/**
 * A live query over one table: namespaces, filter and sort, of which one window is
 * looked at. Pull-based: `onReady` says that there is something to say (at once after an
 * update of the query, else at most every 100 ms, 1 s while hidden), `take` makes the
 * batch. Guarantees: a batch holds only rows of the window that are new or changed since
 * the last batch; `order` is absent when unchanged; a change moves rows, it never sorts
 * all; a filter that cannot be read leaves the last good one in force and is reported.
 */
import type { TableState, ViewBatch } from '#shared/contract/resources';
import { Scope } from '#shared/rpc/scope';
import { parseFilter, type FilterError } from './filter';
import { compileFilter, type CompiledFilter } from './filter-match';
import { comparator, prepareOrders, repair, sortRows, suggestOrder, type Compare, type Sort } from './order';
import { FILL_INTERVAL_MS } from './progress';
import type { Changes } from './changes';
import { sameList, SentWindow } from './sent-window';
import type { Table } from './table';

export const MAX_WINDOW = 200;
export const SHOWN_INTERVAL_MS = 100;
export const HIDDEN_INTERVAL_MS = 1000;
/** A watch that is read as often may come a little early: its rest counts from when its turn began. */
const EARLY_MS = 5;
/** Rows pass or fail `age:` filters without any event. */
const TIMED_INTERVAL_MS = 5000;
/** Tables smaller than this sort in no time. */
const PREPARE_FROM = 20_000;
const PREPARE_AFTER_MS = 500;
const SLICE_MS = 4;
const SLICE_PAUSE_MS = 12;

export interface ViewQuery {
  /** Empty: all. */
  readonly namespaces: readonly string[];
  readonly filter: string;
  readonly sort: Sort | null;
  readonly offset: number;
  readonly limit: number;
  readonly hidden?: boolean | undefined;
  readonly request: number;
}

/** A table with the state it is in; made by `caches`. */
export interface LiveTable {
  readonly table: Table;
  readonly state: TableState;
  onState(listener: () => void): () => void;
}

export interface ViewOptions {
  onReady(): void;
  /** Epoch ms; `clockOffset` of the server is added by the caller if wanted. */
  readonly now: () => number;
}

export interface SelectedKey {
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
}

export function openView(live: LiveTable, query: ViewQuery, options: ViewOptions, scope: Scope): View {
  return new View(live, query, options, scope);
}

type Level = 'none' | 'window' | 'match' | 'sort';
const levels: readonly Level[] = ['none', 'window', 'match', 'sort'];

export class View {
  private readonly live: LiveTable;
  private readonly table: Table;
  private readonly options: ViewOptions;
  private readonly scope: Scope;
  private query: ViewQuery;
  private filter: CompiledFilter;
  private filterError: FilterError | undefined;
  private compare: Compare;
  /** Rows of the namespaces, sorted. */
  private sorted: Uint32Array = new Uint32Array(0);
  /** Of these, rows that pass; the same array when the filter is empty. */
  private matched: Uint32Array = new Uint32Array(0);
  private touched = new Uint8Array(0);
  private touchedRows: number[] = [];
  private work: Level = 'sort';
  private dirty = true;
  private asked = false;
  private lastTake = -Infinity;
  private lastSend = -Infinity;
  private timer: (() => void) | undefined;
  private readonly sent: SentWindow;
  private sentState: TableState | undefined;
  private sentColumns = false;

  constructor(live: LiveTable, query: ViewQuery, options: ViewOptions, scope: Scope) {
    this.live = live;
    this.table = live.table;
    this.sent = new SentWindow(live.table);
    this.options = options;
    this.scope = scope;
    this.query = clamp(query);
    this.filter = emptyFilter(this.table);
    this.readFilter();
    this.compare = comparator(this.table, this.query.sort);
    scope.add(this.table.subscribe((changes) => this.onChanges(changes)));
    // Live, stale, denied: said at once; how far a list has come can wait.
    scope.add(live.onState(() => this.mark(live.state.phase !== this.sentState?.phase)));
    queueMicrotask(() => this.urgent());
  }

  update(change: Partial<ViewQuery> & { request: number }): void {
    const before = this.query;
    const query = clamp({ ...before, ...withoutUndefined(change) });
    this.query = query;
    if (query.filter !== before.filter) {
      this.readFilter();
      this.raise('match');
    }
    // What is on screen is the order by name already: the first real sort starts from it.
    if (before.sort === null && this.work !== 'sort' && this.sorted.length === this.table.size)
      suggestOrder(this.table, this.sorted.slice());
    if (query.sort?.column !== before.sort?.column || query.sort?.desc !== before.sort?.desc) {
      this.compare = comparator(this.table, query.sort);
      this.raise('sort');
    }
    if (!sameList(query.namespaces, before.namespaces)) this.raise('sort');
    this.urgent();
  }

  /** The newest batch, or undefined when there is nothing to say. */
  take(): ViewBatch | undefined {
    if (this.scope.disposed) return undefined;
    const { query, table } = this;
    const asked = this.asked;
    const state = this.live.state;
    if (!this.dirty && !asked && state === this.sentState) return undefined;
    this.timer?.();
    this.timer = undefined;
    this.lastTake = this.options.now();
    this.compute();
    const { matched } = this;
    const last = Math.max(0, matched.length - 1);
    const offset = Math.min(query.offset, Math.floor(last / Math.max(1, query.limit)) * query.limit, last);
    const start = query.offset <= last ? query.offset : offset;
    const { order, rows } = this.sent.advance(matched, start, Math.min(matched.length, start + query.limit));
    const quiet = order === undefined && rows.length === 0 && state === this.sentState;
    this.dirty = false;
    this.asked = false;
    this.scheduleTimed();
    this.prepare();
    const filterError = this.filterError ?? this.filter.trouble();
    const batch: ViewBatch = {
      ...(this.sentColumns ? {} : { columns: table.metas }),
      state,
      total: this.sorted.length,
      matched: matched.length,
      offset: start,
      ...(order ? { order } : {}),
      rows,
      ...(filterError ? { filterError } : {}),
      request: query.request,
    };
    const counts = `${batch.total}/${batch.matched}`;
    if (quiet && !asked && counts === this.sentCounts) return undefined;
    this.lastSend = this.lastTake;
    this.sentCounts = counts;
    this.sentState = state;
    this.sentColumns = true;
    return batch;
  }
  private sentCounts = '';

  /** Keys of the rows a query matches, in the view's order; at most `limit`. */
  select(limit: number): { keys: SelectedKey[]; matched: number } {
    this.compute();
    const keys: SelectedKey[] = [];
    for (let i = 0; i < this.matched.length && i < limit; i++) {
      const row = this.matched[i]!;
      keys.push({
        id: this.table.uid(row),
        namespace: this.table.namespace(row),
        name: this.table.name(row),
      });
    }
    return { keys, matched: this.matched.length };
  }

  private onChanges(changes: Changes): void {
    if (changes.reset) {
      this.raise('sort');
      this.mark();
      return;
    }
    const { top } = this.table;
    if (this.touched.length < top) {
      const wider = new Uint8Array(top + (top >>> 2) + 64);
      wider.set(this.touched);
      this.touched = wider;
    }
    for (const list of [changes.added, changes.removed]) for (const row of list) this.touch(row);
    const { sort } = this.query;
    const sortAt = sort ? this.table.columnAt(sort.column) : -1;
    let moves = sortAt >= 0 && changes.columns[sortAt] === 1;
    if (!moves && !this.filter.empty) {
      moves = this.filter.meta && changes.meta;
      for (const column of this.filter.columns) moves ||= changes.columns[column] === 1;
    }
    if (moves) for (const row of changes.changed) this.touch(row);
    else if (!this.dirty && changes.added.length + changes.removed.length === 0) {
      if (!changes.changed.some((row) => this.sent.has(row))) return;
    }
    this.raise('window');
    this.mark();
  }

  private touch(row: number): void {
    if (this.touched[row] === 1) return;
    this.touched[row] = 1;
    this.touchedRows.push(row);
  }

  private raise(level: Level): void {
    if (levels.indexOf(level) > levels.indexOf(this.work)) this.work = level;
    this.dirty = true;
  }

  /** Brings `sorted` and `matched` up to date with the table and the query. */
  private compute(): void {
    const { table, work } = this;
    const now = this.options.now();
    if (work === 'sort') {
      this.sorted = this.rowsOfNamespaces();
      sortRows(table, this.sorted, this.query.sort);
      this.matched = this.filterRows(this.sorted, now);
    } else {
      if (this.touchedRows.length > 0) this.repairOrders(now);
      if (work === 'match') this.matched = this.filterRows(this.sorted, now);
    }
    for (const row of this.touchedRows) this.touched[row] = 0;
    this.touchedRows = [];
    this.work = 'none';
  }

  private repairOrders(now: number): void {
    const inside = this.namespaceTest();
    const { table, touched, filter } = this;
    const rows = this.touchedRows.filter((row) => table.alive[row] === 1 && inside(row));
    const unfiltered = this.matched === this.sorted;
    this.sorted = repair(this.sorted, touched, Uint32Array.from(rows), this.compare);
    if (unfiltered && filter.empty) {
      this.matched = this.sorted;
      return;
    }
    const passing = rows.filter((row) => filter.test(row, now));
    this.matched = repair(this.matched, touched, Uint32Array.from(passing), this.compare);
  }

  private filterRows(sorted: Uint32Array, now: number): Uint32Array {
    const { filter } = this;
    if (filter.empty) return sorted;
    const out = new Uint32Array(sorted.length);
    let n = 0;
    for (let i = 0; i < sorted.length; i++) {
      const row = sorted[i]!;
      if (filter.test(row, now)) out[n++] = row;
    }
    return out.slice(0, n);
  }

  private rowsOfNamespaces(): Uint32Array {
    const { table } = this;
    const inside = this.namespaceTest();
    const out = new Uint32Array(table.size);
    let n = 0;
    for (let row = 0; row < table.top; row++) if (table.alive[row] === 1 && inside(row)) out[n++] = row;
    return out.subarray(0, n);
  }

  private namespaceTest(): (row: number) => boolean {
    const { table, query } = this;
    if (query.namespaces.length === 0 || !table.descriptor.namespaced) return () => true;
    const codes = new Set<number>();
    for (const namespace of query.namespaces) {
      const code = table.namespaces.find(namespace);
      if (code >= 0) codes.add(code);
    }
    return (row) => codes.has(table.namespaceOf.at(row));
  }

  private readFilter(): void {
    const parsed = parseFilter(this.query.filter);
    const compiled = 'error' in parsed ? parsed : compileFilter(parsed.terms, this.table);
    if ('error' in compiled) {
      this.filterError = compiled.error;
      return;
    }
    this.filterError = undefined;
    this.filter = compiled.filter;
  }

  private urgent(): void {
    if (this.scope.disposed) return;
    this.asked = true;
    this.timer?.();
    this.timer = undefined;
    this.options.onReady();
  }

  private mark(now = false): void {
    this.dirty = true;
    if (this.scope.disposed) return;
    if (now) {
      this.timer?.();
      this.timer = undefined;
    }
    if (this.timer) return;
    const interval = this.query.hidden ? HIDDEN_INTERVAL_MS : now ? 0 : SHOWN_INTERVAL_MS;
    // Putting rows in order costs; looking at the window does not, unless there is something to send.
    const last = this.touchedRows.length > 0 ? this.lastTake : this.lastSend;
    const rest = Math.min(interval, last + interval - this.options.now());
    const wait = !now && this.isFilling() ? FILL_INTERVAL_MS : rest;
    if (wait <= EARLY_MS) this.soon();
    else this.timer = this.scope.timeout(() => this.ready(), wait);
  }

  /** The window cannot be full for want of rows that are about to come. */
  private isFilling(): boolean {
    const { hidden, limit } = this.query;
    return hidden !== true && this.live.state.phase === 'listing' && this.sorted.length < limit;
  }

  /** Within this turn: a timer would wake the process once more for what is known already. */
  private soon(): void {
    let isOff = false;
    this.timer = () => (isOff = true);
    queueMicrotask(() => {
      if (!isOff && !this.scope.disposed) this.ready();
    });
  }

  private ready(): void {
    this.timer = undefined;
    this.options.onReady();
  }

  /** Once all rows are here: makes sorts ready in slices short enough to disturb nothing. */
  private prepare(): void {
    if (this.prepared || this.live.state.phase !== 'live' || this.table.size < PREPARE_FROM) return;
    this.prepared = true;
    const steps = prepareOrders(this.table);
    const slice = (): void => {
      const until = performance.now() + SLICE_MS;
      while (performance.now() < until) if (steps.next().done === true) return;
      this.scope.timeout(slice, SLICE_PAUSE_MS);
    };
    this.scope.timeout(slice, PREPARE_AFTER_MS);
  }
  private prepared = false;

  private scheduleTimed(): void {
    if (!this.filter.timed || this.timer) return;
    this.timer = this.scope.timeout(() => {
      this.timer = undefined;
      this.raise('match');
      this.options.onReady();
    }, TIMED_INTERVAL_MS);
  }
}

function emptyFilter(table: Table): CompiledFilter {
  const compiled = compileFilter([], table);
  if ('error' in compiled) throw new Error(compiled.error.message);
  return compiled.filter;
}

function clamp(query: ViewQuery): ViewQuery {
  return {
    ...query,
    offset: Math.max(0, Math.trunc(query.offset)),
    limit: Math.max(0, Math.min(MAX_WINDOW, Math.trunc(query.limit))),
  };
}

function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as T;
}
