/** Workloads of a model as a list: which groups their pods are in. */
import type { NetpolModel } from './model';
import type { Group } from './runtime';

export interface Workload {
  /** `ns/name[Kind]`. */
  readonly id: string;
  readonly groups: readonly Group[];
  readonly pods: number;
}

/** Sorted by id. */
export function workloadsOf(model: NetpolModel): Workload[] {
  return [...model.workloads.keys()].sort().map((id) => workload(model, id));
}

/** One by its id; without pods it has no groups. */
export function workload(model: NetpolModel, id: string): Workload {
  const counts = model.workloads.get(id) ?? new Map<Group, number>();
  let pods = 0;
  for (const count of counts.values()) pods += count;
  return { id, groups: [...counts.keys()], pods };
}
