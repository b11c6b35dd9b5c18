/**
 * Row orders. A full sort happens when the sort key changes; after that `repair` takes
 * the touched rows out and merges them back in: a change moves one row.
 * Order is total: by the key (empties last in both directions), then namespace, then
 * name, then row number.
 */
import { isWords, type Column } from './column';
import type { Dictionary } from './dictionary';
import type { Codes, Numbers } from './store';
import type { Table } from './table';

export interface Sort {
  /** A column id, `name` or `namespace`. */
  readonly column: string;
  readonly desc: boolean;
}

export type Compare = (a: number, b: number) => number;

/** So many new words or rows are put in place one by one. */
const FEW = 4096;

/** Codes of a dictionary in natural order, and the rank of each. */
interface Ranks {
  epoch: number;
  order: Uint32Array;
  rank: Float64Array;
}
const ranks = new WeakMap<Dictionary, Ranks>();

function rankOf(dictionary: Dictionary): Float64Array {
  const known = ranks.get(dictionary);
  const { size, epoch } = dictionary;
  const isSame = known?.epoch === epoch;
  if (isSame && known.order.length === size) return known.rank;
  const compare: Compare = (a, b) => dictionary.compare(a, b);
  let order: Uint32Array;
  if (isSame && size - known.order.length <= FEW) {
    // Words only come: the few new ones find their places among the old.
    const fresh = Uint32Array.from({ length: size - known.order.length }, (_, i) => known.order.length + i);
    order = repair(known.order, new Uint8Array(size), fresh, compare);
  } else {
    order = new Uint32Array(size);
    for (let i = 0; i < size; i++) order[i] = i;
    mergeSort(order, compare);
  }
  return keepRanks(dictionary, order);
}

function keepRanks(dictionary: Dictionary, order: Uint32Array): Float64Array {
  const rank = new Float64Array(order.length);
  for (let i = 0; i < order.length; i++) rank[order[i]!] = i;
  rank[0] = NaN;
  ranks.set(dictionary, { epoch: dictionary.epoch, order, rank });
  return rank;
}

function compareNames(table: Table): Compare {
  const { names, namespaces } = table;
  return (a, b) =>
    namespaces.compare(table.namespaceOf.at(a), table.namespaceOf.at(b)) ||
    names.compare(table.nameOf.at(a), table.nameOf.at(b)) ||
    a - b;
}

/** All rows by namespace and name, kept between sorts: names do not change while rows live. */
const nameOrders = new WeakMap<Table, { membership: number; order: Uint32Array }>();

function nameOrder(table: Table): Uint32Array {
  const known = nameOrders.get(table);
  if (known?.membership === table.membership) return known.order;
  const fresh = table.takeNewRows();
  const order =
    known && fresh && fresh.length <= FEW
      ? patched(table, known.order, fresh)
      : resorted(table, known?.order);
  nameOrders.set(table, { membership: table.membership, order });
  return order;
}

/** The old order without the rows that are gone or hold another object, and with these. */
function patched(table: Table, old: Uint32Array, fresh: readonly number[]): Uint32Array {
  const touched = new Uint8Array(table.top);
  for (let row = 0; row < table.top; row++) touched[row] = table.alive[row]! ^ 1;
  const born = [...new Set(fresh)].filter((row) => table.alive[row] === 1);
  for (const row of born) touched[row] = 1;
  return repair(old, touched, Uint32Array.from(born), compareNames(table));
}

function resorted(table: Table, old: Uint32Array | undefined): Uint32Array {
  const order = new Uint32Array(table.size);
  const placed = new Uint8Array(table.top);
  let n = 0;
  // The old order first: what is left of it is one long run, new rows are merged into it.
  for (const row of old ?? []) {
    if (row >= table.top || table.alive[row] !== 1) continue;
    placed[row] = 1;
    order[n++] = row;
  }
  for (let row = 0; row < table.top; row++) if (table.alive[row] === 1 && placed[row] === 0) order[n++] = row;
  mergeSort(order, compareNames(table));
  return order;
}

/**
 * An order by namespace and name that somebody has anyway: where none to speak of is known, the
 * next sort starts from it.
 */
export function suggestOrder(table: Table, rows: Uint32Array): void {
  const known = nameOrders.get(table)?.order.length ?? 0;
  if (known * 2 < rows.length) nameOrders.set(table, { membership: -1, order: rows });
}

