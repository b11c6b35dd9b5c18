import { clusterColumns, status, terminating, type Status } from './columns';
import { defineKind } from './define';
import { condition, isTrue, items, keys, own, str } from '../k8s/read';
import type { Node } from '../k8s/types';
import { parseQuantity } from '../util/quantity';

const pressures = ['MemoryPressure', 'DiskPressure', 'PIDPressure'] as const;

/** D92-D95. The worst first; cordoned is a state said beside it. */
export function nodeStatus(o: Node): Status {
  const deleting = terminating(o);
  if (deleting) return deleting;
  const cordoned = o.spec?.unschedulable === true ? ', cordoned' : '';
  const conditions = o.status?.conditions;
  const ready = condition(conditions, 'Ready');
  if (!ready) return status('idle', `Unknown: never reported${cordoned}`);
  if (ready.status !== 'True') return status('bad', `Not ready: ${notReadyWords(o)}${cordoned}`);
  if (isTrue(conditions, 'NetworkUnavailable')) return status('bad', `Network unavailable${cordoned}`);
  const pressed = pressures.filter((type) => isTrue(conditions, type));
  if (pressed.length > 0) return status('warn', `${pressed.join(', ')}${cordoned}`);
  const taints = items(o.spec?.taints);
  if (taints.some((taint) => taint.key === 'node.cloudprovider.kubernetes.io/uninitialized')) {
    return status('warn', `Ready, cloud set-up pending${cordoned}`);
  }
  if (taints.some((taint) => taint.key === 'node.kubernetes.io/out-of-service')) {
    return status('warn', `Ready, out of service${cordoned}`);
  }
  return cordoned === '' ? status('ok', 'Ready') : status('idle', 'Ready, cordoned');
}

function notReadyWords(o: Node): string {
  const ready = condition(o.status?.conditions, 'Ready');
  if (ready?.status === 'Unknown') return 'kubelet is silent';
  const message = str(ready?.message);
  if (/network plugin|NetworkReady=false|cni/i.test(message)) return 'network plugin';
  if (/container runtime is down|runtime not ready|PLEG/i.test(message)) return 'container runtime';
  if (/shutting down|shutdown/i.test(message)) return 'shutting down';
  return str(ready?.reason) || 'kubelet';
}

const rolePrefix = 'node-role.kubernetes.io/';

function roles(o: Node): string {
  const named = keys(o.metadata.labels)
    .filter((key) => key.startsWith(rolePrefix))
    .map((key) => key.slice(rolePrefix.length))
    .filter((role) => role !== '');
  return (named.length > 0 ? named : [own(o.metadata.labels, 'kubernetes.io/role')]).join(', ');
}

function address(o: Node, type: string): string {
  return items(o.status?.addresses)
    .filter((one) => one.type === type)
    .map((one) => str(one.address))
    .join(', ');
}

export const node = defineKind<Node>({
  group: '',
  resource: 'nodes',
  kind: 'Node',
  versions: ['v1'],
  namespaced: false,
  title: 'Nodes',
  singular: 'Node',
  tag: 'no',
  aliases: ['no'],
  section: 'cluster',
  order: 10,
  mask: {
    spec: { unschedulable: true, podCIDR: true, taints: { key: true, value: true, effect: true } },
    status: {
      allocatable: true,
      conditions: { type: true, status: true, reason: true, message: true },
      addresses: true,
      nodeInfo: {
        kubeletVersion: true,
        osImage: true,
        kernelVersion: true,
        containerRuntimeVersion: true,
        architecture: true,
      },
    },
  },
  columns: clusterColumns<Node>(
    { id: 'status', title: 'Status', type: 'status', width: 180, get: nodeStatus },
    { id: 'roles', title: 'Roles', type: 'text', width: 110, get: roles },
    {
      id: 'version',
      title: 'Version',
      type: 'text',
      width: 100,
      get: (o) => o.status?.nodeInfo?.kubeletVersion,
    },
    {
      id: 'internal-ip',
      title: 'Internal IP',
      type: 'mono',
      width: 120,
      get: (o) => address(o, 'InternalIP'),
    },
    {
      id: 'external-ip',
      title: 'External IP',
      type: 'mono',
      width: 120,
      optional: true,
      get: (o) => address(o, 'ExternalIP'),
    },
    {
      id: 'cpu-use',
      title: 'CPU used',
      type: 'cpu-use',
      width: 104,
      hint: 'In use, by metrics-server; the bar is against what pods may have',
      get: (o) => parseQuantity(own(o.status?.allocatable, 'cpu')),
    },
    {
      id: 'memory-use',
      title: 'Memory used',
      type: 'bytes-use',
      width: 128,
      hint: 'Working set, by metrics-server; the bar is against what pods may have',
      get: (o) => parseQuantity(own(o.status?.allocatable, 'memory')),
    },
    {
      id: 'cpu',
      title: 'CPU',
      type: 'cpu',
      width: 70,
      hint: 'Allocatable to pods',
      get: (o) => parseQuantity(own(o.status?.allocatable, 'cpu')),
    },
    {
      id: 'memory',
      title: 'Memory',
      type: 'bytes',
      width: 80,
      hint: 'Allocatable to pods',
      get: (o) => parseQuantity(own(o.status?.allocatable, 'memory')),
    },
    {
      id: 'max-pods',
      title: 'Max pods',
      type: 'number',
      width: 80,
      optional: true,
      get: (o) => parseQuantity(own(o.status?.allocatable, 'pods')),
    },
    {
      id: 'taints',
      title: 'Taints',
      type: 'text',
      width: 180,
      optional: true,
      get: (o) =>
        items(o.spec?.taints)
          .map((taint) => {
            const value = str(taint.value);
            return `${str(taint.key)}${value === '' ? '' : `=${value}`}:${str(taint.effect)}`;
          })
          .join(', '),
    },
    {
      id: 'zone',
      title: 'Zone',
      type: 'text',
      width: 110,
      optional: true,
      get: (o) =>
        own(o.metadata.labels, 'topology.kubernetes.io/zone') ||
        own(o.metadata.labels, 'failure-domain.beta.kubernetes.io/zone'),
    },
    {
      id: 'instance-type',
      title: 'Instance type',
      type: 'text',
      width: 110,
      optional: true,
      get: (o) =>
        own(o.metadata.labels, 'node.kubernetes.io/instance-type') ||
        own(o.metadata.labels, 'beta.kubernetes.io/instance-type'),
    },
    {
      id: 'arch',
      title: 'Architecture',
      type: 'text',
      width: 90,
      optional: true,
      get: (o) => o.status?.nodeInfo?.architecture,
    },
    {
      id: 'os',
      title: 'OS image',
      type: 'text',
      width: 180,
      optional: true,
      get: (o) => o.status?.nodeInfo?.osImage,
    },
    {
      id: 'kernel',
      title: 'Kernel',
      type: 'text',
      width: 150,
      optional: true,
      get: (o) => o.status?.nodeInfo?.kernelVersion,
    },
    {
      id: 'runtime',
      title: 'Container runtime',
      type: 'text',
      width: 150,
      optional: true,
      get: (o) => o.status?.nodeInfo?.containerRuntimeVersion,
    },
    {
      id: 'pod-cidr',
      title: 'Pod CIDR',
      type: 'mono',
      width: 120,
      optional: true,
      get: (o) => o.spec?.podCIDR,
    },
  ),
});
