import { describe, expect, it } from 'vitest';
import { recreation } from './recreate';

const meta = { name: 'x', namespace: 'shop' };

it('leaves out what only the server sets', () => {
  const { object } = recreation({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      ...meta,
      uid: 'u',
      resourceVersion: '5',
      creationTimestamp: 't',
      finalizers: ['a.example.com/x', 'orphan'],
    },
    data: { a: '1' },
    status: {},
  });
  expect(object).toEqual({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { ...meta, finalizers: ['a.example.com/x'] },
    data: { a: '1' },
  });
});

it('takes the generated selector out of a job, but not one of its own', () => {
  const job = (manual: boolean) => ({
    kind: 'Job',
    metadata: meta,
    spec: {
      ...(manual ? { manualSelector: true } : {}),
      selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': 'u' } },
      template: {
        metadata: {
          labels: { app: 'import', 'controller-uid': 'u', 'batch.kubernetes.io/controller-uid': 'u' },
        },
        spec: {},
      },
    },
  });
  const made = recreation(job(false));
  expect(made.object['spec']).toEqual({ template: { metadata: { labels: { app: 'import' } }, spec: {} } });
  expect(made.left).toEqual([
    'spec.selector',
    'spec.template.metadata.labels.controller-uid',
    'spec.template.metadata.labels.batch.kubernetes.io/controller-uid',
  ]);
  expect(recreation(job(true)).object).toEqual(job(true));
});

it('lets the scheduler place a pod anew', () => {
  const { object, left } = recreation({
    kind: 'Pod',
    metadata: meta,
    spec: { nodeName: 'n', containers: [] },
  });
  expect(object['spec']).toEqual({ containers: [] });
  expect(left).toEqual(['spec.nodeName']);
});

it('unbinds a claim, and says that its data may be gone', () => {
  const made = recreation({
    kind: 'PersistentVolumeClaim',
    metadata: {
      ...meta,
      annotations: { 'pv.kubernetes.io/bind-completed': 'yes', note: 'mine' },
      finalizers: ['kubernetes.io/pvc-protection'],
    },
    spec: { volumeName: 'pv-1', storageClassName: 'fast' },
  });
  expect(made.object).toEqual({
    kind: 'PersistentVolumeClaim',
    metadata: { ...meta, annotations: { note: 'mine' }, finalizers: [] },
    spec: { storageClassName: 'fast' },
  });
  expect(made.loses).toBe(true);
  expect(made.warnings.join(' ')).toContain('The new claim starts empty.');
  expect(made.warnings.join(' ')).toContain('only after kubernetes.io/pvc-protection');
});

describe('says what follows', () => {
  it.each([
    ['Deployment', {}, 'Its revisions are lost.', false],
    ['StatefulSet', {}, 'Its claims and their data stay.', false],
    [
      'StatefulSet',
      { persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete' } },
      'claims and their data are deleted',
      true,
    ],
    ['Service', {}, 'Its address may change', false],
    ['CustomResourceDefinition', {}, 'Every object of this kind is deleted', true],
    ['Namespace', {}, 'Everything in the namespace is deleted.', true],
    ['ConfigMap', {}, 'What it owns is deleted with it.', false],
  ])('of a %s %j', (kind, spec, words, loses) => {
    const made = recreation({ kind, metadata: meta, spec });
    expect(made.warnings.join(' ')).toContain(words);
    expect(made.loses).toBe(loses);
  });

  it('of a pod that somebody makes anew', () => {
    const owned = { ...meta, ownerReferences: [{ kind: 'ReplicaSet', name: 'web-1', controller: true }] };
    expect(recreation({ kind: 'Pod', metadata: owned, spec: {} }).warnings[0]).toBe(
      'ReplicaSet web-1 makes another pod at once; change its template instead.',
    );
  });
});

it.each([
  {},
  { metadata: 3, spec: 'x' },
  { kind: 'Job', spec: null },
  { kind: 'Pod', metadata: { finalizers: 'x' } },
])('reads anything: %j', (object) => expect(() => recreation(object)).not.toThrow());
