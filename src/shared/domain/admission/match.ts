/**
 * Would the API server send this request to a webhook or policy? Rules, selectors and scope as the
 * server reads them; CEL match conditions are not evaluated: a match that has some says so. Pure.
 */
import { formatSelector, matchesSelector } from '../../k8s/selector';
import type { LabelSelector, StringMap } from '../../k8s/types';

export const OPERATIONS = ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'] as const;
export type Operation = (typeof OPERATIONS)[number];

export interface ResourceRule {
  readonly operations: readonly string[];
  readonly apiGroups: readonly string[];
  readonly apiVersions: readonly string[];
  /** `pods`, `pods/exec`, `pods/*`, `*`, `*` + `/scale`, `*` + `/*`. */
  readonly resources: readonly string[];
  /** Policies only; empty: all. */
  readonly resourceNames: readonly string[];
  readonly scope: string;
}

export interface Constraints {
  readonly rules: readonly ResourceRule[];
  readonly exclude: readonly ResourceRule[];
  /** Undefined or empty: every namespace. */
  readonly namespaceSelector?: LabelSelector;
  readonly objectSelector?: LabelSelector;
  /** `Equivalent`: other versions of the same resource count too. */
  readonly matchPolicy: string;
  /** CEL conditions that must hold besides. */
  readonly conditions: readonly { readonly name: string; readonly expression: string }[];
}

export interface AdmissionRequest {
  readonly operation: Operation;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly subresource: string;
  /** Empty for objects of the cluster. */
  readonly namespace: string;
  readonly name: string;
  readonly labels: StringMap;
  readonly namespaceLabels: StringMap;
}

export interface Match {
  readonly matches: boolean;
  /** Why, or why not. */
  readonly why: string;
}

const CONFIGURATIONS = /^(?:validating|mutating)(?:webhookconfigurations|admissionpolic(?:ies|ybindings))$/;

/** The server never asks admission about admission itself: nobody could mend it otherwise. */
export function isExempt({ group, resource }: AdmissionRequest): boolean {
  return group === 'admissionregistration.k8s.io' && CONFIGURATIONS.test(resource);
}

export function admissionMatch(constraints: Constraints, request: AdmissionRequest): Match {
  if (isExempt(request)) return no('The server asks no admission about webhooks and policies themselves.');
  const { rules, exclude, matchPolicy, namespaceSelector, objectSelector, conditions } = constraints;
  const equivalent = matchPolicy !== 'Exact';
  const rule = rules.find((one) => covers(one, request, false));
  const bent = rule ?? (equivalent ? rules.find((one) => covers(one, request, true)) : undefined);
  if (!bent) return no(closest(rules, request));
  if (exclude.some((one) => covers(one, request, equivalent))) return no('An exclude rule names it.');
  if (!inNamespace(namespaceSelector, request))
    return no(`Namespace selector ${formatSelector(namespaceSelector)} does not fit.`);
  if (isSet(objectSelector) && !matchesSelector(objectSelector, request.labels))
    return no(`Object selector ${formatSelector(objectSelector)} does not fit.`);
  const how = `${ruleText(bent)}${rule ? '' : ', as another version of the same resource'}`;
  if (conditions.length === 0) return { matches: true, why: `Rule ${how}.` };
  const names = conditions.map(({ name }) => name).join(', ');
  return { matches: true, why: `Rule ${how}, if its CEL conditions hold: ${names}.` };
}

function no(why: string): Match {
  return { matches: false, why };
}

const has = (list: readonly string[], value: string): boolean => list.includes('*') || list.includes(value);

function covers(rule: ResourceRule, request: AdmissionRequest, anyVersion: boolean): boolean {
  return (
    has(rule.operations, request.operation) &&
    has(rule.apiGroups, request.group) &&
    (anyVersion || has(rule.apiVersions, request.version)) &&
    coversResource(rule, request) &&
    inScope(rule, request) &&
    (rule.resourceNames.length === 0 || rule.resourceNames.includes(request.name))
  );
}

/** `*` is every resource but no subresource; `pods/*` is pods and its subresources. */
function coversResource({ resources }: ResourceRule, request: AdmissionRequest): boolean {
  return resources.some((entry) => {
    const [resource = '', subresource = ''] = entry.split('/');
    return (
      (resource === '*' || resource === request.resource) &&
      (subresource === '*' || subresource === request.subresource)
    );
  });
}

/** A Namespace is an object of the cluster, though its requests carry a namespace. */
function inScope({ scope }: ResourceRule, { namespace, group, resource }: AdmissionRequest): boolean {
  const wide = namespace === '' || (group === '' && resource === 'namespaces');
  return scope === '' || scope === '*' || (scope === 'Cluster') === wide;
}

function inNamespace(selector: LabelSelector | undefined, request: AdmissionRequest): boolean {
  if (!isSet(selector)) return true;
  // For a Namespace its own labels count; other objects of the cluster always pass.
  if (request.group === '' && request.resource === 'namespaces')
    return matchesSelector(selector, request.labels);
  return request.namespace === '' || matchesSelector(selector, request.namespaceLabels);
}

function isSet(selector: LabelSelector | undefined): selector is LabelSelector {
  return selector !== undefined && formatSelector(selector) !== 'all';
}

/** What keeps the nearest rule from matching. */
function closest(rules: readonly ResourceRule[], request: AdmissionRequest): string {
  const about = rules.filter((one) => coversResource(one, request) && has(one.apiGroups, request.group));
  if (about.length === 0) return 'No rule names this resource.';
  const operated = about.filter((one) => has(one.operations, request.operation));
  if (operated.length === 0) return `Only ${about.flatMap((one) => one.operations).join(', ')}.`;
  if (!operated.some((one) => inScope(one, request))) return `Only scope ${operated[0]?.scope ?? ''}.`;
  return operated.some((one) => one.resourceNames.length > 0)
    ? 'Only objects of certain names.'
    : 'Only other versions.';
}

/** `CREATE, UPDATE pods, deployments.apps`. */
export function ruleText({ operations, apiGroups, resources, scope }: ResourceRule): string {
  const targets = apiGroups.flatMap((group) =>
    resources.map((entry) => {
      const [resource = '', subresource] = entry.split('/');
      if (resource === '*' && group === '*') return subresource === '*' ? 'everything' : entry;
      const base = group === '' || group === '*' ? resource : `${resource}.${group}`;
      return subresource === undefined ? base : `${base}/${subresource}`;
    }),
  );
  const where = scope === 'Cluster' || scope === 'Namespaced' ? ` (${scope.toLowerCase()})` : '';
  const verbs = operations.includes('*') ? 'every operation' : operations.join(', ');
  return `${verbs} ${operations.includes('*') ? 'on ' : ''}${[...new Set(targets)].join(', ')}${where}`;
}
