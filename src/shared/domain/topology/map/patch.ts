/**
 * Follows states in place: given a map and the objects of which nothing but the state changed, the map
 * as it would be made anew. Nodes, frames and edges are those of before; only what tells one of these
 * states is made again, so that the work is that of the change and not of the map.
 */
import type { RelationNode } from '../graph';
import type { MadeMap } from './build';
import { healthOf, toldFrom } from './health';
import type { MapFacts, MapFrame, MapNode, MapQuery, MapTone } from './types';

export interface Patched {
  readonly made: MadeMap;
  /** Indexes of the nodes and frames that may be others now. */
  readonly nodes: readonly number[];
  readonly frames: readonly number[];
}

/** Undefined where a filter by state now takes in another object, or leaves one out: then it is to be made anew. */
export function patchMap(
  made: MadeMap,
  touched: Iterable<RelationNode>,
  query: MapQuery,
  facts: MapFacts,
): Patched | undefined {
  const { model, items, makers, also } = made;
  const tones: Partial<Record<MapTone, number>> = { ...model.tones };
  const frames = new Map<number, MapFrame>();
  const rows = new Set<number>();
  const told = new Set<RelationNode>();
  for (const node of new Set(touched)) {
    told.add(node);
    for (const other of toldFrom(node)) told.add(other);
  }
  for (const node of told) {
    const row = also.get(node);
    if (row !== undefined) rows.add(row);
    const item = items.get(node);
    if (!item) continue;
    const before = item.health;
    const now = healthOf(node, facts);
    if (now.tone === before.tone && now.text === before.text && now.badge === before.badge) continue;
    item.health = now;
    for (const at of item.rows) rows.add(at);
    if (now.tone === before.tone) continue;
    if (query.tones.length > 0 && query.tones.includes(now.tone) !== query.tones.includes(before.tone))
      return undefined;
    recount(tones, before.tone, now.tone);
    const first = item.rows[0];
    if (first === undefined) continue;
    const at = model.nodes[first]!.frame;
    const frame = frames.get(at) ?? model.frames[at]!;
    frames.set(at, {
      ...frame,
      bad: frame.bad + count(now.tone, 'bad') - count(before.tone, 'bad'),
      warn: frame.warn + count(now.tone, 'warn') - count(before.tone, 'warn'),
    });
  }
  const nodes: MapNode[] = [...model.nodes];
  for (const at of rows) nodes[at] = makers[at]!();
  return {
    made: { ...made, model: { ...model, nodes, tones, frames: replaced(model.frames, frames) } },
    nodes: [...rows],
    frames: [...frames.keys()],
  };
}

function recount(tones: Partial<Record<MapTone, number>>, before: MapTone, now: MapTone): void {
  tones[now] = (tones[now] ?? 0) + 1;
  const left = (tones[before] ?? 0) - 1;
  if (left > 0) tones[before] = left;
  else delete tones[before];
}

function count(tone: MapTone, wanted: MapTone): number {
  return tone === wanted ? 1 : 0;
}

function replaced<T>(list: readonly T[], changes: ReadonlyMap<number, T>): readonly T[] {
  if (changes.size === 0) return list;
  const copy = [...list];
  for (const [at, one] of changes) copy[at] = one;
  return copy;
}
