/** Nodes and pods of the cluster in the compact form the capacity questions need. What is no amount counts as none. */
import type {
  CapacityNode,
  CapacityPod,
  NodeRequirement,
  NodeTerm,
  Taint,
  Toleration,
} from '#shared/domain/capacity/types';
import type { FieldMask, KubeObject } from '#shared/kinds/define';
import { podRequest } from '#shared/kinds/pod-words';
import type { Pod } from '#shared/k8s/types';
import { parseQuantity } from '#shared/util/quantity';
import type { Wanted } from './lists';

const container: FieldMask = {
  name: true,
  restartPolicy: true,
  resources: { requests: true },
  ports: { hostPort: true },
};

export const podsWanted: Wanted = {
  group: '',
  version: 'v1',
  resource: 'pods',
  kind: 'Pod',
  namespaced: true,
  mask: {
    metadata: { annotations: { 'kubernetes.io/config.mirror': true } },
    spec: {
      nodeName: true,
      nodeSelector: true,
      tolerations: true,
      priority: true,
      overhead: true,
      affinity: true,
      topologySpreadConstraints: { whenUnsatisfiable: true },
      volumes: { persistentVolumeClaim: { claimName: true } },
      containers: container,
      initContainers: container,
    },
    status: { phase: true },
  },
};

export const nodesWanted: Wanted = {
  group: '',
  version: 'v1',
  resource: 'nodes',
  kind: 'Node',
  namespaced: false,
  mask: {
    spec: { unschedulable: true, taints: true },
    status: { allocatable: true, conditions: { type: true, status: true } },
  },
};

type Json = Readonly<Record<string, unknown>>;
const object = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const texts = (value: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(object(value)).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  );

function zoneOf(labels: Readonly<Record<string, string>>): string {
  return labels['topology.kubernetes.io/zone'] ?? labels['failure-domain.beta.kubernetes.io/zone'] ?? '';
}

export function readNode(node: KubeObject): CapacityNode {
  const { spec, status } = node as { spec?: unknown; status?: unknown };
  const allocatable = object(object(status)['allocatable']);
  const labels = texts(node.metadata.labels);
  const extended: Record<string, number> = {};
  for (const [name, amount] of Object.entries(allocatable))
    if (name !== 'cpu' && name !== 'memory' && name !== 'pods') extended[name] = parseQuantity(amount) ?? 0;
  return {
    name: node.metadata.name,
    zone: zoneOf(labels),
    labels,
    allocatable: {
      cpu: parseQuantity(allocatable['cpu']) ?? 0,
      memory: parseQuantity(allocatable['memory']) ?? 0,
    },
    pods: parseQuantity(allocatable['pods']) ?? 0,
    extended,
    taints: list(object(spec)['taints'])
      .map(readTaint)
      .filter((taint) => taint.key !== 'node.kubernetes.io/unschedulable'),
    unschedulable: object(spec)['unschedulable'] === true,
    ready: list(object(status)['conditions']).some(
      (one) => object(one)['type'] === 'Ready' && object(one)['status'] === 'True',
    ),
    used: null,
  };
}

function readTaint(raw: unknown): Taint {
  const { key, value, effect } = object(raw);
  return { key: text(key), value: text(value), effect: text(effect) };
}

/** undefined: it has ended and takes no room. */
export function readPod(pod: KubeObject): CapacityPod | undefined {
  const whole = pod as Pod & { spec?: Json; status?: { phase?: string } };
  const phase = whole.status?.phase;
  if (phase === 'Succeeded' || phase === 'Failed') return undefined;
  const spec = object(whole.spec);
  const overhead = object(spec['overhead']);
  const amount = (resource: string): number =>
    (podRequest(whole, resource) ?? 0) + (parseQuantity(overhead[resource]) ?? 0);
  const extended: Record<string, number> = {};
  for (const one of [...list(spec['containers']), ...list(spec['initContainers'])])
    for (const name of Object.keys(object(object(object(one)['resources'])['requests'])))
      if (name !== 'cpu' && name !== 'memory') extended[name] = amount(name);
  const affinity = object(spec['affinity']);
  const required = object(object(affinity['nodeAffinity'])['requiredDuringSchedulingIgnoredDuringExecution']);
  const owners = pod.metadata.ownerReferences ?? [];
  const annotations = object((pod.metadata as { annotations?: unknown }).annotations);
  return {
    namespace: pod.metadata.namespace ?? '',
    name: pod.metadata.name,
    node: text(spec['nodeName']),
    requests: { cpu: amount('cpu'), memory: amount('memory') },
    extended,
    nodeSelector: texts(spec['nodeSelector']),
    terms: list(required['nodeSelectorTerms']).map(readTerm),
    tolerations: list(spec['tolerations']).map(readToleration),
    priority: typeof spec['priority'] === 'number' ? spec['priority'] : 0,
    bound:
      'kubernetes.io/config.mirror' in annotations ||
      owners.some((one) => one.kind === 'DaemonSet' || one.kind === 'Node'),
    bare: !owners.some((one) => one.controller === true),
    unjudged: unjudgedOf(spec, affinity),
  };
}

function unjudgedOf(spec: Json, affinity: Json): readonly string[] {
  const required = 'requiredDuringSchedulingIgnoredDuringExecution';
  const out: string[] = [];
  if (list(object(affinity['podAffinity'])[required]).length > 0) out.push('required pod affinity');
  if (list(object(affinity['podAntiAffinity'])[required]).length > 0) out.push('required pod anti-affinity');
  if (
    list(spec['topologySpreadConstraints']).some(
      (one) => object(one)['whenUnsatisfiable'] === 'DoNotSchedule',
    )
  )
    out.push('topology spread constraints');
  if (list(spec['volumes']).some((one) => 'persistentVolumeClaim' in object(one)))
    out.push('volumes that may be bound to a node or zone');
  if (
    list(spec['containers']).some((one) =>
      list(object(one)['ports']).some((port) => object(port)['hostPort'] !== undefined),
    )
  )
    out.push('host ports');
  return out;
}

function readToleration(raw: unknown): Toleration {
  const { key, operator, value, effect } = object(raw);
  return {
    ...(typeof key === 'string' ? { key } : {}),
    ...(typeof operator === 'string' && operator !== '' ? { operator } : {}),
    ...(typeof value === 'string' ? { value } : {}),
    ...(typeof effect === 'string' ? { effect } : {}),
  };
}

function readTerm(raw: unknown): NodeTerm {
  const { matchExpressions, matchFields } = object(raw);
  const requirement = (one: unknown): NodeRequirement => {
    const { key, operator, values } = object(one);
    return { key: text(key), operator: text(operator), values: list(values).map(text) };
  };
  return { expressions: list(matchExpressions).map(requirement), fields: list(matchFields).map(requirement) };
}
