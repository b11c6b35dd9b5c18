import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { PodBrief } from '#shared/domain/health/types';
import { bounds, holdReasons, paceWords, podsWords, scalingRows } from './autoscaler-rows';
import { blockers, budgetNow, budgetPods, ruleWords, unhealthyWords } from './budget-rows';
import { countWords, heldOf, keepsFromEnding, quotaRows } from './space-rows';

const cpu = (now: number | undefined, current: number, more: object = {}) => ({
  spec: {
    minReplicas: 2,
    maxReplicas: 10,
    metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { averageUtilization: 80 } } }],
    ...more,
  },
  status: {
    currentReplicas: current,
    desiredReplicas: current,
    currentMetrics:
      now === undefined
        ? []
        : [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: now } } }],
    conditions: [{ type: 'ScalingActive', status: 'True', reason: 'ValidMetricFound' }],
  },
});
const saying = (object: ReturnType<typeof cpu>, ...conditions: object[]) => ({
  ...object,
  status: { ...object.status, conditions: [...object.status.conditions, ...conditions] },
});

describe('an autoscaler', () => {
  it.each([
    [cpu(160, 3), '160%', 6, 'ok', 'asks for about 6 pods'],
    [cpu(85, 3), '85%', 3, 'ok', 'near its target'],
    [cpu(20, 3), '20%', 1, 'ok', 'asks for about 1 pod, the least is 2'],
    [cpu(400, 5), '400%', 25, 'warn', 'asks for about 25 pods, the most is 10'],
    [cpu(undefined, 3), '?', null, 'warn', 'no value'],
    [cpu(50, 0), '50%', null, 'ok', ''],
  ])('says what a metric asks for %#', (object, now, asks, tone, words) => {
    expect(scalingRows(object)).toEqual([
      expect.objectContaining({ name: 'cpu', now, target: '80%', asks, tone, words }),
    ]);
  });

  it('knows amounts of metrics that are no percentage', () => {
    const metric = (part: object) => ({ type: 'Pods', pods: { metric: { name: 'requests' }, ...part } });
    const object = {
      spec: { maxReplicas: 9, metrics: [metric({ target: { averageValue: '100' } })] },
      status: { currentReplicas: 2, currentMetrics: [metric({ current: { averageValue: '150500m' } })] },
    };
    expect(scalingRows(object)).toEqual([
      expect.objectContaining({ name: 'requests', target: '100', asks: 4, words: 'asks for about 4 pods' }),
    ]);
    expect(bounds(object)).toEqual({ min: 1, max: 9 });
  });

  it.each([
    [cpu(80, 3), ['The metrics ask for no more pods than there are.']],
    [
      saying(cpu(20, 6), { type: 'AbleToScale', status: 'True', reason: 'ScaleDownStabilized' }),
      ['It waits before it scales down: more pods were needed within the last 300 s.'],
    ],
    [
      saying(cpu(400, 10), { type: 'ScalingLimited', status: 'True', reason: 'TooManyReplicas' }),
      ['The metrics ask for more than the maximum of 10.'],
    ],
    [
      saying(cpu(10, 2), { type: 'ScalingLimited', status: 'True', reason: 'TooFewReplicas' }),
      ['The metrics ask for fewer than the minimum of 2.'],
    ],
    [
      cpu(10, 5, { behavior: { scaleDown: { selectPolicy: 'Disabled' } } }),
      ['Scaling down is switched off (behavior.scaleDown.selectPolicy).'],
    ],
    [{ spec: {}, status: {} }, ['The controller has not looked at it yet.']],
  ])('says why it stays %#', (object, reasons) => {
    expect(holdReasons(object).slice(0, reasons.length)).toEqual(reasons);
  });

  it('leaves a fault to the diagnosis', () => {
    const object = { status: { conditions: [{ type: 'ScalingActive', status: 'False', reason: 'X' }] } };
    expect(holdReasons(object)).toEqual([]);
  });

  it('says its pace, with the defaults of the controller', () => {
    expect(paceWords({}, 'scaleUp')).toBe('at most 4 pods in 15 s or 100% in 15 s, the most of them');
    expect(paceWords({}, 'scaleDown')).toBe('at most 100% in 15 s; waits 300 s first');
    const policies = [
      { type: 'Pods', value: 1, periodSeconds: 60 },
      { type: 'Percent', value: 10, periodSeconds: 60 },
    ];
    const scaleDown = { policies, selectPolicy: 'Min', stabilizationWindowSeconds: 0 };
    expect(paceWords({ spec: { behavior: { scaleDown } } }, 'scaleDown')).toBe(
      'at most 1 pod in 60 s or 10% in 60 s, the least of them',
    );
    expect(podsWords({ status: { currentReplicas: 3, desiredReplicas: 5 } })).toBe('3, going to 5');
  });
});

const pod = (name: string, more: Partial<PodBrief> = {}): PodBrief => ({
  uid: name,
  namespace: 'shop',
  name,
  node: 'n1',
  ip: '',
  tone: 'ok',
  words: 'Running',
  ready: [1, 1],
  restarts: 0,
  lastRestart: null,
  created: null,
  ports: [],
  revision: '',
  cpu: null,
  memory: null,
  ...more,
});
const budget = (status: object, spec: object = { minAvailable: 2 }) => ({ spec, status });

