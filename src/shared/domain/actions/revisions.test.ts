import { expect, test } from 'vitest';
import { fieldChanges } from './diff';
import { revisionsOf, rollback } from './revisions';
import type { Target, Thing } from './types';

const deploy: Target = {
  kind: 'deployments.apps',
  group: 'apps',
  version: 'v1',
  resource: 'deployments',
  kindName: 'Deployment',
  namespace: 'shop',
  name: 'web',
  uid: 'u',
};
const sts: Target = {
  ...deploy,
  kind: 'statefulsets.apps',
  resource: 'statefulsets',
  kindName: 'StatefulSet',
};
const mine = [{ uid: 'u', controller: true }];
const template = (image: string, hash?: string): Thing => ({
  metadata: {
    creationTimestamp: null,
    labels: { app: 'web', ...(hash ? { 'pod-template-hash': hash } : {}) },
  },
  spec: { containers: [{ name: 'web', image }] },
});

function replicaSet(name: string, revision: string, image: string, owners: unknown = mine): Thing {
  return {
    metadata: {
      name,
      ownerReferences: owners,
      annotations: {
        'deployment.kubernetes.io/revision': revision,
        'kubernetes.io/change-cause': `to ${image}`,
      },
    },
    spec: { template: template(image, name) },
  };
}

const object: Thing = {
  metadata: {
    uid: 'u',
    annotations: { 'deployment.kubernetes.io/revision': '3', 'kubernetes.io/change-cause': 'to shop:3' },
  },
  spec: { template: template('shop:3') },
};
const kept = [
  replicaSet('b', '2', 'shop:2'),
  replicaSet('c', '3', 'shop:3'),
  replicaSet('a', '1', 'shop:1'),
  replicaSet('x', '9', 'evil', [{ uid: 'other', controller: true }]),
];

test('revisions newest first, without those of others, the present one marked', () => {
  expect(
    revisionsOf(object, kept, deploy).map((one) => [one.number, one.current, one.images[0], one.cause]),
  ).toEqual([
    [3, true, 'shop:3', 'to shop:3'],
    [2, false, 'shop:2', 'to shop:2'],
    [1, false, 'shop:1', 'to shop:1'],
  ]);
});

test('a rollback replaces the template, without the hash of the controller, and undoes to the present', () => {
  const plan = rollback(object, { revision: 1 }, deploy, { now: 0, revisions: kept });
  expect(plan.changes.map(({ path, before, after }) => [path, before, after])).toEqual([
    ['spec.template.spec.containers[web].image', 'shop:3', 'shop:1'],
    ['metadata.annotations[kubernetes.io/change-cause]', 'to shop:3', 'to shop:1'],
  ]);
  expect(plan.requests).toEqual([
    {
      method: 'PATCH',
      patch: 'strategic',
      body: {
        metadata: { uid: 'u', annotations: { 'kubernetes.io/change-cause': 'to shop:1' } },
        spec: {
          template: {
            metadata: { labels: { app: 'web' } },
            spec: { containers: [{ name: 'web', image: 'shop:1' }] },
            $patch: 'replace',
          },
        },
      },
    },
  ]);
  expect(plan.kubectl?.join(' ')).toBe('rollout undo deployments.apps/web --to-revision=1');
  expect(plan.undo).toEqual({ verb: 'rollback', options: { revision: 3 } });
});

test('revisions of a StatefulSet come from ControllerRevisions', () => {
  const revision = (name: string, number: number, image: string): Thing => ({
    metadata: { name, ownerReferences: mine },
    revision: number,
    data: { spec: { template: { ...template(image), $patch: 'replace' } } },
  });
  const revisions = [revision('web-1', 1, 'shop:1'), revision('web-2', 2, 'shop:2')];
  const now: Thing = {
    metadata: { uid: 'u' },
    spec: { template: template('shop:2') },
    status: { updateRevision: 'web-2' },
  };
  expect(revisionsOf(now, revisions, sts).map((one) => [one.number, one.current])).toEqual([
    [2, true],
    [1, false],
  ]);
  const plan = rollback(now, { revision: 1 }, sts, { now: 0, revisions });
  expect(plan.changes).toEqual([
    { path: 'spec.template.spec.containers[web].image', before: 'shop:2', after: 'shop:1' },
  ]);
});

test('named lists are compared by name, other lists as a whole', () => {
  const before = { c: [{ name: 'a', x: 1 }, { name: 'b' }], args: ['1'], none: null };
  const after = { c: [{ name: 'n' }, { name: 'a', x: 2 }, { name: 'b' }], args: ['1', '2'], none: {} };
  expect(fieldChanges(before, after, 's').map(({ path, before: was, after: is }) => [path, was, is])).toEqual(
    [
      ['s.c[a].x', '1', '2'],
      ['s.c[n]', null, '{"name":"n"}'],
      ['s.args', '["1"]', '["1","2"]'],
    ],
  );
});
