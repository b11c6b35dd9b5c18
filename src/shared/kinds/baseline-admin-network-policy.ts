import { clusterPolicyColumns, clusterPolicyMask, type ClusterPolicy } from './cluster-policy';
import { defineKind } from './define';

export const baselineAdminNetworkPolicy = defineKind<ClusterPolicy>({
  group: 'policy.networking.k8s.io',
  resource: 'baselineadminnetworkpolicies',
  kind: 'BaselineAdminNetworkPolicy',
  versions: ['v1alpha1'],
  namespaced: false,
  title: 'Baseline network policies',
  singular: 'Baseline network policy',
  tag: 'banp',
  aliases: ['banp'],
  section: 'network',
  order: 41,
  mask: clusterPolicyMask,
  columns: clusterPolicyColumns(),
});
