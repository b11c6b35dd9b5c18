/** The cluster as it would be: policies put or removed, labels of pods or namespaces changed. */
import { workloadOf, type NetpolSnapshot, type PolicyObject } from './types';

export type Change =
  | { readonly type: 'put'; readonly policy: PolicyObject }
  | {
      readonly type: 'remove';
      readonly kind: string;
      /** That of Kubernetes' own kinds when missing. */
      readonly group?: string | undefined;
      readonly namespace: string;
      readonly name: string;
    }
  /** Of a workload's pods (`ns/name[Kind]`) or of a namespace; null takes the label away. */
  | {
      readonly type: 'labels';
      readonly target: 'workload' | 'namespace';
      readonly id: string;
      readonly labels: Readonly<Record<string, string | null>>;
    };

function keyOf({ apiVersion, kind, metadata }: PolicyObject): string {
  const namespaced = kind === 'NetworkPolicy' || kind === 'CiliumNetworkPolicy';
  const namespace = namespaced ? metadata?.namespace || 'default' : '';
  return `${String(apiVersion).split('/')[0]} ${kind} ${namespace}/${metadata?.name ?? ''}`;
}

function groupOf(kind: string): string {
  return kind === 'NetworkPolicy' ? 'networking.k8s.io' : 'policy.networking.k8s.io';
}

/** Throws an Error with words when a change means nothing that is there. */
export function changed(snapshot: NetpolSnapshot, changes: readonly Change[]): NetpolSnapshot {
  const policies = new Map(snapshot.policies.map((policy) => [keyOf(policy), policy]));
  let { pods, namespaces } = snapshot;
  for (const change of changes) {
    if (change.type === 'put') policies.set(keyOf(change.policy), change.policy);
    else if (change.type === 'remove') {
      const text = `${change.kind} ${change.namespace}/${change.name}`;
      if (!policies.delete(`${change.group ?? groupOf(change.kind)} ${text}`))
        throw new Error(`There is no ${text} to remove`);
    } else if (change.target === 'namespace') {
      if (!namespaces.some(({ name }) => name === change.id))
        throw new Error(`There is no namespace ${change.id}`);
      namespaces = namespaces.map((one) =>
        one.name === change.id ? { ...one, labels: merged(one.labels, change.labels) } : one,
      );
    } else {
      if (!pods.some((pod) => workloadOf(pod) === change.id)) throw new Error(`${change.id} has no pods`);
      pods = pods.map((pod) =>
        workloadOf(pod) === change.id ? { ...pod, labels: merged(pod.labels, change.labels) } : pod,
      );
    }
  }
  return { ...snapshot, pods, namespaces, policies: [...policies.values()] };
}

function merged(
  labels: Readonly<Record<string, string>> | undefined,
  change: Readonly<Record<string, string | null>>,
): Record<string, string> {
  const out = new Map(Object.entries(labels ?? {}));
  for (const [key, value] of Object.entries(change)) {
    if (value === null) out.delete(key);
    else out.set(key, value);
  }
  return Object.fromEntries(out);
}
