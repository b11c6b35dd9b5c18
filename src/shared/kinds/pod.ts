import { imagesOf, namespacedColumns, ownerColumn } from './columns';
import { defineKind, type FieldMask } from './define';
import { podReady, podRestarts, podStatus } from './pod-status';
import { isTrue, items, own, str } from '../k8s/read';
import type { Pod } from '../k8s/types';
import { parseTime } from '../util/age';
import { parseQuantity, sumQuantities } from '../util/quantity';

const terminated: FieldMask = { reason: true, exitCode: true, signal: true, message: true, finishedAt: true };

const containerStatus: FieldMask = {
  name: true,
  ready: true,
  started: true,
  restartCount: true,
  state: { waiting: { reason: true, message: true }, running: {}, terminated },
  lastState: { terminated },
};

const container: FieldMask = {
  name: true,
  image: true,
  restartPolicy: true,
  resources: { requests: true, limits: { cpu: true, memory: true } },
  readinessProbe: { periodSeconds: true },
};

/** What the containers may use: the sum of limits where each has one; else of requests, negative; null: no bound. */
function boundOf(o: Pod, resource: 'cpu' | 'memory'): number | null {
  const containers = items(o.spec?.containers);
  const limits = containers.map((one) => parseQuantity(own(one.resources?.limits, resource)));
  if (limits.length > 0 && limits.every((limit) => limit !== null && limit > 0))
    return limits.reduce<number>((sum, limit) => sum + (limit ?? 0), 0);
  const requested = sumQuantities(containers.map((one) => own(one.resources?.requests, resource)));
  return requested === null || requested === 0 ? null : -requested;
}

export const pod = defineKind<Pod>({
  group: '',
  resource: 'pods',
  kind: 'Pod',
  versions: ['v1'],
  namespaced: true,
  title: 'Pods',
  singular: 'Pod',
  tag: 'po',
  aliases: ['po', 'pod'],
  section: 'workloads',
  order: 10,
  fieldsApart: true,
  mask: {
    spec: {
      nodeName: true,
      serviceAccountName: true,
      priority: true,
      priorityClassName: true,
      schedulingGates: { name: true },
      readinessGates: { conditionType: true },
      containers: container,
      initContainers: container,
    },
    status: {
      phase: true,
      reason: true,
      message: true,
      podIP: true,
      qosClass: true,
      nominatedNodeName: true,
      startTime: true,
      conditions: { type: true, status: true, reason: true, message: true },
      containerStatuses: containerStatus,
      initContainerStatuses: containerStatus,
    },
  },
  columns: namespacedColumns<Pod>(
    { id: 'status', title: 'Status', type: 'status', width: 200, get: podStatus },
    { id: 'ready', title: 'Ready', type: 'ratio', width: 60, hint: 'Ready containers', get: podReady },
    {
      id: 'restarts',
      title: 'Restarts',
      type: 'restarts',
      width: 100,
      hint: 'Restarts of all containers, and when the last one ended',
      get: podRestarts,
    },
    {
      id: 'cpu',
      title: 'CPU',
      type: 'cpu-use',
      width: 104,
      hint: 'In use, by metrics-server; the bar is against the limit, else the request',
      get: (o) => boundOf(o, 'cpu'),
    },
    {
      id: 'memory',
      title: 'Memory',
      type: 'bytes-use',
      width: 128,
      hint: 'Working set, by metrics-server; the bar is against the limit, else the request',
      get: (o) => boundOf(o, 'memory'),
    },
    {
      id: 'node',
      title: 'Node',
      type: 'text',
      width: 150,
      ref: 'nodes',
      field: 'spec.nodeName',
      get: (o) => o.spec?.nodeName,
    },
    {
      id: 'ip',
      title: 'IP',
      type: 'mono',
      width: 110,
      optional: true,
      field: 'status.podIP',
      get: (o) => o.status?.podIP,
    },
    ownerColumn<Pod>(),
    {
      id: 'qos',
      title: 'QoS',
      type: 'text',
      width: 90,
      optional: true,
      field: 'status.qosClass',
      get: (o) => o.status?.qosClass,
    },
    {
      id: 'nominated-node',
      title: 'Nominated node',
      type: 'text',
      width: 150,
      optional: true,
      ref: 'nodes',
      hint: 'Where pods are being removed to make room for this one',
      get: (o) => o.status?.nominatedNodeName,
    },
    {
      id: 'readiness-gates',
      title: 'Readiness gates',
      type: 'ratio',
      width: 110,
      optional: true,
      get: (o) => {
        const gates = items(o.spec?.readinessGates);
        if (gates.length === 0) return null;
        const met = gates.filter((gate) => isTrue(o.status?.conditions, str(gate.conditionType)));
        return [met.length, gates.length];
      },
    },
    {
      id: 'images',
      title: 'Images',
      type: 'mono',
      width: 280,
      optional: true,
      get: (o) => imagesOf(o.spec?.containers),
    },
    {
      id: 'service-account',
      title: 'Service account',
      type: 'text',
      width: 130,
      optional: true,
      ref: 'serviceaccounts',
      refNamespaced: true,
      field: 'spec.serviceAccountName',
      get: (o) => o.spec?.serviceAccountName,
    },
    {
      id: 'priority',
      title: 'Priority',
      type: 'number',
      width: 80,
      optional: true,
      field: 'spec.priority',
      get: (o) => o.spec?.priority,
    },
    {
      id: 'priority-class',
      title: 'Priority class',
      type: 'text',
      width: 130,
      optional: true,
      ref: 'priorityclasses.scheduling.k8s.io',
      field: 'spec.priorityClassName',
      get: (o) => o.spec?.priorityClassName,
    },
    {
      id: 'started',
      title: 'Started',
      type: 'time',
      width: 70,
      optional: true,
      hint: 'When the node accepted the pod',
      field: 'status.startTime',
      get: (o) => parseTime(o.status?.startTime),
    },
  ),
});
