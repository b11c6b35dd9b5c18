/** Pods for the tests of their words. */
import type { ContainerStatus, Pod, PodSpec, PodStatus } from '../k8s/types';

export const ready = (flag: boolean) => [
  { type: 'PodScheduled', status: 'True' },
  { type: 'Initialized', status: 'True' },
  { type: 'ContainersReady', status: flag ? 'True' : 'False' },
  { type: 'Ready', status: flag ? 'True' : 'False' },
];

export function pod(spec: PodSpec, status: PodStatus, metadata: object = {}): Pod {
  return {
    metadata: { name: 'p', namespace: 'shop', uid: 'u', resourceVersion: '1', ...metadata },
    spec: { nodeName: 'node-1', containers: [{ name: 'app', image: 'i' }], ...spec },
    status,
  };
}

export const app = (rest: ContainerStatus): ContainerStatus => ({
  name: 'app',
  ready: false,
  restartCount: 0,
  ...rest,
});
export const waiting = (reason: string, message = '', rest: ContainerStatus = {}): PodStatus => ({
  phase: 'Pending',
  conditions: ready(false),
  containerStatuses: [app({ state: { waiting: { reason, message } }, ...rest })],
});
export const failed = (rest: PodStatus): PodStatus => ({ phase: 'Failed', ...rest });
export const unschedulable = (message: string): PodStatus => ({
  phase: 'Pending',
  conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }],
});
export const nowhere: PodSpec = { nodeName: undefined };
export const memory = (limit: string) => [{ name: 'app', resources: { limits: { memory: limit } } }];
export const two = [{ name: 'app' }, { name: 'proxy' }];
export const running = { state: { running: { startedAt: '2026-11-21T00:00:00Z' } } };
