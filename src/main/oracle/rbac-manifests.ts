/** Manifests -> the snapshot of the RBAC evaluator. Hostile shapes become empty lists, not errors. */
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

export function rbacSnapshot(manifests: readonly Manifest[]): RbacSnapshot {
  const roles: Role[] = [];
  const bindings: Binding[] = [];
  const serviceAccounts: { namespace: string; name: string }[] = [];
  for (const object of manifests) {
    const group = groupOf(object.apiVersion);
    if (group === '' && object.kind === 'ServiceAccount') {
      serviceAccounts.push({ namespace: namespaceOf(object), name: nameOf(object) });
    }
    if (group !== RBAC) continue;
    if (object.kind === 'Role' || object.kind === 'ClusterRole') roles.push(toRole(object, object.kind));
    if (object.kind === 'RoleBinding' || object.kind === 'ClusterRoleBinding') {
      bindings.push(toBinding(object, object.kind));
    }
  }
  return { roles, bindings, serviceAccounts, computeAggregation: true };
}

function toRole(object: Manifest, kind: Role['kind']): Role {
  const aggregation = object.aggregationRule as { clusterRoleSelectors?: LabelSelector[] | null } | undefined;
  return {
    kind,
    namespace: kind === 'Role' ? namespaceOf(object) : '',
    name: nameOf(object),
    labels: object.metadata?.labels ?? {},
    rules: listOf<PolicyRule>(object.rules),
    ...(kind === 'ClusterRole' && aggregation
      ? { aggregation: listOf<LabelSelector>(aggregation.clusterRoleSelectors) }
      : {}),
  };
}

function toBinding(object: Manifest, kind: Binding['kind']): Binding {
  const reference = object.roleRef as Partial<Binding['roleRef']> | undefined;
  return {
    kind,
    namespace: kind === 'RoleBinding' ? namespaceOf(object) : '',
    name: nameOf(object),
    roleRef: { apiGroup: reference?.apiGroup, kind: reference?.kind ?? '', name: reference?.name ?? '' },
    subjects: listOf<Subject>(object.subjects),
  };
}

function listOf<T>(value: unknown): T[] {
  return Array.isArray(value)
    ? (value.filter((item) => typeof item === 'object' && item !== null) as T[])
    : [];
}

function nameOf(object: Manifest): string {
  return String(object.metadata?.name ?? '');
}

/** kubectl puts manifests without a namespace into `default`. */
function namespaceOf(object: Manifest): string {
  return String(object.metadata?.namespace ?? 'default');
}
