/**
 * Allowed flows as a graph a person can read: the workloads of the chosen namespaces, every other
 * namespace as one node, the internet as one. What is open to anyone is one edge from "anyone", not
 * one from each; between two workloads an edge stands only where a rule of either side made it.
 * With a focus: who reaches it left of it, what it reaches right of it, alike ones as one.
 */
import { EVERYTHING, NOTHING } from './conn-table';
import { evaluateRow } from './evaluate';
import type { Matrix } from './matrix';
import type { NetpolModel } from './model';
import { placeText, publicClasses, workloadParts, type Place } from './places';
import { formatConn } from './ports';
import { reachOf } from './reach';
import type { Steps } from './steps';

export interface FlowNode {
  readonly id: string;
  /** `cart`, `5 workloads`, `internet`. */
  readonly label: string;
  /** Deployment, Namespace; '' for the outside. */
  readonly kind: string;
  /** Namespace it is drawn in; '' for the outside. */
  readonly frame: string;
  readonly rank: number;
  readonly count: number;
  /** What a question about it is asked of; absent for "anyone". */
  readonly place?: Place;
}

export interface FlowEdge {
  readonly from: number;
  readonly to: number;
  /** `All`, `TCP 80`; what any of the flows it stands for may use. */
  readonly conn: string;
  /** Flows between workloads it stands for. */
  readonly count: number;
}

export interface FlowGraph {
  readonly nodes: readonly FlowNode[];
  readonly edges: readonly FlowEdge[];
  /** Too many workloads for a picture: choose fewer namespaces. */
  readonly tooMany?: number;
}

/** Nodes a picture holds. */
const MOST = 400;
/** So many workloads of a namespace are shown one by one, also where they are all of it. */
const FEW = 5;
const INTERNET = 'internet';
const ANYONE = 'anyone';

class Builder {
  readonly nodes: FlowNode[] = [];
  readonly #at = new Map<string, number>();
  readonly #edges = new Map<string, { from: number; to: number; conn: number; count: number }>();
  readonly #model: NetpolModel;

  constructor(model: NetpolModel) {
    this.#model = model;
  }

  node(made: FlowNode): number {
    const known = this.#at.get(made.id);
    if (known !== undefined) return known;
    const at = this.nodes.push(made) - 1;
    this.#at.set(made.id, at);
    return at;
  }

  edge(from: number, to: number, conn: number): void {
    const key = `${from} ${to}`;
    const known = this.#edges.get(key);
    if (!known) this.#edges.set(key, { from, to, conn, count: 1 });
    else {
      known.conn = this.#model.conns.union(known.conn, conn);
      known.count += 1;
    }
  }

