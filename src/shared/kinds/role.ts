import { namespacedColumns } from './columns';
import { defineKind } from './define';
import { roleColumns, roleMask, type AnyRole } from './role-columns';

export const role = defineKind<AnyRole>({
  group: 'rbac.authorization.k8s.io',
  resource: 'roles',
  kind: 'Role',
  versions: ['v1'],
  namespaced: true,
  title: 'Roles',
  singular: 'Role',
  tag: 'role',
  aliases: ['ro'],
  section: 'access',
  order: 20,
  mask: roleMask,
  columns: namespacedColumns<AnyRole>(...roleColumns()),
});
