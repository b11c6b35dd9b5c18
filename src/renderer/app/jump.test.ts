import { expect, test } from 'vitest';
import type { KindInfo } from '#shared/contract/cluster';
import { parseJump } from './jump';
import { matchScore } from './match';

const kind = (id: string, tag: string, aliases: readonly string[] = [], known = true): KindInfo => ({
  id,
  group: id.split('.').slice(1).join('.'),
  version: 'v1',
  resource: id.split('.')[0] ?? id,
  kind: tag,
  namespaced: true,
  verbs: ['list'],
  aliases,
  title: id,
  singular: id.split('.')[0]?.replace(/s$/, '') ?? id,
  tag,
  section: known ? 'workloads' : 'custom',
  order: 1,
  known,
});
const kinds = [
  kind('services.example.com', 'esvc', ['svc'], false),
  kind('pods', 'po'),
  kind('deployments.apps', 'deploy', ['dp']),
  kind('services', 'svc'),
];

const short = (text: string): unknown => {
  const jump = parseJump(text, kinds);
  if (jump.to === 'kind') return [jump.kind.id, jump.namespaces];
  if (jump.to === 'nothing') return 'nothing';
  return jump;
};

test.each([
  [':pods', ['pods', undefined]],
  [':po', ['pods', undefined]],
  [':POD', ['pods', undefined]],
  [':dp -n shop', ['deployments.apps', ['shop']]],
  [':deploy -n shop,web', ['deployments.apps', ['shop', 'web']]],
  [':deploy --namespace=shop', ['deployments.apps', ['shop']]],
  [':deploy shop web', ['deployments.apps', ['shop', 'web']]],
  [':deploy -A', ['deployments.apps', []]],
  [':svc', ['services', undefined]],
  [':ns shop,web,shop', { to: 'namespaces', names: ['shop', 'web'] }],
  [':ns all', { to: 'namespaces', names: [] }],
  [':ctx prod eu', { to: 'context', text: 'prod eu' }],
  [':settings', { to: 'page', page: 'settings' }],
  [':nosuchkind', 'nothing'],
  [':', 'nothing'],
])('%s', (text, expected) => {
  expect(short(text)).toEqual(expected);
});

test('better matches score higher', () => {
  const order = ['pods', 'podtemplates', 'my-pods', 'tripods', 'p-o-d-s'].map((name) =>
    matchScore(name, 'pods'),
  );
  expect(matchScore('pods', 'pods')).toBeGreaterThan(matchScore('pods-old', 'pods'));
  expect(matchScore('pods-old', 'pods')).toBeGreaterThan(matchScore('my-pods', 'pods'));
  expect(matchScore('my-pods', 'pods')).toBeGreaterThan(matchScore('tripods', 'pods'));
  expect(matchScore('nodes', 'pods')).toBe(0);
  expect(order.every((score) => score >= 0)).toBe(true);
});