/** What two rows compare as under a sort; null sorts by namespace and name. */
export function comparator(table: Table, sort: Sort | null): Compare {
  const ties = compareNames(table);
  const key = sort === null ? undefined : keyCompare(table, sort);
  return key === undefined ? ties : (a, b) => key(a, b) || ties(a, b);
}

function keyCompare(table: Table, sort: Sort): Compare | undefined {
  const sign = sort.desc ? -1 : 1;
  const index = table.columnAt(sort.column);
  if (index < 0) {
    if (sort.column === 'name') {
      return (a, b) => sign * table.names.compare(table.nameOf.at(a), table.nameOf.at(b));
    }
    if (sort.column === 'namespace') {
      return (a, b) => sign * table.namespaces.compare(table.namespaceOf.at(a), table.namespaceOf.at(b));
    }
    return undefined;
  }
  const column = table.columns[index]!;
  if (isWords(column.meta.type)) {
    const dictionary = column.dictionary!;
    return (a, b) => {
      const x = column.codes!.at(a);
      const y = column.codes!.at(b);
      if (x === y) return 0;
      if (x === 0 || y === 0) return x === 0 ? 1 : -1;
      return sign * dictionary.compare(x, y);
    };
  }
  return (a, b) => {
    const first = compareFloats(column.numbers!.at(a), column.numbers!.at(b), sign);
    return first !== 0 || !column.seconds
      ? first
      : compareFloats(column.seconds!.at(a), column.seconds!.at(b), sign);
  };
}

/** An age grows as its time shrinks, but the column sorts by what it stores: the time. */
function compareFloats(a: number, b: number, sign: number): number {
  if (a === b) return 0;
  if (a !== a) return b !== b ? 0 : 1;
  if (b !== b) return -1;
  return a < b ? -sign : sign;
}

/** Sorts the rows in place, with ties by namespace and name. */
export function sortRows(table: Table, rows: Uint32Array, sort: Sort | null): void {
  const base = nameOrder(table);
  if (rows.length === base.length) {
    rows.set(base);
  } else {
    const wanted = new Uint8Array(table.top);
    for (const row of rows) wanted[row] = 1;
    let n = 0;
    for (const row of base) if (wanted[row] === 1) rows[n++] = row;
  }
  const keys = sort === null ? undefined : numericKeys(table, sort);
  if (keys === undefined) return;
  const { first, second } = keys;
  const sign = sort!.desc ? -1 : 1;
  mergeSort(rows, (a, b) => {
    const x = compareFloats(first[a]!, first[b]!, sign);
    return x !== 0 || second === undefined ? x : compareFloats(second[a]!, second[b]!, sign);
  });
}

function numericKeys(table: Table, sort: Sort): { first: Float64Array; second?: Float64Array } | undefined {
  const index = table.columnAt(sort.column);
  if (index >= 0) {
    const column: Column = table.columns[index]!;
    if (!isWords(column.meta.type)) {
      const first = floats(column.numbers!, table.top);
      return column.seconds ? { first, second: floats(column.seconds, table.top) } : { first };
    }
    return { first: byRank(column.codes!, rankOf(column.dictionary!), table.top) };
  }
  if (sort.column === 'name') return { first: byRank(table.nameOf, rankOf(table.names), table.top) };
  if (sort.column === 'namespace') {
    return { first: byRank(table.namespaceOf, rankOf(table.namespaces), table.top) };
  }
  return undefined;
}

function byRank(codes: Codes, rank: Float64Array, top: number): Float64Array {
  const keys = new Float64Array(top);
  for (let row = 0; row < top; row++) keys[row] = rank[codes.at(row)]!;
  return keys;
}

function floats(numbers: Numbers, top: number): Float64Array {
  const keys = new Float64Array(top);
  for (let row = 0; row < top; row++) keys[row] = numbers.at(row);
  return keys;
}

let spare = new Uint32Array(0);

/** Stable; runs that are already in order cost one pass. */
export function mergeSort(rows: Uint32Array, compare: Compare): void {
  if (rows.length < 2) return;
  if (spare.length < rows.length) spare = new Uint32Array(rows.length);
  const steps = sortSteps(rows, compare, spare);
  while (steps.next().done !== true);
  if (spare.length > 1_000_000) spare = new Uint32Array(0);
}

