import {
  namespacedColumns,
  status,
  templateColumns,
  templateMask,
  terminating,
  type Status,
} from './columns';
import { defineKind } from './define';
import { createFailure, notObserved, readyWords, zeroWords } from './workload-words';
import { condition, count, num } from '../k8s/read';
import { formatSelector } from '../k8s/selector';
import type { Deployment } from '../k8s/types';

/** D73-D76. */
export function deploymentStatus(o: Deployment): Status {
  const deleting = terminating(o);
  if (deleting) return deleting;
  const desired = num(o.spec?.replicas) ?? 1;
  const updated = count(o.status?.updatedReplicas);
  const replicas = count(o.status?.replicas);
  const ready = count(o.status?.readyReplicas);
  if (o.spec?.paused === true) {
    return status('idle', desired === 0 ? 'Paused, scaled to 0' : `Paused, ${ready} of ${desired} ready`);
  }
  const failure = createFailure(o.status?.conditions);
  if (failure) return failure;
  if (notObserved(o.metadata.generation, o.status?.observedGeneration)) {
    return status('progress', 'Change not picked up yet');
  }
  if (desired === 0) return zeroWords(replicas);
  const progressing = condition(o.status?.conditions, 'Progressing');
  if (progressing?.reason === 'ProgressDeadlineExceeded') {
    return updated < desired
      ? status('bad', `Rollout stuck: ${updated} of ${desired} updated`)
      : status('bad', `Rollout stuck: ${ready} of ${desired} ready`);
  }
  if (updated < desired) return status('progress', `Rolling out: ${updated} of ${desired} updated`);
  if (replicas > updated) return status('progress', `Rolling out: ${replicas - updated} old left`);
  if (ready < desired && progressing?.status === 'True' && progressing.reason !== 'NewReplicaSetAvailable') {
    return status('progress', `Rolling out: ${ready} of ${desired} ready`);
  }
  return readyWords(ready, desired);
}

export const deployment = defineKind<Deployment>({
  group: 'apps',
  resource: 'deployments',
  kind: 'Deployment',
  versions: ['v1'],
  namespaced: true,
  title: 'Deployments',
  singular: 'Deployment',
  tag: 'deploy',
  aliases: ['deploy', 'dp'],
  section: 'workloads',
  order: 20,
  mask: {
    metadata: { generation: true },
    spec: {
      replicas: true,
      paused: true,
      selector: true,
      strategy: { type: true },
      template: templateMask,
    },
    status: {
      observedGeneration: true,
      replicas: true,
      readyReplicas: true,
      availableReplicas: true,
      updatedReplicas: true,
      conditions: { type: true, status: true, reason: true, message: true },
    },
  },
  columns: namespacedColumns<Deployment>(
    { id: 'status', title: 'Status', type: 'status', width: 200, get: deploymentStatus },
    {
      id: 'ready',
      title: 'Ready',
      type: 'ratio',
      width: 70,
      get: (o) => [count(o.status?.readyReplicas), num(o.spec?.replicas) ?? 1],
    },
    {
      id: 'updated',
      title: 'Up to date',
      type: 'number',
      width: 90,
      hint: 'Pods of the newest revision',
      get: (o) => count(o.status?.updatedReplicas),
    },
    {
      id: 'available',
      title: 'Available',
      type: 'number',
      width: 90,
      hint: 'Pods ready for at least minReadySeconds',
      get: (o) => count(o.status?.availableReplicas),
    },
    {
      id: 'strategy',
      title: 'Strategy',
      type: 'text',
      width: 120,
      optional: true,
      get: (o) => o.spec?.strategy?.type,
    },
    ...templateColumns<Deployment>((o) => o.spec?.template),
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
