/**
 * From a graph and a query to what is drawn: nodes, sets of many alike, frames and joined edges.
 * Guarantees: deterministic; ids stay the same as long as the object or set does; every edge drawn
 * stands for at least one of the graph's; nothing an object holds makes it throw. Reads the graph
 * only, in time linear in nodes and edges of what is shown.
 */
import type { RelationEdge, RelationNode } from '../graph';
import type { Flow } from '../observed/types';
import type { RelationGraph } from '../relation-graph';
import { choose, isDrawn, standing } from './choose';
import { joinEdges } from './edges';
import { controller, kindKey, shownAs, workloadOf } from './fold';
import { endsToShow, flowEdges } from './flows';
import { framer } from './frames';
import { healthOf, together, type NodeHealth } from './health';
import { entryPorts, INTERNET } from './internet';
import { framesOf, type Assembled, type Item } from './items';
import { overview } from './overview';
import type { MapFacts, MapModel, MapNode, MapNodeState, MapQuery, MapTone } from './types';
import { rankOf } from './views';

/** More objects of one kind and owner than this are one set. */
export const SET_FROM = 8;

/** `flows`: observed traffic that is laid over it. */
export function buildMap(
  graph: RelationGraph,
  query: MapQuery,
  facts: MapFacts,
  flows: readonly Flow[] = [],
): MapModel {
  const { nodes: chosen, denied } = choose(graph, query, facts);
  for (const node of endsToShow(graph, flows, query)) if (!chosen.has(node)) chosen.set(node, undefined);
  const frameOf = framer(chosen, query);
  const kinds = new Map<string, { id: string; tag: string; count: number }>();
  const tones: Partial<Record<MapTone, number>> = {};
  const items: Item[] = [];
  const passes = filterOf(query);
  for (const [node, rank] of chosen) {
    const health = healthOf(node, facts);
    const id = kindKey(node);
    const kind = kinds.get(id);
    if (kind) kind.count++;
    else kinds.set(id, { id, tag: facts.tag(node.group, node.kind), count: 1 });
    tones[health.tone] = (tones[health.tone] ?? 0) + 1;
    if (!passes(node, health)) continue;
    items.push({ node, health, frame: frameOf(node), rank: rank ?? rankOf(query.view, id) });
  }
  const entries = query.view === 'traffic' ? entriesOf(items) : NO_ENTRIES;
  if (entries.size > 0)
    items.push({
      node: INTERNET,
      health: CALM,
      frame: frameOf(INTERNET),
      rank: rankOf('traffic', 'Outside.~') - 1,
    });
  const { nodes, frames, indexOf } =
    query.view === 'overview' ? overview(items, graph, query, facts) : assemble(items, query, facts);
  const { edges, terms } = joinEdges(chosen, indexOf, entries, query, (edge) => isDrawn(edge, query));
  const over = flowEdges(graph, flows, indexOf, terms.length);
  return {
    nodes,
    frames,
    edges: over.edges.length === 0 ? edges : Int32Array.from([...edges, ...over.edges]),
    terms: [...terms, ...over.terms],
    observed: over.edges.length / 4,
    offMap: over.off,
    total: chosen.size,
    kinds: [...kinds.values()].sort((a, b) => b.count - a.count || (a.id < b.id ? -1 : 1)),
    tones,
    denied: [...denied].sort(),
  };
}

const CALM: NodeHealth = { tone: 'none', text: '', badge: '' };
const NO_ENTRIES: ReadonlyMap<RelationNode, string> = new Map();

/** What of the shown is reached from outside, with the ports it listens on. */
function entriesOf(items: readonly Item[]): ReadonlyMap<RelationNode, string> {
  const entries = new Map<RelationNode, string>();
  for (const { node } of items) {
    const ports = entryPorts(node);
    if (ports !== undefined) entries.set(node, ports);
  }
  return entries;
}

function filterOf({ text, kinds, tones }: MapQuery): (node: RelationNode, health: NodeHealth) => boolean {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const kindSet = new Set(kinds);
  const toneSet = new Set(tones);
  return (node, health) => {
    if (kindSet.size > 0 && !kindSet.has(kindKey(node))) return false;
    if (toneSet.size > 0 && !toneSet.has(health.tone)) return false;
    return words.every((word) => matches(node, word));
  };
}

function matches(node: RelationNode, word: string): boolean {
  if (node.name.toLowerCase().includes(word) || node.kind.toLowerCase().includes(word)) return true;
  if (node.namespace.includes(word)) return true;
  const at = word.indexOf('=');
  if (at <= 0) return false;
  const key = word.slice(0, at);
  const value = word.slice(at + 1);
  return Object.entries(node.labels).some(
    ([label, has]) => label.toLowerCase() === key && String(has).toLowerCase() === value,
  );
}

/** Joins many alike to sets, puts everything in frames and gives each an index. */
function assemble(items: readonly Item[], query: MapQuery, facts: MapFacts): Assembled {
  const expanded = new Set(query.expanded);
  const bundles = new Map<string, Item[]>();
  for (const item of items) {
    const key = bundleKey(item, query);
    const list = bundles.get(key);
    if (list) list.push(item);
    else bundles.set(key, [item]);
  }
  const frames = framesOf(items);
  const nodes: MapNode[] = [];
  const indexOf = new Map<RelationNode, number>();
  for (const [key, list] of bundles) {
    if (query.expandAll || list.length <= SET_FROM || expanded.has(`set:${key}`)) {
      for (const item of list) {
        indexOf.set(item.node, nodes.length);
        nodes.push(single(item, frames.at.get(item.frame.id)!, facts));
      }
      continue;
    }
    for (const item of list) indexOf.set(item.node, nodes.length);
    nodes.push(setOf(key, list, frames.at.get(list[0]!.frame.id)!, facts));
  }
  return { nodes, indexOf, frames: frames.list };
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

/** The graph's edges behind one that is drawn, for telling where it comes from. */
export function originsOf(
  model: MapModel,
  from: number,
  to: number,
  query: MapQuery,
): readonly RelationEdge[] {
  const left = model.nodes[from];
  const right = model.nodes[to];
  if (!left || !right) return [];
  const targets = new Set(right.members);
  const sources = new Set(left.members);
  const found: RelationEdge[] = [];
  for (const member of left.members) {
    for (const edge of member.out) if (targets.has(edge.to) && isDrawn(edge, query)) found.push(edge);
    for (const edge of member.in)
      if (targets.has(edge.from) && !sources.has(edge.from) && isDrawn(edge, query)) found.push(edge);
    // Edges of what is folded into it: a Deployment's ReplicaSets own the pods.
    for (const edge of member.in) {
      if (edge.relation !== 'owner' || shownAs(edge.from) !== member || edge.from === member) continue;
      for (const own of edge.from.in) if (own.relation === 'owner' && targets.has(own.from)) found.push(own);
    }
  }
  return found;
}
