/**
 * What one screen sees of a store: the rows a filter passes, and the hits of a search in them. Works in
 * slices of time, so that the host stays live over a million lines. Guarantees: a row keeps its number
 * while the filter stands; results are right for all lines looked at, and `done` says when that is all.
 */
import type { LogFilter, LogHistogram, LogSearchState, LogTerm } from '#shared/contract/logs';
import { CONTINUES, LEVEL_BITS } from '#shared/domain/logs/flags';
import { noFilter } from '#shared/contract/logs';
import type { ByteStore, Chunk } from './byte-store';
import { compileFilter, type LineFilter } from './line-filter';
import { compileTerm, type LineMatcher } from './matcher';
import { NumberList } from './number-list';

export const MARKS = 256;
const CHECK_EVERY = 256;
/** Lines looked at for folded ones behind a head, and for each line of context among hidden ones. */
const MOST_FOLDED = 2_000;
const CONTEXT_REACH = 100;

export class LogView {
  filterError: string | undefined;
  matcher: LineMatcher | undefined;
  private searchError: string | undefined;
  private filter: LineFilter | undefined;
  /** Lines shown, by seq; half a one more for what only stands around a hit. Unused without a filter. */
  private readonly passed = new NumberList();
  /** Lines still to be shown behind the last that passed. */
  private after = 0;
  private filteredTo: number;
  /** Rows that hold a hit. */
  private readonly found = new NumberList();
  private searchedTo = 0;
  /** Lines looked at between two looks at the clock. */
  private step = 1024;
  private described: LogFilter = noFilter;
  private unfolded: ReadonlySet<number> = new Set();
  private term: LogTerm | null = null;

  constructor(
    private readonly store: ByteStore,
    private readonly isHidden: (stream: number, hidden: readonly string[]) => boolean,
  ) {
    this.filteredTo = store.first;
  }

  get first(): number {
    return this.filter ? this.passed.first : this.store.first;
  }

  get end(): number {
    return this.filter ? this.passed.end : this.store.end;
  }

  /** Part of the lines the filter has looked at. */
  get filtered(): number {
    if (!this.filter) return 1;
    const { first, count } = this.store;
    return count === 0 ? 1 : Math.min(1, Math.max(0, this.filteredTo - first) / count);
  }

  get busy(): boolean {
    if (this.filter && this.filteredTo < this.store.end) return true;
    return this.matcher !== undefined && this.searchedTo < this.end;
  }

  setFilter(filter: LogFilter, unfolded: ReadonlySet<number> = this.unfolded): void {
    try {
      const hidden = (stream: number): boolean => this.isHidden(stream, filter.hidden);
      this.filter = compileFilter(filter, hidden, unfolded);
      this.filterError = undefined;
      this.described = filter;
      this.unfolded = unfolded;
    } catch (thrown) {
      this.filterError = thrown instanceof Error ? thrown.message : String(thrown);
      return;
    }
    this.passed.clear();
    this.after = 0;
    this.filteredTo = this.store.first;
    this.restartSearch();
  }

  setUnfolded(unfolded: ReadonlySet<number>): void {
    this.setFilter(this.described, unfolded);
  }

  setSearch(term: LogTerm | null): void {
    this.term = term;
    this.matcher = undefined;
    this.searchError = undefined;
    try {
      if (term) this.matcher = compileTerm(term);
    } catch (thrown) {
      this.searchError = thrown instanceof Error ? thrown.message : String(thrown);
    }
    this.restartSearch();
  }

  /** Seq of a row; -1 for one that is not there. */
  seqOf(row: number): number {
    if (row < this.first || row >= this.end) return -1;
    return this.filter ? Math.floor(this.passed.at(row)) : row;
  }

  /** Whether the row does not meet the filter itself and stands near one that does. */
  isContext(row: number): boolean {
    return this.filter !== undefined && this.passed.at(row) % 1 !== 0;
  }

  get folds(): boolean {
    return this.described.fold;
  }

  /** Lines that go on from this one and are folded away or would be; 0 while nothing is folded. */
  folded(chunk: Chunk, index: number, seq: number): number {
    if (!this.folds || ((chunk.flags[index] as number) & CONTINUES) !== 0) return 0;
    const stream = chunk.streams[index] as number;
    let count = 0;
    for (let next = seq + 1; next < Math.min(this.store.end, seq + MOST_FOLDED); next += 1) {
      const place = this.store.place(next);
      if (!place || place.chunk.streams[place.index] !== stream) continue;
      if (((place.chunk.flags[place.index] as number) & CONTINUES) === 0) break;
      count += 1;
    }
    return count;
  }

  /** Row of a line, or of the nearest one after it. */
  rowOf(seq: number): number {
    const row = this.filter ? this.passed.search(seq) : seq;
    return Math.max(this.first, Math.min(row, Math.max(this.first, this.end - 1)));
  }

