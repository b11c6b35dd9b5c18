import { namespacedColumns, referenceWords } from './columns';
import { defineKind, type FieldMask } from './define';
import { hpaStatus, metricWords, type HorizontalPodAutoscaler } from './hpa-words';
import { num } from '../k8s/read';
import { parseTime } from '../util/age';

const value: FieldMask = { type: true, averageUtilization: true, averageValue: true, value: true };
const source: FieldMask = {
  name: true,
  container: true,
  metric: { name: true },
  target: value,
  current: value,
};
const metrics: FieldMask = {
  type: true,
  resource: source,
  containerResource: source,
  pods: source,
  object: source,
  external: source,
};

export const horizontalPodAutoscaler = defineKind<HorizontalPodAutoscaler>({
  group: 'autoscaling',
  resource: 'horizontalpodautoscalers',
  kind: 'HorizontalPodAutoscaler',
  versions: ['v2', 'v2beta2'],
  namespaced: true,
  title: 'Pod autoscalers',
  singular: 'Pod autoscaler',
  tag: 'hpa',
  aliases: ['hpa'],
  section: 'workloads',
  order: 90,
  mask: {
    spec: {
      scaleTargetRef: { apiVersion: true, kind: true, name: true },
      minReplicas: true,
      maxReplicas: true,
      metrics,
    },
    status: {
      currentReplicas: true,
      desiredReplicas: true,
      lastScaleTime: true,
      currentMetrics: metrics,
      conditions: { type: true, status: true, reason: true },
    },
  },
  columns: namespacedColumns<HorizontalPodAutoscaler>(
    { id: 'status', title: 'Status', type: 'status', width: 190, get: hpaStatus },
    {
      id: 'target',
      title: 'Target',
      type: 'text',
      width: 180,
      get: (o) => referenceWords({ kind: o.spec?.scaleTargetRef?.kind, name: o.spec?.scaleTargetRef?.name }),
    },
    {
      id: 'metrics',
      title: 'Metrics',
      type: 'text',
      width: 200,
      hint: 'Value now of the value aimed at',
      get: metricWords,
    },
    { id: 'min', title: 'Min', type: 'number', width: 60, get: (o) => num(o.spec?.minReplicas) ?? 1 },
    { id: 'max', title: 'Max', type: 'number', width: 60, get: (o) => o.spec?.maxReplicas },
    { id: 'replicas', title: 'Pods', type: 'number', width: 60, get: (o) => o.status?.currentReplicas },
    {
      id: 'last-scale',
      title: 'Last scaled',
      type: 'time',
      width: 90,
      optional: true,
      get: (o) => parseTime(o.status?.lastScaleTime),
    },
  ),
});