describe('a disruption budget', () => {
  const tight = { disruptionsAllowed: 0, currentHealthy: 2, desiredHealthy: 2, expectedPods: 2 };
  it.each([
    [budget({ ...tight, expectedPods: 3 }), ['Exactly as many pods are healthy as must be: 2.']],
    [budget(tight), ['All 2 pods must stay: as it is written, it never lets one go.']],
    [
      budget({ ...tight, currentHealthy: 1, expectedPods: 3, disruptedPods: { 'db-1': '2026-01-01' } }),
      ['1 more pod must be healthy first: 1 of the 2 it wants are.', 'Evicted and not gone yet: db-1.'],
    ],
    [budget({ ...tight, disruptionsAllowed: 1 }), []],
    [budget({}), ['The controller has not looked at its last change yet.']],
    [budget({ ...tight, expectedPods: 0 }), []],
  ])('says what holds evictions %#', (object, reasons) => {
    expect(blockers(object)).toEqual(reasons);
  });

  it.each([
    [{ minAvailable: 1 }, 'at least 1 pod must stay healthy'],
    [{ maxUnavailable: '25%' }, 'at most 25% of the pods may be gone at once'],
    [{ maxUnavailable: 0 }, 'at most 0 pods may be gone at once'],
    [{}, 'none given'],
  ])('says its rule %#', (spec, words) => expect(ruleWords({ spec })).toBe(words));

  it('judges each pod as the server would, the held ones first', () => {
    const pods = [
      pod('ended', { tone: 'done', ready: [0, 1] }),
      pod('waiting', { node: '', ready: [0, 1] }),
      pod('sick', { ready: [0, 1] }),
      pod('well'),
    ];
    const held = (object: Record<string, unknown>) =>
      budgetPods(object, pods).flatMap((one) => (one.may ? [] : [one.pod.name]));
    expect(held(budget({ ...tight, currentHealthy: 1 }))).toEqual(['sick', 'well']);
    expect(budgetPods(budget({ ...tight, currentHealthy: 1 }), pods)[0]?.pod.name).toBe('sick');
    // Enough others are healthy: a sick one disturbs nobody.
    expect(held(budget(tight))).toEqual(['well']);
    expect(held(budget({ ...tight, disruptionsAllowed: 1 }))).toEqual([]);
    const always = { minAvailable: 2, unhealthyPodEvictionPolicy: 'AlwaysAllow' };
    expect(held(budget({ ...tight, currentHealthy: 1 }, always))).toEqual(['well']);
    expect(unhealthyWords({ spec: always })).toBe('may always be evicted');
  });
});

describe('a namespace', () => {
  it('tells what keeps it from ending by the sentences of the server', () => {
    const object = {
      metadata: { deletionTimestamp: '2026-03-01T12:00:00Z' },
      spec: { finalizers: ['kubernetes', 'example.com/own'] },
      status: {
        phase: 'Terminating',
        conditions: [
          {
            type: 'NamespaceContentRemaining',
            status: 'True',
            message:
              'Some resources are remaining: configmaps. has 1 resource instances, widgets.example.com has 12 resource instances',
          },
          {
            type: 'NamespaceFinalizersRemaining',
            status: 'True',
            message:
              'Some content in the namespace has finalizers remaining: example.com/hold in 13 resource instances',
          },
          {
            type: 'NamespaceDeletionDiscoveryFailure',
            status: 'True',
            message: 'Discovery failed for some groups',
          },
          { type: 'NamespaceDeletionContentFailure', status: 'False', message: 'All content deleted' },
        ],
      },
    };
    expect(keepsFromEnding(object)).toEqual({
      remains: [
        { what: 'configmaps', count: 1, is: 'objects' },
        { what: 'widgets.example.com', count: 12, is: 'objects' },
        { what: 'example.com/hold', count: 13, is: 'finalizer' },
      ],
      told: ['Discovery failed for some groups'],
      finalizers: ['example.com/own'],
    });
    expect(keepsFromEnding({ status: { phase: 'Active' } })).toBeUndefined();
  });

  it('tells the use of quotas, the fullest first', () => {
    const rows = [
      { resource: 'pods', used: '5', hard: '10' },
      { resource: 'requests.cpu', used: '1900m', hard: '2' },
      { resource: 'limits.memory', used: '1Gi', hard: '1024Mi' },
      { resource: 'services.loadbalancers', used: '0', hard: '0' },
      { resource: 'odd', used: 'x', hard: 'y' },
    ];
    expect(
      quotaRows({ name: 'q', rows }).map(({ resource, share, tone }) => [resource, share, tone]),
    ).toEqual([
      ['limits.memory', 1, 'bad'],
      ['requests.cpu', 0.95, 'warn'],
      ['pods', 0.5, 'ok'],
      ['services.loadbalancers', null, 'ok'],
      ['odd', null, 'ok'],
    ]);
  });

  it('counts what is there', () => {
    const counts = [
      { kind: 'pods', title: 'Pods', count: 1200 },
      { kind: 'secrets', title: 'Secrets', count: 0 },
      { kind: 'services', title: 'Services', count: 1, more: true },
    ];
    expect(heldOf(counts).map(countWords)).toEqual(['1,200', '1 or more']);
  });
});

test('garbage breaks none of it', () => {
  const keys = ['metadata', 'spec', 'status', 'conditions', 'metrics', 'behavior', 'scaleUp', 'policies'];
  const garbage = fc.object({
    key: fc.constantFrom(...keys, 'type', 'message', 'finalizers', 'minAvailable', '__proto__'),
    maxDepth: 4,
  });
  fc.assert(
    fc.property(garbage, (object) => {
      const plain = object as Record<string, unknown>;
      scalingRows(plain);
      holdReasons(plain);
      paceWords(plain, 'scaleUp');
      blockers(plain);
      ruleWords(plain);
      expect(budgetNow(plain).healthy).toBeTypeOf('number');
      budgetPods(plain, [pod('a')]);
      keepsFromEnding({ ...plain, status: { ...(plain['status'] as object), phase: 'Terminating' } });
    }),
  );
});
