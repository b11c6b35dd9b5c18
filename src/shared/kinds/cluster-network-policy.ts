import {
  clusterPolicyColumns,
  clusterPolicyMask,
  priorityColumn,
  type ClusterPolicy,
} from './cluster-policy';
import { defineKind } from './define';

export const clusterNetworkPolicy = defineKind<ClusterPolicy>({
  group: 'policy.networking.k8s.io',
  resource: 'clusternetworkpolicies',
  kind: 'ClusterNetworkPolicy',
  versions: ['v1alpha2'],
  namespaced: false,
  title: 'Cluster network policies',
  singular: 'Cluster network policy',
  tag: 'cnp',
  aliases: ['cnp'],
  section: 'network',
  order: 42,
  mask: clusterPolicyMask,
  columns: clusterPolicyColumns(
    { id: 'tier', title: 'Tier', type: 'text', width: 90, get: (o) => o.spec?.tier },
    priorityColumn,
  ),
});
