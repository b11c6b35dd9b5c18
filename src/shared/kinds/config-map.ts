import { keyCount, namespacedColumns } from './columns';
import { defineKind } from './define';
import { keys } from '../k8s/read';
import type { ConfigMap } from '../k8s/types';

export const configMap = defineKind<ConfigMap>({
  group: '',
  resource: 'configmaps',
  kind: 'ConfigMap',
  versions: ['v1'],
  namespaced: true,
  title: 'Config maps',
  singular: 'Config map',
  tag: 'cm',
  aliases: ['cm'],
  section: 'config',
  order: 10,
  mask: { immutable: true, data: 'keys', binaryData: 'keys' },
  columns: namespacedColumns<ConfigMap>(
    { id: 'keys', title: 'Keys', type: 'number', width: 70, get: (o) => keyCount(o.data, o.binaryData) },
    {
      id: 'key-names',
      title: 'Key names',
      type: 'text',
      width: 260,
      get: (o) => [...keys(o.data), ...keys(o.binaryData)].slice(0, 50).join(', '),
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
