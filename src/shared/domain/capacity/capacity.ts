/**
 * Sums of what is there, asked for and used; what losing one node would do; where a pod fits.
 * Pure and deterministic: pods are placed in the order of priority and size, each on the node that has most
 * left, as the scheduler's default scoring prefers. An estimate, and its limits are told in `notes`.
 */
import { closedBecause, reasonsText, roomsOf, take, unfitBecause, type Room } from './placing';
import type {
  Amounts,
  CapacityNode,
  CapacityNodeRow,
  CapacityPod,
  CapacityRow,
  CapacityTotals,
  FitAnswer,
  FitNode,
  LossAnswer,
  MovedPod,
} from './types';

const none: Amounts = { cpu: 0, memory: 0 };
const add = (a: Amounts, b: Amounts): Amounts => ({ cpu: a.cpu + b.cpu, memory: a.memory + b.memory });

interface Sum {
  nodes: number;
  pods: number;
  allocatable: Amounts;
  requested: Amounts;
  used: Amounts | null;
}

const empty = (): Sum => ({ nodes: 0, pods: 0, allocatable: none, requested: none, used: null });

export interface CapacitySums {
  readonly totals: CapacityTotals;
  readonly nodes: readonly CapacityNodeRow[];
  readonly zones: readonly CapacityRow[];
  readonly namespaces: readonly CapacityRow[];
}

/** `usedBy`: in use by namespace, where it is known. */
export function sumCapacity(
  nodes: readonly CapacityNode[],
  pods: readonly CapacityPod[],
  usedBy: ReadonlyMap<string, Amounts>,
): CapacitySums {
  const byNode = new Map<string, Sum>();
  const byZone = new Map<string, Sum>();
  const byNamespace = new Map<string, Sum>();
  const of = (map: Map<string, Sum>, key: string): Sum => {
    const known = map.get(key) ?? empty();
    map.set(key, known);
    return known;
  };
  const zoneOf = new Map(nodes.map((node) => [node.name, node.zone]));
  let closed = none;
  let room = 0;
  for (const node of nodes) {
    for (const sum of [of(byNode, node.name), of(byZone, node.zone)]) {
      sum.nodes += 1;
      sum.allocatable = add(sum.allocatable, node.allocatable);
      if (node.used) sum.used = add(sum.used ?? none, node.used);
    }
    room += node.pods;
    if (closedBecause(node) !== '') closed = add(closed, node.allocatable);
  }
  let pending = 0;
  for (const pod of pods) {
    const zone = zoneOf.get(pod.node);
    if (pod.node === '') pending += 1;
    const sums = [of(byNamespace, pod.namespace)];
    if (zone !== undefined) sums.push(of(byNode, pod.node), of(byZone, zone));
    for (const sum of sums) {
      sum.pods += 1;
      sum.requested = add(sum.requested, pod.requests);
    }
  }
  for (const [namespace, used] of usedBy) of(byNamespace, namespace).used = used;
  const rows = (map: Map<string, Sum>): CapacityRow[] =>
    [...map].map(([name, sum]) => ({ name, ...sum })).sort((a, b) => (a.name < b.name ? -1 : 1));
  const nodeByName = new Map(nodes.map((node) => [node.name, node]));
  const nodeRows = rows(byNode).flatMap((row): CapacityNodeRow[] => {
    const node = nodeByName.get(row.name);
    return node ? [{ ...row, zone: node.zone, room: node.pods, closed: closedBecause(node) }] : [];
  });
  const total = nodeRows.reduce(
    (sum, row) => ({
      allocatable: add(sum.allocatable, row.allocatable),
      requested: add(sum.requested, row.requested),
      used: row.used ? add(sum.used ?? none, row.used) : sum.used,
    }),
    { allocatable: none, requested: none, used: null as Amounts | null },
  );
  return {
    totals: { nodes: nodes.length, pods: pods.length - pending, room, pending, closed, ...total },
    nodes: nodeRows,
    zones: rows(byZone),
    namespaces: rows(byNamespace),
  };
}

/** Most left (of the scarcer resource) first: what the scheduler's LeastAllocated scoring prefers. */
function leftOver(room: Room, pod: CapacityPod): number {
  const { cpu, memory } = room.node.allocatable;
  return (
    ((cpu > 0 ? (room.cpu - pod.requests.cpu) / cpu : 0) +
      (memory > 0 ? (room.memory - pod.requests.memory) / memory : 0)) /
    2
  );
}

