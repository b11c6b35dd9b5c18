import { clusterColumns } from './columns';
import { defineKind } from './define';
import { roleColumns, roleMask, type AnyRole } from './role-columns';
import { items } from '../k8s/read';
import { formatSelector } from '../k8s/selector';

export const clusterRole = defineKind<AnyRole>({
  group: 'rbac.authorization.k8s.io',
  resource: 'clusterroles',
  kind: 'ClusterRole',
  versions: ['v1'],
  namespaced: false,
  title: 'Cluster roles',
  singular: 'Cluster role',
  tag: 'cr',
  aliases: ['cr'],
  section: 'access',
  order: 30,
  mask: { ...roleMask, aggregationRule: true },
  columns: clusterColumns<AnyRole>(...roleColumns(), {
    id: 'aggregates',
    title: 'Aggregates',
    type: 'text',
    width: 220,
    optional: true,
    hint: 'Takes the rules of cluster roles with these labels',
    get: (o) => items(o.aggregationRule?.clusterRoleSelectors).map(formatSelector).join('; '),
  }),
});
