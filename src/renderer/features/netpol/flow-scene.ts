/**
 * A graph of flows as a drawn scene: what comes from outside left, what goes there right, the
 * namespaces between them; around a place its sources left and its destinations right. Pure; equal
 * graphs give equal pictures.
 */
import type { FlowGraph, FlowNode } from '#shared/domain/netpol/flow-graph';
import { layOut } from '#shared/domain/topology/layout/layout';
import type { Layout } from '#shared/domain/topology/layout/types';
import { visible } from '#shared/util/text';
import { makeScene, type EdgeTerm, type GraphFrame, type Scene } from '../../ui/graph/scene';
import { openWords } from './words';

const GAP = 110;
const MOST_RANKS = 4;
const TAGS: Readonly<Record<string, string>> = {
  Deployment: 'deploy',
  StatefulSet: 'sts',
  DaemonSet: 'ds',
  ReplicaSet: 'rs',
  ReplicationController: 'rc',
  CronJob: 'cj',
  Namespace: 'ns',
  namespace: 'ns',
  '': 'net',
};

export function tagOf(kind: string): string {
  return TAGS[kind] ?? kind.toLowerCase().slice(0, 6);
}

export function flowScene(graph: FlowGraph): Scene {
  const { nodes, edges } = graph;
  const ranks = ranksOf(graph);
  const places = new Float32Array(nodes.length * 2);
  const frames: GraphFrame[] = [];
  const frameOf = new Int32Array(nodes.length);
  const boxes: number[] = [];
  let left = 0;
  let height = 0;
  const sides: {
    readonly layout: Layout;
    readonly members: readonly number[];
    readonly x: number;
    first: number;
  }[] = [];
  for (const side of [-1, 0, 1]) {
    const members = nodes.flatMap((node, i) => (Math.sign(node.rank) === side ? [i] : []));
    if (members.length === 0) continue;
    const names = [...new Set(members.map((i) => nodes[i]!.frame))].sort();
    const layout = layOut({
      nodes: members.map((i) => ({
        id: nodes[i]!.id,
        group: names.indexOf(nodes[i]!.frame),
        rank: side === 0 ? ranks[i]! : 0,
        order: nodes[i]!.label,
      })),
      groups: names.map((name) => ({ id: `${side} ${name}` })),
      edges: innerEdges(graph, members),
      // Sides are columns, the middle is as wide as the room.
      aspect: side === 0 ? 1.6 : 0.3,
    });
    const first = frames.length;
    for (const name of names) {
      const count = members.filter((i) => nodes[i]!.frame === name).length;
      frames.push({ id: `${side} ${name}`, title: titleOf(name, side), count, bad: 0, warn: 0 });
    }
    members.forEach((i) => (frameOf[i] = first + names.indexOf(nodes[i]!.frame)));
    sides.push({ layout, members, x: left, first });
    left += layout.width + GAP;
    height = Math.max(height, layout.height);
  }
  for (const { layout, members, x } of sides) {
    const y = (height - layout.height) / 2;
    members.forEach((i, at) => {
      places[i * 2] = layout.nodes[at * 2]! + x;
      places[i * 2 + 1] = layout.nodes[at * 2 + 1]! + y;
    });
    for (let at = 0; at < layout.groups.length; at += 4) {
      boxes.push(
        layout.groups[at]! + x,
        layout.groups[at + 1]! + y,
        layout.groups[at + 2]!,
        layout.groups[at + 3]!,
      );
    }
  }
  const terms: EdgeTerm[] = [];
  const termAt = new Map<string, number>();
  const flat = edges.flatMap(({ from, to, conn, count }) => {
    const quiet = isAnyone(nodes[from]!) || isAnyone(nodes[to]!);
    const key = `${quiet ? '*' : ''}${conn}`;
    let term = termAt.get(key);
    if (term === undefined) {
      term =
        terms.push({
          relation: 'reaches',
          look: quiet ? 'hub' : 'plain',
          label: openWords(conn),
          main: !quiet,
        }) - 1;
      termAt.set(key, term);
    }
    return [from, to, term, count];
  });
  return makeScene({
    nodes: nodes.map((node, i) => ({
      id: node.id,
      tag: tagOf(node.kind),
      name: visible(node.label),
      words: '',
      badge:
        node.count > 1 && node.kind === 'Namespace' && node.label === node.frame ? String(node.count) : '',
      count: 1,
      tone: 'none' as const,
      state: node.kind === '' ? ('virtual' as const) : ('present' as const),
      frame: frameOf[i]!,
    })),
    places,
    frames,
    boxes: Float32Array.from(boxes),
    edges: Int32Array.from(flat),
    terms,
    width: Math.max(0, left - GAP),
    height,
  });
}

function isAnyone({ id }: FlowNode): boolean {
  return id === 'anyone' || id === 'to anyone';
}

function titleOf(frame: string, side: number): string {
  if (frame !== '') return visible(frame);
  return side < 0 ? 'From outside' : side > 0 ? 'To outside' : 'Namespaces';
}

/** Edges among some of the nodes, by their places among them. */
function innerEdges({ edges }: FlowGraph, members: readonly number[]): Int32Array {
  const at = new Map(members.map((node, i) => [node, i]));
  return Int32Array.from(
    edges.flatMap(({ from, to }) => {
      const [a, b] = [at.get(from), at.get(to)];
      return a === undefined || b === undefined ? [] : [a, b];
    }),
  );
}

/** Who opens stands left of whom it opens to, as far as circles allow. */
function ranksOf({ nodes, edges }: FlowGraph): number[] {
  const ranks = nodes.map(() => 0);
  const pairs = new Set(edges.map(({ from, to }) => `${from} ${to}`));
  for (let pass = 0; pass < MOST_RANKS; pass += 1) {
    for (const { from, to } of edges) {
      if (nodes[from]!.rank !== 0 || nodes[to]!.rank !== 0 || pairs.has(`${to} ${from}`)) continue;
      ranks[to] = Math.min(MOST_RANKS, Math.max(ranks[to]!, ranks[from]! + 1));
    }
  }
  return ranks;
}
