/** Objects, events and neighbours for the tables of diagnosis. */
import { diagnose } from './diagnose';
import type { Around, EventFact, Finding, PodBrief } from './types';

export const now = Date.parse('2026-03-01T12:00:00Z');
export const ago = (seconds: number): string => new Date(now - seconds * 1000).toISOString();

export const event = (reason: string, message = '', more: Partial<EventFact> = {}): EventFact => ({
  type: 'Warning',
  reason,
  message,
  count: 1,
  last: now - 5_000,
  about: 'Pod a',
  ...more,
});

export const brief = (name: string, more: Partial<PodBrief> = {}): PodBrief => ({
  uid: name,
  namespace: 'shop',
  name,
  node: 'node-1',
  ip: '',
  tone: 'ok',
  words: 'Running',
  ready: [1, 1],
  restarts: 0,
  lastRestart: null,
  created: now,
  ports: ['http:8080'],
  revision: '',
  cpu: null,
  memory: null,
  ...more,
});

export const find = (
  kind: string,
  object: unknown,
  around: Around = {},
  events: readonly EventFact[] = [],
): readonly Finding[] => diagnose({ kind, object, around, events, now });

export const container = { name: 'app', image: 'reg/web:1', resources: { limits: { memory: '64Mi' } } };
export const pod = (status: object, spec: object = {}): object => ({
  metadata: { name: 'a', namespace: 'shop', creationTimestamp: ago(3600) },
  spec: { nodeName: 'node-1', containers: [container], ...spec },
  status: { phase: 'Running', ...status },
});
export const state = (cs: object): object => pod({ containerStatuses: [{ name: 'app', ...cs }] });
export const waiting = (reason: string, message = ''): object =>
  state({ state: { waiting: { reason, message } } });
export const crashed = (terminated: object, more: object = {}): object =>
  state({
    restartCount: 4,
    state: { waiting: { reason: 'CrashLoopBackOff' } },
    lastState: { terminated },
    ...more,
  });
export const pending = (message: string, reason = 'Unschedulable'): object =>
  pod(
    { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason, message }] },
    {
      nodeName: '',
      schedulingGates: reason === 'SchedulingGated' ? [{ name: 'kueue.x-k8s.io/admission' }] : undefined,
    },
  );
export const withProbe = (probe: string, cs: object): object =>
  pod(
    { containerStatuses: [{ name: 'app', ...cs }] },
    { containers: [{ ...container, [probe]: { httpGet: { path: '/', port: 80 } } }] },
  );

export type Row = [
  rule: string,
  what: RegExp,
  kind: string,
  object: unknown,
  around?: Around,
  events?: readonly EventFact[],
];

export const conditions = (type: string, status: string, reason: string, message = ''): object => ({
  conditions: [{ type, status, reason, message }],
});
export const deployment = (status: object, spec: object = {}): object => ({
  metadata: { name: 'web', namespace: 'shop', generation: 1 },
  spec: { replicas: 2, ...spec },
  status: { observedGeneration: 1, replicas: 2, ...status },
});
export const claim = (spec: object, status: object = { phase: 'Pending' }): object => ({
  metadata: { name: 'data', namespace: 'shop' },
  spec,
  status,
});
export const classes = (
  ...list: { name: string; exists?: boolean; isDefault?: boolean; mode?: string }[]
): Around => ({
  classes: list.map((one) => ({
    provisioner: 'p',
    mode: 'Immediate',
    expansion: false,
    exists: true,
    isDefault: false,
    ...one,
  })),
});
export const service = (spec: object = {}): object => ({
  metadata: { name: 'web', namespace: 'shop' },
  spec: { type: 'ClusterIP', selector: { app: 'web' }, ports: [{ port: 80, targetPort: 'http' }], ...spec },
});
export const endpoint = (ready: boolean, name = 'a') => ({
  addresses: ['10.0.0.1'],
  ready,
  serving: ready,
  terminating: false,
  node: 'node-1',
  pod: name,
  ports: ['8080'],
});
export const ingress = (spec: object = {}, ingressStatus: object[] = [{ ip: '1.2.3.4' }]): object => ({
  metadata: { name: 'shop', namespace: 'shop' },
  spec: { ingressClassName: 'nginx', ...spec },
  status: { loadBalancer: { ingress: ingressStatus } },
});
export const backend = (name: string, port: number): object => ({
  rules: [
    {
      host: 'a.example',
      http: { paths: [{ path: '/', backend: { service: { name, port: { number: port } } } }] },
    },
  ],
});
export const nginx = classes({ name: 'nginx' });
export const svc = (exists: boolean, port = 80, ready: number | null = 1): Around => ({
  ...nginx,
  services: [
    { namespace: 'shop', name: 'web', exists, type: 'ClusterIP', ports: [{ name: 'http', port }], ready },
  ],
});
