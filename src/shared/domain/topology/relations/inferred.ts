/**
 * T66: reference-shaped fields of kinds nobody knows: `somethingRef: {kind, name}`, `secretName: x`.
 * Always inferred, never a fact; only where the kind is told or the field's name says it. Bounded in
 * depth and number, so that a hostile object costs little.
 */
import { str } from '../../../k8s/read';
import { groupOf, knownGroup, knownKind, knownScope, VIRTUAL } from './kinds';
import { dig, get, isFields, row } from './match';
import type { KindId, Matcher, Relation, Sink } from './types';

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

/** `Key` and `Name` before `Ref` say what is meant of it: `secretKeyRef`, `configMapNameRef`. */
const REF = /(?:(?:Key|Name)?Refs?|^ref)$/;
const NAME = /Names?$/;
const BUILT_IN = new Set(['', 'apps', 'batch', 'autoscaling', 'policy', 'extensions', VIRTUAL]);
/** What is no wish of its author: identity and what others wrote down. */
const NOT_READ = new Set(['metadata', 'status', 'kind', 'apiVersion']);
const CRDS = ['apiextensions.k8s.io', 'CustomResourceDefinition'] as const;

interface Reading {
  readonly sink: Sink;
  /** A kind of an add-on the table knows: only plain words for built-in kinds are believed. */
  readonly isKnown: boolean;
  left: number;
}

/** `passwordSecretRef` -> Secret: the last words that are a kind. */
function kindOf(key: string, suffix: RegExp, { sink, isKnown }: Reading): KindId | undefined {
  const words = key
    .replace(suffix, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(' ');
  for (let from = 0; from < words.length; from++) {
    const word = words.slice(from).join('');
    const plain = KINDS.get(word);
    if (plain) return { kind: plain, group: knownGroup(plain) ?? '' };
    if (isKnown || word === '') continue;
    const custom = definedKind(word, sink, suffix === REF);
    if (custom) return custom;
    const known = suffix === REF ? knownKind(word) : undefined;
    if (known) return { kind: known, group: knownGroup(known) ?? '' };
  }
  return undefined;
}

/** A custom kind that is called so; of the own group first, of others only for references. */
function definedKind(word: string, sink: Sink, others: boolean): KindId | undefined {
  let found: KindId | undefined;
  for (const { object } of sink.all(...CRDS)) {
    const kind = str(dig(object, 'spec', 'names', 'kind'));
    if (kind.toLowerCase() !== word) continue;
    const group = str(dig(object, 'spec', 'group'));
    if (group === sink.self.group) return { kind, group };
    if (others) found ??= { kind, group };
  }
  return found;
}

const generic: Matcher = (value, sink) => {
  const { group, kind } = sink.self;
  // Kinds of Kubernetes itself are read by the table alone.
  if (BUILT_IN.has(group)) return;
  const isKnown = knownScope(group, kind) !== undefined;
  if (!isFields(value) || (isKnown && /(?:^|\.)k8s\.io$/.test(group))) return;
  const reading: Reading = { sink, isKnown, left: MAX_FIELDS };
  for (const key of Object.keys(value))
    if (!NOT_READ.has(key)) field(key, get(value, key), key, value, reading, MAX_DEPTH);
};

function field(
  key: string,
  value: unknown,
  path: string,
  parent: object,
  reading: Reading,
  depth: number,
): void {
  if (reading.left-- <= 0 || depth === 0) return;
  if (Array.isArray(value)) {
    value.forEach((one: unknown, i) => field(key, one, `${path}[${i}]`, parent, reading, depth - 1));
    return;
  }
  if (REF.test(key)) reference(value, key, path, reading);
  else if (typeof value === 'string' && NAME.test(key)) named(value, key, path, parent, reading);
  else if (isReference(value)) reference(value, key, path, reading);
  if (!isFields(value)) return;
  for (const child of Object.keys(value))
    field(child, get(value, child), `${path}.${child}`, value, reading, depth - 1);
}

/** It says of which API, which kind and which object. */
function isReference(value: unknown): boolean {
  if (!isFields(value) || value['metadata'] !== undefined || value['spec'] !== undefined) return false;
  const isOf = ['apiVersion', 'apiGroup', 'group'].some((key) => typeof get(value, key) === 'string');
  return isOf && str(get(value, 'kind')) !== '' && str(get(value, 'name')) !== '';
}

function reference(value: unknown, key: string, path: string, reading: Reading): void {
  const { sink } = reading;
  const name = typeof value === 'string' ? value : str(get(value, 'name'));
  if (!name) return;
  const told = str(get(value, 'kind'));
  const meant = told ? undefined : kindOf(key, REF, reading);
  const kind = told || meant?.kind;
  if (!kind) return;
  const apiVersion = get(value, 'apiVersion');
  const given = get(value, 'apiGroup') ?? get(value, 'group');
  const group =
    typeof apiVersion === 'string' && apiVersion !== ''
      ? groupOf(apiVersion)
      : typeof given === 'string'
        ? given
        : (meant?.group ?? knownGroup(kind) ?? sink.self.group);
  const namespace = str(get(value, 'namespace')) || sink.self.namespace;
  sink.link({ group, kind, namespace, name }, { field: path, value: `${kind}/${name}` });
}

function named(name: string, key: string, path: string, parent: object, reading: Reading): void {
  const { sink } = reading;
  const meant = name === '' ? undefined : kindOf(key, NAME, reading);
  if (!meant) return;
  const namespace = str(get(parent, `${key.replace(NAME, '')}Namespace`)) || sink.self.namespace;
  sink.link({ ...meant, namespace, name }, { field: path, value: name });
}

export const INFERRED_RELATIONS: readonly Relation[] = [
  row('T66', 'refers-to', '*', '', 'Any', generic, { inferred: true }),
];
