/**
 * Which objects a view is about. `object` and `dependants` walk from one object, with the number of
 * steps as column; the others take every object of their kinds in the chosen namespaces.
 */
import type { RelationEdge, RelationNode } from '../graph';
import type { RelationGraph } from '../relation-graph';
import { kindKey, shownAs } from './fold';
import type { MapFacts, MapQuery } from './types';
import { HIDDEN_KINDS, HIDDEN_RELATIONS, VIEWS } from './views';

export interface Chosen {
  /** Objects with their column, where the view's walk says it. */
  readonly nodes: Map<RelationNode, number | undefined>;
  readonly denied: ReadonlySet<string>;
}

/** At most so many are followed in a walk; one Namespace or Node may have them all. */
const MOST_WALKED = 20_000;
/** Objects that nearly everything meets in: a walk reaches them and goes no further. */
const HUBS = new Set([
  'Node.',
  'Namespace.',
  'StorageClass.storage.k8s.io',
  'IngressClass.networking.k8s.io',
]);

export function choose(graph: RelationGraph, query: MapQuery, facts: MapFacts): Chosen {
  return query.view === 'object' || query.view === 'dependants'
    ? walk(graph, query, facts)
    : whole(graph, query, facts);
}

/** Whether the edge is drawn in this view. */
export function isDrawn(edge: RelationEdge, query: MapQuery): boolean {
  const { relations } = VIEWS[query.view];
  if (query.view === 'overview' && !isBetweenSpaces(edge)) return false;
  if (query.view === 'object')
    return !SECOND_READINGS.has(edge.relation) && edge.from !== edge.to && !edge.to.group.startsWith('~app');
  return relations ? relations.has(edge.relation) : !HIDDEN_RELATIONS.has(edge.relation);
}

/** Of an overview's edges only those between namespaces are drawn. */
function isBetweenSpaces({ from, to }: RelationEdge): boolean {
  return from.namespace !== '' && to.namespace !== '' && from.namespace !== to.namespace;
}

const SECOND_READINGS = new Set(['revision', 'runs', 'part-of-app', 'part-of', 'scheduled-by', 'applied-by']);

/** Undefined: not shown. What is missing is shown only where its kind was read whole. */
export function standing(node: RelationNode, facts: MapFacts): 'shown' | 'unread' | undefined {
  if (node.state !== 'missing') return 'shown';
  const known = facts.known(node.group, node.kind, node.namespace);
  return known === 'read' ? 'shown' : known === 'denied' ? 'unread' : undefined;
}

function whole(graph: RelationGraph, query: MapQuery, facts: MapFacts): Chosen {
  const view = VIEWS[query.view];
  const chosen = new Set(query.namespaces);
  const nodes = new Map<RelationNode, undefined>();
  const denied = new Set<string>();
  const isWanted = (node: RelationNode): boolean => {
    const key = kindKey(node);
    return view.kinds ? view.kinds.has(key) : !HIDDEN_KINDS.has(key);
  };
  const inScope = (node: RelationNode): boolean =>
    node.state === 'present' && node.namespace !== '' && (chosen.size === 0 || chosen.has(node.namespace));
  for (const node of graph.nodes()) {
    if (!inScope(node) || !isWanted(node) || isNoise(node)) continue;
    if (shownAs(node) === node) nodes.set(node, undefined);
  }
  // Asked once: thousands of pods may point at the same account.
  const refused = new Set<RelationNode>();
  const isFit = (other: RelationNode): boolean =>
    isWanted(other) &&
    (other.state !== 'present' || other.namespace === '' || inScope(other)) &&
    shownAs(other) === other &&
    !isNoise(other);
  // Cluster-scoped, missing and virtual ones come in by the edges of those: two rounds for claim -> volume -> class.
  let front = [...nodes.keys()];
  for (let round = 0; round < 3 && front.length > 0; round++) {
    const found: RelationNode[] = [];
    const meet = (other: RelationNode, edge: RelationEdge): void => {
      if (nodes.has(other) || refused.has(other) || edge.weak || !isDrawn(edge, query)) return;
      const how = isFit(other) ? standing(other, facts) : undefined;
      if (how === undefined) {
        refused.add(other);
        return;
      }
      if (how === 'unread') denied.add(kindKey(other));
      nodes.set(other, undefined);
      found.push(other);
    };
    for (const node of front) {
      if (HUBS.has(kindKey(node))) continue;
      for (const edge of node.out) meet(edge.to, edge);
      if (node.namespace === '' && query.view !== 'access') continue;
      for (const edge of node.in) meet(edge.from, edge);
    }
    front = found;
  }
  if (query.view === 'placement' || query.view === 'storage' || query.view === 'overview') {
    for (const node of graph.nodes())
      if (node.state === 'present' && node.namespace === '' && isWanted(node) && isAlone(node, query))
        nodes.set(node, undefined);
  }
  if (view.connected) dropUnconnected(nodes, query);
  return { nodes, denied };
}

