/**
 * Edges between what is drawn: those of folded and joined objects become one with a count, owners point
 * at what they own, and what a pod only repeats of its workload's template is left out.
 */
import type { RelationEdge, RelationNode } from '../graph';
import { shownAs, workloadOf } from './fold';
import { ENTERS, INTERNET, servicePorts } from './internet';
import type { MapQuery, MapTerm } from './types';
import { TURNED, TURNED_IN } from './views';

const termKeys = new WeakMap<object, string>();

export function joinEdges(
  chosen: ReadonlyMap<RelationNode, unknown>,
  indexOf: ReadonlyMap<RelationNode, number>,
  /** What the outside reaches, with its ports. */
  entries: ReadonlyMap<RelationNode, string>,
  query: MapQuery,
  isDrawn: (edge: RelationEdge) => boolean,
): { edges: Int32Array; terms: MapTerm[] } {
  const terms: MapTerm[] = [];
  const termAt = new Map<string, number>();
  const places = new Map<number, number>();
  const list: number[] = [];
  const turned = TURNED_IN[query.view] ?? TURNED;
  let size = chosen.size + 2;
  for (const at of indexOf.values()) size = Math.max(size, at + 1);

  const termAtKey = (key: string, term: MapTerm): number => {
    let at = termAt.get(key);
    if (at === undefined) {
      termAt.set(key, (at = terms.length));
      terms.push(term);
    }
    return at;
  };

  const termOf = (edge: RelationEdge): number => {
    const { terms: own } = edge as unknown as { terms?: object };
    let key = own && termKeys.get(own);
    if (key === undefined) {
      key = `${edge.relation}|${edge.confidence}|${edge.weak}|${edge.optional}|${edge.invalid ?? ''}|${edge.port ?? ''}`;
      if (own) termKeys.set(own, key);
    }
    // On its way a request passes ports: the Service says which.
    const isHop = query.view === 'traffic' && edge.relation === 'selects';
    const port = isHop ? portsOf(edge.from) : (edge.port ?? '');
    return termAtKey(isHop ? `${key}|${port}` : key, {
      relation: edge.relation,
      inferred: edge.confidence === 'inferred',
      weak: edge.weak,
      optional: edge.optional,
      invalid: edge.invalid ?? '',
      port,
    });
  };

  const hops = new Map<RelationNode, string>();
  const portsOf = (service: RelationNode): string => {
    let ports = hops.get(service);
    if (ports === undefined) hops.set(service, (ports = servicePorts(service)));
    return ports;
  };

  const add = (edge: RelationEdge, source: RelationNode, target: RelationNode): void => {
    const a = indexOf.get(source);
    const b = indexOf.get(target);
    if (a === undefined || b === undefined || a === b) return;
    const isTurned = turned.has(edge.relation);
    const from = isTurned ? b : a;
    const to = isTurned ? a : b;
    const term = termOf(edge);
    const key = (from * size + to) * 4096 + (term & 4095);
    const at = places.get(key);
    if (at !== undefined) list[at + 3]!++;
    else {
      places.set(key, list.length);
      list.push(from, to, term, 1);
    }
  };

  const templates = new Map<RelationNode, ReadonlySet<RelationNode>>();
  const repeated = (workload: RelationNode): ReadonlySet<RelationNode> => {
    let targets = templates.get(workload);
    if (!targets) templates.set(workload, (targets = targetsOf(workload)));
    return targets;
  };

  const read = (node: RelationNode, source: RelationNode): void => {
    const workload = node === source && node.kind === 'Pod' ? workloadOf(node) : undefined;
    const repeats = workload && indexOf.has(workload) ? repeated(workload) : undefined;
    for (const edge of node.out) {
      if (!isDrawn(edge)) continue;
      const target = shownAs(edge.to);
      // What the template says already is drawn once, from the workload.
      if (repeats && edge.relation !== 'owner' && repeats.has(target)) continue;
      add(edge, source, target);
    }
  };

  for (const node of chosen.keys()) {
    if (!indexOf.has(node)) continue;
    read(node, node);
    // ReplicaSets are drawn as their Deployment: the pods they own are its pods.
    if (node.kind === 'Deployment' || node.kind === 'Rollout') {
      for (const edge of node.in)
        if (edge.relation === 'owner' && shownAs(edge.from) === node) foldIn(edge.from, node);
    }
  }

  function foldIn(folded: RelationNode, source: RelationNode): void {
    if (folded === source) return;
    // Only what points at it from elsewhere; its template is the Deployment's.
    for (const edge of folded.in) {
      if (!isDrawn(edge) || edge.relation === 'owner') continue;
      if (chosen.has(edge.from)) add(edge, edge.from, source);
    }
  }
  const outside = indexOf.get(INTERNET);
  for (const [node, port] of entries) {
    const to = indexOf.get(node);
    if (outside === undefined || to === undefined) continue;
    const term = { relation: ENTERS, inferred: false, weak: false, optional: false, invalid: '', port };
    list.push(outside, to, termAtKey(`${ENTERS}|${port}`, term), 1);
  }
  return { edges: Int32Array.from(list), terms };
}

function targetsOf(workload: RelationNode): ReadonlySet<RelationNode> {
  const set = new Set<RelationNode>();
  for (const edge of workload.out) if (edge.relation !== 'owner') set.add(edge.to);
  return set;
}
