/**
 * What changes between two clusters (or one, before and after an edit): connections that appear,
 * go, or have other ports. The outside is compared address by address, then told in the longest
 * ranges that changed alike.
 */
import { NOTHING } from './conn-table';
import { formatter, outside, type Connection } from './connectivity';
import { formatRange } from './ip';
import { matrixSteps, type Matrix } from './matrix';
import type { NetpolModel } from './model';
import { runAtOnce, type Steps } from './steps';
import type { Direction } from './types';

export interface ChangedConnection {
  readonly src: string;
  readonly dst: string;
  readonly before: string;
  readonly after: string;
}

export interface ConnectionDiff {
  readonly added: readonly Connection[];
  readonly removed: readonly Connection[];
  readonly changed: readonly ChangedConnection[];
}

interface Range {
  readonly first: bigint;
  readonly last: bigint;
  readonly conn: string;
}

export function diffConnections(before: NetpolModel, after: NetpolModel): ConnectionDiff {
  return runAtOnce(diffSteps(before, after));
}

/** The same workload by workload; pods must not change in between. */
export function* diffSteps(before: NetpolModel, after: NetpolModel): Steps<ConnectionDiff> {
  const added: Connection[] = [];
  const removed: Connection[] = [];
  const changed: ChangedConnection[] = [];
  const tell = (src: string, dst: string, old: string, now: string): void => {
    if (old === now) return;
    if (old === '') added.push({ src, dst, conn: now });
    else if (now === '') removed.push({ src, dst, conn: old });
    else changed.push({ src, dst, before: old, after: now });
  };
  const left = sideOf(before, yield* matrixSteps(before));
  const right = sideOf(after, yield* matrixSteps(after));
  const ids = [...new Set([...left.places.keys(), ...right.places.keys()])].sort();
  for (const from of ids) {
    for (const to of ids) if (from !== to) tell(from, to, left.conn(from, to), right.conn(from, to));
    for (const direction of ['egress', 'ingress'] as const) {
      for (const { first, last, old, now } of zip(
        left.ranges(from, direction),
        right.ranges(from, direction),
      )) {
        const range = formatRange(first, last);
        if (direction === 'egress') tell(from, range, old, now);
        else tell(range, from, old, now);
      }
    }
    yield;
  }
  return { added: added.sort(byPair), removed: removed.sort(byPair), changed: changed.sort(byPair) };
}

interface SideOf {
  readonly places: ReadonlyMap<string, number>;
  conn(from: string, to: string): string;
  ranges(id: string, direction: Direction): readonly Range[];
}

function sideOf(model: NetpolModel, matrix: Matrix): SideOf {
  const text = formatter(model);
  const places = new Map(matrix.workloads.map(({ id }, i) => [id, i]));
  return {
    places,
    conn: (from, to) => {
      const [row, column] = [places.get(from), places.get(to)];
      if (row === undefined || column === undefined) return '';
      return text(matrix.cells[row * matrix.workloads.length + column] ?? NOTHING);
    },
    ranges: (id, direction) => {
      const place = places.get(id);
      const workload = place === undefined ? undefined : matrix.workloads[place];
      if (!workload) return [{ first: 0n, last: (1n << 32n) - 1n, conn: '' }];
      return outside(model, workload, direction).map((range) => ({ ...range, conn: text(range.conn) }));
    },
  };
}

/** Walks two covers of the same space together; neighbours with the same change become one. */
function zip(
  a: readonly Range[],
  b: readonly Range[],
): { first: bigint; last: bigint; old: string; now: string }[] {
  const out: { first: bigint; last: bigint; old: string; now: string }[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const [left, right] = [a[i]!, b[j]!];
    const first = left.first > right.first ? left.first : right.first;
    const last = left.last < right.last ? left.last : right.last;
    const end = out[out.length - 1];
    if (end && end.old === left.conn && end.now === right.conn) end.last = last;
    else out.push({ first, last, old: left.conn, now: right.conn });
    if (left.last === last) i += 1;
    if (right.last === last) j += 1;
  }
  return out;
}

function byPair(a: { src: string; dst: string }, b: { src: string; dst: string }): number {
  return a.src < b.src ? -1 : a.src > b.src ? 1 : a.dst < b.dst ? -1 : a.dst > b.dst ? 1 : 0;
}
