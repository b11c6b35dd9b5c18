/** Workloads of a model as a list: which groups their pods are in. */
import type { NetpolModel } from './model';
import type { Group } from './runtime';

export interface Workload {
  /** `ns/name[Kind]`. */
  readonly id: string;
  readonly groups: readonly Group[];
  readonly pods: number;
  /** Nodes of its host-network pods, and of its other pods (S24). */
  readonly hostNodes: readonly string[];
  readonly podNodes: ReadonlySet<string>;
}

/** Sorted by id. */
export function workloadsOf(model: NetpolModel): Workload[] {
  return [...model.workloads.keys()].sort().map((id) => workload(model, id));
}

/** One by its id; without pods it has no groups. */
export function workload(model: NetpolModel, id: string): Workload {
  const counts = model.workloads.get(id);
  let pods = 0;
  for (const count of counts?.groups.values() ?? []) pods += count;
  return {
    id,
    groups: [...(counts?.groups.keys() ?? [])],
    pods,
    hostNodes: [...(counts?.hostNodes.keys() ?? [])],
    podNodes: new Set(counts?.podNodes.keys() ?? []),
  };
}

/** S24: what runs with the host's network cannot be told from the node, which reaches its own pods. */
export function sharesNode(host: Workload, pods: Workload): boolean {
  return host.hostNodes.some((node) => pods.podNodes.has(node));
}
