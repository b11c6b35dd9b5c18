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
import { count, num } from '../k8s/read';
import { formatSelector } from '../k8s/selector';
import type { StatefulSet } from '../k8s/types';

/** D79, D80: OnDelete and a partition hold old pods back by design. */
export function statefulSetStatus(o: StatefulSet): Status {
  const deleting = terminating(o);
  if (deleting) return deleting;
  const desired = num(o.spec?.replicas) ?? 1;
  const replicas = count(o.status?.replicas);
  const ready = count(o.status?.readyReplicas);
  const failure = createFailure(o.status?.conditions);
  if (failure) return failure;
  if (notObserved(o.metadata.generation, o.status?.observedGeneration)) {
    return status('progress', 'Change not picked up yet');
  }
  if (desired === 0) return zeroWords(replicas);
  const updating =
    o.status?.updateRevision !== undefined && o.status.updateRevision !== o.status.currentRevision;
  const updated = updating ? count(o.status?.updatedReplicas) : replicas;
  const onDelete = o.spec?.updateStrategy?.type === 'OnDelete';
  const held = onDelete
    ? desired
    : Math.min(desired, count(o.spec?.updateStrategy?.rollingUpdate?.partition));
  if (updating && updated < desired - held) {
    const words = `${updated} of ${desired - held} updated`;
    // With one pod at a time, a pod that is not ready is what the rollout waits for.
    return status(
      'progress',
      ready < desired ? `Rolling out: ${words}, 1 not ready` : `Rolling out: ${words}`,
    );
  }
  if (replicas < desired) return status('progress', `Creating: ${replicas} of ${desired}`);
  if (replicas > desired) return status('progress', `Scaling down: ${replicas} of ${desired}`);
  const words = readyWords(ready, desired);
  const old = updating ? replicas - updated : 0;
  if (words.tone !== 'ok' || old <= 0) return words;
  return status('ok', `${words.text}, ${old} old ${onDelete ? 'until deleted' : 'by partition'}`);
}

export const statefulSet = defineKind<StatefulSet>({
  group: 'apps',
  resource: 'statefulsets',
  kind: 'StatefulSet',
  versions: ['v1'],
  namespaced: true,
  title: 'StatefulSets',
  singular: 'StatefulSet',
  tag: 'sts',
  aliases: ['sts'],
  section: 'workloads',
  order: 30,
  mask: {
    metadata: { generation: true },
    spec: {
      replicas: true,
      serviceName: true,
      podManagementPolicy: true,
      selector: true,
      updateStrategy: { type: true, rollingUpdate: { partition: true } },
      template: templateMask,
    },
    status: {
      observedGeneration: true,
      replicas: true,
      readyReplicas: true,
      updatedReplicas: true,
      currentRevision: true,
      updateRevision: true,
      conditions: { type: true, status: true, reason: true, message: true },
    },
  },
  columns: namespacedColumns<StatefulSet>(
    { id: 'status', title: 'Status', type: 'status', width: 200, get: statefulSetStatus },
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
      get: (o) => o.status?.updatedReplicas,
    },
    {
      id: 'service',
      title: 'Service',
      type: 'text',
      width: 130,
      optional: true,
      ref: 'services',
      refNamespaced: true,
      get: (o) => o.spec?.serviceName,
    },
    {
      id: 'strategy',
      title: 'Strategy',
      type: 'text',
      width: 120,
      optional: true,
      get: (o) => o.spec?.updateStrategy?.type,
    },
    {
      id: 'pod-management',
      title: 'Pod management',
      type: 'text',
      width: 120,
      optional: true,
      get: (o) => o.spec?.podManagementPolicy,
    },
    ...templateColumns<StatefulSet>((o) => o.spec?.template),
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
