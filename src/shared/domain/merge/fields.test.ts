import { describe, expect, it } from 'vitest';
import { applyConfig } from './apply-config';
import { changes } from './diff';
import { builtInRules, firstOf } from './list-rules';
import { fieldOwners, ownersByPath } from './managed-fields';
import { pathText } from './path';

const rules = firstOf(builtInRules('Deployment'));
const base = {
  metadata: { name: 'web', labels: { app: 'web' } },
  spec: { replicas: 1, template: { spec: { containers: [{ name: 'web', image: 'a:1' }, { name: 'b' }] } } },
};
const fieldsV1 = {
  'f:metadata': { 'f:labels': { '.': {}, 'f:app': {} } },
  'f:spec': {
    'f:replicas': {},
    'f:template': { 'f:spec': { 'f:containers': { 'k:{"name":"web"}': { '.': {}, 'f:image': {} } } } },
  },
};

describe('fieldOwners', () => {
  it('reads paths of FieldsV1', () => {
    const owners = fieldOwners([
      { manager: 'kubectl', operation: 'Update', time: '2026-01-01T00:00:00Z', fieldsV1 },
      {
        manager: 'hpa',
        operation: 'Update',
        subresource: 'scale',
        fieldsV1: { 'f:spec': { 'f:replicas': {} } },
      },
    ]);
    expect(owners[0]?.paths.map(pathText)).toEqual([
      'metadata.labels',
      'metadata.labels.app',
      'spec.replicas',
      'spec.template.spec.containers[name=web]',
      'spec.template.spec.containers[name=web].image',
    ]);
    expect(
      ownersByPath(owners)
        .get('spec.replicas')
        ?.map((one) => one.manager),
    ).toEqual(['kubectl', 'hpa']);
  });

  it.each([
    [undefined],
    ['x'],
    [[null, 5]],
    [[{ manager: 'm', fieldsV1: { 'k:{': {}, 'z:': {}, 'k:5': {} } }]],
  ])('survives %j', (fields) => expect(fieldOwners(fields).flatMap((one) => one.paths)).toEqual([]));
});

describe('changes', () => {
  it('names the deepest place', () => {
    const after = structuredClone(base) as typeof base & { spec: { paused?: boolean } };
    after.spec.paused = true;
    after.spec.template.spec.containers = [{ name: 'web', image: 'a:2' }];
    expect(changes(base, after, rules).map((one) => [one.text, one.before, one.after])).toEqual([
      ['spec.template.spec.containers[name=web].image', 'a:1', 'a:2'],
      ['spec.template.spec.containers[name=b]', { name: 'b' }, undefined],
      ['spec.paused', undefined, true],
    ]);
  });

  it('a new order alone is a change of the list', () => {
    const after = structuredClone(base);
    after.spec.template.spec.containers.reverse();
    expect(changes(base, after, rules).map((one) => one.text)).toEqual(['spec.template.spec.containers']);
  });
});

describe('applyConfig', () => {
  const mine = structuredClone(base);
  mine.spec.template.spec.containers[0] = { name: 'web', image: 'a:2' };

  it('holds what changed, with the keys of its lists', () => {
    expect(applyConfig(base, mine, [], rules)).toEqual({
      config: { spec: { template: { spec: { containers: [{ name: 'web', image: 'a:2' }] } } } },
      notRemovable: [],
    });
  });

  it('keeps what was applied before', () => {
    const owned = fieldOwners([{ fieldsV1: { 'f:spec': { 'f:replicas': {} } } }])[0]?.paths ?? [];
    expect(applyConfig(base, mine, owned, rules).config).toMatchObject({ spec: { replicas: 1 } });
  });

  it('removes what it owns and says what it cannot remove', () => {
    const { replicas: _replicas, ...rest } = base.spec;
    const less = { metadata: { name: 'web' }, spec: rest };
    const owned = fieldOwners([{ fieldsV1: { 'f:spec': { 'f:replicas': {} } } }])[0]?.paths ?? [];
    expect(applyConfig(base, less, owned, rules)).toEqual({ config: {}, notRemovable: ['metadata.labels'] });
  });

  it('takes a new element whole', () => {
    const more = structuredClone(base);
    more.spec.template.spec.containers.push({ name: 'new', image: 'n:1' });
    const owned = fieldOwners([{ fieldsV1 }])[0]?.paths ?? [];
    expect(applyConfig(base, more, owned, rules).config).toEqual({
      metadata: { labels: { app: 'web' } },
      spec: {
        replicas: 1,
        template: {
          spec: {
            containers: [
              { name: 'web', image: 'a:1' },
              { name: 'new', image: 'n:1' },
            ],
          },
        },
      },
    });
  });
});