/** Elements moved between two steps: some tenths of a millisecond. */
const STEP = 2048;

/** `mergeSort` in small steps; `other` is as long as `rows` and belongs to it until the end. */
function* sortSteps(rows: Uint32Array, compare: Compare, other: Uint32Array): Generator<void> {
  // Natural runs: rows come from the server nearly sorted by namespace and name.
  let bounds: number[] = [0];
  for (let i = 1; i < rows.length; i += STEP) {
    findRuns(rows, compare, i, bounds);
    yield;
  }
  bounds.push(rows.length);
  let from: Uint32Array = rows;
  let to: Uint32Array = other;
  while (bounds.length > 2) {
    const next: number[] = [0];
    for (let r = 0; r + 1 < bounds.length; r += 2) {
      const middle = bounds[r + 1]!;
      const end = bounds[r + 2] ?? middle;
      const merge = new Merge(from, to, bounds[r]!, middle, end);
      while (merge.step(compare)) yield;
      next.push(end);
    }
    [from, to] = [to, from];
    bounds = next;
    yield;
  }
  if (from !== rows) rows.set(from.subarray(0, rows.length));
}

/** Where runs begin, in one step's worth of rows from `first` on. */
function findRuns(rows: Uint32Array, compare: Compare, first: number, starts: number[]): void {
  const end = Math.min(rows.length, first + STEP);
  for (let i = first; i < end; i++) if (compare(rows[i - 1]!, rows[i]!) > 0) starts.push(i);
}

/** Two neighbouring runs, `start..middle` and `middle..end`, into one. */
class Merge {
  private i: number;
  private j: number;
  private k: number;

  constructor(
    private readonly from: Uint32Array,
    private readonly to: Uint32Array,
    start: number,
    private readonly middle: number,
    private readonly end: number,
  ) {
    this.i = this.k = start;
    this.j = middle;
  }

  /** False when all is moved. */
  step(compare: Compare): boolean {
    const { from, to, middle, end } = this;
    let { i, j, k } = this;
    const stop = Math.min(end, k + STEP);
    while (k < stop && i < middle && j < end)
      to[k++] = compare(from[i]!, from[j]!) <= 0 ? from[i++]! : from[j++]!;
    if (j >= end) while (k < stop) to[k++] = from[i++]!;
    else if (i >= middle) while (k < stop) to[k++] = from[j++]!;
    this.i = i;
    this.j = j;
    this.k = k;
    return k < end;
  }
}

/**
 * Makes ready what the first sort by name needs, one small step after the other, so that it is
 * there when somebody asks. Ends early when rows come meanwhile in another order of words.
 */
export function* prepareOrders(table: Table): Generator<void> {
  const { names } = table;
  const { size, epoch } = names;
  if (ranks.get(names)?.epoch === epoch) return;
  const order = new Uint32Array(size);
  for (let i = 0; i < size; i++) order[i] = i;
  yield* sortSteps(order, (a, b) => names.compare(a, b), new Uint32Array(size));
  if (names.epoch === epoch && ranks.get(names)?.epoch !== epoch) keepRanks(names, order);
}

/**
 * The order after some rows changed: `touched[row]` marks them, `fresh` are those of them
 * that belong in the order now. Everything else keeps its place.
 */
export function repair(
  order: Uint32Array,
  touched: Uint8Array,
  fresh: Uint32Array,
  compare: Compare,
): Uint32Array {
  let kept = 0;
  const rest = new Uint32Array(order.length + fresh.length);
  for (let i = 0; i < order.length; i++) {
    const row = order[i]!;
    if (touched[row] === 0) rest[kept++] = row;
  }
  if (fresh.length === 0) return rest.subarray(0, kept);
  mergeSort(fresh, compare);
  // From the back, so that one array is enough; places are found by bisection.
  let end = kept;
  let write = kept + fresh.length;
  for (let f = fresh.length - 1; f >= 0; f--) {
    const row = fresh[f]!;
    let low = 0;
    let high = end;
    // Rows of a list stand together: the place of one is that of the next, most often.
    if (end > 0 && compare(rest[end - 1]!, row) <= 0) low = end;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compare(rest[middle]!, row) <= 0) low = middle + 1;
      else high = middle;
    }
    write -= end - low;
    rest.copyWithin(write, low, end);
    end = low;
    rest[--write] = row;
  }
  return rest.subarray(0, kept + fresh.length);
}
