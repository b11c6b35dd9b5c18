import { namespacedColumns } from './columns';
import { defineKind } from './define';
import type { KubeObject } from '../k8s/meta';
import { items, str } from '../k8s/read';
import type { Reference } from '../k8s/types';

interface ServiceAccount extends KubeObject {
  readonly secrets?: readonly Reference[];
  readonly imagePullSecrets?: readonly Reference[];
  readonly automountServiceAccountToken?: boolean;
}

function names(list: readonly Reference[] | undefined): string {
  return items(list)
    .map((one) => str(one.name))
    .filter((name) => name !== '')
    .join(', ');
}

export const serviceAccount = defineKind<ServiceAccount>({
  group: '',
  resource: 'serviceaccounts',
  kind: 'ServiceAccount',
  versions: ['v1'],
  namespaced: true,
  title: 'Service accounts',
  singular: 'Service account',
  tag: 'sa',
  aliases: ['sa'],
  section: 'access',
  order: 10,
  mask: { secrets: { name: true }, imagePullSecrets: { name: true }, automountServiceAccountToken: true },
  columns: namespacedColumns<ServiceAccount>(
    {
      id: 'pull-secrets',
      title: 'Pull secrets',
      type: 'text',
      width: 180,
      get: (o) => names(o.imagePullSecrets),
    },
    { id: 'secrets', title: 'Secrets', type: 'text', width: 180, get: (o) => names(o.secrets) },
    {
      id: 'automount',
      title: 'Token in pods',
      type: 'text',
      width: 100,
      hint: 'Whether pods get its token unless they say otherwise',
      get: (o) => (o.automountServiceAccountToken === false ? 'no' : 'yes'),
    },
  ),
});
