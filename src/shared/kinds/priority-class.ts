import { clusterColumns, yes } from './columns';
import { defineKind } from './define';
import type { KubeObject } from '../k8s/meta';

interface PriorityClass extends KubeObject {
  readonly value?: number;
  readonly globalDefault?: boolean;
  readonly preemptionPolicy?: string;
  readonly description?: string;
}

export const priorityClass = defineKind<PriorityClass>({
  group: 'scheduling.k8s.io',
  resource: 'priorityclasses',
  kind: 'PriorityClass',
  versions: ['v1'],
  namespaced: false,
  title: 'Priority classes',
  singular: 'Priority class',
  tag: 'pc',
  aliases: ['pc'],
  section: 'config',
  order: 50,
  mask: { value: true, globalDefault: true, preemptionPolicy: true, description: true },
  columns: clusterColumns<PriorityClass>(
    { id: 'value', title: 'Value', type: 'number', width: 110, get: (o) => o.value },
    { id: 'default', title: 'Default', type: 'text', width: 70, get: (o) => yes(o.globalDefault) },
    { id: 'preemption', title: 'Preemption', type: 'text', width: 160, get: (o) => o.preemptionPolicy },
    {
      id: 'description',
      title: 'Description',
      type: 'text',
      width: 300,
      optional: true,
      get: (o) => o.description,
    },
  ),
});
