/**
 * May this user do this, and by which binding, role and rule? RBAC's answer only: other
 * authorizers may allow more (A19, A20), and no object shows `system:masters` (A18).
 */
import { MASTERS } from './identity';
import { isUrlRequest, ruleCovers } from './match';
import type { RbacIndex } from './rbac-index';
import type { AccessRequest, Grant, Verdict } from './types';

/** Verbs on `namespaces` whose request carries that namespace (A4). */
const NAMESPACE_VERBS_WITHOUT = new Set(['list', 'watch', 'create', 'deletecollection']);

/** The namespace whose RoleBindings count for this request: A2, A4; none for URLs (A13). */
export function effectiveNamespace(request: AccessRequest): string {
  if (isUrlRequest(request)) return '';
  if (request.namespace) return request.namespace;
  const named = request.resource === 'namespaces' && (request.apiGroup ?? '') === '' && request.name;
  if (named && !NAMESPACE_VERBS_WITHOUT.has(request.verb)) return request.name ?? '';
  return '';
}

/** `all`: every grant (for "why"); otherwise stops at the first. A1: any one rule allows. */
export function can(index: RbacIndex, request: AccessRequest, all = true): Verdict {
  const masters = request.groups.includes(MASTERS);
  const grants: Grant[] = [];
  const namespace = effectiveNamespace(request);
  const url = isUrlRequest(request);
  for (const key of subjectKeys(request)) {
    for (const list of index.bindingsFor(key, namespace)) {
      for (const { binding, subject, role } of list) {
        if (!role || (url && binding.kind !== 'ClusterRoleBinding')) continue;
        for (let at = 0; at < role.rules.length; at += 1) {
          const rule = role.rules[at];
          if (!rule || !ruleCovers(rule, request)) continue;
          grants.push({ binding, subject, role, rule, ruleIndex: at });
          if (!all) return { allowed: true, grants, masters };
        }
      }
    }
  }
  return { allowed: masters || grants.length > 0, grants, masters };
}

function subjectKeys(request: AccessRequest): string[] {
  const keys = [`u:${request.user}`];
  for (const group of new Set(request.groups)) keys.push(`g:${group}`);
  return keys;
}
