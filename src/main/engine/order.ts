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

/** Ranks of codes by natural order, for as long as no code is added. */
const ranks = new WeakMap<Dictionary, { size: number; epoch: number; rank: Float64Array }>();

function rankOf(dictionary: Dictionary): Float64Array {
  const known = ranks.get(dictionary);
  if (known && known.size === dictionary.size && known.epoch === dictionary.epoch) return known.rank;
  const codes = new Uint32Array(dictionary.size);
  for (let i = 0; i < codes.length; i++) codes[i] = i;
  mergeSort(codes, (a, b) => dictionary.compare(a, b));
  const rank = new Float64Array(codes.length);
  for (let i = 0; i < codes.length; i++) rank[codes[i]!] = i;
  rank[0] = NaN;
  ranks.set(dictionary, { size: dictionary.size, epoch: dictionary.epoch, rank });
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
  const order = new Uint32Array(table.size);
  const placed = new Uint8Array(table.top);
  let n = 0;
  // The old order first: what is left of it is one long run, new rows are merged into it.
  for (const row of known?.order ?? []) {
    if (row >= table.top || table.alive[row] !== 1) continue;
    placed[row] = 1;
    order[n++] = row;
  }
  for (let row = 0; row < table.top; row++) if (table.alive[row] === 1 && placed[row] === 0) order[n++] = row;
  mergeSort(order, compareNames(table));
  nameOrders.set(table, { membership: table.membership, order });
  return order;
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
  const n = rows.length;
  if (n < 2) return;
  // Natural runs: rows come from the server nearly sorted by namespace and name.
  const starts: number[] = [0];
  for (let i = 1; i < n; i++) if (compare(rows[i - 1]!, rows[i]!) > 0) starts.push(i);
  if (starts.length === 1) return;
  starts.push(n);
  if (spare.length < n) spare = new Uint32Array(n);
  let from: Uint32Array = rows;
  let to: Uint32Array = spare;
  let bounds = starts;
  while (bounds.length > 2) {
    const next: number[] = [0];
    for (let r = 0; r + 1 < bounds.length; r += 2) {
      const a = bounds[r]!;
      const b = bounds[r + 1]!;
      const c = bounds[r + 2] ?? b;
      merge(from, to, a, b, c, compare);
      next.push(c);
    }
    [from, to] = [to, from];
    bounds = next;
  }
  if (from !== rows) rows.set(from.subarray(0, n));
  if (spare.length > 1_000_000) spare = new Uint32Array(0);
}

function merge(from: Uint32Array, to: Uint32Array, a: number, b: number, c: number, compare: Compare): void {
  let i = a;
  let j = b;
  let k = a;
  while (i < b && j < c) to[k++] = compare(from[i]!, from[j]!) <= 0 ? from[i++]! : from[j++]!;
  while (i < b) to[k++] = from[i++]!;
  while (j < c) to[k++] = from[j++]!;
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
