/**
 * Does one rule cover one request? Exact strings, no globbing but the stars RBAC has.
 * All four parts must match within the one rule (A9); the resource half and the URL half
 * of a rule are independent (A30).
 */
import type { AccessRequest, LabelSelector, PolicyRule } from './types';

const has = (list: readonly string[] | null | undefined, value: string): boolean =>
  list?.includes(value) ?? false;

/** A6: `*` covers custom verbs too. A5: everything is case-sensitive. */
export function verbMatches(rule: PolicyRule, verb: string): boolean {
  return has(rule.verbs, '*') || has(rule.verbs, verb);
}

/** A7: the core group is `""`; `*` covers it. */
export function groupMatches(rule: PolicyRule, group: string): boolean {
  return has(rule.apiGroups, '*') || has(rule.apiGroups, group);
}

/** A8: `*` covers all; `pods` is not `pods/log`; `*` + `/scale` covers scale on anything; `pods/*` is literal. */
export function resourceMatches(rule: PolicyRule, resource: string, subresource: string): boolean {
  const { resources } = rule;
  if (!resources) return false;
  const combined = subresource ? `${resource}/${subresource}` : resource;
  for (const entry of resources) {
    if (entry === '*' || entry === combined) return true;
    if (subresource !== '' && entry.length === subresource.length + 2 && entry === `*/${subresource}`)
      return true;
  }
  return false;
}

/** A10, A12: an empty list means every name; otherwise the request must carry a listed one. */
export function nameMatches(rule: PolicyRule, name: string): boolean {
  return !rule.resourceNames || rule.resourceNames.length === 0 || rule.resourceNames.includes(name);
}

/** A13: exact, `*`, or a trailing star as prefix; `/foo/*` does not cover `/foo`. */
export function urlMatches(rule: PolicyRule, path: string): boolean {
  for (const entry of rule.nonResourceURLs ?? []) {
    if (entry === '*' || entry === path) return true;
    if (entry.endsWith('*') && path.startsWith(entry.slice(0, -1).replace(/\*+$/, ''))) return true;
  }
  return false;
}

export function ruleCovers(rule: PolicyRule, request: AccessRequest): boolean {
  if (!verbMatches(rule, request.verb)) return false;
  if (isUrlRequest(request)) return urlMatches(rule, request.path ?? '');
  return (
    groupMatches(rule, request.apiGroup ?? '') &&
    resourceMatches(rule, request.resource ?? '', request.subresource ?? '') &&
    nameMatches(rule, request.name ?? '')
  );
}

export function isUrlRequest(request: AccessRequest): boolean {
  return !request.resource && request.path !== undefined && request.path !== '';
}

/** An empty selector matches everything; unknown operators match nothing. */
export function selectorMatches(selector: LabelSelector, labels: Readonly<Record<string, string>>): boolean {
  for (const [key, value] of Object.entries(selector.matchLabels ?? {})) {
    if (!Object.hasOwn(labels, key) || labels[key] !== value) return false;
  }
  for (const { key, operator, values } of selector.matchExpressions ?? []) {
    const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
    const listed = value !== undefined && (values ?? []).includes(value);
    if (operator === 'In' ? !listed : operator === 'NotIn' ? listed : false) return false;
    if (operator === 'Exists' && value === undefined) return false;
    if (operator === 'DoesNotExist' && value !== undefined) return false;
    if (!['In', 'NotIn', 'Exists', 'DoesNotExist'].includes(operator)) return false;
  }
  return true;
}
