/** What a question is answered with: plain data, everything by name, ready to be sent and shown. */
import type { Protocol } from './ports';
import type { Action, PolicyRef, Tier } from './types';

/** A rule that matched, and by what. */
export interface Decision {
  readonly policy: PolicyRef;
  readonly rule: number;
  readonly ruleName: string;
  readonly action: Action;
  /** Index in `from`/`to`; null when the rule is for anyone. */
  readonly peer: number | null;
  /** Index in `ports`/`protocols`; null when the rule is for all ports. */
  readonly port: number | null;
}

/** An allowing rule that does not let this flow pass, and what of it does not match. */
export interface NearMiss {
  readonly policy: PolicyRef;
  readonly rule: number;
  readonly peerMatches: boolean;
  readonly portMatches: boolean;
}

export interface SideVerdict {
  readonly allowed: boolean;
  /** The answer depends on the order of policies with the same priority, which nobody defines. */
  readonly undefined: boolean;
  /** `default`: no policy selects the pod; `exempt`: policies never apply (outside, host, self, own node). */
  readonly tier: Tier | 'default' | 'exempt';
  /** Of the rule table: `S3`, `S24`, `tiers`. */
  readonly because: string;
  readonly decidedBy: readonly Decision[];
  /** Admin policies that passed the flow on. */
  readonly passedBy: readonly Decision[];
  /** NetworkPolicies that isolate the pod in this direction; to change them is what would allow it. */
  readonly isolatedBy: readonly PolicyRef[];
  /** Allowing rules that nearly match, best first, at most ten. */
  readonly nearMisses: readonly NearMiss[];
}

export type CaveatCode =
  | 'hostNetwork'
  | 'equalPriority'
  | 'mixedAdminApis'
  | 'notEnforced'
  | 'enforcementUnknown'
  | 'otherEngines'
  | 'endPort'
  | 'noPodIp'
  | 'initContainerPort'
  | 'domainNames'
  | 'noSuchPort'
  | 'nodeAddress'
  | 'uneven'
  | 'terminating'
  | 'beyond';

export interface Caveat {
  readonly code: CaveatCode;
  readonly rule: string;
  readonly text: string;
}

export interface EndpointRef {
  readonly kind: 'pod' | 'node' | 'external';
  /** `ns/name` or the address. */
  readonly name: string;
}

export interface Verdict {
  readonly allowed: boolean;
  readonly undefined: boolean;
  readonly from: EndpointRef;
  readonly to: EndpointRef;
  readonly protocol: Protocol;
  /** Null when the name asked for is no port of the destination. */
  readonly port: number | null;
  readonly egress: SideVerdict;
  readonly ingress: SideVerdict;
  readonly caveats: readonly Caveat[];
}
