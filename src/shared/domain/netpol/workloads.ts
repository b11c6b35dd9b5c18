/** Workloads of a model: which groups their pods are in. Kept up by hand when pods change. */
import type { NetpolModel } from './model';
import type { Group } from './runtime';
import type { NetPod } from './types';

export interface Workload {
  /** `ns/name[Kind]`. */
  readonly id: string;
  readonly groups: readonly Group[];
  readonly pods: number;
}

export function workloadOf(pod: NetPod): string {
  return pod.workload ?? `${pod.namespace}/${pod.name}[Pod]`;
}

/** Sorted by id. */
export function workloadsOf(model: NetpolModel): Workload[] {
  const found = new Map<string, { groups: Set<Group>; pods: number }>();
  for (const { pod, group } of model.pods.values()) {
    const id = workloadOf(pod);
    const known = found.get(id);
    if (known) {
      known.groups.add(group);
      known.pods += 1;
    } else found.set(id, { groups: new Set([group]), pods: 1 });
  }
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, { groups, pods }]) => ({ id, groups: [...groups], pods }));
}
