/**
 * T66: reference-shaped fields of kinds nobody knows: `somethingRef: {kind, name}`, `secretName: x`.
 * Always inferred, never a fact; only where the kind is told or the field's name says it. Bounded in
 * depth and number, so that a hostile object costs little.
 */
import { str } from '../../../k8s/read';
import { groupOf, knownGroup, knownScope } from './kinds';
import { get, isFields, row } from './match';
import type { Matcher, Relation, Sink } from './types';

const MAX_DEPTH = 10;
const MAX_FIELDS = 2_000;

/** What a field name says before `Ref` or `Name`. */
const KINDS = new Map([
  ['secret', 'Secret'],
  ['configmap', 'ConfigMap'],
  ['service', 'Service'],
  ['serviceaccount', 'ServiceAccount'],
  ['storageclass', 'StorageClass'],
  ['persistentvolumeclaim', 'PersistentVolumeClaim'],
  ['pvc', 'PersistentVolumeClaim'],
  ['claim', 'PersistentVolumeClaim'],
  ['ingressclass', 'IngressClass'],
  ['gatewayclass', 'GatewayClass'],
  ['priorityclass', 'PriorityClass'],
  ['runtimeclass', 'RuntimeClass'],
  ['node', 'Node'],
  ['pod', 'Pod'],
  ['deployment', 'Deployment'],
  ['statefulset', 'StatefulSet'],
  ['ingress', 'Ingress'],
  ['clusterrole', 'ClusterRole'],
]);

/** `passwordSecretRef` -> Secret: the last words that are a kind. */
function kindOf(key: string, suffix: RegExp): string | undefined {
  const words = key
    .replace(suffix, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(' ');
  for (let from = 0; from < words.length; from++) {
    const kind = KINDS.get(words.slice(from).join(''));
    if (kind) return kind;
  }
  return undefined;
}

const generic: Matcher = (value, sink) => {
  const { group, kind } = sink.self;
  // Kinds the table knows are read by the table alone.
  if (knownScope(group, kind) !== undefined || BUILT_IN.has(group)) return;
  const budget = { left: MAX_FIELDS };
  visit(value, sink.path(), sink, MAX_DEPTH, budget);
};

const BUILT_IN = new Set(['', 'apps', 'batch', 'autoscaling', 'policy', 'extensions', '~']);

function visit(value: unknown, path: string, sink: Sink, depth: number, budget: { left: number }): void {
  if (depth === 0 || typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length && budget.left > 0; i++)
      visit(value[i], `${path}[${i}]`, sink, depth - 1, budget);
    return;
  }
  for (const key of Object.keys(value)) {
    if (budget.left-- <= 0) return;
    const child = get(value, key);
    const at = `${path}.${key}`;
    if (/Refs?$/.test(key) || key === 'ref') {
      for (const [one, where] of Array.isArray(child)
        ? child.map((item: unknown, i) => [item, `${at}[${i}]`] as const)
        : [[child, at] as const]) {
        reference(one, key, where, sink);
      }
    } else if (typeof child === 'string' && /Name$/.test(key)) named(child, key, at, value, sink);
    visit(child, at, sink, depth - 1, budget);
  }
}

function reference(value: unknown, key: string, field: string, sink: Sink): void {
  const name = typeof value === 'string' ? value : str(get(value, 'name'));
  const told = str(get(value, 'kind'));
  const kind = told || kindOf(key, /Refs?$/);
  if (!kind || !name) return;
  const apiVersion = get(value, 'apiVersion');
  const given = get(value, 'apiGroup') ?? get(value, 'group');
  const group =
    typeof apiVersion === 'string' && apiVersion !== ''
      ? groupOf(apiVersion)
      : typeof given === 'string'
        ? given
        : (knownGroup(kind) ?? sink.self.group);
  const namespace = str(get(value, 'namespace')) || sink.self.namespace;
  sink.link({ group, kind, namespace, name }, { field, value: `${kind}/${name}` });
}

function named(name: string, key: string, field: string, parent: object, sink: Sink): void {
  const kind = kindOf(key, /Name$/);
  if (!kind || !name) return;
  const namespace = str(get(parent, `${key.replace(/Name$/, '')}Namespace`)) || sink.self.namespace;
  sink.link({ group: knownGroup(kind) ?? '', kind, namespace, name }, { field, value: name });
}

export const INFERRED_RELATIONS: readonly Relation[] = [
  row(
    'T66',
    'refers-to',
    '*',
    'spec',
    'Any',
    (value, sink, relation) => {
      if (isFields(value)) generic(value, sink, relation);
    },
    { inferred: true },
  ),
];
