/**
 * The nodes of a map of objects: one for each, or one for many alike, and how to make each again when
 * only states changed.
 */
import { ensure } from '../ensure';
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
  for (const { idOf, list } of bundlesOf(items, query)) {
    const frame = frames.at.get(list[0]!.frame.id)!;
    const id = query.expandAll || list.length <= SET_FROM ? undefined : idOf();
    if (id === undefined || expanded.has(id)) {
      for (const item of list) put([item], () => single(item, frame, facts));
    } else put(list, () => setOf(id, list, frame, facts));
  }
  return { makers, indexOf, also: NOTHING, frames: frames.list };
}

interface Bundle {
  /** Its id as a set. Of what its objects have in common: it stays while they come and go. */
  readonly idOf: () => string;
  readonly like: Item;
  readonly list: Item[];
}

/** Alike: of one kind and owner, or of one kind and joined to nothing, in one frame and column. */
function bundlesOf(items: readonly Item[], query: MapQuery): readonly Bundle[] {
  const bundles: Bundle[] = [];
  const places = new Map<string, Map<string, Bundle[]>>();
  for (const item of items) {
    const { node, frame, rank } = item;
    if (query.object && node.kind === query.object.kind && node.name === query.object.name) {
      bundles.push({ idOf: () => `set:${node.id}`, like: item, list: [item] });
      continue;
    }
    const of = ownerOf(node, query);
    const alike = ensure(
      ensure(places, frame.id, () => new Map<string, Bundle[]>()),
      of,
      () => [],
    );
    const bundle = alike.find(({ like }) => isAlike(like, item));
    if (bundle) {
      bundle.list.push(item);
      continue;
    }
    const idOf = (): string => `set:${node.group}/${node.kind}/${of}/${frame.id}/${rank}`;
    const fresh = { idOf, like: item, list: [item] };
    alike.push(fresh);
    bundles.push(fresh);
  }
  return bundles;
}

function isAlike(a: Item, b: Item): boolean {
  return a.rank === b.rank && a.node.kind === b.node.kind && a.node.group === b.node.group;
}

function ownerOf(node: RelationNode, { view }: MapQuery): string {
  const owner = view === 'placement' ? workloadOf(node) : shownAs(controller(node) ?? node);
  return owner && owner !== node ? owner.id : node.state === 'missing' ? 'missing' : '';
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

function setOf(id: string, list: readonly Item[], frame: number, facts: MapFacts): MapNode {
  const { node, rank } = list[0]!;
  const owner = workloadOf(node);
  const { tone, text } = together(list.map((item) => item.health));
  return {
    id,
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
