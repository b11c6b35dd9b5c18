/**
 * From a graph and a query to what is drawn: nodes, sets of many alike, frames and joined edges.
 * Guarantees: deterministic; ids stay the same as long as the object or set does; every edge drawn
 * stands for at least one of the graph's; nothing an object holds makes it throw. Reads the graph
 * only, in time linear in nodes and edges of what is shown.
 */
import type { RelationEdge, RelationNode } from '../graph';
import type { Flow } from '../observed/types';
import type { RelationGraph } from '../relation-graph';
import { choose, isDrawn } from './choose';
import { joinEdges } from './edges';
import { kindKey, shownAs } from './fold';
import { endsToShow, flowEdges } from './flows';
import { framer } from './frames';
import { CALM, healthOf, type NodeHealth } from './health';
import { entryPorts, INTERNET } from './internet';
import { NO_ROWS, type Item, type MakeNode } from './items';
import { overview } from './overview';
import { assemble } from './rows';
import type { MapFacts, MapModel, MapQuery, MapTone } from './types';
import { rankOf } from './views';

/** A map with what it takes to follow states in place (patch.ts). */
export interface MadeMap {
  readonly model: MapModel;
  /** All chosen, also those that do not pass the filter. */
  readonly items: ReadonlyMap<RelationNode, Item>;
  /** By index of the node. */
  readonly makers: readonly MakeNode[];
  readonly also: ReadonlyMap<RelationNode, number>;
}

/** `flows`: observed traffic that is laid over it. */
export function buildMap(
  graph: RelationGraph,
  query: MapQuery,
  facts: MapFacts,
  flows: readonly Flow[] = [],
): MapModel {
  return makeMap(graph, query, facts, flows).model;
}

export function makeMap(
  graph: RelationGraph,
  query: MapQuery,
  facts: MapFacts,
  flows: readonly Flow[] = [],
): MadeMap {
  const { nodes: chosen, denied } = choose(graph, query, facts);
  for (const node of endsToShow(graph, flows, query)) if (!chosen.has(node)) chosen.set(node, undefined);
  const frameOf = framer(chosen, query);
  const kinds = new Map<string, { id: string; tag: string; count: number }>();
  const tones: Partial<Record<MapTone, number>> = {};
  const all = new Map<RelationNode, Item>();
  const items: Item[] = [];
  const passes = filterOf(query);
  for (const [node, rank] of chosen) {
    const health = healthOf(node, facts);
    const id = kindKey(node);
    const kind = kinds.get(id);
    if (kind) kind.count++;
    else kinds.set(id, { id, tag: facts.tag(node.group, node.kind), count: 1 });
    tones[health.tone] = (tones[health.tone] ?? 0) + 1;
    const item = { node, health, frame: frameOf(node), rank: rank ?? rankOf(query.view, id), rows: NO_ROWS };
    all.set(node, item);
    if (passes(node, health)) items.push(item);
  }
  const entries = query.view === 'traffic' ? entriesOf(items) : NO_ENTRIES;
  if (entries.size > 0)
    items.push({
      node: INTERNET,
      health: CALM,
      frame: frameOf(INTERNET),
      rank: rankOf('traffic', 'Outside.~') - 1,
      rows: NO_ROWS,
    });
  const { makers, frames, indexOf, also } =
    query.view === 'overview' ? overview(items, graph, query, facts) : assemble(items, query, facts);
  const { edges, terms } = joinEdges(chosen, indexOf, entries, query, (edge) => isDrawn(edge, query));
  const over = flowEdges(graph, flows, indexOf, terms.length);
  const model: MapModel = {
    nodes: makers.map((make) => make()),
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
  return { model, items: all, makers, also };
}

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
