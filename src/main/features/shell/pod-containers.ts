/** The containers of a pod that a shell can be opened in, from the pod as the server sent it. Pure. */
import type { ShellContainer } from '#shared/contract/shell';
import { count, items, own, str } from '#shared/k8s/read';
import type { Container, ContainerStatus, Pod } from '#shared/k8s/types';
import { isSidecar } from '#shared/kinds/pod-status';

/** A pod with its debug containers, which few others look at. */
export type ShellPod = Pod & {
  readonly spec?: { readonly ephemeralContainers?: readonly Container[] };
  readonly status?: { readonly ephemeralContainerStatuses?: readonly ContainerStatus[] };
};

export interface PodContainers {
  readonly uid: string;
  readonly containers: readonly ShellContainer[];
  readonly windows: boolean;
  /** Restarts so far, by container. */
  readonly restarts: ReadonlyMap<string, number>;
}

const DEFAULT_ANNOTATION = 'kubectl.kubernetes.io/default-container';

export function podContainers(pod: ShellPod): PodContainers {
  const { spec, status, metadata } = pod;
  const running = new Set<string>();
  const restarts = new Map<string, number>();
  for (const list of [
    status?.containerStatuses,
    status?.initContainerStatuses,
    status?.ephemeralContainerStatuses,
  ]) {
    for (const entry of items<ContainerStatus>(list)) {
      restarts.set(str(entry.name), count(entry.restartCount));
      if (entry.state?.running) running.add(str(entry.name));
    }
  }
  const ordinary = items<Container>(spec?.containers);
  const wanted = own(metadata?.annotations, DEFAULT_ANNOTATION);
  const all = [
    ...ordinary.map((container) => ({ container, type: 'container' as const })),
    ...items<Container>(spec?.initContainers).map((container) => ({
      container,
      type: isSidecar(container) ? ('sidecar' as const) : ('init' as const),
    })),
    ...items<Container>(spec?.ephemeralContainers).map((container) => ({
      container,
      type: 'debug' as const,
    })),
  ];
  const named = all.some(({ container }) => wanted !== '' && str(container.name) === wanted);
  const first = str(ordinary[0]?.name);
  const containers = all.map(({ container, type }) => ({
    name: str(container.name),
    image: str(container.image),
    type,
    running: running.has(str(container.name)),
    default: str(container.name) === (named ? wanted : first),
  }));
  return { uid: str(metadata?.uid), containers, windows: isWindows(spec), restarts };
}

/** Status of one container, whatever its list. */
export function statusOf({ status }: ShellPod, container: string): ContainerStatus | undefined {
  for (const list of [
    status?.containerStatuses,
    status?.initContainerStatuses,
    status?.ephemeralContainerStatuses,
  ]) {
    const found = items<ContainerStatus>(list).find((one) => one.name === container);
    if (found) return found;
  }
  return undefined;
}

function isWindows(spec: unknown): boolean {
  const { os, nodeSelector } = (spec ?? {}) as {
    readonly os?: { readonly name?: unknown } | null;
    readonly nodeSelector?: Readonly<Record<string, unknown>> | null;
  };
  return os?.name === 'windows' || nodeSelector?.['kubernetes.io/os'] === 'windows';
}
