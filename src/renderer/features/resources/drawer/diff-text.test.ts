import { expect, it } from 'vitest';
import { changedPaths, plainText, templateText } from './diff-text';

const template = {
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'main', image: 'shop:2' }] },
};

it('tells the same of a workload and of the revision it runs', () => {
  const deployment = { kind: 'Deployment', spec: { replicas: 2, template } };
  const set = {
    kind: 'ReplicaSet',
    spec: {
      template: {
        ...template,
        metadata: { creationTimestamp: null, labels: { app: 'web', 'pod-template-hash': '5d4' } },
      },
    },
  };
  const kept = {
    kind: 'ControllerRevision',
    data: { spec: { template: { $patch: 'replace', ...template } } },
  };
  expect(templateText(set)).toBe(templateText(deployment));
  expect(templateText(kept)).toBe(templateText(deployment));
  expect(templateText({ spec: { template: { ...template, spec: {} } } })).not.toBe(templateText(deployment));
});

it.each([{}, { spec: 3 }, { data: null }, { spec: { template: 'x' } }])('reads anything: %j', (object) => {
  expect(() => templateText(object)).not.toThrow();
});

it('leaves out what every version has of its own', () => {
  const one = {
    kind: 'ConfigMap',
    metadata: { name: 'a', uid: '1', resourceVersion: '1' },
    data: { x: '1' },
  };
  const two = { ...one, metadata: { name: 'a', uid: '2', resourceVersion: '9' } };
  expect(plainText(one)).toBe(plainText(two));
  expect(changedPaths(one, { ...two, data: { x: '2' } })).toEqual(['data.x']);
});
