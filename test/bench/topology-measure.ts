/**
 * `topology-measure.cjs SMALL LARGE ROUNDS`: objects to edges to places, and changes, each timed. Tells its
 * parent and ends.
 */
import { layOut } from '../../src/shared/domain/topology/layout/layout';
import type { LayoutInput } from '../../src/shared/domain/topology/layout/types';
import { RelationGraph } from '../../src/shared/domain/topology/relation-graph';
import { median } from './bench';
import { changesOnMap, type OnMap } from './topology-map';
import { clusterObjects, pod, type Sample } from './topology-objects';

const CHANGES = 200;
const WARM_UP = 4;

export interface Measured {
  readonly objects: number;
  readonly edges: number;
  readonly buildMs: number;
  /** The very first one. */
  readonly coldMs: number;
  readonly layoutMs: number;
  readonly changeMs: number;
  readonly input: LayoutInput;
}

function measure(objects: readonly Sample[], rounds: number): Measured {
  const collect = (): void => (globalThis as { gc?: () => void }).gc?.();
  const build: number[] = [];
  const layout: number[] = [];
  let coldMs = NaN;
  let graph = new RelationGraph();
  let input = toInput(graph);
  for (let n = 0; n < WARM_UP + rounds; n += 1) {
    collect();
    let began = performance.now();
    graph = new RelationGraph();
    graph.load(objects);
    const buildMs = performance.now() - began;
    if (n === 0) coldMs = buildMs;
    if (n >= WARM_UP) build.push(buildMs);
    input = toInput(graph);
    began = performance.now();
    layOut(input);
    if (n >= WARM_UP) layout.push(performance.now() - began);
  }
  const changes: number[] = [];
  for (let n = 0; n < CHANGES; n += 1) {
    const began = performance.now();
    graph.upsert(pod('team-0', 'app-1', n, 3));
    changes.push(performance.now() - began);
  }
  changes.sort((a, b) => a - b);
  let edges = 0;
  for (const _ of graph.edges()) edges += 1;
  return {
    objects: objects.length,
    edges,
    buildMs: median(build),
    coldMs,
    layoutMs: median(layout),
    changeMs: changes[Math.floor(CHANGES * 0.95)] ?? NaN,
    input,
  };
}

const RANK: Readonly<Record<string, number>> = {
  Ingress: 0,
  Service: 1,
  Deployment: 2,
  ReplicaSet: 3,
  Pod: 4,
};

const DRAWN = new Set(['owner', 'selects', 'routes', 'scales']);

/** Every node grouped by namespace, with the edges a map draws: owners and traffic. */
function toInput(graph: RelationGraph): LayoutInput {
  const groups = new Map<string, number>();
  const index = new Map<unknown, number>();
  const nodes = [...graph.nodes()].map((node, i) => {
    index.set(node, i);
    const group = groups.get(node.namespace) ?? groups.size;
    groups.set(node.namespace, group);
    return { id: node.id, group, rank: RANK[node.kind] ?? 5, order: node.name };
  });
  const edges: number[] = [];
  for (const edge of graph.edges()) {
    if (DRAWN.has(edge.relation)) edges.push(index.get(edge.from) ?? 0, index.get(edge.to) ?? 0);
  }
  return { nodes, groups: [...groups.keys()].map((id) => ({ id })), edges: Int32Array.from(edges) };
}

export interface Measures {
  readonly small: Measured;
  readonly large: Measured;
  readonly onMap: OnMap;
}

const [smallCount = 0, largeCount = 0, rounds = 0] = process.argv.slice(2).map(Number);
const small = measure(clusterObjects(smallCount), rounds);
const onMap = changesOnMap(clusterObjects(smallCount));
const large = measure(clusterObjects(largeCount), Math.max(3, Math.ceil(rounds / 2)));
process.send?.({ small, large, onMap } satisfies Measures, () => process.disconnect());
