/** Table columns of pods and of what makes pods. */
import { at, list, text, type Container, type Fields, type KObject, type Pod } from '../model';
import { col, wide, type TableColumn } from './column';
import { duration } from './duration';

const get =
  (...path: (string | number)[]) =>
  (object: KObject): string =>
    text(at(object, ...path));
const count =
  (...path: string[]) =>
  (object: KObject): number =>
    Number(at(object, ...path) ?? 0);
export const keys = (value: unknown): string =>
  Object.entries((value ?? {}) as Fields)
    .map(([key, entry]) => `${key}=${text(entry)}`)
    .join(',') || '<none>';
const since = (time: unknown, now: number): string =>
  time ? duration(now - Date.parse(text(time))) : '<none>';

/** The word kubectl shows as STATUS. */
export function podStatus(pod: Pod): string {
  const { status, spec, metadata } = pod;
  let reason = status.reason ?? status.phase;
  const gated = status.conditions?.some((c) => c.type === 'PodScheduled' && c.reason === 'SchedulingGated');
  if (gated) reason = 'SchedulingGated';
  const inits = status.initContainerStatuses ?? [];
  let initializing = false;
  for (const [index, entry] of inits.entries()) {
    const sidecar = spec.initContainers?.[index]?.restartPolicy === 'Always';
    const { terminated, waiting } = entry.state;
    if (terminated?.exitCode === 0 || (sidecar && entry.started)) continue;
    if (terminated) reason = `Init:${terminated.reason || `ExitCode:${terminated.exitCode}`}`;
    else if (waiting && waiting.reason !== 'PodInitializing') reason = `Init:${waiting.reason}`;
    else reason = `Init:${index}/${inits.length}`;
    initializing = true;
    break;
  }
  if (!initializing) {
    let running = false;
    for (const entry of [...(status.containerStatuses ?? [])].reverse()) {
      const { terminated, waiting } = entry.state;
      if (waiting?.reason) reason = waiting.reason;
      else if (terminated) reason = terminated.reason || `ExitCode:${terminated.exitCode}`;
      else if (entry.ready && entry.state.running) running = true;
    }
    if (reason === 'Completed' && running) reason = 'Running';
  }
  if (metadata.deletionTimestamp) return status.reason === 'NodeLost' ? 'Unknown' : 'Terminating';
  return reason;
}

function restarts(pod: Pod, now: number): string {
  const all = pod.status.containerStatuses ?? [];
  const total = all.reduce((sum, entry) => sum + entry.restartCount, 0);
  const last = Math.max(
    0,
    ...all.map((entry) => Date.parse(entry.lastState.terminated?.finishedAt ?? '') || 0),
  );
  return total > 0 && last > 0 ? `${total} (${duration(now - last)} ago)` : String(total);
}

const readyOf = (pod: Pod): string =>
  `${(pod.status.containerStatuses ?? []).filter((entry) => entry.ready).length}/${pod.spec.containers.length}`;

const containers = (object: KObject): Container[] =>
  list(at(object, 'spec', 'template', 'spec', 'containers')) as unknown as Container[];
const templates = (path: readonly string[] = ['spec', 'selector', 'matchLabels']): TableColumn[] => [
  wide('Containers', (o) =>
    containers(o)
      .map((entry) => entry.name)
      .join(','),
  ),
  wide('Images', (o) =>
    containers(o)
      .map((entry) => entry.image)
      .join(','),
  ),
  wide('Selector', (o) => keys(at(o, ...path))),
];
const replicas =
  (path: string) =>
  (o: KObject): string =>
    `${count('status', 'readyReplicas')(o)}/${count('spec', path)(o)}`;

function jobStatus(job: KObject): string {
  const conditions = list(at(job, 'status', 'conditions')).filter((entry) => entry['status'] === 'True');
  return (
    text(conditions[conditions.length - 1]?.['type']) ||
    (at(job, 'metadata', 'deletionTimestamp') ? 'Terminating' : 'Running')
  );
}

function jobDuration(job: KObject, now: number): string {
  const start = at(job, 'status', 'startTime');
  if (!start) return '';
  return duration((Date.parse(text(at(job, 'status', 'completionTime'))) || now) - Date.parse(text(start)));
}

