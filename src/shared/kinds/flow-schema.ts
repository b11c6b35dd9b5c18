import { clusterColumns, status, type Status } from './columns';
import { defineKind } from './define';
import type { KubeObject } from '../k8s/meta';
import { condition, isTrue, str } from '../k8s/read';
import type { Condition, Reference } from '../k8s/types';

interface FlowSchema extends KubeObject {
  readonly spec?: {
    readonly priorityLevelConfiguration?: Reference;
    readonly matchingPrecedence?: number;
    readonly distinguisherMethod?: { readonly type?: string };
  };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

function schemaStatus(o: FlowSchema): Status {
  if (isTrue(o.status?.conditions, 'Dangling')) return status('bad', 'Names a missing priority level');
  return condition(o.status?.conditions, 'Dangling') ? status('ok', 'In force') : status('progress', 'New');
}

export const flowSchema = defineKind<FlowSchema>({
  group: 'flowcontrol.apiserver.k8s.io',
  resource: 'flowschemas',
  kind: 'FlowSchema',
  versions: ['v1', 'v1beta3'],
  namespaced: false,
  title: 'Flow schemas',
  singular: 'Flow schema',
  tag: 'fs',
  aliases: [],
  section: 'cluster',
  order: 70,
  mask: {
    spec: {
      priorityLevelConfiguration: { name: true },
      matchingPrecedence: true,
      distinguisherMethod: { type: true },
    },
    status: { conditions: { type: true, status: true } },
  },
  columns: clusterColumns<FlowSchema>(
    { id: 'status', title: 'Status', type: 'status', width: 190, get: schemaStatus },
    {
      id: 'level',
      title: 'Priority level',
      type: 'text',
      width: 180,
      ref: 'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io',
      get: (o) => o.spec?.priorityLevelConfiguration?.name,
    },
    {
      id: 'precedence',
      title: 'Precedence',
      type: 'number',
      width: 90,
      hint: 'Lower numbers are matched first',
      get: (o) => o.spec?.matchingPrecedence,
    },
    {
      id: 'flows',
      title: 'Flows by',
      type: 'text',
      width: 100,
      get: (o) => str(o.spec?.distinguisherMethod?.type),
    },
  ),
});
