import { expect, test } from 'vitest';
import type { KindInfo } from '#shared/contract/cluster';
import { countText, navModel } from './nav-model';

const kind = (id: string, section: KindInfo['section'], more: Partial<KindInfo> = {}): KindInfo => ({
  id,
  group: id.split('.').slice(1).join('.'),
  version: 'v1',
  resource: id.split('.')[0] ?? id,
  kind: id,
  namespaced: true,
  verbs: ['list'],
  aliases: [],
  title: id,
  singular: id,
  tag: id,
  section,
  order: 1,
  known: section !== 'custom',
  ...more,
});
const kinds = [
  kind('leases.coordination.k8s.io', 'cluster'),
  kind('nodes', 'cluster'),
  kind('pods', 'workloads'),
  kind('tokenreviews.authentication.k8s.io', 'access', { verbs: ['create'] }),
  kind('b.z.io', 'custom'),
  kind('a.z.io', 'custom'),
  kind('c.a.io', 'custom'),
];
const shownIn = (counts: Record<string, number | 'denied' | null>, seen: string[] = []): string[] =>
  navModel(kinds, [], counts, new Set(seen)).groups.flatMap((group) => group.shown.map((each) => each.id));

test('kinds without objects fold away, known ones stay, unlistable ones are left out', () => {
  expect(shownIn({ pods: 0 })).toEqual(['pods', 'nodes']);
  expect(shownIn({ 'leases.coordination.k8s.io': 3 })).toContain('leases.coordination.k8s.io');
  expect(shownIn({ 'leases.coordination.k8s.io': 0 }, ['leases.coordination.k8s.io'])).toEqual([
    'pods',
    'nodes',
  ]);
  expect(shownIn({}, ['leases.coordination.k8s.io'])).toContain('leases.coordination.k8s.io');
});

test('custom kinds go by group', () => {
  const { custom } = navModel(kinds, [], {}, new Set());
  expect(custom.map(({ group, kinds: own }) => [group, own.map((each) => each.resource)])).toEqual([
    ['a.io', ['c']],
    ['z.io', ['a', 'b']],
  ]);
});

test.each([
  [10412, '10,412'],
  [0, '0'],
  ['denied' as const, '–'],
  [null, ''],
  [undefined, ''],
])('count %s reads %s', (count, text) => {
  expect(countText(count)).toBe(text);
});
