import { clusterColumns } from './columns';
import { defineKind } from './define';
import { bindingColumns, bindingMask, type AnyBinding } from './role-columns';

export const clusterRoleBinding = defineKind<AnyBinding>({
  group: 'rbac.authorization.k8s.io',
  resource: 'clusterrolebindings',
  kind: 'ClusterRoleBinding',
  versions: ['v1'],
  namespaced: false,
  title: 'Cluster role bindings',
  singular: 'Cluster role binding',
  tag: 'crb',
  aliases: ['crb'],
  section: 'access',
  order: 35,
  mask: bindingMask,
  columns: clusterColumns<AnyBinding>(...bindingColumns()),
});
