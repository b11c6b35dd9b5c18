import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ago,
  brief,
  claim,
  conditions,
  crashed,
  deployment,
  endpoint,
  event,
  find,
  pod,
  service,
  state,
  withProbe,
} from './diagnose-test-help';
import { exitMeaning } from './exit-codes';
import { networkRows } from './rows-network-test-help';
import { otherRows } from './rows-others-test-help';
import { podRows } from './rows-pods-test-help';
import type { Row } from './diagnose-test-help';
import type { Around, EventFact } from './types';

const rows: Row[] = [...podRows, ...networkRows, ...otherRows];

describe('diagnosis by rule', () => {
  it.each<Row>(rows)('%s: %s', (rule, what, kind, object, around, events) => {
    const found = find(kind, object, around, events);
    const one = found.find((finding) => finding.rule === rule && what.test(finding.what));
    expect(found.map((finding) => `${finding.rule} ${finding.what}`)).toContainEqual(
      expect.stringMatching(what),
    );
    expect(one?.next).not.toBe('');
    expect(one?.evidence.length).toBeGreaterThan(0);
  });
});

const deploymentOk = deployment({
  readyReplicas: 2,
  availableReplicas: 2,
  ...conditions('Available', 'True', 'x'),
});

describe('no false alarms', () => {
  it.each<[string, string, unknown, Around?, (readonly EventFact[])?]>([
    [
      'a completed pod',
      'pods',
      pod({
        phase: 'Succeeded',
        containerStatuses: [{ name: 'app', ready: false, state: { terminated: { exitCode: 0 } } }],
        ...conditions('Ready', 'False', 'PodCompleted'),
      }),
    ],
    [
      'a running pod with old events',
      'pods',
      state({ ready: true, state: { running: { startedAt: ago(9000) } } }),
      {},
      [event('Unhealthy', 'Readiness probe failed'), event('FailedMount', 'x')],
    ],
    [
      'a restart of yesterday',
      'pods',
      state({
        ready: true,
        state: { running: { startedAt: ago(80_000) } },
        lastState: { terminated: { exitCode: 1, finishedAt: ago(80_001) } },
      }),
    ],
    [
      'a pod that ends in its grace period',
      'pods',
      { ...pod({}), metadata: { name: 'a', deletionTimestamp: ago(-20) } },
    ],
    [
      'a rollout before its deadline',
      'deployments.apps',
      deployment({ readyReplicas: 1, ...conditions('Progressing', 'True', 'ReplicaSetUpdated') }),
      { pods: [brief('a'), brief('b', { tone: 'progress' })] },
    ],
    [
      'a deployment that is well',
      'deployments.apps',
      deploymentOk,
      { pods: [brief('a')] },
      [event('FailedCreate', 'exceeded quota: old')],
    ],
    ['a completed job', 'jobs.batch', { status: { failed: 2, ...conditions('Complete', 'True', '') } }],
    ['a suspended job', 'jobs.batch', { spec: { suspend: true }, status: {} }],
    [
      'a DaemonSet that wants no node',
      'daemonsets.apps',
      { spec: {}, status: { desiredNumberScheduled: 0, numberReady: 0 } },
    ],
    ['a service with endpoints', 'services', service(), { pods: [brief('a')], endpoints: [endpoint(true)] }],
    ['a service whose pods are not known', 'services', service()],
    [
      'an external name',
      'services',
      service({ type: 'ExternalName', selector: undefined }),
      { endpoints: [] },
    ],
    ['a bound claim', 'persistentvolumeclaims', claim({}, { phase: 'Bound' })],
    ['a healthy node', 'nodes', { status: conditions('Ready', 'True', 'KubeletReady') }],
    [
      'a served definition',
      'customresourcedefinitions.apiextensions.k8s.io',
      {
        spec: { versions: [{ name: 'v1', served: true }] },
        status: { storedVersions: ['v1'], ...conditions('Established', 'True', '') },
      },
    ],
  ])('%s', (_name, kind, object, around, events) => {
    expect(find(kind, object, around, events).map((one) => one.what)).toEqual([]);
  });

  it('blames a probe only for an end that a kill makes', () => {
    const object = withProbe('livenessProbe', {
      restartCount: 5,
      state: { waiting: { reason: 'CrashLoopBackOff' } },
      lastState: { terminated: { exitCode: 3 } },
    });
    expect(find('pods', object, {}, [event('Unhealthy', 'Liveness probe failed: 404')])[0]?.rule).toBe('D18');
  });
});

describe('findings', () => {
  it('offer the log of the last run of a container in a crash loop', () => {
    const [one] = find(
      'pods',
      crashed({ exitCode: 3, reason: 'Error', startedAt: ago(61), finishedAt: ago(60) }),
    );
    expect(one?.steps).toEqual([
      { do: 'logs', title: 'Log of the last run', previous: true, container: 'app' },
    ]);
    expect(one?.cause).toBe("It ran 1s. Exit 3 is the program's own.");
  });

  it('come worst first', () => {
    const object = {
      spec: { unschedulable: true },
      status: {
        conditions: [
          { type: 'Ready', status: 'Unknown' },
          { type: 'DiskPressure', status: 'True' },
        ],
      },
    };
    expect(find('nodes', object).map((one) => one.rule)).toEqual(['D92', 'D93', 'D95']);
  });

  it('know what exit codes say', () => {
    expect(exitMeaning(137)).toContain('SIGKILL');
    expect(exitMeaning(127)).toContain('not found');
    expect(exitMeaning(3)).toBe('');
  });

  it('never throw, whatever an object holds', () => {
    const keys = [
      'metadata',
      'spec',
      'status',
      'conditions',
      'containers',
      'containerStatuses',
      'state',
      'waiting',
      'terminated',
      'rules',
      'type',
      'reason',
      'finalizers',
      '__proto__',
    ];
    const garbage = fc.object({ key: fc.constantFrom(...keys), maxDepth: 5 });
    const kinds = [...new Set(rows.map((row) => row[2]))];
    fc.assert(
      fc.property(garbage, fc.constantFrom(...kinds), (object, kind) => {
        for (const one of find(kind, object)) expect(typeof one.what).toBe('string');
      }),
      { numRuns: 300 },
    );
  });
});
