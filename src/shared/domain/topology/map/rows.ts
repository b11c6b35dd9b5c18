/**
 * The nodes of a map of objects: one for each, or one for many alike, and how to make each again when
 * only states changed.
 */
import type { RelationNode } from '../graph';
import { standing } from './choose';
import { controller, shownAs, workloadOf } from './fold';
import { together } from './health';
import { framesOf, type Assembled, type Item, type MakeNode } from './items';
import type { MapFacts, MapNode, MapNodeState, MapQuery } from './types';

/** More objects of one kind and owner than this are one set. */
export const SET_FROM = 8;

const NOTHING: ReadonlyMap<RelationNode, number> = new Map();

/** Joins many alike to sets, puts everything in frames and gives each an index. */
export function assemble(items: readonly Item[], query: MapQuery, facts: MapFacts): Assembled {
  const expanded = new Set(query.expanded);
  const bundles = new Map<string, Item[]>();
  for (const item of items) {
    const key = bundleKey(item, query);
    const list = bundles.get(key);
    if (list) list.push(item);
    else bundles.set(key, [item]);
  }
  const frames = framesOf(items);
  const makers: MakeNode[] = [];
  const indexOf = new Map<RelationNode, number>();
  const put = (list: readonly Item[], make: MakeNode): void => {
    const rows = [makers.length];
    for (const item of list) {
      item.rows = rows;
      indexOf.set(item.node, makers.length);
    }
    makers.push(make);
  };
  for (const [key, list] of bundles) {
    const frame = frames.at.get(list[0]!.frame.id)!;
    if (query.expandAll || list.length <= SET_FROM || expanded.has(`set:${key}`)) {
      for (const item of list) put([item], () => single(item, frame, facts));
    } else put(list, () => setOf(key, list, frame, facts));
  }
  return { makers, indexOf, also: NOTHING, frames: frames.list };
}

/** Alike: of one kind and owner, or of one kind and joined to nothing, in one frame and column. */
function bundleKey({ node, frame, rank }: Item, query: MapQuery): string {
  if (query.object && node.kind === query.object.kind && node.name === query.object.name) return node.id;
  const owner =
    query.view === 'placement' ? workloadOf(node) : (shownAs(controller(node) ?? node) as RelationNode);
  const of = owner && owner !== node ? owner.id : node.state === 'missing' ? 'missing' : '';
  return `${node.group}/${node.kind}/${of}/${frame.id}/${rank}`;
}

function single({ node, health, rank }: Item, frame: number, facts: MapFacts): MapNode {
  const state: MapNodeState =
    node.state === 'missing' && standing(node, facts) === 'unread' ? 'unread' : node.state;
  return {
    id: node.id,
    group: node.group,
    kind: node.kind,
    tag: facts.tag(node.group, node.kind),
    name: node.name,
    namespace: node.namespace,
    uid: node.uid,
    state,
    count: 1,
    tone: health.tone,
    words: health.text,
    badge: health.badge,
    rank,
    order: `${node.kind}/${node.name}`,
    frame,
    members: [node],
  };
}

function setOf(key: string, list: readonly Item[], frame: number, facts: MapFacts): MapNode {
  const { node, rank } = list[0]!;
  const owner = workloadOf(node);
  const { tone, text } = together(list.map((item) => item.health));
  return {
    id: `set:${key}`,
    group: node.group,
    kind: node.kind,
    tag: facts.tag(node.group, node.kind),
    name: owner ? owner.name : node.kind,
    namespace: node.namespace,
    uid: '',
    state: 'set',
    count: list.length,
    tone,
    words: text,
    badge: '',
    rank,
    order: `${node.kind}/${owner?.name ?? ''}`,
    frame,
    members: list.map((item) => item.node),
  };
}
