/** Role and binding of a grant somebody puts together, as objects and as YAML; and what their making asks of the maker (A24). */
import { coversAtom, missingAtoms, rowsOf, type AtomRow } from './atoms';
import { yamlOf } from './least-privilege';
import type { PolicyRule, Subject } from './types';

const API = 'rbac.authorization.k8s.io';

export interface GrantPlan {
  /** Empty: the whole cluster. */
  readonly namespace: string;
  readonly subject: { readonly kind: string; readonly namespace: string; readonly name: string };
  /** A role that is there, or rules of a new one. */
  readonly role:
    | { readonly kind: 'Role' | 'ClusterRole'; readonly name: string }
    | { readonly rules: readonly PolicyRule[]; readonly name: string };
  readonly binding: string;
}

/** The new role first, where there is one. Rules without an element are left out of the YAML. */
export function grantYaml({ namespace, subject, role, binding }: GrantPlan): string {
  const wide = namespace === '';
  const meta = (name: string): object => (wide ? { name } : { name, namespace });
  const kind = 'kind' in role ? role.kind : wide ? 'ClusterRole' : 'Role';
  const parts: string[] = [];
  if ('rules' in role) {
    parts.push(
      yamlOf({ apiVersion: `${API}/v1`, kind, metadata: meta(role.name), rules: role.rules.map(tidy) }),
    );
  }
  parts.push(
    yamlOf({
      apiVersion: `${API}/v1`,
      kind: wide ? 'ClusterRoleBinding' : 'RoleBinding',
      metadata: meta(binding),
      roleRef: { apiGroup: API, kind, name: role.name },
      subjects: [subjectFields(subject)],
    }),
  );
  return parts.join('---\n');
}

function subjectFields({ kind, namespace, name }: GrantPlan['subject']): Subject {
  return kind === 'ServiceAccount' ? { kind, name, namespace } : { apiGroup: API, kind, name };
}

function tidy(rule: PolicyRule): object {
  return Object.fromEntries(
    Object.entries(rule).filter(([, list]) => Array.isArray(list) && list.length > 0),
  );
}

export interface Escalation {
  /** What the maker does not hold itself. */
  readonly missing: readonly AtomRow[];
  /** Some of it is held. */
  readonly partly: boolean;
}

/** What of `wanted` is beyond `held`: the server refuses it but for `escalate` and `bind`. */
export function escalationOf(wanted: readonly PolicyRule[], held: readonly PolicyRule[]): Escalation {
  const missing = missingAtoms(wanted, held);
  const all = missingAtoms(wanted, []);
  return { missing: rowsOf(missing), partly: all.some((atom) => coversAtom(held, atom)) };
}
