/**
 * The address line cut at every edge of the sets that policies name: addresses between two cuts
 * are alike to every policy, and ranges in the same sets form one class. Class 0 is in no set.
 * The ranges cover both families exactly, without overlap.
 */
import { V4_FIRST, V4_LAST, V6_FIRST, V6_LAST, type IpSet } from './ip';

export interface IpRange {
  readonly first: bigint;
  readonly last: bigint;
  readonly cls: number;
}

export interface IpSpace {
  readonly ranges: readonly IpRange[];
  /** The ids of the sets each class lies in. */
  readonly classes: readonly ReadonlySet<number>[];
  classOf(ip: bigint): number;
}

export function ipSpace(sets: readonly IpSet[]): IpSpace {
  const starts = new Map<bigint, number[]>();
  const ends = new Map<bigint, number[]>();
  const add = (map: Map<bigint, number[]>, at: bigint, id: number): void => {
    const list = map.get(at);
    if (list) list.push(id);
    else map.set(at, [id]);
  };
  sets.forEach((set, id) => {
    for (let i = 0; i < set.length; i += 2) {
      add(starts, set[i]!, id);
      add(ends, set[i + 1]! + 1n, id);
    }
  });
  const cuts = [...new Set([V4_FIRST, V6_FIRST, ...starts.keys(), ...ends.keys()])].filter(
    (at) => at <= V6_LAST,
  );
  cuts.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const classes: ReadonlySet<number>[] = [new Set()];
  const byKey = new Map<string, number>([['', 0]]);
  const active = new Set<number>();
  const ranges = cuts.map((first, i) => {
    for (const id of ends.get(first) ?? []) active.delete(id);
    for (const id of starts.get(first) ?? []) active.add(id);
    const members = [...active].sort((a, b) => a - b);
    const key = members.join(',');
    let cls = byKey.get(key);
    if (cls === undefined) {
      cls = classes.length;
      classes.push(new Set(members));
      byKey.set(key, cls);
    }
    const next = cuts[i + 1];
    return { first, last: next === undefined ? V6_LAST : next - 1n, cls };
  });
  const classOf = (ip: bigint): number => {
    let lo = 0;
    let hi = ranges.length - 1;
    while (lo < hi) {
      const middle = (lo + hi + 1) >> 1;
      if (ranges[middle]!.first <= ip) lo = middle;
      else hi = middle - 1;
    }
    return ranges[lo]!.cls;
  };
  return { ranges, classes, classOf };
}

/** The IPv4 part, whole and in order. */
export function ipv4Ranges(space: IpSpace): readonly IpRange[] {
  return space.ranges.filter((range) => range.last <= V4_LAST);
}
