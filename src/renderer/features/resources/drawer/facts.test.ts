import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kindById } from '#shared/kinds/registry';
import { containersOf } from './containers';
import { causes, conditionsOf, dataEntries, isTrouble, keyFacts, statusWords } from './facts';

const now = Date.parse('2026-03-01T12:00:00Z');
const ago = (seconds: number): string => new Date(now - seconds * 1000).toISOString();

const crashing = {
  kind: 'Pod',
  metadata: { name: 'a', namespace: 'shop', uid: 'u', creationTimestamp: ago(3600) },
  spec: {
    nodeName: 'node-1',
    containers: [
      { name: 'app', image: 'web:1', resources: { requests: { cpu: '100m' }, limits: { memory: '64Mi' } } },
    ],
  },
  status: {
    phase: 'Running',
    conditions: [{ type: 'Ready', status: 'False', message: 'not ready: [app]' }],
    containerStatuses: [
      {
        name: 'app',
        ready: false,
        restartCount: 12,
        state: { waiting: { reason: 'CrashLoopBackOff' } },
        lastState: { terminated: { exitCode: 3, reason: 'Error', startedAt: ago(61), finishedAt: ago(60) } },
      },
    ],
  },
};

describe('the drawer of a pod', () => {
  it('links its node and says its state as the table does', () => {
    const node = keyFacts('pods', crashing).find((fact) => fact.label === 'Node');
    expect(node?.link).toEqual({ kind: 'nodes', namespace: '', name: 'node-1' });
    expect(statusWords('pods', crashing)?.tone).toBe('bad');
    expect(causes(crashing)).toEqual(['not ready: [app]']);
  });

  it('shows the last exit, restarts and resources of a container', () => {
    expect(containersOf(crashing, now)).toEqual([
      {
        name: 'app',
        image: 'web:1',
        role: '',
        tone: 'bad',
        state: 'waiting: CrashLoopBackOff',
        last: 'last exit 3 after 1s, 1m ago',
        exit: 3,
        restarts: 12,
        resources: 'cpu 100m, no limit; memory to 64Mi',
      },
    ]);
  });
});

describe('other objects', () => {
  it('reads the state of an unknown kind from its conditions', () => {
    const object = {
      status: { conditions: [{ type: 'Ready', status: 'False', reason: 'NoQuota', message: 'none left' }] },
    };
    expect(statusWords('widgets.example.com', object)?.text).toBe('Not ready, NoQuota: none left');
    expect(
      keyFacts('widgets.example.com', { spec: { size: 3, on: true, deep: {} } }).map((fact) => fact.label),
    ).toEqual(['size', 'on', 'Created']);
  });

  it('names the keys of a Secret and never a value', () => {
    expect(dataEntries({ kind: 'Secret', data: { token: null } })).toEqual([
      { key: 'token', value: null, bytes: 0 },
    ]);
  });

  it('shows something for any garbage and never throws', () => {
    const garbage = fc.object({
      key: fc.constantFrom(
        'metadata',
        'spec',
        'status',
        'conditions',
        'containers',
        'containerStatuses',
        'data',
        'template',
        'state',
        'type',
        '__proto__',
      ),
      maxDepth: 5,
    });
    const kinds = [...kindById.keys(), 'widgets.example.com'];
    fc.assert(
      fc.property(garbage, fc.constantFrom(...kinds), (object, kind) => {
        const plain = object as Record<string, unknown>;
        expect(keyFacts(kind, plain).length).toBeGreaterThan(0);
        statusWords(kind, plain);
        causes(plain);
        conditionsOf(plain);
        dataEntries(plain);
        containersOf(plain, now);
      }),
      { numRuns: 300 },
    );
  });
});

describe('conditions', () => {
  const completed = {
    kind: 'Pod',
    metadata: { name: 'done', namespace: 'shop' },
    spec: { containers: [{ name: 'a' }] },
    status: {
      phase: 'Succeeded',
      containerStatuses: [{ name: 'a', state: { terminated: { exitCode: 0 } } }],
    },
  };
  it.each([
    ['Ready', 'False', 'PodCompleted', completed, false],
    ['PodReadyToStartContainers', 'False', '', completed, false],
    ['Ready', 'False', 'ContainersNotReady', undefined, true],
    ['MemoryPressure', 'False', 'KubeletHasSufficientMemory', undefined, false],
    ['MemoryPressure', 'True', 'KubeletHasInsufficientMemory', undefined, true],
    ['Progressing', 'False', 'ProgressDeadlineExceeded', undefined, true],
    ['Progressing', 'False', 'DeploymentPaused', undefined, false],
    ['ReplicaFailure', 'True', 'FailedCreate', undefined, true],
    ['ScalingActive', 'False', 'ScalingDisabled', undefined, false],
    ['ScalingActive', 'False', 'FailedGetResourceMetric', undefined, true],
    ['ScalingLimited', 'False', 'DesiredWithinRange', undefined, false],
    ['NamespaceContentRemaining', 'False', 'ContentRemoved', undefined, false],
    ['Available', 'False', 'FailedDiscoveryCheck', undefined, true],
  ])('%s=%s (%s)', (type, status, reason, object, trouble) => {
    expect(isTrouble({ type, status, reason }, object)).toBe(trouble);
  });

  it('of a completed pod leave its facts without a warning', () => {
    expect(keyFacts('pods', completed).filter((fact) => fact.warn)).toEqual([]);
  });
});
