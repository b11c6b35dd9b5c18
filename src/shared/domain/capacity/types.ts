/** Nodes and pods as far as room is concerned, and the answers made of them. Cores, bytes, pieces. */

export interface Amounts {
  readonly cpu: number;
  readonly memory: number;
}

export interface Taint {
  readonly key: string;
  readonly value: string;
  readonly effect: string;
}

export interface Toleration {
  readonly key?: string;
  readonly operator?: string;
  readonly value?: string;
  readonly effect?: string;
}

export interface NodeRequirement {
  readonly key: string;
  readonly operator: string;
  readonly values: readonly string[];
}

/** All expressions of a term must hold; one term is enough. */
export interface NodeTerm {
  readonly expressions: readonly NodeRequirement[];
  /** On fields: only `metadata.name` exists. */
  readonly fields: readonly NodeRequirement[];
}

export interface CapacityNode {
  readonly name: string;
  readonly zone: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly allocatable: Amounts;
  readonly pods: number;
  /** What else it offers: `nvidia.com/gpu`, `ephemeral-storage`, ... */
  readonly extended: Readonly<Record<string, number>>;
  readonly taints: readonly Taint[];
  readonly unschedulable: boolean;
  readonly ready: boolean;
  /** null: not known. */
  readonly used: Amounts | null;
}

export interface CapacityPod {
  readonly namespace: string;
  readonly name: string;
  /** Empty: not scheduled. */
  readonly node: string;
  readonly requests: Amounts;
  readonly extended: Readonly<Record<string, number>>;
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly terms: readonly NodeTerm[];
  readonly tolerations: readonly Toleration[];
  readonly priority: number;
  /** It lives and dies with its node: a DaemonSet's pod, a static pod. */
  readonly bound: boolean;
  /** Nothing makes it anew elsewhere. */
  readonly bare: boolean;
  /** Rules that are not judged here (pod affinity, topology spread, volumes of a zone, host ports). */
  readonly unjudged: readonly string[];
}

export interface CapacityTotals {
  readonly nodes: number;
  readonly pods: number;
  readonly room: number;
  readonly allocatable: Amounts;
  readonly requested: Amounts;
  readonly used: Amounts | null;
  /** Allocatable of nodes that take no new pods now. */
  readonly closed: Amounts;
  /** Pods that wait for a node. */
  readonly pending: number;
}

export interface CapacityRow {
  readonly name: string;
  readonly nodes: number;
  readonly pods: number;
  readonly allocatable: Amounts;
  readonly requested: Amounts;
  readonly used: Amounts | null;
}

export interface CapacityNodeRow extends CapacityRow {
  readonly zone: string;
  /** Pods it may run. */
  readonly room: number;
  /** Why it takes no new pods; empty: it does. */
  readonly closed: string;
}

export interface MovedPod {
  readonly namespace: string;
  readonly name: string;
  readonly requests: Amounts;
  /** Node it would go to; empty: none. */
  readonly to: string;
  /** Why none: `2 nodes: not enough memory; 1 node: taint dedicated=gpu`. */
  readonly why: string;
}

export interface LossAnswer {
  readonly node: string;
  readonly moved: readonly MovedPod[];
  /** Pods that would find no place. */
  readonly homeless: number;
  /** Of these, pods that nothing makes anew: they are lost with the node. */
  readonly bare: readonly string[];
  /** Pods that end with the node, as they should. */
  readonly bound: number;
  /** The fullest node afterwards: its name and share of CPU and memory requested. */
  readonly fullest: { readonly name: string; readonly cpu: number; readonly memory: number } | null;
  readonly notes: readonly string[];
}

export interface FitNode {
  readonly node: string;
  /** How many would fit there beside what is there. */
  readonly count: number;
  /** Why no more. */
  readonly why: string;
  readonly free: Amounts;
}

export interface FitAnswer {
  readonly fits: number;
  readonly asked: number;
  readonly nodes: readonly FitNode[];
  readonly notes: readonly string[];
}
