/** What a pod, as the server sent it, tells about how it can be debugged. Pure. */
import type { DebuggableContainer, DebuggablePod } from '#shared/contract/debug';
import { count, items, num, own, str } from '#shared/k8s/read';
import type { Container, ContainerStatus, Pod } from '#shared/k8s/types';
import { isSidecar } from '#shared/kinds/pod-status';
import { plural } from '#shared/util/text';

type DebugContainer = Container & { readonly targetContainerName?: string };

/** A pod with its debug containers, which few others look at. */
export type WholePod = Pod & {
  readonly spec?: {
    readonly ephemeralContainers?: readonly DebugContainer[];
    readonly securityContext?: { readonly runAsUser?: unknown; readonly runAsNonRoot?: unknown } | null;
    readonly volumes?: readonly Readonly<Record<string, unknown>>[];
    readonly os?: { readonly name?: unknown } | null;
    readonly nodeSelector?: Readonly<Record<string, unknown>> | null;
  };
  readonly status?: { readonly ephemeralContainerStatuses?: readonly ContainerStatus[] };
};

const MIRROR = 'kubernetes.io/config.mirror';
const DEFAULT_CONTAINER = 'kubectl.kubernetes.io/default-container';

export function isMirror(pod: WholePod): boolean {
  return own(pod.metadata?.annotations, MIRROR) !== '';
}

/** Status of every container by its name, whatever its list. */
export function statuses(pod: WholePod): ReadonlyMap<string, ContainerStatus> {
  const { status } = pod;
  const all = [
    ...items<ContainerStatus>(status?.containerStatuses),
    ...items<ContainerStatus>(status?.initContainerStatuses),
    ...items<ContainerStatus>(status?.ephemeralContainerStatuses),
  ];
  return new Map(all.map((one) => [str(one.name), one]));
}

export function podFacts(pod: WholePod): Omit<DebuggablePod, 'enforced'> {
  const { spec, metadata, status } = pod;
  const byName = statuses(pod);
  const of = (container: DebugContainer, type: DebuggableContainer['type']): DebuggableContainer => {
    const name = str(container.name);
    const found = byName.get(name);
    const { waiting, running, terminated } = found?.state ?? {};
    const last = terminated ?? found?.lastState?.terminated;
    const reason = str(waiting?.reason) || str(terminated?.reason);
    const exitCode = num(last?.exitCode);
    const target = str(container.targetContainerName);
    return {
      name,
      image: str(container.image),
      type,
      state: running ? 'running' : terminated ? 'ended' : waiting ? 'waiting' : 'unknown',
      restarts: count(found?.restartCount),
      ...(reason === '' ? {} : { reason }),
      ...(exitCode === undefined ? {} : { exitCode }),
      ...(target === '' ? {} : { target }),
    };
  };
  const ordinary = items<Container>(spec?.containers).map((one) => of(one, 'container'));
  const init = items<Container>(spec?.initContainers).map((one) =>
    of(one, isSidecar(one) ? 'sidecar' : 'init'),
  );
  const debug = items<DebugContainer>(spec?.ephemeralContainers).map((one) => of(one, 'debug'));
  const containers = [...ordinary, ...init, ...debug];
  const wanted = own(metadata?.annotations, DEFAULT_CONTAINER);
  const crashing = [...ordinary, ...init].find(isCrashing);
  const node = str(spec?.nodeName);
  return {
    uid: str(metadata?.uid),
    phase: str(status?.phase),
    ...(node === '' ? {} : { node }),
    windows: spec?.os?.name === 'windows' || spec?.nodeSelector?.['kubernetes.io/os'] === 'windows',
    mirror: isMirror(pod),
    containers,
    main: ordinary.some((one) => one.name === wanted) ? wanted : (ordinary[0]?.name ?? ''),
    ...(crashing ? { crashing: { container: crashing.name, words: crashWords(crashing) } } : {}),
  };
}

/** Between two crashes a container may be running for a moment: its restarts tell. */
function isCrashing({ state, reason, exitCode, restarts }: DebuggableContainer): boolean {
  if (reason === 'CrashLoopBackOff') return true;
  return restarts >= 2 && state === 'ended' && exitCode !== undefined && exitCode !== 0;
}

function crashWords({ name, exitCode, restarts }: DebuggableContainer): string {
  const code = exitCode === undefined ? '' : ` with exit code ${exitCode}`;
  return `Container ${name} keeps ending${code} (${plural(restarts, 'restart')}).`;
}
