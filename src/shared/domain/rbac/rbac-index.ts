/**
 * RBAC objects indexed for questions: bindings by subject and scope, roles by key,
 * aggregated rules computed where nobody has (A22). Immutable once built; build a new
 * one when objects change. Answers cost what the subject's own bindings cost, not what
 * the cluster has.
 */
import { subjectKey } from './identity';
import { selectorMatches } from './match';
import type { Binding, PolicyRule, RbacSnapshot, Role, Subject } from './types';

export interface SubjectBinding {
  readonly binding: Binding;
  readonly subject: Subject;
  /** Undefined: the role is missing, the binding grants nothing (A21). */
  readonly role: Role | undefined;
}

export class RbacIndex {
  readonly snapshot: RbacSnapshot;
  private readonly roles = new Map<string, Role>();
  private readonly cluster = new Map<string, SubjectBinding[]>();
  private readonly byNamespace = new Map<string, Map<string, SubjectBinding[]>>();
  private readonly bindings: { binding: Binding; role: Role | undefined }[] = [];
  private readonly bindingsIn = new Map<string, { binding: Binding; role: Role | undefined }[]>();

  constructor(snapshot: RbacSnapshot) {
    this.snapshot = snapshot;
    for (const role of snapshot.roles) this.roles.set(roleKey(role.kind, role.namespace, role.name), role);
    if (snapshot.computeAggregation) this.aggregate();
    for (const binding of snapshot.bindings) this.addBinding(binding);
  }

  /** The role with its effective rules; a RoleBinding's Role lives in the binding's namespace. */
  role(kind: string, namespace: string, name: string): Role | undefined {
    return this.roles.get(roleKey(kind, kind === 'ClusterRole' ? '' : namespace, name));
  }

  allRoles(): Iterable<Role> {
    return this.roles.values();
  }

  /** Bindings that count for a request in `namespace` ('' for none): A2. */
  bindingsFor(subject: string, namespace: string): readonly SubjectBinding[][] {
    const lists: SubjectBinding[][] = [];
    const cluster = this.cluster.get(subject);
    if (cluster) lists.push(cluster);
    const local = namespace ? this.byNamespace.get(namespace)?.get(subject) : undefined;
    if (local) lists.push(local);
    return lists;
  }

  /** Every binding that counts in `namespace`, with its role resolved. */
  bindingsInScope(namespace: string): readonly { binding: Binding; role: Role | undefined }[] {
    const cluster = this.bindingsIn.get('') ?? [];
    const local = namespace ? (this.bindingsIn.get(namespace) ?? []) : [];
    return local.length > 0 ? [...cluster, ...local] : cluster;
  }

  allBindings(): readonly { binding: Binding; role: Role | undefined }[] {
    return this.bindings;
  }

  /** Namespaces in which the subject has bindings of its own. */
  namespacesOf(subject: string): string[] {
    const names: string[] = [];
    for (const [namespace, subjects] of this.byNamespace) if (subjects.has(subject)) names.push(namespace);
    return names;
  }

  private addBinding(binding: Binding): void {
    const clusterWide = binding.kind === 'ClusterRoleBinding';
    // A ClusterRoleBinding can only point at a ClusterRole.
    const usable = !clusterWide || binding.roleRef.kind === 'ClusterRole';
    const role = usable
      ? this.role(binding.roleRef.kind, binding.namespace, binding.roleRef.name)
      : undefined;
    const entry = { binding, role };
    this.bindings.push(entry);
    push(this.bindingsIn, binding.namespace, entry);
    for (const subject of binding.subjects) {
      const key = subjectKey(subject, binding.namespace);
      if (key === undefined) continue;
      const found: SubjectBinding = { binding, subject, role };
      if (clusterWide) push(this.cluster, key, found);
      else {
        let local = this.byNamespace.get(binding.namespace);
        if (!local) this.byNamespace.set(binding.namespace, (local = new Map()));
        push(local, key, found);
      }
    }
  }

  /** A22: union of the selected ClusterRoles, transitively, without itself. */
  private aggregate(): void {
    const clusterRoles = [...this.roles.values()].filter((role) => role.kind === 'ClusterRole');
    const selected = new Map<string, Role[]>();
    for (const role of clusterRoles) {
      if (!role.aggregation) continue;
      const sources = clusterRoles.filter(
        (other) =>
          other.name !== role.name && role.aggregation?.some((s) => selectorMatches(s, other.labels)),
      );
      selected.set(role.name, sources);
    }
    for (const role of clusterRoles) {
      if (!selected.has(role.name)) continue;
      const rules = unionOf(role, selected);
      this.roles.set(roleKey('ClusterRole', '', role.name), { ...role, rules });
    }
  }
}

function unionOf(role: Role, selected: ReadonlyMap<string, readonly Role[]>): PolicyRule[] {
  const rules: PolicyRule[] = [];
  const seen = new Set([role.name]);
  const queue = [...(selected.get(role.name) ?? [])];
  for (let next = queue.shift(); next; next = queue.shift()) {
    if (seen.has(next.name)) continue;
    seen.add(next.name);
    const deeper = selected.get(next.name);
    if (deeper) queue.push(...deeper);
    else rules.push(...next.rules);
  }
  return rules;
}

function roleKey(kind: string, namespace: string, name: string): string {
  return `${kind}/${namespace}/${name}`;
}

function push<V>(map: Map<string, V[]>, key: string, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
