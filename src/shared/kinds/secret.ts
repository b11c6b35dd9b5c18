/** Lists of Secrets never carry values: the mask names keys only, and nothing else that may hold one. */
import { keyCount, namespacedColumns } from './columns';
import { defineKind } from './define';
import { keys } from '../k8s/read';
import type { Secret } from '../k8s/types';

export const secret = defineKind<Secret>({
  group: '',
  resource: 'secrets',
  kind: 'Secret',
  versions: ['v1'],
  namespaced: true,
  title: 'Secrets',
  singular: 'Secret',
  tag: 'secret',
  aliases: ['sec'],
  section: 'config',
  order: 20,
  mask: { type: true, immutable: true, data: 'keys' },
  columns: namespacedColumns<Secret>(
    { id: 'type', title: 'Type', type: 'text', width: 220, get: (o) => o.type },
    { id: 'keys', title: 'Keys', type: 'number', width: 70, get: (o) => keyCount(o.data) },
    {
      id: 'key-names',
      title: 'Key names',
      type: 'text',
      width: 200,
      get: (o) => keys(o.data).slice(0, 50).join(', '),
    },
    {
      id: 'immutable',
      title: 'Immutable',
      type: 'text',
      width: 80,
      optional: true,
      get: (o) => (o.immutable === true ? 'yes' : null),
    },
  ),
});
