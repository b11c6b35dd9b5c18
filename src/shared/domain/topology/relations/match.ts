/**
 * The matchers the table is written with. Each reads one field of any shape and tells the sink what
 * it points to; none throws, none looks at other objects but through the sink.
 */
import { entries, str } from '../../../k8s/read';
import type { LabelSelector, StringMap } from '../../../k8s/types';
import { VIRTUAL, groupOf, knownGroup, parseKind } from './kinds';
import type {
  EdgeTerms,
  Fields,
  LinkOptions,
  Matcher,
  Relation,
  RuleId,
  Selection,
  Sink,
  Target,
} from './types';

type More = Partial<Pick<Relation, 'reverse' | 'weak' | 'inferred'>>;

/** One entry of the table: rule, relation, from, field, to, matcher. */
export function row(
  rule: RuleId,
  relation: string,
  from: string,
  field: string,
  to: string,
  match: Matcher = byName,
  more: More = {},
): Relation {
  const terms: EdgeTerms = {
    rule,
    relation,
    confidence: more.inferred ? 'inferred' : 'fact',
    optional: false,
    weak: more.weak ?? false,
    invalid: undefined,
    note: undefined,
    port: undefined,
  };
  return { rule, relation, from, field, to, target: parseKind(to), match, terms, ...more };
}

