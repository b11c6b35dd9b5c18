/**
 * How the server merges a list: `map` (elements found by keys), `set` (plain values) or
 * `atomic` (only as a whole). From the schema where it is at hand (x-kubernetes-list-type),
 * else from the table of built-in kinds. A list that breaks its own rule (a key missing or
 * twice) is treated as atomic: nothing is guessed.
 */
import { get, isMap, type JsonMap } from './value';
import type { Path, Step } from './path';

export type ListRule =
  | { readonly type: 'map'; readonly keys: readonly string[] }
  | { readonly type: 'set' }
  | { readonly type: 'atomic' };

/** The rule of the list at `path`; undefined where nothing is known. */
export type ListRules = (path: Path) => ListRule | undefined;

const atomic: ListRule = { type: 'atomic' };
const by = (...keys: string[]): ListRule => ({ type: 'map', keys });

/** Values the server fills in when a key is left out. */
const keyDefaults: Readonly<Record<string, string>> = { protocol: 'TCP' };

/** By the list's name where it means the same everywhere. */
const byName: Readonly<Record<string, ListRule>> = {
  containers: by('name'),
  initContainers: by('name'),
  ephemeralContainers: by('name'),
  env: by('name'),
  volumes: by('name'),
  volumeMounts: by('mountPath'),
  volumeDevices: by('devicePath'),
  imagePullSecrets: by('name'),
  hostAliases: by('ip'),
  topologySpreadConstraints: by('topologyKey', 'whenUnsatisfiable'),
  resourceClaims: by('name'),
  schedulingGates: by('name'),
  conditions: by('type'),
  ownerReferences: by('uid'),
  finalizers: { type: 'set' },
  webhooks: by('name'),
  listeners: by('name'),
  podIPs: by('ip'),
  hostIPs: by('ip'),
  podCIDRs: { type: 'set' },
};

/** By the names from the list's parents, where the last name alone is not enough. */
const byEnd: readonly (readonly [string, ListRule])[] = [
  ['containers/ports', by('containerPort', 'protocol')],
  ['initContainers/ports', by('containerPort', 'protocol')],
  ['ephemeralContainers/ports', by('containerPort', 'protocol')],
  ['resources/claims', by('name')],
  ['status/addresses', by('type')],
];

/** Lists of one kind that the table of names would get wrong or cannot know. */
const byKind: Readonly<Record<string, ListRule>> = {
  'Service:spec/ports': by('port', 'protocol'),
  'ServiceAccount:secrets': by('name'),
  'StatefulSet:spec/volumeClaimTemplates': atomic,
};

/** Rules of built-in kinds (fields of custom kinds go by the schema only). */
export function builtInRules(kind: string): ListRules {
  return (path) => {
    const names = path.flatMap((step) => ('key' in step ? [step.key] : []));
    const own = byKind[`${kind}:${names.join('/')}`];
    if (own) return own;
    const end = names.slice(-2).join('/');
    for (const [tail, rule] of byEnd) if (tail === end) return rule;
    const last = names[names.length - 1] ?? '';
    return Object.prototype.hasOwnProperty.call(byName, last) ? byName[last] : undefined;
  };
}

/** The first rule that knows the list; atomic where none does. */
export function firstOf(...rules: readonly (ListRules | undefined)[]): (path: Path) => ListRule {
  return (path) => {
    for (const rule of rules) {
      const found = rule?.(path);
      if (found) return found;
    }
    return atomic;
  };
}

/** Elements by the text of their step, in order; undefined when the list breaks the rule. */
export function elementsOf(
  list: readonly unknown[],
  rule: ListRule,
): ReadonlyMap<string, { readonly step: Step; readonly value: unknown }> | undefined {
  if (rule.type === 'atomic') return undefined;
  const found = new Map<string, { step: Step; value: unknown }>();
  for (const value of list) {
    const step = stepOf(value, rule);
    if (!step) return undefined;
    const id = JSON.stringify('keys' in step ? Object.values(step.keys) : 'value' in step && step.value);
    if (found.has(id)) return undefined;
    found.set(id, { step, value });
  }
  return found;
}

export function stepOf(value: unknown, rule: ListRule): Step | undefined {
  if (rule.type === 'set') return isPlain(value) ? { value } : undefined;
  if (rule.type !== 'map' || !isMap(value)) return undefined;
  const keys: Record<string, string | number | boolean> = {};
  let own = 0;
  for (const name of rule.keys) {
    const part = keyOf(value, name);
    if (part === undefined) return undefined;
    if (get(value, name) !== undefined) own += 1;
    keys[name] = part;
  }
  return own === 0 ? undefined : { keys };
}

function keyOf(value: JsonMap, name: string): string | number | boolean | undefined {
  const part = get(value, name) ?? keyDefaults[name];
  return isPlain(part) ? part : undefined;
}

function isPlain(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
