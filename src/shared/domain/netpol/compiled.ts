/** The one form all kinds of policy are compiled to; what evaluating them needs, no more. */
import type { IpSet } from './ip';
import type { ConnSet, Protocol } from './ports';
import type { Selector } from './selector';
import type { Action, Direction, PolicyProblem, PolicyRef, Tier } from './types';

export interface NamedPort {
  readonly name: string;
  /** Undefined: of any protocol (admin tiers). */
  readonly protocol?: Protocol;
}

export interface PortItem {
  /** Numeric ports of this item; NONE for a named or a broken one. */
  readonly ports: ConnSet;
  readonly named?: NamedPort;
  /** First port and protocol of an item with an endPort beyond it (S14). */
  readonly ranged?: { readonly port: number; readonly protocol: Protocol };
}

export interface PortSpec {
  readonly items: readonly PortItem[];
  /** Union of the numeric items. */
  readonly base: ConnSet;
  readonly named: readonly NamedPort[];
}

export type Peer =
  | {
      readonly kind: 'pods';
      /** Own namespace of a NetworkPolicy peer without namespaceSelector (S8). */
      readonly namespace?: string;
      readonly namespaces?: Selector;
      readonly pods?: Selector;
    }
  | {
      readonly kind: 'ips';
      readonly set: IpSet;
      readonly text: string;
      /** Of an admin tier and the whole of a family: covers pods whose address is not known yet, too. */
      readonly everyPod?: boolean;
      /** Never means pods, whatever their address (Cilium). */
      readonly outsideOnly?: boolean;
    }
  | { readonly kind: 'nodes'; readonly selector: Selector }
  | { readonly kind: 'none'; readonly text: string; readonly domainNames?: boolean };

export interface Rule {
  readonly index: number;
  readonly name: string;
  readonly action: Action;
  /** Null: anyone, the outside too (S7). */
  readonly peers: readonly Peer[] | null;
  /** Null: every port of every protocol (S7). */
  readonly ports: PortSpec | null;
  /** Narrows the policy's own pods for this rule (Calico). */
  readonly own?: Selector;
}

export interface Policy {
  readonly ref: PolicyRef;
  readonly apiVersion: string;
  readonly tier: Tier;
  /** Lower first; 0 for NetworkPolicy, which has no order. */
  readonly priority: number;
  readonly subject: { readonly namespace?: string; readonly namespaces?: Selector; readonly pods?: Selector };
  /** Null: no effect in that direction. An empty list isolates (NetworkPolicy only). */
  readonly ingress: readonly Rule[] | null;
  readonly egress: readonly Rule[] | null;
  /** Deleted but not gone: still applies (S28). */
  /** Directions in which it allows without isolating (Cilium's enableDefaultDeny: false). */
  readonly passive?: { readonly ingress: boolean; readonly egress: boolean };
  /** Name of its tier, where `tier` is engine; `priority` is its order in it. */
  readonly calicoTier?: string;
  readonly terminating: boolean;
  readonly problems: readonly PolicyProblem[];
}

export function rulesOf(policy: Policy, direction: Direction): readonly Rule[] | null {
  return direction === 'ingress' ? policy.ingress : policy.egress;
}

export function refText(ref: PolicyRef): string {
  return `${ref.kind} ${ref.namespace ? `${ref.namespace}/` : ''}${ref.name}`;
}
