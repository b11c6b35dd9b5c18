import {
  namespacedColumns,
  ownerColumn,
  status,
  templateColumns,
  templateMask,
  terminating,
  type Status,
} from './columns';
import { defineKind } from './define';
import { createFailure, readyWords, zeroWords } from './workload-words';
import { count, num } from '../k8s/read';
import { formatSelector } from '../k8s/selector';
import type { KubeObject } from '../k8s/meta';
import type { ReplicaSet, ReplicaStatus } from '../k8s/types';

/** Also of ReplicationControllers. */
export function replicaSetStatus(
  o: KubeObject & { readonly spec?: { readonly replicas?: number }; readonly status?: ReplicaStatus },
): Status {
  const deleting = terminating(o);
  if (deleting) return deleting;
  const desired = num(o.spec?.replicas) ?? 1;
  const replicas = count(o.status?.replicas);
  const failure = createFailure(o.status?.conditions);
  if (failure) return failure;
  if (desired === 0) return zeroWords(replicas);
  if (replicas < desired) return status('progress', `Creating: ${replicas} of ${desired}`);
  if (replicas > desired) return status('progress', `Scaling down: ${replicas} of ${desired}`);
  return readyWords(count(o.status?.readyReplicas), desired);
}

export const replicaSet = defineKind<ReplicaSet>({
  group: 'apps',
  resource: 'replicasets',
  kind: 'ReplicaSet',
  versions: ['v1'],
  namespaced: true,
  title: 'ReplicaSets',
  singular: 'ReplicaSet',
  tag: 'rs',
  aliases: ['rs'],
  section: 'workloads',
  order: 70,
  mask: {
    spec: { replicas: true, selector: true, template: templateMask },
    status: {
      replicas: true,
      readyReplicas: true,
      conditions: { type: true, status: true, reason: true, message: true },
    },
  },
  columns: namespacedColumns<ReplicaSet>(
    { id: 'status', title: 'Status', type: 'status', width: 200, get: replicaSetStatus },
    {
      id: 'ready',
      title: 'Ready',
      type: 'ratio',
      width: 70,
      get: (o) => [count(o.status?.readyReplicas), num(o.spec?.replicas) ?? 1],
    },
    {
      id: 'current',
      title: 'Current',
      type: 'number',
      width: 80,
      optional: true,
      hint: 'Pods that exist',
      get: (o) => count(o.status?.replicas),
    },
    ownerColumn<ReplicaSet>(),
    ...templateColumns<ReplicaSet>((o) => o.spec?.template),
    {
      id: 'selector',
      title: 'Selector',
      type: 'text',
      width: 200,
      optional: true,
      get: (o) => formatSelector(o.spec?.selector),
    },
  ),
});
