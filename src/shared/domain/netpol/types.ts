/**
 * What the evaluator of network policies reads, and the terms it answers in. Policies come as
 * the objects themselves (any of the four kinds); everything in them is checked when compiled.
 * Fields are optional where manifests leave them out; hostile shapes grant nothing.
 */
import type { StringMap } from '../../k8s/types';

export type Direction = 'ingress' | 'egress';
/** `engine`: a tier of the network plugin's own (Calico). */
export type Tier = 'admin' | 'networkPolicy' | 'baseline' | 'engine';
export type Action = 'Accept' | 'Deny' | 'Pass';

export interface NetNamespace {
  readonly name: string;
  readonly labels?: StringMap;
}

export interface NetPort {
  readonly name: string;
  readonly port: number;
  /** TCP when missing. */
  readonly protocol?: string;
  /** Of an init container: whether its name counts depends on the plugin (S13). */
  readonly init?: boolean;
}

export interface NetPod {
  readonly namespace: string;
  readonly name: string;
  readonly labels?: StringMap;
  /** Every address of `status.podIPs` (S18); none while the pod has none (S27). */
  readonly ips?: readonly string[];
  readonly ports?: readonly NetPort[];
  readonly hostNetwork?: boolean;
  /** Succeeded and Failed pods are left out of the model (S27). */
  readonly phase?: string;
  readonly nodeName?: string;
  /** What the pod collapses to in a matrix; the pod itself (`ns/name[Pod]`) when missing. */
  readonly workload?: string;
}

export interface NetNode {
  readonly name: string;
  readonly labels?: StringMap;
  readonly ips?: readonly string[];
}

/** A policy of any kind that is known, as it is stored. */
export interface PolicyObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: {
    readonly name?: string;
    readonly namespace?: string;
    readonly deletionTimestamp?: string;
  };
  readonly spec?: unknown;
  /** Of Cilium: more than one. */
  readonly specs?: unknown;
}

/** A Calico tier: policies of one are judged before those of the next. */
export interface EngineTier {
  readonly name: string;
  /** Lower first; missing: last. */
  readonly order?: number;
  /** What happens to a flow that a policy of the tier judges and no rule matches; Deny when missing. */
  readonly defaultAction?: string;
}

export interface EngineFacts {
  /** Missing: nobody looked. False: policies are stored but nothing enforces them (S30). */
  readonly enforces?: boolean;
  /** Name of the plugin, for words. */
  readonly name?: string;
  /** Policies of other engines in the cluster (`CiliumNetworkPolicy`), judged apart (S30). */
  readonly others?: readonly string[];
}

export interface NetpolSnapshot {
  /** Namespaces that pods or policies name but that are not listed exist with their name label only. */
  readonly namespaces: readonly NetNamespace[];
  readonly pods: readonly NetPod[];
  readonly policies: readonly PolicyObject[];
  readonly nodes?: readonly NetNode[];
  readonly tiers?: readonly EngineTier[];
  readonly engine?: EngineFacts;
}

export interface PolicyRef {
  readonly kind: string;
  /** API group, always to be shown: `cnp` names two kinds. */
  readonly group: string;
  /** Empty for cluster-scoped kinds. */
  readonly namespace: string;
  readonly name: string;
}

/** Something in a policy that does not do what its author may think. */
export interface PolicyProblem {
  readonly code:
    | 'badPeer'
    | 'badCidr'
    | 'exceptOutside'
    | 'badPort'
    | 'badSelector'
    | 'badType'
    | 'badAction'
    | 'sectionWithoutType'
    | 'unknownPeer'
    | 'domainNames'
    /** More than addresses and ports (L7, identities): not judged here. */
    | 'beyond';
  /** Where, as a path: `ingress[0].from[1]`. */
  readonly at: string;
  readonly rule: string;
  readonly text: string;
}

export function podKey(pod: { readonly namespace: string; readonly name: string }): string {
  return `${pod.namespace}/${pod.name}`;
}

/** `ns/name[Kind]`: what the pod collapses to. */
export function workloadOf(pod: NetPod): string {
  return pod.workload ?? `${pod.namespace}/${pod.name}[Pod]`;
}

/** Pods that run or will run; the rest has given its address back (S27). */
export function isLive(pod: NetPod): boolean {
  return pod.phase !== 'Succeeded' && pod.phase !== 'Failed';
}