  /** First row at or after a time (ms); lines are nearly, not strictly, in the order of time. */
  rowAt(time: number): number {
    let low = this.first;
    let high = this.end;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.store.time(this.seqOf(middle)) < time) low = middle + 1;
      else high = middle;
    }
    return Math.max(this.first, Math.min(low, this.end - 1));
  }

  /** Works for at most `ms`; returns whether something changed. */
  advance(ms: number): boolean {
    const until = performance.now() + ms;
    this.trim();
    const before = this.end + this.searchedTo;
    if (this.filter) this.advanceFilter(this.filter, until);
    if (this.matcher) this.advanceSearch(this.matcher, until);
    return this.end + this.searchedTo !== before;
  }

  hit(from: number, direction: 'next' | 'previous'): { row: number; index: number } | null {
    const { found } = this;
    if (found.count === 0) return null;
    let at = found.search(direction === 'next' ? from + 1 : from);
    if (direction === 'previous') at -= 1;
    // Past the last comes the first again.
    if (at >= found.end) at = found.first;
    if (at < found.first) at = found.end - 1;
    return { row: found.at(at), index: at - found.first };
  }

  searchState(): LogSearchState | undefined {
    if (!this.term) return undefined;
    const marks = new Array<number>(MARKS).fill(0);
    const { first, end, found } = this;
    const span = Math.max(1, end - first);
    for (let i = found.first; i < found.end; i += 1) {
      const part = Math.min(MARKS - 1, Math.floor(((found.at(i) - first) / span) * MARKS));
      if (part >= 0) marks[part] = (marks[part] as number) + 1;
    }
    const error = this.searchError;
    return { count: found.count, done: !this.busy, marks, ...(error === undefined ? {} : { error }) };
  }

  /** All lines kept, over time, by level; at most `bars` bars. */
  histogram(bars: number): LogHistogram | undefined {
    const { chunks, count } = this.store;
    if (count === 0 || bars < 1) return undefined;
    let low = Infinity;
    let high = -Infinity;
    for (const { base, deltas, count: lines } of chunks) {
      for (let i = 0; i < lines; i += 1) {
        const time = base + (deltas[i] as number);
        if (time < low) low = time;
        if (time > high) high = time;
      }
    }
    const step = niceStep((high - low + 1) / bars);
    const from = Math.floor(low / step) * step;
    const size = Math.min(bars + 2, Math.floor((high - from) / step) + 1);
    const counts = new Array<number>(size * 7).fill(0);
    for (const { base, deltas, flags, count: lines } of chunks) {
      const offset = base - from;
      for (let i = 0; i < lines; i += 1) {
        const bar = Math.floor((offset + (deltas[i] as number)) / step);
        const at = bar * 7 + ((flags[i] as number) & LEVEL_BITS);
        counts[at] = (counts[at] ?? 0) + 1;
      }
    }
    return { from, step, counts };
  }

  private restartSearch(): void {
    this.found.clear();
    this.searchedTo = this.first;
  }

  private trim(): void {
    if (this.filter) {
      this.passed.dropBelow(this.store.first);
      this.filteredTo = Math.max(this.filteredTo, this.store.first);
    }
    this.found.dropBelow(this.first);
    this.searchedTo = Math.max(this.searchedTo, this.first);
  }

  private advanceFilter(filter: LineFilter, until: number): void {
    const { store } = this;
    while (this.filteredTo < store.end) {
      const place = store.place(this.filteredTo);
      if (!place) return;
      const { chunk, index } = place;
      for (let i = index; i < chunk.count; i += 1) {
        const seq = chunk.first + i;
        if (filter.passes(chunk, i, seq)) {
          if (filter.context > 0) this.pushBefore(filter, seq);
          this.passed.push(seq);
          this.after = filter.context;
        } else if (this.after > 0 && filter.mayShow(chunk, i)) {
          this.after -= 1;
          this.passed.push(seq + 0.5);
        }
        if (i % CHECK_EVERY === 0 && performance.now() > until) {
          this.filteredTo = chunk.first + i + 1;
          return;
        }
      }
      this.filteredTo = chunk.first + chunk.count;
    }
  }

  /** What may be shown before a line that passed, as far as it is not shown yet. */
  private pushBefore(filter: LineFilter, seq: number): void {
    const { passed, store } = this;
    const last = passed.count > 0 ? Math.floor(passed.at(passed.end - 1)) : -1;
    const found: number[] = [];
    const stop = Math.max(last, store.first - 1, seq - filter.context * CONTEXT_REACH);
    for (let at = seq - 1; at > stop && found.length < filter.context; at -= 1) {
      const place = store.place(at);
      if (place && filter.mayShow(place.chunk, place.index)) found.push(at + 0.5);
    }
    for (let i = found.length - 1; i >= 0; i -= 1) passed.push(found[i] as number);
  }

  private advanceSearch(matcher: LineMatcher, until: number): void {
    const { store, found } = this;
    if (!this.filter) {
      while (this.searchedTo < store.end) {
        const place = store.place(this.searchedTo);
        if (!place) return;
        const { chunk, index } = place;
        const to = Math.min(chunk.count, index + this.step);
        const began = performance.now();
        matcher.scan(chunk, index, to, (at) => found.push(chunk.first + at));
        this.searchedTo = chunk.first + to;
        const now = performance.now();
        // Slow patterns get few lines at a time: a slice ends when it should.
        if (now - began > 4) this.step = Math.max(16, this.step >> 1);
        else if (now - began < 1) this.step = Math.min(8192, this.step * 2);
        if (now > until) return;
      }
      return;
    }
    for (let row = this.searchedTo; row < this.end; row += 1) {
      const place = store.place(Math.floor(this.passed.at(row)));
      if (place) {
        const { chunk, index } = place;
        if (matcher.test(chunk.data, chunk.starts[index] as number, chunk.endOf(index))) found.push(row);
      }
      this.searchedTo = row + 1;
      if (row % CHECK_EVERY === 0 && performance.now() > until) return;
    }
  }
}

const steps = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 15e3, 3e4, 6e4, 12e4, 3e5, 6e5, 9e5, 18e5, 36e5,
  72e5, 216e5, 432e5, 864e5,
];

/** The next round length of time at or above. */
function niceStep(ms: number): number {
  return steps.find((step) => step >= ms) ?? Math.ceil(ms / 864e5) * 864e5;
}
