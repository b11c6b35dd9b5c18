/** What an entry of the table of dangerous permissions is made of. */

export type Severity = 'critical' | 'high' | 'medium' | 'low';

/** One thing that a single rule must grant: any of the verbs on any of the resources. */
export interface Need {
  readonly verbs: readonly string[];
  readonly groups: readonly string[];
  /** With subresource where one is meant. `*`: only rules that say `*` themselves. */
  readonly resources: readonly string[];
  readonly urls?: readonly string[];
}

export interface DangerousPermission {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly why: string;
  readonly narrow: string;
  /** All of them, by rules of the same scope; mostly one. */
  readonly needs: readonly Need[];
  /** Only a risk in this namespace (or in all). */
  readonly only?: string;
}

export const CORE = [''];
export const RBAC = ['rbac.authorization.k8s.io'];
export const WRITE = ['create', 'update', 'patch'];
export const CHANGE = ['update', 'patch'];
export const READ = ['get', 'list', 'watch'];
export const WORKLOADS = ['deployments', 'daemonsets', 'statefulsets', 'replicasets'];

/** One thing that one rule must grant. */
export const need = (verbs: readonly string[], groups: readonly string[], ...resources: string[]): Need => ({
  verbs,
  groups,
  resources,
});
