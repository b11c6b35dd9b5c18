/** RBAC objects as far as the evaluator reads them, and what it answers. */

export interface PolicyRule {
  readonly verbs?: readonly string[] | null;
  readonly apiGroups?: readonly string[] | null;
  readonly resources?: readonly string[] | null;
  readonly resourceNames?: readonly string[] | null;
  readonly nonResourceURLs?: readonly string[] | null;
}

export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>> | null;
  readonly matchExpressions?:
    | readonly {
        readonly key: string;
        readonly operator: string;
        readonly values?: readonly string[] | null;
      }[]
    | null;
}

export interface Role {
  readonly kind: 'Role' | 'ClusterRole';
  /** Empty for a ClusterRole. */
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly rules: readonly PolicyRule[];
  readonly aggregation?: readonly LabelSelector[];
}

export interface Subject {
  readonly kind: string;
  readonly apiGroup?: string;
  readonly name: string;
  readonly namespace?: string;
}

export interface Binding {
  readonly kind: 'RoleBinding' | 'ClusterRoleBinding';
  /** Empty for a ClusterRoleBinding. */
  readonly namespace: string;
  readonly name: string;
  readonly roleRef: { readonly apiGroup?: string; readonly kind: string; readonly name: string };
  readonly subjects: readonly Subject[];
}

export interface RbacSnapshot {
  readonly roles: readonly Role[];
  readonly bindings: readonly Binding[];
  readonly serviceAccounts: readonly { readonly namespace: string; readonly name: string }[];
  /**
   * True for manifests, where nobody has filled aggregated ClusterRoles yet (A22);
   * false for a live cluster, whose stored rules are the truth.
   */
  readonly computeAggregation: boolean;
}

/** One question to the authorizer; `path` alone asks for a nonResourceURL. */
export interface AccessRequest {
  readonly user: string;
  readonly groups: readonly string[];
  readonly verb: string;
  readonly apiGroup?: string;
  readonly resource?: string;
  readonly subresource?: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly path?: string;
}

/** Why a request is allowed: binding -> role -> rule, and as whom. */
export interface Grant {
  readonly binding: Binding;
  /** The subject of the binding that matched. */
  readonly subject: Subject;
  readonly role: Role;
  readonly rule: PolicyRule;
  readonly ruleIndex: number;
}

export interface Verdict {
  readonly allowed: boolean;
  readonly grants: readonly Grant[];
  /** `system:masters` bypasses every rule (A18). */
  readonly masters: boolean;
}