function targets(hpa: KObject): string {
  const used = at(hpa, 'status', 'currentMetrics', 0, 'resource', 'current', 'averageUtilization');
  return list(at(hpa, 'spec', 'metrics'))
    .map(
      (metric) =>
        `${text(at(metric, 'resource', 'name'))}: ${used === undefined ? '<unknown>' : `${text(used)}%`}/${text(at(metric, 'resource', 'target', 'averageUtilization'))}%`,
    )
    .join(', ');
}

export function workloadColumns(): Readonly<Record<string, readonly TableColumn[]>> {
  const setColumns = [
    col('Desired', count('spec', 'replicas'), 'integer'),
    col('Current', count('status', 'replicas'), 'integer'),
    col('Ready', count('status', 'readyReplicas'), 'integer'),
  ];
  return {
    pods: [
      col('Ready', (o) => readyOf(o as Pod)),
      col('Status', (o) => podStatus(o as Pod)),
      col('Restarts', (o, now) => restarts(o as Pod, now)),
      wide('IP', (o) => get('status', 'podIP')(o) || '<none>'),
      wide('Node', (o) => get('spec', 'nodeName')(o) || '<none>'),
      wide('Nominated Node', () => '<none>'),
      wide('Readiness Gates', () => '<none>'),
    ],
    'deployments.apps': [
      col('Ready', replicas('replicas')),
      col('Up-to-date', count('status', 'updatedReplicas'), 'integer'),
      col('Available', count('status', 'availableReplicas'), 'integer'),
      ...templates(),
    ],
    'replicasets.apps': [...setColumns, ...templates()],
    replicationcontrollers: [...setColumns, ...templates(['spec', 'selector'])],
    'statefulsets.apps': [col('Ready', replicas('replicas')), ...templates().slice(0, 2)],
    'daemonsets.apps': [
      col('Desired', count('status', 'desiredNumberScheduled'), 'integer'),
      col('Current', count('status', 'currentNumberScheduled'), 'integer'),
      col('Ready', count('status', 'numberReady'), 'integer'),
      col('Up-to-date', count('status', 'updatedNumberScheduled'), 'integer'),
      col('Available', count('status', 'numberAvailable'), 'integer'),
      col('Node Selector', (o) => keys(at(o, 'spec', 'template', 'spec', 'nodeSelector'))),
      ...templates(),
    ],
    'controllerrevisions.apps': [
      col(
        'Controller',
        (o) =>
          `${text(at(o, 'metadata', 'ownerReferences', 0, 'kind')).toLowerCase()}.apps/${get('metadata', 'ownerReferences', 0, 'name')(o)}`,
      ),
      col('Revision', count('revision'), 'integer'),
    ],
    'jobs.batch': [
      col('Status', jobStatus),
      col(
        'Completions',
        (o) => `${count('status', 'succeeded')(o)}/${text(at(o, 'spec', 'completions') ?? 1)}`,
      ),
      col('Duration', jobDuration),
      ...templates(),
    ],
    'cronjobs.batch': [
      col('Schedule', get('spec', 'schedule')),
      col('Timezone', (o) => get('spec', 'timeZone')(o) || '<none>'),
      col('Suspend', (o) => (at(o, 'spec', 'suspend') === true ? 'True' : 'False')),
      col('Active', (o) => list(at(o, 'status', 'active')).length, 'integer'),
      col('Last Schedule', (o, now) => since(at(o, 'status', 'lastScheduleTime'), now)),
    ],
    'horizontalpodautoscalers.autoscaling': [
      col(
        'Reference',
        (o) => `${get('spec', 'scaleTargetRef', 'kind')(o)}/${get('spec', 'scaleTargetRef', 'name')(o)}`,
      ),
      col('Targets', targets),
      col('MinPods', (o) => text(at(o, 'spec', 'minReplicas') ?? 1)),
      col('MaxPods', count('spec', 'maxReplicas'), 'integer'),
      col('Replicas', count('status', 'currentReplicas'), 'integer'),
    ],
    'poddisruptionbudgets.policy': [
      col('Min Available', (o) => get('spec', 'minAvailable')(o) || 'N/A'),
      col('Max Unavailable', (o) => get('spec', 'maxUnavailable')(o) || 'N/A'),
      col('Allowed Disruptions', count('status', 'disruptionsAllowed'), 'integer'),
    ],
    podtemplates: [],
  };
}
