/** Marks from objects and events as the server writes them; hostile ones; which are left out. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  arrangeMarks,
  markOfReplicaSet,
  markOfRevision,
  markOfScaling,
  marksOfAlerts,
  marksOfPod,
  type Mark,
} from './marks';

const at = Date.parse('2026-11-21T10:00:00Z');
const iso = (ms: number): string => new Date(ms).toISOString();
const owned = (kind: string, name: string) => [{ kind, name, controller: true }];

test('a ReplicaSet is a deploy with revision and images', () => {
  const replicaSet = {
    metadata: {
      creationTimestamp: iso(at),
      ownerReferences: owned('Deployment', 'web'),
      annotations: { 'deployment.kubernetes.io/revision': '3' },
    },
    spec: { template: { spec: { containers: [{ image: 'registry.example/team/shop:2@sha256:ab' }] } } },
  };
  expect(markOfReplicaSet(replicaSet, false)).toEqual({
    at,
    type: 'deploy',
    title: 'Deploy: revision 3, shop:2',
  });
  expect(markOfReplicaSet(replicaSet, true)?.title).toBe('Deploy: web, revision 3, shop:2');
  expect(
    markOfReplicaSet({ ...replicaSet, metadata: { creationTimestamp: iso(at) } }, false),
  ).toBeUndefined();
});

test('a ControllerRevision is one of its own kind only', () => {
  const revision = {
    metadata: { creationTimestamp: iso(at), ownerReferences: owned('StatefulSet', 'db') },
    revision: 2,
  };
  expect(markOfRevision(revision, 'StatefulSet')?.title).toBe('Deploy: revision 2');
  expect(markOfRevision(revision, 'DaemonSet')).toBeUndefined();
});

test('a pod tells the last end of each container that ran more than once', () => {
  const ended = (reason: string) => ({ terminated: { finishedAt: iso(at), reason, exitCode: 137 } });
  const pod = {
    metadata: { name: 'web-1' },
    status: {
      containerStatuses: [
        { name: 'app', restartCount: 2, lastState: ended('OOMKilled') },
        { name: 'side', restartCount: 0, lastState: ended('Error') },
        { name: 'new', restartCount: 1, lastState: {} },
      ],
    },
  };
  expect(marksOfPod(pod)).toEqual([{ at, type: 'restart', title: 'Restart: app of web-1, OOMKilled' }]);
});

test.each([
  [{ lastTimestamp: iso(at) }, 'Scaled up replica set web-5d4 from 1 to 3', 'Scaled up from 1 to 3'],
  [
    { eventTime: iso(at), lastTimestamp: null },
    'Scaled down replica set web-5d4 to 0 from 1',
    'Scaled down to 0 from 1',
  ],
])('scaling %j', (times, message, title) => {
  expect(markOfScaling({ ...times, reason: 'ScalingReplicaSet', message })).toEqual({
    at,
    type: 'scale',
    title,
  });
  expect(markOfScaling({ ...times, reason: 'Killing', message })).toBeUndefined();
});

describe('what is drawn', () => {
  const mark = (type: Mark['type'], when: number, title = type): Mark => ({ at: when, type, title });
  test('scaling of a rollout is left out, equal marks are one, the newest stay', () => {
    const all = [
      mark('scale', at + 5000),
      mark('deploy', at),
      mark('scale', at + 200_000),
      mark('restart', at + 1000),
      mark('restart', at + 1000),
      mark('alert', at - 1),
    ];
    const found = arrangeMarks(all, at, at + 300_000, 10);
    expect(found.map((one) => [one.type, one.at - at])).toEqual([
      ['deploy', 0],
      ['restart', 1000],
      ['scale', 200_000],
    ]);
    expect(arrangeMarks(all, at, at + 300_000, 1)).toEqual([mark('scale', at + 200_000)]);
  });

  test('an alert is marked where it begins, not where the picture does', () => {
    const series = { labels: { alertname: 'Slow' }, values: Float64Array.of(1, NaN, 1, 1, NaN, 1) };
    expect(marksOfAlerts([series], 1000, 10)).toEqual([
      { at: 1_020_000, type: 'alert', title: 'Alert: Slow' },
      { at: 1_050_000, type: 'alert', title: 'Alert: Slow' },
    ]);
  });

  test('anything is read without an exception', () => {
    fc.assert(
      fc.property(fc.anything(), (raw) => {
        for (const one of [raw, { metadata: raw, status: raw }, { metadata: { ownerReferences: [raw] } }]) {
          markOfReplicaSet(one, true);
          markOfRevision(one, 'StatefulSet');
          marksOfPod(one);
          markOfScaling(one);
        }
      }),
    );
  });
});
