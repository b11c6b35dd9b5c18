/** Kind ids of the policies the evaluator knows. */
import type { PolicyRef } from '#shared/domain/netpol/types';

const ids: Readonly<Record<string, string>> = {
  NetworkPolicy: 'networkpolicies.networking.k8s.io',
  AdminNetworkPolicy: 'adminnetworkpolicies.policy.networking.k8s.io',
  BaselineAdminNetworkPolicy: 'baselineadminnetworkpolicies.policy.networking.k8s.io',
  ClusterNetworkPolicy: 'clusternetworkpolicies.policy.networking.k8s.io',
  CiliumNetworkPolicy: 'ciliumnetworkpolicies.cilium.io',
  CiliumClusterwideNetworkPolicy: 'ciliumclusterwidenetworkpolicies.cilium.io',
};
/** Kinds of Calico have names of others: told by their group. */
const calico: Readonly<Record<string, string>> = {
  NetworkPolicy: 'networkpolicies',
  GlobalNetworkPolicy: 'globalnetworkpolicies',
};
const CALICO_GROUPS = ['crd.projectcalico.org', 'projectcalico.org'];

export const POLICY_KINDS: readonly string[] = [
  ...Object.values(ids),
  ...CALICO_GROUPS.flatMap((group) => Object.values(calico).map((resource) => `${resource}.${group}`)),
];

export function policyTarget({ kind, group, namespace, name }: PolicyRef): {
  kind: string;
  namespace: string;
  name: string;
} {
  const id = CALICO_GROUPS.includes(group) ? `${calico[kind] ?? ''}.${group}` : (ids[kind] ?? '');
  return { kind: id, namespace, name };
}

/** Kind and group of a kind id; undefined for others. */
export function policyKindOf(kindId: string): { readonly kind: string; readonly group: string } | undefined {
  const group = kindId.slice(kindId.indexOf('.') + 1);
  const known = CALICO_GROUPS.includes(group)
    ? Object.keys(calico).find((kind) => kindId === `${calico[kind]}.${group}`)
    : Object.keys(ids).find((kind) => ids[kind] === kindId);
  return known === undefined ? undefined : { kind: known, group };
}