/** The same relation read from several fields. */
export function rows(
  rule: RuleId,
  relation: string,
  from: string,
  fields: readonly string[],
  to: string,
  match: Matcher = byName,
  more: More = {},
): Relation[] {
  return fields.map((field) => row(rule, relation, from, field, to, match, more));
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Own field of something that should be an object. */
export function get(value: unknown, key: string): unknown {
  return isFields(value) && Object.prototype.hasOwnProperty.call(value, key) ? value[key] : undefined;
}

/** Nested own field. */
export function dig(value: unknown, ...keys: string[]): unknown {
  let found = value;
  for (const key of keys) found = get(found, key);
  return found;
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

export function texts(value: unknown): readonly string[] {
  return list(value).filter((one): one is string => typeof one === 'string' && one !== '');
}

export function annotation(object: unknown, key: string): string {
  return str(dig(object, 'metadata', 'annotations', key));
}

export function virtual(kind: string, name: string, namespace = ''): Target {
  return { group: VIRTUAL, kind, namespace, name };
}

/** The value is a name; same namespace, or cluster-scoped as the kind is. */
export const byName: Matcher = (value, sink, relation) => {
  if (typeof value !== 'string' || value === '') return;
  const options = optionsOf(sink.parent);
  const { namespace } = sink.self;
  if (options === NO_OPTIONS) return sink.linkName(namespace, value);
  const { group, kind } = relation.target;
  sink.link({ group, kind, namespace, name: value }, options);
};

/** The value is a name; the namespace is a sibling field (`namespace` unless told), else the own one. */
export function byNameIn(field = 'namespace'): Matcher {
  return (value, sink, relation) => {
    if (typeof value !== 'string' || value === '') return;
    const { group, kind } = relation.target;
    const namespace = str(get(sink.parent, field)) || sink.self.namespace;
    sink.link({ group, kind, namespace, name: value }, optionsOf(sink.parent));
  };
}

export interface RefOptions {
  /** `own`: whatever namespace it names is not honoured. */
  readonly namespace?: 'own' | 'given';
  /** Cross-namespace only with a ReferenceGrant (T16). */
  readonly grant?: boolean;
  /** Group of a known kind named without group (scaleTargetRef); else the default kind's group. */
  readonly guess?: boolean;
  readonly strictUid?: boolean;
  readonly relation?: string;
}

/** The value is `{apiVersion | apiGroup | group, kind, namespace, name, uid}`. */
export function byRef(how: RefOptions = {}): Matcher {
  return (value, sink, relation) => {
    const target = refTarget(value, sink, relation, how);
    if (!target) return;
    const options: LinkOptions = {
      ...optionsOf(value),
      value: `${target.kind}/${target.name}`,
      ...(how.strictUid && { strictUid: true }),
      ...(how.relation !== undefined && { relation: how.relation }),
    };
    const denied = how.grant && !granted(sink, target);
    sink.link(target, denied ? { ...options, invalid: `No ReferenceGrant in ${target.namespace}` } : options);
  };
}

export function refTarget(
  value: unknown,
  sink: Sink,
  relation: Relation,
  how: RefOptions = {},
): Target | undefined {
  const name = str(get(value, 'name'));
  if (name === '') return undefined;
  const kind = str(get(value, 'kind')) || relation.target.kind;
  const group =
    explicitGroup(value) ??
    (how.guess ? knownGroup(kind) : undefined) ??
    (kind === relation.target.kind || !how.guess ? relation.target.group : '');
  const given = how.namespace === 'own' ? '' : str(get(value, 'namespace'));
  const uid = str(get(value, 'uid'));
  // The kubelet writes a node's name where its uid belongs.
  const hasUid = uid !== '' && uid !== name;
  return { group, kind, name, namespace: given || sink.self.namespace, ...(hasUid && { uid }) };
}

function explicitGroup(value: unknown): string | undefined {
  const apiVersion = get(value, 'apiVersion');
  if (typeof apiVersion === 'string' && apiVersion !== '') return groupOf(apiVersion);
  for (const key of ['apiGroup', 'group']) {
    const group = get(value, key);
    if (typeof group === 'string') return group;
  }
  return undefined;
}

/** `optional` and `port` beside a reference go with the edge. */
export function optionsOf(parent: unknown): LinkOptions {
  const optional = get(parent, 'optional') === true;
  const port = get(parent, 'port');
  if (!optional && port === undefined) return NO_OPTIONS;
  const shown = typeof port === 'object' && port !== null ? (get(port, 'number') ?? get(port, 'name')) : port;
  return {
    ...(optional && { optional }),
    ...((typeof shown === 'number' || typeof shown === 'string') && { port: String(shown) }),
  };
}

/** One object for all edges of which nothing special is said: it is told by identity. */
export const NO_OPTIONS: LinkOptions = {};
const GATEWAY = 'gateway.networking.k8s.io';

/** T16: whether a ReferenceGrant in the target's namespace allows this holder to point there. */
export function granted(sink: Sink, target: Target): boolean {
  const { self } = sink;
  if (target.namespace === self.namespace || sink.clusterScoped(target.group, target.kind)) return true;
  return sink.all(GATEWAY, 'ReferenceGrant').some((grant) => {
    if (grant.namespace !== target.namespace) return false;
    const from = list(dig(grant.object, 'spec', 'from')).some(
      (one) =>
        str(get(one, 'group')) === self.group &&
        get(one, 'kind') === self.kind &&
        get(one, 'namespace') === self.namespace,
    );
    if (!from) return false;
    return list(dig(grant.object, 'spec', 'to')).some((one) => {
      const name = str(get(one, 'name'));
      return (
        str(get(one, 'group')) === target.group &&
        get(one, 'kind') === target.kind &&
        (name === '' || name === target.name)
      );
    });
  });
}

/** Labels all equal in the own namespace; an empty selector selects nothing (T2). */
export function selectLabels(value: unknown, sink: Sink, relation: Relation, options?: LinkOptions): void {
  const wanted = entries(isFields(value) ? value : null);
  if (wanted.length === 0 || wanted.length !== Object.keys(value as object).length) return;
  const matchLabels = Object.fromEntries(wanted) as StringMap;
  sink.select({
    ...relation.target,
    namespaces: [sink.self.namespace],
    selector: { matchLabels },
    ...(options && { options }),
  });
}

/** A full label selector in the own namespace; `{}` selects all of it (T38). */
export function bySelector(namespaces: 'own' | 'any' = 'own', options?: LinkOptions): Matcher {
  return (value, sink, relation) => {
    if (!isFields(value)) return;
    const selection: Selection = {
      ...relation.target,
      namespaces: namespaces === 'any' ? 'any' : [sink.self.namespace],
      selector: value as LabelSelector,
      ...(options && { options }),
    };
    sink.select(selection);
  };
}

/** A node that is no object, named by the value. */
export function toVirtual(kind: string, namespaced = false): Matcher {
  return (value, sink) => {
    if (typeof value !== 'string' || value === '') return;
    sink.link(virtual(kind, value, namespaced ? sink.self.namespace : ''));
  };
}

/** `ns/name`, or a name in the own namespace. */
export const byNamespacedName: Matcher = (value, sink, relation) => {
  if (typeof value !== 'string') return;
  const slash = value.indexOf('/');
  const namespace = slash < 0 ? sink.self.namespace : value.slice(0, slash);
  const name = value.slice(slash + 1);
  if (name !== '') sink.link({ ...relation.target, namespace, name });
};