/** Shown without any edge: empty nodes, unused volumes; in an overview all of the cluster. */
function isAlone(node: RelationNode, query: MapQuery): boolean {
  if (query.view === 'overview') return true;
  return node.kind === (query.view === 'placement' ? 'Node' : 'PersistentVolume');
}

const ALWAYS = new Set([
  'PersistentVolumeClaim.',
  'PersistentVolume.',
  'Service.',
  'Ingress.networking.k8s.io',
]);

function dropUnconnected(nodes: Map<RelationNode, undefined>, query: MapQuery): void {
  const drop: RelationNode[] = [];
  for (const node of nodes.keys()) {
    if (ALWAYS.has(kindKey(node))) continue;
    const joins = (edge: RelationEdge, other: RelationNode): boolean =>
      edge.relation !== 'owner' && isDrawn(edge, query) && nodes.has(shownAs(other));
    if (!node.out.some((edge) => joins(edge, edge.to)) && !node.in.some((edge) => joins(edge, edge.from)))
      drop.push(node);
  }
  for (const node of drop) nodes.delete(node);
}

/** In every namespace and of no meaning to anybody. */
function isNoise({ kind, group, name, object, in: incoming }: RelationNode): boolean {
  if (group !== '') return false;
  if (kind === 'ConfigMap') return name === 'kube-root-ca.crt' || name === 'openshift-service-ca.crt';
  if (kind === 'ServiceAccount')
    return name === 'default' && !incoming.some((edge) => edge.relation === 'subject');
  const type = kind === 'Secret' ? object?.['type'] : undefined;
  return type === 'helm.sh/release.v1' || type === 'kubernetes.io/service-account-token';
}

function walk(graph: RelationGraph, query: MapQuery, facts: MapFacts): Chosen {
  const { object: of } = query;
  const nodes = new Map<RelationNode, number | undefined>();
  const denied = new Set<string>();
  const start = of && graph.get(`${of.group}/${of.kind}/${of.namespace}/${of.name}`);
  if (!start) return { nodes, denied };
  const root = start;
  nodes.set(root, 0);
  const breaks = query.view === 'dependants';
  // Outwards on each side apart: what points at it to the left, what it points at to the right.
  for (const side of breaks ? ([-1] as const) : ([-1, 1] as const)) {
    let front: RelationNode[] = [root];
    for (let step = 1; step <= query.depth && front.length > 0; step++) {
      const next: RelationNode[] = [];
      for (const node of front) {
        if (node !== root && HUBS.has(kindKey(node))) continue;
        for (const [edge, other] of neighbours(node, side, breaks)) {
          if (nodes.has(other) || nodes.size >= MOST_WALKED) continue;
          if (!isDrawn(edge, query) && !breaks) continue;
          const key = kindKey(other);
          if (HIDDEN_KINDS.has(key) && step > 1) continue;
          const how = standing(other, facts);
          if (how === undefined) continue;
          if (how === 'unread') denied.add(key);
          // What breaks stands to the right of what it needs: it reads as consequence.
          nodes.set(other, breaks ? step : side * step);
          next.push(other);
        }
      }
      front = next;
    }
  }
  return { nodes, denied };
}

/** On which side a neighbour stands: owners left, owned right, else by the direction of the edge. */
function* neighbours(
  node: RelationNode,
  side: 1 | -1,
  breaks: boolean,
): Generator<readonly [RelationEdge, RelationNode]> {
  if (breaks) {
    for (const edge of node.in) if (needs(edge)) yield [edge, edge.from];
    return;
  }
  for (const edge of node.out) {
    if (edge.weak) continue;
    if ((edge.relation === 'owner') === (side === -1)) yield [edge, edge.to];
  }
  for (const edge of node.in) {
    if (edge.weak) continue;
    if ((edge.relation === 'owner') === (side === 1)) yield [edge, edge.from];
  }
}

const HARMLESS = new Set([
  ...[
    'about',
    'related',
    'applies-to',
    'protects',
    'revision',
    'runs',
    'endpoints-of',
    'usable-on',
    'aggregates',
  ],
  ...['part-of-app', 'part-of', 'tracked-by', 'part-of-release', 'applied-by', 'stores', 'nominated-to'],
]);

/** Whether `from` is worse off when `to` goes. */
function needs(edge: RelationEdge): boolean {
  return !edge.weak && !edge.optional && edge.invalid === undefined && !HARMLESS.has(edge.relation);
}
