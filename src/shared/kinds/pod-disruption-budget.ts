import { namespacedColumns, status, terminating, type Status } from './columns';
import { defineKind } from './define';
import type { KubeObject } from '../k8s/meta';
import { condition, count, num } from '../k8s/read';
import { formatSelector } from '../k8s/selector';
import type { Condition, LabelSelector } from '../k8s/types';
import { plural } from '../util/text';

interface PodDisruptionBudget extends KubeObject {
  readonly spec?: {
    readonly minAvailable?: number | string;
    readonly maxUnavailable?: number | string;
    readonly selector?: LabelSelector | null;
    readonly unhealthyPodEvictionPolicy?: string;
  };
  readonly status?: {
    readonly currentHealthy?: number;
    readonly desiredHealthy?: number;
    readonly disruptionsAllowed?: number;
    readonly expectedPods?: number;
    readonly conditions?: readonly Condition[];
  };
}

/** D82, D83. A budget that selects nothing blocks nothing. */
function pdbStatus(o: PodDisruptionBudget): Status {
  const deleting = terminating(o);
  if (deleting) return deleting;
  const allowed = condition(o.status?.conditions, 'DisruptionAllowed');
  if (allowed?.reason === 'SyncFailed') return status('bad', 'Blocks every eviction: cannot count pods');
  if (num(o.status?.disruptionsAllowed) === undefined) return status('progress', 'Not evaluated yet');
  if (count(o.status?.expectedPods) === 0) return status('idle', 'Selects no pods');
  const disruptions = count(o.status?.disruptionsAllowed);
  if (disruptions > 0) return status('ok', `Allows ${plural(disruptions, 'eviction')}`);
  const healthy = count(o.status?.currentHealthy);
  const desired = count(o.status?.desiredHealthy);
  return healthy < desired
    ? status('warn', `Blocks every eviction: ${healthy} of ${desired} healthy`)
    : status('warn', 'Blocks every eviction');
}

export const podDisruptionBudget = defineKind<PodDisruptionBudget>({
  group: 'policy',
  resource: 'poddisruptionbudgets',
  kind: 'PodDisruptionBudget',
  versions: ['v1'],
  namespaced: true,
  title: 'Disruption budgets',
  singular: 'Disruption budget',
  tag: 'pdb',
  aliases: ['pdb'],
  section: 'workloads',
  order: 110,
  mask: {
    spec: { minAvailable: true, maxUnavailable: true, selector: true, unhealthyPodEvictionPolicy: true },
    status: {
      currentHealthy: true,
      desiredHealthy: true,
      disruptionsAllowed: true,
      expectedPods: true,
      conditions: { type: true, status: true, reason: true },
    },
  },
  columns: namespacedColumns<PodDisruptionBudget>(
    { id: 'status', title: 'Status', type: 'status', width: 250, get: pdbStatus },
    {
      id: 'min-available',
      title: 'Min available',
      type: 'text',
      width: 100,
      get: (o) => o.spec?.minAvailable as string | undefined,
    },
    {
      id: 'max-unavailable',
      title: 'Max unavailable',
      type: 'text',
      width: 110,
      get: (o) => o.spec?.maxUnavailable as string | undefined,
    },
    {
      id: 'allowed',
      title: 'Allowed',
      type: 'number',
      width: 80,
      hint: 'Evictions allowed now',
      get: (o) => o.status?.disruptionsAllowed,
    },
    {
      id: 'healthy',
      title: 'Healthy',
      type: 'ratio',
      width: 80,
      hint: 'Healthy pods of those that must be',
      get: (o) => [count(o.status?.currentHealthy), count(o.status?.desiredHealthy)],
    },
    {
      id: 'pods',
      title: 'Pods',
      type: 'number',
      width: 60,
      optional: true,
      get: (o) => o.status?.expectedPods,
    },
    {
      id: 'selector',
      title: 'Selector',
      type: 'text',
      width: 200,
      optional: true,
      get: (o) => formatSelector(o.spec?.selector),
    },
    {
      id: 'unhealthy-policy',
      title: 'Unhealthy pods',
      type: 'text',
      width: 130,
      optional: true,
      get: (o) => o.spec?.unhealthyPodEvictionPolicy,
    },
  ),
});
