import { namespacedColumns } from './columns';
import { defineKind } from './define';
import { bindingColumns, bindingMask, type AnyBinding } from './role-columns';

export const roleBinding = defineKind<AnyBinding>({
  group: 'rbac.authorization.k8s.io',
  resource: 'rolebindings',
  kind: 'RoleBinding',
  versions: ['v1'],
  namespaced: true,
  title: 'Role bindings',
  singular: 'Role binding',
  tag: 'rb',
  aliases: ['rb'],
  section: 'access',
  order: 25,
  mask: bindingMask,
  columns: namespacedColumns<AnyBinding>(...bindingColumns()),
});
