import {
  clusterPolicyColumns,
  clusterPolicyMask,
  priorityColumn,
  type ClusterPolicy,
} from './cluster-policy';
import { defineKind } from './define';

export const adminNetworkPolicy = defineKind<ClusterPolicy>({
  group: 'policy.networking.k8s.io',
  resource: 'adminnetworkpolicies',
  kind: 'AdminNetworkPolicy',
  versions: ['v1alpha1'],
  namespaced: false,
  title: 'Admin network policies',
  singular: 'Admin network policy',
  tag: 'anp',
  aliases: ['anp'],
  section: 'network',
  order: 40,
  mask: clusterPolicyMask,
  columns: clusterPolicyColumns(priorityColumn),
});