  graph(): FlowGraph {
    const text = (conn: number): string => formatConn(this.#model.conns.get(conn));
    const edges = [...this.#edges.values()].map((one) => ({ ...one, conn: text(one.conn) }));
    return { nodes: this.nodes, edges };
  }
}

export function* flowSteps(
  model: NetpolModel,
  { workloads, cells }: Matrix,
  wanted: readonly string[],
): Steps<FlowGraph> {
  const size = workloads.length;
  const chosen = new Set(wanted);
  const inside = workloads.filter(({ id }) => chosen.has(workloadParts(id).namespace)).length;
  if (inside > MOST) return { nodes: [], edges: [], tooMany: inside };
  const internet = publicClasses(model).map(({ cls }) => cls);
  const builder = new Builder(model);
  const whole = chosen.size === 0;
  // Other namespaces stand where they belong: what opens left, what is opened to right.
  const nodeOf = (id: string, side: -1 | 1): number => {
    const { namespace, name, kind } = workloadParts(id);
    if (!whole && chosen.has(namespace))
      return builder.node({
        id,
        label: name,
        kind,
        frame: namespace,
        rank: 0,
        count: 1,
        place: { type: 'workload', id },
      });
    const list = byNamespace.get(namespace) ?? 1;
    return builder.node({
      id: `${whole || side < 0 ? '' : 'to '}namespace ${namespace}`,
      label: whole ? namespace : `${list} ${list === 1 ? 'workload' : 'workloads'}`,
      kind: 'Namespace',
      frame: whole ? '' : namespace,
      rank: whole ? 0 : side,
      count: list,
      place: { type: 'namespace', name: namespace },
    });
  };
  const byNamespace = new Map<string, number>();
  for (const { id } of workloads) {
    const { namespace } = workloadParts(id);
    byNamespace.set(namespace, (byNamespace.get(namespace) ?? 0) + 1);
  }
  // Open to anyone, or to reach anyone: no policy judges that side of any of its pods.
  const open = (at: number, direction: 'ingress' | 'egress'): boolean =>
    workloads[at]!.groups.every(({ sides }) => {
      const { admin, network, baseline } = sides[direction];
      return admin.length === 0 && network === null && baseline.length === 0;
    });
  const openIn = workloads.map((_, at) => open(at, 'ingress'));
  const openOut = workloads.map((_, at) => open(at, 'egress'));
  yield;
  const shown = (at: number): boolean => whole || chosen.has(workloadParts(workloads[at]!.id).namespace);
  const outer = (id: string, label: string, rank: number): number =>
    builder.node({
      id,
      label,
      kind: '',
      frame: '',
      rank,
      count: 1,
      ...(label === 'internet' ? { place: { type: 'internet' as const } } : {}),
    });
  for (let from = 0; from < size; from += 1) {
    if (shown(from)) {
      const own = nodeOf(workloads[from]!.id, -1);
      if (openIn[from]) builder.edge(outer(ANYONE, 'anyone', -1), own, EVERYTHING);
      else {
        const conn = publicConn(model, workloads[from]!, 'ingress', internet);
        if (conn !== NOTHING) builder.edge(outer(INTERNET, 'internet', -1), own, conn);
      }
      if (openOut[from]) builder.edge(own, outer(`to ${ANYONE}`, 'anyone', 1), EVERYTHING);
      else {
        const conn = publicConn(model, workloads[from]!, 'egress', internet);
        if (conn !== NOTHING) builder.edge(own, outer(`to ${INTERNET}`, 'internet', 1), conn);
      }
    }
    for (let to = 0; to < size; to += 1) {
      if (from === to || !(shown(from) || shown(to))) continue;
      const conn = cells[from * size + to]!;
      if (conn === NOTHING || (openIn[to] && openOut[from])) continue;
      const [a, b] = [nodeOf(workloads[from]!.id, -1), nodeOf(workloads[to]!.id, 1)];
      if (a !== b) builder.edge(a, b, conn);
    }
    yield;
  }
  return builder.graph();
}

function publicConn(
  model: NetpolModel,
  workload: Matrix['workloads'][number],
  direction: 'ingress' | 'egress',
  classes: readonly number[],
): number {
  let all = NOTHING;
  for (const group of workload.groups) {
    const row = group.host ? null : evaluateRow(model, group, direction);
    for (const cls of classes) all = model.conns.union(all, row ? row[cls]! : EVERYTHING);
  }
  return all;
}

/** A place in the middle. Workloads of one namespace with the same ports are one node where they are all of it. */
export function focusGraph(model: NetpolModel, focus: Place): FlowGraph {
  const builder = new Builder(model);
  const middle = builder.node({
    id: 'focus',
    label: focus.type === 'workload' ? workloadParts(focus.id).name : nameOf(focus),
    kind: focus.type === 'workload' ? workloadParts(focus.id).kind : focus.type,
    frame: frameOf(focus),
    rank: 0,
    count: 1,
    place: focus,
  });
  const edges: FlowEdge[] = [];
  for (const direction of ['ingress', 'egress'] as const) {
    const rank = direction === 'ingress' ? -1 : 1;
    const rows = reachOf(model, focus, direction);
    const all = new Map<string, number>();
    const groups = new Map<string, { frame: string; conn: string; rows: typeof rows }>();
    for (const row of rows) {
      const frame = row.place.type === 'workload' ? workloadParts(row.place.id).namespace : '';
      all.set(frame, (all.get(frame) ?? 0) + 1);
      if (row.open === '') continue;
      const key = `${frame} ${row.open}`;
      const one = groups.get(key) ?? { frame, conn: row.open, rows: [] };
      one.rows.push(row);
      groups.set(key, one);
    }
    for (const { frame, conn, rows: list } of groups.values()) {
      const whole = frame !== '' && list.length > FEW && list.length === all.get(frame);
      const link = (node: FlowNode, count: number): void => {
        const at = builder.node(node);
        edges.push(
          direction === 'ingress'
            ? { from: at, to: middle, conn, count }
            : { from: middle, to: at, conn, count },
        );
      };
      if (whole || list.length > MOST / 4) {
        const place: Place = { type: 'namespace', name: frame };
        const label = `${list.length} ${whole ? 'workloads, all of it' : 'workloads'}`;
        link(
          {
            id: `${direction} ${frame} ${conn}`,
            label,
            kind: 'Namespace',
            frame,
            rank,
            count: list.length,
            place,
          },
          list.length,
        );
      } else {
        for (const row of list) {
          const label = frame === '' ? row.label : row.label.slice(row.label.indexOf('/') + 1);
          const id = `${direction} ${row.label}[${row.kind}]`;
          link({ id, label, kind: row.kind, frame, rank, count: 1, place: row.place }, 1);
        }
      }
    }
  }
  return { nodes: builder.nodes, edges };
}

function nameOf(place: Place): string {
  if (place.type === 'pod' || place.type === 'namespace' || place.type === 'service') return place.name;
  return placeText(place);
}

function frameOf(place: Place): string {
  switch (place.type) {
    case 'workload':
      return workloadParts(place.id).namespace;
    case 'pod':
    case 'service':
      return place.namespace;
    case 'namespace':
      return place.name;
    default:
      return '';
  }
}
