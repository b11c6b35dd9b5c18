/** Containers of a pod or of a workload's template, with the words for their states. Pure. */
import { items, str, num } from '#shared/k8s/read';
import type { Container, ContainerStatus } from '#shared/k8s/types';
import { isSidecar } from '#shared/kinds/pod-status';
import type { Tone } from '#shared/kinds/define';
import { formatShort, parseTime } from '#shared/util/age';
import { field, type PlainObject } from './facts';

export interface ContainerInfo {
  readonly name: string;
  readonly image: string;
  /** `init`, `sidecar`, `debug`; '' for the ordinary ones. */
  readonly role: string;
  /** undefined in a template: nothing runs yet. */
  readonly tone: Tone | undefined;
  readonly state: string;
  readonly last: string;
  /** Exit code of the last run, else of the end it is in. */
  readonly exit?: number;
  readonly restarts: number;
  /** `cpu 250m to 1, memory 64Mi to 128Mi`. */
  readonly resources: string;
}

export function containersOf(object: PlainObject, now: number): readonly ContainerInfo[] {
  const isPod = field(object, 'kind') === 'Pod' || field(object, 'spec', 'containers') !== undefined;
  const spec =
    field(object, 'spec', 'template', 'spec') ??
    field(object, 'spec', 'jobTemplate', 'spec', 'template', 'spec') ??
    (isPod ? field(object, 'spec') : undefined);
  const list = (parent: unknown, key: string): readonly Container[] => {
    const value = field(parent, key);
    return items(Array.isArray(value) ? (value as readonly Container[]) : undefined);
  };
  const statuses = new Map<string, ContainerStatus>();
  for (const key of ['initContainerStatuses', 'containerStatuses', 'ephemeralContainerStatuses']) {
    const value = field(object, 'status', key);
    for (const status of items(Array.isArray(value) ? (value as readonly ContainerStatus[]) : undefined)) {
      statuses.set(str(status.name), status);
    }
  }
  const read = (key: string, role: (container: Container) => string): ContainerInfo[] =>
    list(spec, key).map((container) =>
      info(container, statuses.get(str(container.name)), role(container), now),
    );
  return [
    ...read('initContainers', (container) => (isSidecar(container) ? 'sidecar' : 'init')),
    ...read('containers', () => ''),
    ...read('ephemeralContainers', () => 'debug'),
  ];
}

function info(
  container: Container,
  status: ContainerStatus | undefined,
  role: string,
  now: number,
): ContainerInfo {
  const [tone, state] = stateWords(status, role, now);
  return {
    name: str(container.name),
    image: str(container.image),
    role,
    tone,
    state,
    last: lastWords(status, now),
    ...exitOf(status),
    restarts: num(status?.restartCount) ?? 0,
    resources: resourceWords(container),
  };
}

function stateWords(
  status: ContainerStatus | undefined,
  role: string,
  now: number,
): readonly [Tone | undefined, string] {
  if (!status) return [undefined, ''];
  const { waiting, running, terminated } = status.state ?? {};
  if (running) {
    const since = parseTime(running.startedAt);
    const ready = status.ready === true ? 'ready' : 'not ready';
    const words = `running${since === null ? '' : ` ${formatShort(now - since)}`}, ${ready}`;
    if (role === 'init') return ['progress', words.replace(/, (not )?ready$/, '')];
    return [status.ready === true || role === 'debug' ? 'ok' : 'warn', words];
  }
  if (terminated) {
    const code = num(terminated.exitCode) ?? 0;
    if (code === 0) return ['done', 'completed'];
    return ['bad', `ended with exit ${code}${reason(terminated.reason, 'Error')}`];
  }
  if (waiting) {
    const why = str(waiting.reason);
    const first = why === 'ContainerCreating' || why === 'PodInitializing' || why === '';
    const words = [first ? 'waiting to start' : `waiting: ${why}`, str(waiting.message)]
      .filter(Boolean)
      .join(', ');
    return [first ? 'progress' : 'bad', words];
  }
  return ['idle', 'unknown'];
}

function exitOf(status: ContainerStatus | undefined): { exit?: number } {
  const exit = num((status?.lastState?.terminated ?? status?.state?.terminated)?.exitCode);
  return exit === undefined ? {} : { exit };
}

function lastWords(status: ContainerStatus | undefined, now: number): string {
  const last = status?.lastState?.terminated;
  if (!last) return '';
  const start = parseTime(last.startedAt);
  const end = parseTime(last.finishedAt);
  const parts = [`last exit ${num(last.exitCode) ?? 0}${reason(last.reason, 'Error', 'Completed')}`];
  if (start !== null && end !== null && end >= start) parts.push(`after ${formatShort(end - start)}`);
  if (end !== null) parts.push(`${formatShort(now - end)} ago`);
  return parts.join(' ').replace(/ (\S+ ago)$/, ', $1');
}

function reason(raw: unknown, ...plain: readonly string[]): string {
  const text = str(raw);
  return text === '' || plain.includes(text) ? '' : ` (${text})`;
}

function resourceWords(container: Container): string {
  return ['cpu', 'memory']
    .flatMap((name) => {
      const request = field(container, 'resources', 'requests', name);
      const limit = field(container, 'resources', 'limits', name);
      if (request === undefined && limit === undefined) return [];
      const from = request === undefined ? '' : ` ${String(request)}`;
      const to = limit === undefined ? ', no limit' : ` to ${String(limit)}`;
      return [`${name}${from}${to}`];
    })
    .join('; ');
}
