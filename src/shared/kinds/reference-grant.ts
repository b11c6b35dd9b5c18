import { namespacedColumns } from './columns';
import { defineKind } from './define';
import type { KubeObject } from '../k8s/meta';
import { items, str } from '../k8s/read';
import type { Reference } from '../k8s/types';

interface ReferenceGrant extends KubeObject {
  readonly spec?: { readonly from?: readonly Reference[]; readonly to?: readonly Reference[] };
}

export const referenceGrant = defineKind<ReferenceGrant>({
  group: 'gateway.networking.k8s.io',
  resource: 'referencegrants',
  kind: 'ReferenceGrant',
  versions: ['v1', 'v1beta1'],
  namespaced: true,
  title: 'Reference grants',
  singular: 'Reference grant',
  tag: 'refgrant',
  aliases: ['refgrant'],
  section: 'network',
  order: 25,
  mask: {
    spec: {
      from: { kind: true, namespace: true },
      to: { kind: true, name: true },
    },
  },
  columns: namespacedColumns<ReferenceGrant>(
    {
      id: 'from',
      title: 'From',
      type: 'text',
      width: 260,
      get: (o) =>
        items(o.spec?.from)
          .map((from) => `${str(from.kind)} in ${str(from.namespace)}`)
          .join(', '),
    },
    {
      id: 'to',
      title: 'To',
      type: 'text',
      width: 220,
      get: (o) =>
        items(o.spec?.to)
          .map((to) => (str(to.name) === '' ? `every ${str(to.kind)}` : `${str(to.kind)} ${str(to.name)}`))
          .join(', '),
    },
  ),
});
