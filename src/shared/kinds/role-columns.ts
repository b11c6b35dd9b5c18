/** Columns of roles and bindings, which differ in scope only. */
import { referenceWords } from './columns';
import type { AnyColumn, FieldMask } from './define';
import type { KubeObject } from '../k8s/meta';
import { items, str, strings } from '../k8s/read';
import type { LabelSelector, Reference } from '../k8s/types';

interface PolicyRule {
  readonly verbs?: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

export interface AnyRole extends KubeObject {
  readonly rules?: readonly PolicyRule[];
  readonly aggregationRule?: { readonly clusterRoleSelectors?: readonly LabelSelector[] };
}

export interface AnyBinding extends KubeObject {
  readonly roleRef?: Reference;
  readonly subjects?: readonly Reference[];
}

export const roleMask: FieldMask = {
  rules: { verbs: true, apiGroups: true, resources: true, nonResourceURLs: true },
};

export const bindingMask: FieldMask = {
  roleRef: { kind: true, name: true },
  subjects: { kind: true, namespace: true, name: true },
};

/** `get, list pods`: verbs, then what they are allowed on. */
function ruleWords(rule: PolicyRule): string {
  const on = [...strings(rule.resources), ...strings(rule.nonResourceURLs)];
  return `${strings(rule.verbs).join(', ')} ${on.join(', ')}`.trim();
}

function has(list: readonly string[] | undefined): boolean {
  return strings(list).includes('*');
}

/** What is granted by `*`, in the order of weight; '' without any. */
function wildcards(o: AnyRole): string {
  const rules = items(o.rules);
  if (rules.some((rule) => has(rule.verbs) && has(rule.resources) && has(rule.apiGroups)))
    return 'everything';
  const found: string[] = [];
  if (rules.some((rule) => has(rule.verbs))) found.push('verbs');
  if (rules.some((rule) => has(rule.resources))) found.push('resources');
  return found.length === 0 ? '' : `all ${found.join(', ')}`;
}

export function roleColumns(): AnyColumn<AnyRole>[] {
  return [
    { id: 'rules', title: 'Rules', type: 'number', width: 60, get: (o) => items(o.rules).length },
    {
      id: 'grants',
      title: 'Grants',
      type: 'text',
      width: 320,
      get: (o) => {
        const rules = items(o.rules);
        const words = rules.slice(0, 4).map(ruleWords);
        return [...words, ...(rules.length > 4 ? [`${rules.length - 4} more`] : [])].join('; ');
      },
    },
    { id: 'wildcards', title: 'Wildcards', type: 'text', width: 110, get: wildcards },
  ];
}

/** `alice (user)`, `system:masters (group)`, `shop/web`: service accounts are the usual case. */
function subjectWords(subject: Reference): string {
  const name = str(subject.name);
  if (subject.kind === 'ServiceAccount') {
    return [str(subject.namespace), name].filter((part) => part !== '').join('/');
  }
  return `${name} (${str(subject.kind).toLowerCase()})`;
}

export function bindingColumns(): AnyColumn<AnyBinding>[] {
  return [
    {
      id: 'role',
      title: 'Role',
      type: 'text',
      width: 240,
      get: (o) => referenceWords({ kind: o.roleRef?.kind, name: o.roleRef?.name }),
    },
    {
      id: 'subjects',
      title: 'Subjects',
      type: 'text',
      width: 320,
      hint: 'Service accounts as namespace/name, users and groups by their kind',
      get: (o) => {
        const subjects = items(o.subjects);
        const words = subjects.slice(0, 8).map(subjectWords);
        return [...words, ...(subjects.length > 8 ? [`${subjects.length - 8} more`] : [])].join(', ');
      },
    },
  ];
}
