/**
 * Whether a pod may and can run on a node: the scheduler's filters for readiness, cordon, taints, selector,
 * required node affinity and resources. Not judged: pod affinity, topology spread, volumes, host ports (each
 * is named in `unjudged`). Preemption is not played through.
 */
import type { CapacityNode, CapacityPod, NodeRequirement, NodeTerm, Taint, Toleration } from './types';

/** What is left of a node; changed as pods are placed. */
export interface Room {
  readonly node: CapacityNode;
  cpu: number;
  memory: number;
  pods: number;
  readonly extended: Map<string, number>;
}

/** Nodes by name with what the pods on them leave. */
export function roomsOf(nodes: readonly CapacityNode[], pods: readonly CapacityPod[]): Map<string, Room> {
  const rooms = new Map<string, Room>();
  for (const node of nodes)
    rooms.set(node.name, {
      node,
      cpu: node.allocatable.cpu,
      memory: node.allocatable.memory,
      pods: node.pods,
      extended: new Map(Object.entries(node.extended)),
    });
  for (const pod of pods) {
    const room = rooms.get(pod.node);
    if (room) take(room, pod);
  }
  return rooms;
}

export function take(room: Room, pod: CapacityPod): void {
  room.cpu -= pod.requests.cpu;
  room.memory -= pod.requests.memory;
  room.pods -= 1;
  for (const [name, amount] of Object.entries(pod.extended))
    room.extended.set(name, (room.extended.get(name) ?? 0) - amount);
}

export function tolerates(tolerations: readonly Toleration[], taint: Taint): boolean {
  return tolerations.some(
    ({ key, operator = 'Equal', value = '', effect }) =>
      (effect === undefined || effect === '' || effect === taint.effect) &&
      (key === undefined || key === ''
        ? operator === 'Exists'
        : key === taint.key && (operator === 'Exists' || value === taint.value)),
  );
}

function holds(
  { key, operator, values }: NodeRequirement,
  labels: Readonly<Record<string, string>>,
): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return value !== undefined && Number(value) > Number(values[0]);
    case 'Lt':
      return value !== undefined && Number(value) < Number(values[0]);
    default:
      return false;
  }
}

/** A term without any expression matches nothing, as the API says. */
export function matchesTerm({ expressions, fields }: NodeTerm, node: CapacityNode): boolean {
  if (expressions.length + fields.length === 0) return false;
  return (
    expressions.every((one) => holds(one, node.labels)) &&
    fields.every((one) => holds(one, { 'metadata.name': node.name }))
  );
}

/** Why the node takes no new pods at all; empty: it does. */
export function closedBecause({ ready, unschedulable }: CapacityNode): string {
  return !ready ? 'not ready' : unschedulable ? 'cordoned' : '';
}

const taintWords = ({ key, value, effect }: Taint): string =>
  `${key}${value === '' ? '' : `=${value}`}:${effect}`;

/** Why the pod may not or cannot run there beside what is there; undefined: it fits. */
export function unfitBecause(pod: CapacityPod, room: Room): string | undefined {
  const { node } = room;
  const closed = closedBecause(node);
  if (closed !== '') return closed;
  for (const taint of node.taints)
    if (
      (taint.effect === 'NoSchedule' || taint.effect === 'NoExecute') &&
      // Cordon's own taint is said as cordoned.
      !tolerates(pod.tolerations, taint)
    )
      return `taint ${taintWords(taint)} is not tolerated`;
  for (const [key, value] of Object.entries(pod.nodeSelector))
    if (node.labels[key] !== value) return `node selector ${key}=${value} does not match`;
  if (pod.terms.length > 0 && !pod.terms.some((term) => matchesTerm(term, node)))
    return 'required node affinity does not match';
  if (room.pods < 1) return 'no room for one more pod';
  // Amounts are sums of doubles: a thousandth of a core and a byte are no lack.
  if (pod.requests.cpu > room.cpu + 1e-6) return 'not enough CPU';
  if (pod.requests.memory > room.memory + 0.5) return 'not enough memory';
  for (const [name, amount] of Object.entries(pod.extended))
    if (amount > (room.extended.get(name) ?? 0) + 1e-6) return `not enough ${name}`;
  return undefined;
}

/** `2 nodes: not enough memory; 1 node: cordoned`, the most frequent first. */
export function reasonsText(reasons: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .map(([reason, count]) => `${count} node${count === 1 ? '' : 's'}: ${reason}`)
    .join('; ');
}
