/** Short ways to write objects and to ask for edges; for tests only. */
import { RelationGraph } from './relation-graph';
import { parseKind } from './relations/kinds';
import type { RelationEdge, RelationNode } from './graph';

type Json = Record<string, unknown>;

/** `o('Deployment.apps', 'shop/web', {...})`; cluster-scoped: `o('Node', 'node-1')`. `meta` goes into metadata. */
export function o(kindText: string, path: string, body: Json = {}, meta: Json = {}): Json {
  const { kind, group } = parseKind(kindText);
  const slash = path.indexOf('/');
  const place = slash < 0 ? { name: path } : { namespace: path.slice(0, slash), name: path.slice(slash + 1) };
  return { apiVersion: group ? `${group}/v1` : 'v1', kind, metadata: { ...place, ...meta }, ...body };
}

export const labels = (map: Record<string, string>): Json => ({ labels: map });
export const notes = (map: Record<string, string>): Json => ({ annotations: map });

export function ownedBy(kindText: string, name: string, uid: string, more: Json = {}): Json {
  const { kind, group } = parseKind(kindText);
  return {
    ownerReferences: [
      { apiVersion: group ? `${group}/v1` : 'v1', kind, name, uid, controller: true, ...more },
    ],
  };
}

export function graphOf(...objects: unknown[]): RelationGraph {
  const graph = new RelationGraph();
  graph.load(objects);
  return graph;
}

export function nameOf(node: RelationNode): string {
  return `${node.kind}/${node.namespace}/${node.name}`;
}

/** `Service/a/web selects Pod/a/web-1`, with `(missing)`, `(invalid)`, `(inferred)`, `(optional)` where so. */
export function told(edge: RelationEdge): string {
  const marks = [
    edge.to.state === 'missing' || edge.from.state === 'missing' ? ' (missing)' : '',
    edge.invalid === undefined ? '' : ' (invalid)',
    edge.confidence === 'inferred' ? ' (inferred)' : '',
    edge.optional ? ' (optional)' : '',
  ];
  return `${nameOf(edge.from)} ${edge.relation} ${nameOf(edge.to)}${marks.join('')}`;
}

/** Edges of one rule, sorted. */
export function edges(rule: string, ...objects: unknown[]): string[] {
  return [...new Set([...graphOf(...objects).edges()].filter((edge) => edge.rule === rule).map(told))].sort();
}

/** All that can be said of a graph, in an order that depends on nothing. */
export function snapshot(graph: RelationGraph): string[] {
  const lines = [...graph.nodes()].map(
    (node) => `${node.state} ${node.id} in ${node.in.length} out ${node.out.length}`,
  );
  for (const edge of graph.edges()) {
    const { rule, field, value, note, port, weak, invalid, holder } = edge;
    lines.push(
      JSON.stringify([
        edge.from.id,
        edge.to.id,
        holder.id,
        rule,
        told(edge),
        field,
        value,
        note,
        port,
        weak,
        invalid,
      ]),
    );
  }
  return lines.sort();
}
