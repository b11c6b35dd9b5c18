/**
 * Subjects, bindings and roles of an answer as three columns with edges between them. Pure; the
 * same paths give the same picture. Rows keep the order of the answer, bindings and roles stand at
 * the mean height of what leads to them, so that edges cross little.
 */
import type { ObjectName, Path } from '#shared/contract/rbac';

export const ROW = 30;
const MOST_PER_COLUMN = 120;

export interface GraphNode {
  readonly id: string;
  readonly column: 0 | 1 | 2;
  readonly of: ObjectName;
  /** Row, from 0. */
  readonly at: number;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** Rules of the role that count, on edges to roles. */
  readonly rules: readonly number[];
}

export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  readonly rows: number;
  /** Nodes that found no place. */
  readonly left: number;
}

export interface GraphPath extends Path {
  /** With its namespace written out. */
  readonly who: ObjectName;
}

export const nodeId = (column: number, { kind, namespace, name }: ObjectName): string =>
  `${column} ${kind}/${namespace}/${name}`;

export function layoutGraph(paths: readonly GraphPath[]): Graph {
  const columns: [Map<string, ObjectName>, Map<string, ObjectName>, Map<string, ObjectName>] = [
    new Map(),
    new Map(),
    new Map(),
  ];
  const edges = new Map<string, { from: string; to: string; rules: Set<number> }>();
  let left = 0;
  const place = (column: 0 | 1 | 2, of: ObjectName): string | undefined => {
    const id = nodeId(column, of);
    if (columns[column].has(id)) return id;
    if (columns[column].size >= MOST_PER_COLUMN) {
      left += 1;
      return undefined;
    }
    columns[column].set(id, of);
    return id;
  };
  const join = (from: string | undefined, to: string | undefined, rule?: number): void => {
    if (from === undefined || to === undefined) return;
    const key = `${from}\n${to}`;
    let edge = edges.get(key);
    if (!edge) edges.set(key, (edge = { from, to, rules: new Set() }));
    if (rule !== undefined) edge.rules.add(rule);
  };
  for (const { who, binding, role, ruleIndex } of paths) {
    const [a, b, c] = [place(0, who), place(1, binding), place(2, role)];
    join(a, b);
    join(b, c, ruleIndex);
  }
  const rowOf = new Map<string, number>();
  const nodes: GraphNode[] = [];
  for (const column of [0, 1, 2] as const) {
    const ids = [...columns[column].keys()];
    if (column > 0) sortByMean(ids, [...edges.values()], rowOf);
    ids.forEach((id, at) => {
      rowOf.set(id, at);
      const of = columns[column].get(id);
      if (of) nodes.push({ id, column, of, at });
    });
  }
  return {
    nodes,
    edges: [...edges.values()].map(({ from, to, rules }) => ({
      from,
      to,
      rules: [...rules].sort((x, y) => x - y),
    })),
    rows: Math.max(...columns.map((column) => column.size)),
    left,
  };
}

function sortByMean(
  ids: string[],
  edges: readonly { readonly from: string; readonly to: string }[],
  rowOf: ReadonlyMap<string, number>,
): void {
  const sums = new Map<string, { sum: number; count: number }>();
  for (const { from, to } of edges) {
    const row = rowOf.get(from);
    if (row === undefined) continue;
    const one = sums.get(to) ?? { sum: 0, count: 0 };
    sums.set(to, { sum: one.sum + row, count: one.count + 1 });
  }
  const mean = (id: string): number => {
    const one = sums.get(id);
    return one ? one.sum / one.count : 0;
  };
  ids.sort((a, b) => mean(a) - mean(b) || (a < b ? -1 : 1));
}

/** Everything that leads to a node or follows from it. */
export function reachOf(edges: readonly GraphEdge[], id: string): ReadonlySet<string> {
  const found = new Set([id]);
  const walk = (next: (edge: GraphEdge) => readonly [string, string]): void => {
    const queue = [id];
    for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
      for (const edge of edges) {
        const [here, there] = next(edge);
        if (here !== at || found.has(there)) continue;
        found.add(there);
        queue.push(there);
      }
    }
  };
  walk(({ from, to }) => [from, to]);
  walk(({ from, to }) => [to, from]);
  return found;
}