function place(pod: CapacityPod, rooms: Iterable<Room>): { readonly to?: Room; readonly why: string } {
  let best: Room | undefined;
  let most = -Infinity;
  const reasons: string[] = [];
  for (const room of rooms) {
    const reason = unfitBecause(pod, room);
    if (reason !== undefined) {
      reasons.push(reason);
      continue;
    }
    const left = leftOver(room, pod);
    if (left > most) [best, most] = [room, left];
  }
  if (!best) return { why: reasons.length === 0 ? 'there is no other node' : reasonsText(reasons) };
  take(best, pod);
  return { to: best, why: '' };
}

function notesOf(pods: readonly CapacityPod[]): readonly string[] {
  const names = new Map<string, number>();
  for (const pod of pods) for (const one of pod.unjudged) names.set(one, (names.get(one) ?? 0) + 1);
  const notes = [...names].map(
    ([what, count]) => `${count} pod${count === 1 ? ' has' : 's have'} ${what}, which is not judged here.`,
  );
  if (pods.some((pod) => pod.requests.cpu === 0 && pod.requests.memory === 0))
    notes.push('Pods without requests fit anywhere; what they use still has to come from somewhere.');
  return notes;
}

export function loseNode(
  nodes: readonly CapacityNode[],
  pods: readonly CapacityPod[],
  name: string,
): LossAnswer {
  const staying = nodes.filter((node) => node.name !== name);
  const rooms = roomsOf(
    staying,
    pods.filter((pod) => pod.node !== name),
  );
  const on = pods.filter((pod) => pod.node === name);
  const going = on
    .filter((pod) => !pod.bound && !pod.bare)
    .sort(
      (a, b) =>
        b.priority - a.priority ||
        b.requests.cpu - a.requests.cpu ||
        b.requests.memory - a.requests.memory ||
        (`${a.namespace}/${a.name}` < `${b.namespace}/${b.name}` ? -1 : 1),
    );
  const moved = going.map((pod): MovedPod => {
    const { to, why } = place(pod, rooms.values());
    return { namespace: pod.namespace, name: pod.name, requests: pod.requests, to: to?.node.name ?? '', why };
  });
  let fullest: LossAnswer['fullest'] = null;
  for (const { node, cpu, memory } of rooms.values()) {
    const share = {
      name: node.name,
      cpu: node.allocatable.cpu > 0 ? 1 - cpu / node.allocatable.cpu : 0,
      memory: node.allocatable.memory > 0 ? 1 - memory / node.allocatable.memory : 0,
    };
    if (!fullest || Math.max(share.cpu, share.memory) > Math.max(fullest.cpu, fullest.memory))
      fullest = share;
  }
  return {
    node: name,
    moved: [...moved].sort((a, b) => Number(a.to !== '') - Number(b.to !== '')),
    homeless: moved.filter((one) => one.to === '').length,
    bare: on.filter((pod) => pod.bare && !pod.bound).map((pod) => `${pod.namespace}/${pod.name}`),
    bound: on.filter((pod) => pod.bound).length,
    fullest,
    notes: notesOf(going),
  };
}

const MOST_ON_ONE = 10_000;

/** How many copies of the pod fit where, each node filled on its own. */
export function fitPod(
  nodes: readonly CapacityNode[],
  pods: readonly CapacityPod[],
  pod: CapacityPod,
  asked: number,
): FitAnswer {
  const rooms = [...roomsOf(nodes, pods).values()];
  const found = rooms.map((room): FitNode => {
    const free = { cpu: Math.max(0, room.cpu), memory: Math.max(0, room.memory) };
    let count = 0;
    let why = unfitBecause(pod, room);
    while (why === undefined && count < MOST_ON_ONE) {
      take(room, pod);
      count += 1;
      why = unfitBecause(pod, room);
    }
    return { node: room.node.name, count, why: why ?? '', free };
  });
  found.sort((a, b) => b.count - a.count || (a.node < b.node ? -1 : 1));
  const fits = found.reduce((sum, one) => sum + one.count, 0);
  return { fits, asked, nodes: found, notes: notesOf([pod]) };
}
