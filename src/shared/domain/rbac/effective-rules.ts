/**
 * All rules that count for somebody in one namespace, each with the binding and role it
 * comes from: what SelfSubjectRulesReview answers, and why. URL rules come only from
 * ClusterRoleBindings (A13); `namespace` '' leaves out every RoleBinding (A2).
 */
import type { RbacIndex, SubjectBinding } from './rbac-index';
import type { Grant } from './types';

export interface EffectiveRule extends Grant {
  /** Only the URL half of the rule counts, or only the resource half, or both (A30). */
  readonly urls: boolean;
  readonly resources: boolean;
}

export function effectiveRules(
  index: RbacIndex,
  who: { readonly user: string; readonly groups: readonly string[] },
  namespace: string,
): EffectiveRule[] {
  const keys = [`u:${who.user}`, ...[...new Set(who.groups)].map((group) => `g:${group}`)];
  const found: EffectiveRule[] = [];
  for (const key of keys) {
    for (const list of index.bindingsFor(key, namespace)) for (const one of list) found.push(...rulesOf(one));
  }
  return found;
}

function rulesOf({ binding, subject, role }: SubjectBinding): EffectiveRule[] {
  if (!role) return [];
  const wide = binding.kind === 'ClusterRoleBinding';
  return role.rules.flatMap((rule, ruleIndex) => {
    const urls = wide && (rule.nonResourceURLs?.length ?? 0) > 0;
    const resources = (rule.resources?.length ?? 0) > 0;
    return urls || resources ? [{ binding, subject, role, rule, ruleIndex, urls, resources }] : [];
  });
}
