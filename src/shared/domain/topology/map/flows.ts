/**
 * Observed traffic laid over a map: each flow between the rows its workloads are drawn in, those of
 * rows that stand for many summed up. It adds edges and takes none away; what leads off the map is counted.
 */
import { nodeId, type RelationNode } from '../graph';
import type { Flow, Workload } from '../observed/types';
import type { RelationGraph } from '../relation-graph';
import { shownAs, workloadOf } from './fold';
import type { MapFlow, MapQuery, MapTerm } from './types';

export const OBSERVED = 'observed';

/** Group of each kind a workload may have, the likeliest first. */
const KINDS: readonly (readonly [group: string, kind: string])[] = [
  ['apps', 'Deployment'],
  ['apps', 'StatefulSet'],
  ['apps', 'DaemonSet'],
  ['argoproj.io', 'Rollout'],
  ['apps', 'ReplicaSet'],
  ['', 'ReplicationController'],
  ['batch', 'CronJob'],
  ['batch', 'Job'],
  ['', 'Pod'],
];

/** The object of the graph that is meant; meshes name a bare pod where there is no workload. */
export function endOf(graph: RelationGraph, { kind, namespace, name }: Workload): RelationNode | undefined {
  for (const [group, one] of KINDS) {
    if (kind !== '' && kind !== one) continue;
    const node = graph.get(nodeId(group, one, namespace, name));
    if (node?.state === 'present') return shownAs(node);
  }
  return undefined;
}

/** Workloads a view of their pods must show besides, so that there is something to draw flows between. */
export function* endsToShow(
  graph: RelationGraph,
  flows: readonly Flow[],
  { view, namespaces }: MapQuery,
): Generator<RelationNode> {
  if (view !== 'traffic') return;
  for (const { from, to } of flows) {
    for (const end of [from, to]) {
      if (namespaces.length > 0 && !namespaces.includes(end.namespace)) continue;
      const node = endOf(graph, end);
      if (node) yield node;
    }
  }
}

export interface FlowEdges {
  /** from, to, term, 1: four numbers an edge. */
  readonly edges: readonly number[];
  readonly terms: readonly MapTerm[];
  /** Flows with an end that is not drawn. */
  readonly off: number;
}

/** `firstTerm`: the index the first of its terms will have. */
export function flowEdges(
  graph: RelationGraph,
  flows: readonly Flow[],
  indexOf: ReadonlyMap<RelationNode, number>,
  firstTerm: number,
): FlowEdges {
  const sums = new Map<string, { from: number; to: number; flow: MapFlow }>();
  let off = 0;
  const place = (end: Workload): number | undefined => {
    const node = endOf(graph, end);
    if (!node) return undefined;
    // Of a Job that a CronJob made only the CronJob may be drawn.
    return indexOf.get(node) ?? indexOf.get(workloadOf(node) ?? node);
  };
  for (const { from, to, by, unit, rate, failed } of flows) {
    const a = place(from);
    const b = place(to);
    if (a === undefined || b === undefined) {
      off++;
      continue;
    }
    // What goes on inside one row has no way to be drawn on.
    if (a === b) continue;
    // Requests and network flows cannot be added up.
    const key = `${a} ${b} ${unit}`;
    const sum = sums.get(key);
    const flow: MapFlow = sum ? added(sum.flow, { by, unit, rate, failed }) : { by, unit, rate, failed };
    sums.set(key, { from: a, to: b, flow });
  }
  const edges: number[] = [];
  const terms: MapTerm[] = [];
  for (const { from, to, flow } of sums.values()) {
    edges.push(from, to, firstTerm + terms.length, 1);
    terms.push({ ...PLAIN, flow });
  }
  return { edges, terms, off };
}

const PLAIN = {
  relation: OBSERVED,
  inferred: false,
  weak: false,
  optional: false,
  invalid: '',
  port: '',
} as const;

function added(a: MapFlow, b: MapFlow): MapFlow {
  const failed = a.failed === undefined || b.failed === undefined ? undefined : a.failed + b.failed;
  return { by: a.by, unit: a.unit, rate: a.rate + b.rate, failed };
}
