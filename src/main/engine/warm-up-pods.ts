/**
 * Made-up pods for the warm-up, as varied as those of real clusters where variety decides which
 * code runs: random uids, finished init containers, restarts, and many fields nobody reads.
 */
import { container, message, objectMeta, podSpec, podStatus, type Message } from './decode/proto-schema';

const pair = message({ 1: ['name', 'string'], 2: ['value', 'string'] });
const fields = message({ 1: ['raw', 'string'] });
const manager = message({
  1: ['manager', 'string'],
  2: ['operation', 'string'],
  3: ['apiVersion', 'string'],
  4: ['time', 'time'],
  6: ['fieldsType', 'string'],
  7: ['fieldsV1', fields],
});
const mount = message({ 1: ['name', 'string'], 2: ['readOnly', 'bool'], 3: ['mountPath', 'string'] });
const wideContainer: Message = {
  ...container,
  ...message({
    7: ['env', pair, 'repeated'],
    9: ['volumeMounts', mount, 'repeated'],
    13: ['terminationMessagePath', 'string'],
    14: ['imagePullPolicy', 'string'],
  }),
};

/** The schema of pods with more fields than any mask asks for. */
export const madeUpSchema: Message = message({
  1: ['metadata', { ...objectMeta, ...message({ 17: ['managedFields', manager, 'repeated'] }) }],
  2: [
    'spec',
    {
      ...podSpec,
      ...message({
        1: ['volumes', pair, 'repeated'],
        2: ['containers', wideContainer, 'repeated'],
        6: ['dnsPolicy', 'string'],
        9: ['serviceAccount', 'string'],
        19: ['schedulerName', 'string'],
        20: ['initContainers', wideContainer, 'repeated'],
        30: ['enableServiceLinks', 'bool'],
      }),
    },
  ],
  3: ['status', podStatus],
});

/** Not secret, not secure: only no pattern the compiler could count on. */
function scattered(seed: number): number {
  let n = Math.imul(seed + 1, 0x9e3779b1);
  n = Math.imul(n ^ (n >>> 15), 0x85ebca6b);
  return (n ^ (n >>> 13)) >>> 0;
}

function uid(seed: number): string {
  const hex = [0, 1, 2, 3]
    .map((part) =>
      scattered(seed * 4 + part)
        .toString(16)
        .padStart(8, '0'),
    )
    .join('');
  return [8, 12, 16, 20, 32].map((end, at) => hex.slice([0, 8, 12, 16, 20][at], end)).join('-');
}

/** A pod of one of a few Deployments, with a sidecar and an init container. */
export function madeUp(_: unknown, at: number): Record<string, unknown> {
  const workload = `service-${at % 23}`;
  const started = 1_700_000_000_000 + (scattered(at) % 10_000_000) * 1000;
  const time = new Date(started).toISOString();
  const fails = at % 11 === 0;
  const one = (name: string): Record<string, unknown> => ({
    name,
    image: `registry.invalid/team/${name}:1.${at % 3}`,
    resources: { limits: { cpu: '100m', memory: '128Mi' }, requests: { cpu: '10m', memory: '64Mi' } },
    env: Array.from({ length: 12 }, (__, i) => ({ name: `VARIABLE_${i}`, value: 'x'.repeat(i * 15) })),
    volumeMounts: [{ name: 'data', readOnly: true, mountPath: '/var/lib/data' }],
    terminationMessagePath: '/dev/termination-log',
    imagePullPolicy: 'IfNotPresent',
  });
  const status = (name: string, more: Record<string, unknown>): Record<string, unknown> => ({
    name,
    ready: !fails,
    restartCount: fails ? at % 5 : 0,
    image: `registry.invalid/team/${name}:1.${at % 3}`,
    imageID: `registry.invalid/team/${name}@sha256:${'0'.repeat(64)}`,
    containerID: `containerd://${'a'.repeat(64)}`,
    ...more,
  });
  const ended = (exitCode: number, reason: string): Record<string, unknown> => ({
    terminated: { exitCode, reason, startedAt: time, finishedAt: time },
  });
  return {
    metadata: {
      name: `${workload}-${scattered(at % 23).toString(36)}-${scattered(at).toString(36)}`,
      namespace: `namespace-${at % 9}`,
      uid: uid(at),
      resourceVersion: String(100_000 + at),
      creationTimestamp: time,
      labels: {
        'app.kubernetes.io/instance': `release-${at % 9}`,
        'app.kubernetes.io/name': workload,
        'app.kubernetes.io/part-of': 'warm-up',
        'app.kubernetes.io/version': `1.${at % 3}.0`,
        'pod-template-hash': scattered(at % 23).toString(36),
      },
      annotations: { checksum: 'x'.repeat(400) },
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: workload, uid: uid(at % 23), controller: true },
      ],
      managedFields: ['kube-controller-manager', 'kubelet'].map((by) => ({
        manager: by,
        operation: 'Update',
        apiVersion: 'v1',
        time,
        fieldsType: 'FieldsV1',
        fieldsV1: { raw: '{"f:metadata":{}}'.repeat(60) },
      })),
    },
    spec: {
      volumes: [{ name: 'data', value: 'y'.repeat(300) }],
      containers: [one('app'), one('proxy')],
      initContainers: [one('migrate')],
      nodeName: `node-${at % 40}`,
      serviceAccountName: workload,
      serviceAccount: workload,
      dnsPolicy: 'ClusterFirst',
      schedulerName: 'default-scheduler',
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      priority: at % 5 === 0 ? 1000 : 0,
      enableServiceLinks: true,
    },
    status: {
      phase: 'Running',
      hostIP: '198.18.255.1',
      podIP: `198.18.${at >>> 8}.${at & 255}`,
      startTime: time,
      qosClass: 'Burstable',
      conditions: ['Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map((type) => ({
        type,
        status: fails && type.endsWith('Ready') ? 'False' : 'True',
        lastTransitionTime: time,
        ...(fails ? { reason: 'ContainersNotReady', message: 'containers with unready status: [app]' } : {}),
      })),
      initContainerStatuses: [status('migrate', { state: ended(0, 'Completed'), started: false })],
      containerStatuses: [
        status('app', {
          started: !fails,
          state: fails ? { waiting: { reason: 'CrashLoopBackOff' } } : { running: { startedAt: time } },
          ...(fails ? { lastState: ended(1, 'Error') } : {}),
        }),
        status('proxy', { started: true, state: { running: { startedAt: time } } }),
      ],
    },
  };
}
