/** The parts a model is made of while it lives; see model.ts for who builds and changes them. */
import type { NamedPort, Peer, Policy, Rule } from './compiled';
import type { StringMap } from '../../k8s/types';
import type { Direction } from './types';

/**
 * One face of an endpoint towards peers: an external address class, or a group of pods with the
 * addresses of one family (S18). Views 0 to n-1 are the address classes themselves.
 */
export interface View {
  readonly group: Group | null;
  /** 0: both families look alike, or no address is known. */
  readonly family: 0 | 4 | 6;
  readonly cls: number;
}

export interface PeerSet {
  readonly id: number;
  readonly peer: Peer;
  /** Of an ips or nodes peer: its set in the address space. */
  readonly ipSet: number;
  /** Ascending ids of the views that match. */
  readonly views: number[];
}

export interface LiveRule {
  readonly policy: Policy;
  readonly rule: Rule;
  /** Null: anyone. */
  readonly peers: readonly PeerSet[] | null;
  /** The rule's own peers, one for each of `peers`. */
  readonly source: readonly Peer[];
  /** Id of the numeric ports. */
  readonly base: number;
  readonly named: readonly NamedPort[];
  /** Ports with names resolved, by the destination's names. */
  readonly resolved: Map<string, number>;
}

export interface LivePolicy {
  readonly policy: Policy;
  readonly ingress: readonly LiveRule[] | null;
  readonly egress: readonly LiveRule[] | null;
}

/** Policies of one tier and priority that select a group: their order among each other is undefined. */
export interface PriorityClass {
  readonly priority: number;
  readonly policies: readonly { readonly live: LivePolicy; readonly rules: readonly LiveRule[] }[];
}

/** Policies of one tier of an engine, in order; what nothing matches is denied where it is final. */
export interface Stage {
  readonly tier: string;
  readonly classes: readonly PriorityClass[];
  readonly final: boolean;
}

export interface Side {
  readonly admin: readonly PriorityClass[];
  /** Null: no NetworkPolicy isolates in this direction (S3). */
  readonly network: readonly { readonly live: LivePolicy; readonly rules: readonly LiveRule[] }[] | null;
  readonly baseline: readonly PriorityClass[];
  /** Some priority is used twice here: answers may depend on an undefined order. */
  readonly contested: boolean;
  /** All of it in the order of an engine with tiers of its own (Calico); absent: as the fields above say. */
  readonly stages?: readonly Stage[];
}

/** Pods no policy can tell apart. */
export interface Group {
  readonly id: number;
  readonly key: string;
  readonly namespace: string;
  readonly labels: StringMap;
  readonly host: boolean;
  /** No address is known yet: ipBlocks say nothing about it (S27). */
  readonly unplaced: boolean;
  readonly portsKey: string;
  /** `name` -> protocol and port; only names that policies use. */
  readonly ports: ReadonlyMap<string, readonly { readonly protocol: string; readonly port: number }[]>;
  readonly views: readonly number[];
  readonly sides: Readonly<Record<Direction, Side>>;
  pods: number;
}
