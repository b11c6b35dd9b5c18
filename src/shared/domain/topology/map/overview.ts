/**
 * The cluster at a glance: one frame for each namespace with a row for the namespace itself, which all
 * edges to other namespaces meet in, and a row for each kind with how many there are and the worst
 * state of them. Cluster-scoped objects are counted in a frame of their own, without edges.
 */
import { ensure } from '../ensure';
import { nodeId, type RelationNode } from '../graph';
import type { RelationGraph } from '../relation-graph';
import { kindKey } from './fold';
import type { Frame } from './frames';
import { together, worse } from './health';
import { framesOf, type Assembled, type Item, type MakeNode } from './items';
import type { Health, MapFacts, MapNode, MapQuery } from './types';
import { rankOf } from './views';

const CLUSTER = 'cluster';

export function overview(
  items: readonly Item[],
  graph: RelationGraph,
  query: MapQuery,
  facts: MapFacts,
): Assembled {
  const spaces = new Map<string, { frame: Frame; items: Item[] }>();
  for (const item of items)
    ensure(spaces, item.frame.id, () => ({ frame: item.frame, items: [] as Item[] })).items.push(item);
  // What is empty passes no filter.
  const isFiltered = query.text !== '' || query.kinds.length > 0 || query.tones.length > 0;
  const empty = isFiltered ? [] : emptySpaces(graph, query, spaces);
  const frames = framesOf(items, empty);
  const makers: MakeNode[] = [];
  const indexOf = new Map<RelationNode, number>();
  const also = new Map<RelationNode, number>();
  for (const { frame, items: inside } of [
    ...spaces.values(),
    ...empty.map((one) => ({ frame: one, items: [] })),
  ]) {
    const at = frames.at.get(frame.id)!;
    const rows: number[] = [];
    if (frame.id !== CLUSTER) {
      rows.push(makers.length);
      for (const { node } of inside) indexOf.set(node, makers.length);
      const own = graph.get(nodeId('', 'Namespace', '', frame.title));
      if (own) also.set(own, makers.length);
      makers.push(() => spaceNode(frame, inside, at, own, facts));
    }
    for (const [kind, list] of byKind(inside)) {
      const both = [...rows, makers.length];
      for (const item of list) item.rows = both;
      makers.push(() => kindNode(kind, list, at, facts));
    }
  }
  return { makers, indexOf, also, frames: frames.list };
}

/** Namespaces that were read and hold nothing this view shows. */
function emptySpaces(
  graph: RelationGraph,
  { namespaces }: MapQuery,
  spaces: ReadonlyMap<string, unknown>,
): readonly Frame[] {
  const found: Frame[] = [];
  for (const { kind, group, name, state } of graph.nodes()) {
    if (kind !== 'Namespace' || group !== '' || state !== 'present') continue;
    if (namespaces.length > 0 && !namespaces.includes(name)) continue;
    if (!spaces.has(`ns:${name}`)) found.push({ id: `ns:${name}`, title: name, place: 1 });
  }
  return found;
}

function byKind(items: readonly Item[]): ReadonlyMap<string, Item[]> {
  const kinds = new Map<string, Item[]>();
  for (const item of items) ensure(kinds, kindKey(item.node), () => [] as Item[]).push(item);
  return kinds;
}

function spaceNode(
  { title }: Frame,
  items: readonly Item[],
  frame: number,
  own: RelationNode | undefined,
  facts: MapFacts,
): MapNode {
  const inside = together(items.map((item) => item.health));
  const said = own?.state === 'present' ? facts.health(own) : undefined;
  // "Active" says nothing; that it goes away does.
  const { tone, text } = said && said.tone !== 'ok' ? worse(said, inside) : inside;
  const isCalm = tone !== 'bad' && tone !== 'warn' && tone !== 'progress';
  return {
    id: `space:${title}`,
    group: '',
    kind: 'Namespace',
    tag: facts.tag('', 'Namespace'),
    name: title,
    namespace: '',
    uid: own?.uid ?? '',
    state: 'present',
    count: 1,
    tone: items.length === 0 && isCalm ? 'none' : tone,
    words: items.length === 0 && isCalm ? 'empty' : isCalm ? '' : text,
    badge: items.length.toLocaleString('en'),
    rank: 0,
    order: '',
    frame,
    members: items.map((item) => item.node),
  };
}

function kindNode(key: string, list: readonly Item[], frame: number, facts: MapFacts): MapNode {
  const { node, frame: of } = list[0]!;
  const health: Health = together(list.map((item) => item.health));
  const place = String(rankOf('overview', key)).padStart(2, '0');
  return {
    id: `set:${key}@${of.id}`,
    group: node.group,
    kind: node.kind,
    tag: facts.tag(node.group, node.kind),
    name: node.kind,
    namespace: node.namespace,
    uid: '',
    state: 'set',
    count: list.length,
    tone: health.tone,
    words: health.text,
    badge: '',
    rank: 0,
    order: `${place}/${key}`,
    frame,
    members: list.map((item) => item.node),
  };
}
