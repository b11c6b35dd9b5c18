/** What following logs needs of a pod, read from whatever the server sent. */
import type { WholeObject } from '../../k8s/watch-few';

export type ContainerType = 'main' | 'init' | 'sidecar' | 'ephemeral';

export interface ContainerInfo {
  readonly name: string;
  readonly type: ContainerType;
  readonly restarts: number;
  readonly state: 'waiting' | 'running' | 'terminated' | 'unknown';
  /** Reason of the state, and its message. */
  readonly reason: string;
  readonly message: string;
  /** Of the state `terminated`, else of the instance before. */
  readonly exitCode: number | undefined;
  readonly exitReason: string;
  /** Epoch ms. */
  readonly exitedAt: number | undefined;
}

export interface PodInfo {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  readonly node: string;
  readonly phase: string;
  /** Reason of the pod's phase: `Evicted`, `NodeLost`. */
  readonly reason: string;
  readonly terminating: boolean;
  readonly defaultContainer: string | undefined;
  readonly containers: readonly ContainerInfo[];
}

type Fields = Readonly<Record<string, unknown>>;

const DEFAULT_CONTAINER = 'kubectl.kubernetes.io/default-container';

export function readPod(object: WholeObject): PodInfo | undefined {
  const meta = fields(object.metadata);
  const name = text(meta['name']);
  if (name === '') return undefined;
  const spec = fields(object['spec']);
  const status = fields(object['status']);
  const annotated = text(fields(meta['annotations'])[DEFAULT_CONTAINER]);
  const containers: ContainerInfo[] = [
    ...list(spec['initContainers']).map((one) => {
      const type = text(one['restartPolicy']) === 'Always' ? 'sidecar' : 'init';
      return readContainer(one, type, list(status['initContainerStatuses']));
    }),
    ...list(spec['containers']).map((one) => readContainer(one, 'main', list(status['containerStatuses']))),
    ...list(spec['ephemeralContainers']).map((one) =>
      readContainer(one, 'ephemeral', list(status['ephemeralContainerStatuses'])),
    ),
  ];
  return {
    uid: text(meta['uid']),
    namespace: text(meta['namespace']),
    name,
    node: text(spec['nodeName']),
    phase: text(status['phase']),
    reason: text(status['reason']),
    terminating: meta['deletionTimestamp'] !== undefined && meta['deletionTimestamp'] !== null,
    defaultContainer:
      containers.find((one) => one.name === annotated)?.name ??
      containers.find((one) => one.type === 'main')?.name,
    containers: containers.filter((one) => one.name !== ''),
  };
}

function readContainer(spec: Fields, type: ContainerType, statuses: readonly Fields[]): ContainerInfo {
  const name = text(spec['name']);
  const status = statuses.find((one) => one['name'] === name) ?? {};
  const state = fields(status['state']);
  const now = (['running', 'terminated', 'waiting'] as const).find((key) => typeof state[key] === 'object');
  const detail = fields(now && state[now]);
  const ended = now === 'terminated' ? detail : fields(fields(status['lastState'])['terminated']);
  const at = Date.parse(text(ended['finishedAt']));
  return {
    name,
    type,
    restarts: number(status['restartCount']) ?? 0,
    state: now ?? 'unknown',
    reason: text(detail['reason']),
    message: text(detail['message']).slice(0, 500),
    exitCode: number(ended['exitCode']),
    exitReason: text(ended['reason']),
    exitedAt: Number.isNaN(at) ? undefined : at,
  };
}

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function list(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.map(fields) : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
