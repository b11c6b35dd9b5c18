/**
 * Manifests -> the snapshot of the RBAC evaluator. An object the API server would not take (a string
 * where a list belongs, no name, no roleRef) is told and left out; the others stay. The same object
 * twice is one object: the later one, as with `kubectl apply`.
 */
import type {
  Binding,
  LabelSelector,
  PolicyRule,
  RbacSnapshot,
  Role,
  Subject,
} from '#shared/domain/rbac/types';
import { groupOf, type Manifest } from './manifests';

const RBAC = 'rbac.authorization.k8s.io';
const RULE_FIELDS = ['verbs', 'apiGroups', 'resources', 'resourceNames', 'nonResourceURLs'] as const;

type Fields = Readonly<Record<string, unknown>>;

export function rbacSnapshot(
  manifests: readonly Manifest[],
  report: (message: string) => void = (message) => process.stderr.write(`${message}\n`),
): RbacSnapshot {
  const roles = new Map<string, Role>();
  const bindings = new Map<string, Binding>();
  const accounts = new Map<string, { namespace: string; name: string }>();
  for (const object of manifests) {
    const { kind = '' } = object;
    const group = groupOf(object.apiVersion);
    const key = `${kind}/${cluster(kind) ? '' : namespaceOf(object)}/${nameOf(object)}`;
    try {
      if (group === '' && kind === 'ServiceAccount') {
        accounts.set(key, { namespace: namespaceOf(object), name: nameOf(object) });
      } else if (group === RBAC && (kind === 'Role' || kind === 'ClusterRole')) {
        roles.set(key, toRole(object, kind));
      } else if (group === RBAC && (kind === 'RoleBinding' || kind === 'ClusterRoleBinding')) {
        bindings.set(key, toBinding(object, kind));
      }
    } catch (thrown) {
      report(
        `${key.replace('//', '/')}: ${thrown instanceof Error ? thrown.message : String(thrown)}, left out`,
      );
    }
  }
  return {
    roles: [...roles.values()],
    bindings: [...bindings.values()],
    serviceAccounts: [...accounts.values()],
    computeAggregation: true,
  };
}

function cluster(kind: string): boolean {
  return kind.startsWith('ClusterRole');
}

function toRole(object: Manifest, kind: Role['kind']): Role {
  const aggregation = fieldsOf(object.aggregationRule, 'aggregationRule');
  const labels = fieldsOf(object.metadata?.labels, 'metadata.labels') ?? {};
  return {
    kind,
    namespace: kind === 'Role' ? namespaceOf(object) : '',
    name: named(object),
    labels: Object.fromEntries(Object.entries(labels).map(([key, value]) => [key, String(value)])),
    rules: list(object.rules, 'rules').map((rule, at) => toRule(rule, `rules[${at}]`)),
    ...(kind === 'ClusterRole' && aggregation
      ? { aggregation: list(aggregation['clusterRoleSelectors'], 'clusterRoleSelectors') as LabelSelector[] }
      : {}),
  };
}

function toRule(rule: Fields, at: string): PolicyRule {
  return Object.fromEntries(
    RULE_FIELDS.flatMap((field) => {
      const value = rule[field];
      if (value === undefined || value === null) return [];
      if (!Array.isArray(value) || !value.every((one) => typeof one === 'string')) {
        throw new TypeError(`${at}.${field} is no list of strings`);
      }
      return [[field, value]];
    }),
  );
}

function toBinding(object: Manifest, kind: Binding['kind']): Binding {
  const reference = fieldsOf(object.roleRef, 'roleRef');
  if (typeof reference?.['kind'] !== 'string' || typeof reference['name'] !== 'string') {
    throw new TypeError('roleRef names no role');
  }
  return {
    kind,
    namespace: kind === 'RoleBinding' ? namespaceOf(object) : '',
    name: named(object),
    roleRef: { apiGroup: RBAC, kind: reference['kind'], name: reference['name'] },
    subjects: list(object.subjects, 'subjects').map((subject, at) => toSubject(subject, `subjects[${at}]`)),
  };
}

function toSubject(subject: Fields, at: string): Subject {
  for (const field of ['kind', 'name', 'namespace', 'apiGroup']) {
    const value = subject[field];
    const optional = field === 'namespace' || field === 'apiGroup';
    if (typeof value !== 'string' && !(optional && (value === undefined || value === null))) {
      throw new TypeError(`${at}.${field} is no string`);
    }
  }
  const { kind, name, namespace, apiGroup } = subject as unknown as Subject;
  return {
    kind,
    name,
    ...(namespace ? { namespace } : {}),
    ...(apiGroup ? { apiGroup } : {}),
  };
}

function fieldsOf(value: unknown, at: string): Fields | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'object' || Array.isArray(value)) throw new TypeError(`${at} is no map`);
  return value as Fields;
}

function list(value: unknown, at: string): Fields[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new TypeError(`${at} is no list`);
  return value.map((one: unknown, index) => {
    const fields = fieldsOf(one, `${at}[${index}]`);
    if (!fields) throw new TypeError(`${at}[${index}] is empty`);
    return fields;
  });
}

function named(object: Manifest): string {
  const name = nameOf(object);
  if (name === '') throw new TypeError('metadata.name is missing');
  return name;
}

function nameOf(object: Manifest): string {
  return String(object.metadata?.name ?? '');
}

/** kubectl puts manifests without a namespace into `default`. */
function namespaceOf(object: Manifest): string {
  return String(object.metadata?.namespace || 'default');
}
