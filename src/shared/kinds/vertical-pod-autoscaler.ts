import { namespacedColumns, referenceWords, status, terminating, type Status } from './columns';
import { defineKind } from './define';
import type { KubeObject } from '../k8s/meta';
import { condition, isTrue, items, own } from '../k8s/read';
import type { Condition, Reference, StringMap } from '../k8s/types';
import { sumQuantities } from '../util/quantity';

interface VerticalPodAutoscaler extends KubeObject {
  readonly spec?: {
    readonly targetRef?: Reference;
    readonly updatePolicy?: { readonly updateMode?: string };
  };
  readonly status?: {
    readonly conditions?: readonly Condition[];
    readonly recommendation?: {
      readonly containerRecommendations?: readonly {
        readonly containerName?: string;
        readonly target?: StringMap;
      }[];
    };
  };
}

function vpaStatus(o: VerticalPodAutoscaler): Status {
  const deleting = terminating(o);
  if (deleting) return deleting;
  const conditions = o.status?.conditions;
  if (isTrue(conditions, 'ConfigUnsupported')) return status('bad', 'Target not supported');
  if (isTrue(conditions, 'NoPodsMatched')) return status('warn', 'Matches no pods');
  if (isTrue(conditions, 'FetchingHistory')) return status('progress', 'Reading history');
  const provided = condition(conditions, 'RecommendationProvided');
  if (provided?.status === 'True') return status('ok', 'Recommends');
  return status('progress', 'No recommendation yet');
}

function recommended(o: VerticalPodAutoscaler, resource: string): number | null {
  return sumQuantities(
    items(o.status?.recommendation?.containerRecommendations).map((one) => own(one.target, resource)),
  );
}

export const verticalPodAutoscaler = defineKind<VerticalPodAutoscaler>({
  group: 'autoscaling.k8s.io',
  resource: 'verticalpodautoscalers',
  kind: 'VerticalPodAutoscaler',
  versions: ['v1', 'v1beta2'],
  namespaced: true,
  title: 'Vertical autoscalers',
  singular: 'Vertical autoscaler',
  tag: 'vpa',
  aliases: ['vpa'],
  section: 'workloads',
  order: 100,
  mask: {
    spec: { targetRef: { apiVersion: true, kind: true, name: true }, updatePolicy: { updateMode: true } },
    status: {
      conditions: { type: true, status: true },
      recommendation: { containerRecommendations: { containerName: true, target: true } },
    },
  },
  columns: namespacedColumns<VerticalPodAutoscaler>(
    { id: 'status', title: 'Status', type: 'status', width: 180, get: vpaStatus },
    {
      id: 'target',
      title: 'Target',
      type: 'text',
      width: 180,
      get: (o) => referenceWords({ kind: o.spec?.targetRef?.kind, name: o.spec?.targetRef?.name }),
    },
    { id: 'mode', title: 'Mode', type: 'text', width: 90, get: (o) => o.spec?.updatePolicy?.updateMode },
    {
      id: 'cpu',
      title: 'CPU',
      type: 'cpu',
      width: 80,
      hint: 'Recommended for one pod, all its containers together',
      get: (o) => recommended(o, 'cpu'),
    },
    {
      id: 'memory',
      title: 'Memory',
      type: 'bytes',
      width: 80,
      hint: 'Recommended for one pod, all its containers together',
      get: (o) => recommended(o, 'memory'),
    },
  ),
});
