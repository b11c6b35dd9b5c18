import { namespacedColumns, templateColumns, templateMask } from './columns';
import { defineKind } from './define';
import { replicaSetStatus } from './replica-set';
import { count, num } from '../k8s/read';
import { formatLabels } from '../k8s/selector';
import type { ReplicationController } from '../k8s/types';

export const replicationController = defineKind<ReplicationController>({
  group: '',
  resource: 'replicationcontrollers',
  kind: 'ReplicationController',
  versions: ['v1'],
  namespaced: true,
  title: 'Replication controllers',
  singular: 'Replication controller',
  tag: 'rc',
  aliases: ['rc'],
  section: 'workloads',
  order: 80,
  mask: {
    spec: { replicas: true, selector: true, template: templateMask },
    status: {
      replicas: true,
      readyReplicas: true,
      conditions: { type: true, status: true, reason: true, message: true },
    },
  },
  columns: namespacedColumns<ReplicationController>(
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
      get: (o) => count(o.status?.replicas),
    },
    ...templateColumns<ReplicationController>((o) => o.spec?.template),
    {
      id: 'selector',
      title: 'Selector',
      type: 'text',
      width: 200,
      optional: true,
      get: (o) => formatLabels(o.spec?.selector),
    },
  ),
});
