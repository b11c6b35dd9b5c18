import { describe, expect, it } from 'vitest';
import { podStatus } from './pod-status';
import { app, failed, memory, nowhere, pod, ready, running, two, unschedulable } from './pod-test-help';
import type { Pod } from '../k8s/types';

describe('podStatus of whole pods', () => {
  const cases: [name: string, tone: string, words: string, of: Pod][] = [
    [
      'needs CPU',
      'warn',
      'Pending: needs 64 CPU',
      pod(
        { ...nowhere, containers: [{ name: 'app', resources: { requests: { cpu: '64' } } }] },
        unschedulable(
          '0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.',
        ),
      ),
    ],
    [
      'needs a GPU',
      'warn',
      'Pending: needs 2 nvidia.com/gpu',
      pod(
        { ...nowhere, containers: [{ name: 'app', resources: { requests: { 'nvidia.com/gpu': '2' } } }] },
        unschedulable('0/3 nodes are available: 3 Insufficient nvidia.com/gpu.'),
      ),
    ],
    [
      'init wants more than all containers',
      'warn',
      'Pending: needs 8 GiB memory',
      pod(
        {
          ...nowhere,
          initContainers: [{ name: 'i', resources: { requests: { memory: '8Gi' } } }],
          containers: memory('1Gi'),
        },
        unschedulable('0/3 nodes are available: 3 Insufficient memory.'),
      ),
    ],
    [
      'most frequent reason',
      'warn',
      'Pending: taint dedicated',
      pod(
        nowhere,
        unschedulable(
          '0/4 nodes are available: 1 Insufficient cpu, 3 node(s) had untolerated taint {dedicated: gpu}. preemption: none',
        ),
      ),
    ],
    [
      'selector',
      'warn',
      'Pending: no node matches selector',
      pod(
        nowhere,
        unschedulable(
          "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector. no new claims to deallocate",
        ),
      ),
    ],
    [
      'anti-affinity',
      'warn',
      'Pending: anti-affinity',
      pod(nowhere, unschedulable("0/1 nodes are available: 1 node(s) didn't match pod anti-affinity rules.")),
    ],
    [
      'spread',
      'warn',
      'Pending: topology spread',
      pod(
        nowhere,
        unschedulable("0/1 nodes are available: 1 node(s) didn't match pod topology spread constraints."),
      ),
    ],
    [
      'claim',
      'warn',
      'Pending: claim is not bound',
      pod(
        nowhere,
        unschedulable('0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims.'),
      ),
    ],
    [
      'zone',
      'warn',
      'Pending: volume is in another zone',
      pod(nowhere, unschedulable('0/1 nodes are available: 1 node(s) had volume node affinity conflict.')),
    ],
    [
      'port',
      'warn',
      'Pending: host port taken',
      pod(
        nowhere,
        unschedulable(
          "0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports.",
        ),
      ),
    ],
    ['strange message', 'warn', 'Pending: no node fits', pod(nowhere, unschedulable('computer says no'))],
    [
      'preempting',
      'progress',
      'Pending: makes room on node-2',
      pod(nowhere, { ...unschedulable('0/1'), nominatedNodeName: 'node-2' }),
    ],
    [
      'gated',
      'idle',
      'Gated by kueue.x-k8s.io/admission',
      pod(
        { ...nowhere, schedulingGates: [{ name: 'kueue.x-k8s.io/admission' }] },
        {
          phase: 'Pending',
          conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }],
        },
      ),
    ],
    ['nobody schedules', 'progress', 'Pending: not scheduled yet', pod(nowhere, { phase: 'Pending' })],

    [
      'evicted',
      'bad',
      'Evicted: node low on memory',
      pod(
        {},
        failed({
          reason: 'Evicted',
          message: 'The node was low on resource: memory. Threshold quantity: 100Mi, available: 50Mi.',
        }),
      ),
    ],
    [
      'evicted by its own disk',
      'bad',
      'Evicted: over its disk limit',
      pod(
        {},
        failed({
          reason: 'Evicted',
          message: 'Pod ephemeral local storage usage exceeds the total limit of containers 1Gi.',
        }),
      ),
    ],
    ['deadline', 'bad', 'Failed: deadline exceeded', pod({}, failed({ reason: 'DeadlineExceeded' }))],
    ['rejected', 'bad', 'Rejected: node out of CPU', pod({}, failed({ reason: 'OutOfcpu' }))],
    [
      'failed with exit',
      'bad',
      'Failed, exit 1',
      pod(
        {},
        failed({ containerStatuses: [app({ state: { terminated: { exitCode: 1, reason: 'Error' } } })] }),
      ),
    ],
    [
      'preempted',
      'bad',
      'Preempted by a higher priority',
      pod(
        {},
        failed({
          conditions: [{ type: 'DisruptionTarget', status: 'True', reason: 'PreemptionByScheduler' }],
        }),
      ),
    ],
    ['failed for its own reason', 'bad', 'Failed: Odd', pod({}, failed({ reason: 'Odd' }))],
    ['node lost', 'idle', 'Unknown: node is silent', pod({}, { phase: 'Running', reason: 'NodeLost' })],
    ['phase Unknown', 'idle', 'Unknown: node is silent', pod({}, { phase: 'Unknown' })],
    [
      'not ready by somebody else than the kubelet',
      'idle',
      'Unknown: node is silent',
      pod(
        {},
        {
          phase: 'Running',
          conditions: [
            { type: 'Initialized', status: 'True' },
            { type: 'ContainersReady', status: 'True' },
            { type: 'Ready', status: 'False' },
          ],
          containerStatuses: [app({ ready: true, ...running })],
        },
      ),
    ],

    [
      'init runs',
      'progress',
      'Starting: init 1 of 2',
      pod(
        { initContainers: [{ name: 'a' }, { name: 'b' }] },
        {
          phase: 'Pending',
          initContainerStatuses: [
            { name: 'a', ...running },
            { name: 'b', state: { waiting: { reason: 'PodInitializing' } } },
          ],
          containerStatuses: [app({ state: { waiting: { reason: 'PodInitializing' } } })],
        },
      ),
    ],
    [
      'second init runs',
      'progress',
      'Starting: init 2 of 2',
      pod(
        { initContainers: [{ name: 'a' }, { name: 'b' }] },
        {
          phase: 'Pending',
          initContainerStatuses: [
            { name: 'a', state: { terminated: { exitCode: 0, reason: 'Completed' } } },
            { name: 'b', ...running },
          ],
        },
      ),
    ],
    [
      'init crashes',
      'bad',
      'Init 1 of 1: CrashLoop, exit 1',
      pod(
        { initContainers: [{ name: 'a' }] },
        {
          phase: 'Pending',
          initContainerStatuses: [
            {
              name: 'a',
              state: { waiting: { reason: 'CrashLoopBackOff' } },
              lastState: { terminated: { exitCode: 1 } },
            },
          ],
        },
      ),
    ],
    [
      'sidecar starts',
      'progress',
      'Starting: init 1 of 1',
      pod(
        { initContainers: [{ name: 'a', restartPolicy: 'Always' }] },
        { phase: 'Pending', initContainerStatuses: [{ name: 'a', started: false, ...running }] },
      ),
    ],
    [
      'sidecar crashes later',
      'bad',
      'CrashLoop, exit 2',
      pod(
        { initContainers: [{ name: 'a', restartPolicy: 'Always' }] },
        {
          phase: 'Running',
          conditions: ready(false),
          initContainerStatuses: [
            {
              name: 'a',
              started: false,
              state: { waiting: { reason: 'CrashLoopBackOff' } },
              lastState: { terminated: { exitCode: 2 } },
            },
          ],
          containerStatuses: [app({ ready: true, ...running })],
        },
      ),
    ],

    [
      'not ready, probed',
      'warn',
      'Not ready: probe not passed',
      pod(
        { containers: [{ name: 'app', readinessProbe: { periodSeconds: 10 } }] },
        {
          phase: 'Running',
          conditions: ready(false),
          containerStatuses: [app({ started: true, ...running })],
        },
      ),
    ],
    [
      'not ready, one of two',
      'warn',
      'Not ready: proxy',
      pod(
        { containers: two },
        {
          phase: 'Running',
          conditions: ready(false),
          containerStatuses: [
            app({ ready: true, ...running }),
            { name: 'proxy', ready: false, started: true, ...running },
          ],
        },
      ),
    ],
    [
      'startup probe',
      'progress',
      'Starting: startup probe of app',
      pod(
        {},
        {
          phase: 'Running',
          conditions: ready(false),
          containerStatuses: [app({ started: false, ...running })],
        },
      ),
    ],
    [
      'readiness gate',
      'warn',
      'Not ready: gate lb.example.com/ready',
      pod(
        { readinessGates: [{ conditionType: 'lb.example.com/ready' }] },
        {
          phase: 'Running',
          conditions: [
            { type: 'Initialized', status: 'True' },
            { type: 'ContainersReady', status: 'True' },
            { type: 'Ready', status: 'False', reason: 'ReadinessGatesNotReady' },
          ],
          containerStatuses: [app({ ready: true, ...running })],
        },
      ),
    ],
    [
      'one container completed',
      'progress',
      'Running, proxy completed',
      pod(
        { containers: two },
        {
          phase: 'Running',
          conditions: ready(false),
          containerStatuses: [
            app({ ready: true, ...running }),
            { name: 'proxy', ready: false, state: { terminated: { exitCode: 0, reason: 'Completed' } } },
          ],
        },
      ),
    ],
    [
      'resize',
      'warn',
      'Running, resize does not fit',
      pod(
        {},
        {
          phase: 'Running',
          conditions: [...ready(true), { type: 'PodResizePending', status: 'True', reason: 'Infeasible' }],
          containerStatuses: [app({ ready: true, ...running })],
        },
      ),
    ],
  ];

  it.each(cases)('%s: %s %s', (_name, tone, words, of) => {
    expect(podStatus(of)).toEqual({ tone, text: words });
  });

  it('carries the end of the grace period of a pod that is being deleted', () => {
    const of = pod(
      {},
      { phase: 'Running', conditions: ready(true) },
      { deletionTimestamp: '2026-11-21T00:00:30Z' },
    );
    expect(podStatus(of)).toEqual({
      tone: 'progress',
      text: 'Terminating',
      at: Date.UTC(2026, 10, 21, 0, 0, 30),
    });
  });
});
