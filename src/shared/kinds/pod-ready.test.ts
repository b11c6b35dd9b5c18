import { describe, expect, it } from 'vitest';
import { podReady, podRestarts } from './pod-status';
import { app, pod, two } from './pod-test-help';
import type { Pod } from '../k8s/types';

describe('ready and restarts', () => {
  const finishedAt = '2026-11-21T00:00:00Z';
  const of = (initialized: string): Pod =>
    pod(
      { containers: two, initContainers: [{ name: 'step' }, { name: 'side', restartPolicy: 'Always' }] },
      {
        conditions: [{ type: 'Initialized', status: initialized }],
        initContainerStatuses: [
          { name: 'step', restartCount: 4, ready: true },
          { name: 'side', restartCount: 1, ready: true, started: true },
        ],
        containerStatuses: [
          app({ restartCount: 2, lastState: { terminated: { finishedAt } } }),
          { name: 'proxy', ready: true },
        ],
      },
    );

  it('counts sidecars among the ready, steps not', () => expect(podReady(of('True'))).toEqual([2, 3]));
  it('counts restarts of steps only while they run', () => {
    expect(podRestarts(of('True'))).toEqual([3, Date.parse(finishedAt)]);
    expect(podRestarts(of('False'))).toEqual([7, Date.parse(finishedAt)]);
  });
});
