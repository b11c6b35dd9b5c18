/** Kind ids of the policies the evaluator knows. */
import type { PolicyRef } from '#shared/domain/netpol/types';

const ids: Readonly<Record<string, string>> = {
  NetworkPolicy: 'networkpolicies.networking.k8s.io',
  AdminNetworkPolicy: 'adminnetworkpolicies.policy.networking.k8s.io',
  BaselineAdminNetworkPolicy: 'baselineadminnetworkpolicies.policy.networking.k8s.io',
  ClusterNetworkPolicy: 'clusternetworkpolicies.policy.networking.k8s.io',
};

export const POLICY_KINDS: readonly string[] = Object.values(ids);

export function policyTarget({ kind, namespace, name }: Pick<PolicyRef, 'kind' | 'namespace' | 'name'>): {
  kind: string;
  namespace: string;
  name: string;
} {
  return { kind: ids[kind] ?? '', namespace, name };
}

/** `NetworkPolicy` of a kind id; undefined for others. */
export function policyKindOf(kindId: string): string | undefined {
  return Object.keys(ids).find((kind) => ids[kind] === kindId);
}
