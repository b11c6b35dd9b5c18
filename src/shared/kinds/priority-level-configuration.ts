import { clusterColumns } from './columns';
import { defineKind } from './define';
import type { KubeObject } from '../k8s/meta';

interface PriorityLevelConfiguration extends KubeObject {
  readonly spec?: {
    readonly type?: string;
    readonly limited?: {
      readonly nominalConcurrencyShares?: number;
      readonly limitResponse?: {
        readonly type?: string;
        readonly queuing?: {
          readonly queues?: number;
          readonly handSize?: number;
          readonly queueLengthLimit?: number;
        };
      };
    };
  };
}

export const priorityLevelConfiguration = defineKind<PriorityLevelConfiguration>({
  group: 'flowcontrol.apiserver.k8s.io',
  resource: 'prioritylevelconfigurations',
  kind: 'PriorityLevelConfiguration',
  versions: ['v1', 'v1beta3'],
  namespaced: false,
  title: 'Priority levels',
  singular: 'Priority level',
  tag: 'plc',
  aliases: ['plc'],
  section: 'cluster',
  order: 71,
  mask: {
    spec: {
      type: true,
      limited: {
        nominalConcurrencyShares: true,
        limitResponse: { type: true, queuing: { queues: true, handSize: true, queueLengthLimit: true } },
      },
    },
  },
  columns: clusterColumns<PriorityLevelConfiguration>(
    { id: 'type', title: 'Type', type: 'text', width: 80, get: (o) => o.spec?.type },
    {
      id: 'shares',
      title: 'Shares',
      type: 'number',
      width: 80,
      hint: 'Nominal concurrency shares',
      get: (o) => o.spec?.limited?.nominalConcurrencyShares,
    },
    {
      id: 'over-limit',
      title: 'Over the limit',
      type: 'text',
      width: 110,
      get: (o) => o.spec?.limited?.limitResponse?.type,
    },
    {
      id: 'queues',
      title: 'Queues',
      type: 'number',
      width: 80,
      get: (o) => o.spec?.limited?.limitResponse?.queuing?.queues,
    },
    {
      id: 'hand-size',
      title: 'Hand size',
      type: 'number',
      width: 90,
      optional: true,
      get: (o) => o.spec?.limited?.limitResponse?.queuing?.handSize,
    },
    {
      id: 'queue-length',
      title: 'Queue length',
      type: 'number',
      width: 100,
      optional: true,
      get: (o) => o.spec?.limited?.limitResponse?.queuing?.queueLengthLimit,
    },
  ),
});
