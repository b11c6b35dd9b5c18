import { expect, test } from 'vitest';
import type { ContextSummary } from '#shared/contract/app';
import { contextTitle, initials, tileLetters } from './context-title';

const context = (name: string, server = 'https://10.0.0.1:6443'): ContextSummary => ({
  id: name,
  name,
  server,
  cluster: name,
  user: 'u',
  namespace: null,
  file: '/k',
  auth: ['none'],
});

test.each([
  ['arn:aws:eks:eu-west-1:123456789012:cluster/prod-eu', 'prod-eu', 'EKS'],
  ['arn:aws-cn:eks:cn-north-1:123456789012:cluster/a/b', 'a/b', 'EKS'],
  ['gke_acme_europe-west4-a_gate_keeper', 'gate_keeper', 'GKE'],
  ['minikube', 'minikube', undefined],
  ['EKS', 'EKS', undefined],
])('%s is called %s', (name, title, provider) => {
  expect(contextTitle(context(name))).toEqual({ title, provider });
});

test('an alias wins, a blank one does not; hidden characters are shown', () => {
  expect(contextTitle(context('x'), 'prod').title).toBe('prod');
  expect(contextTitle(context('x'), '  ').title).toBe('x');
  expect(contextTitle(context('a\u202eb')).title).toBe('a\\u202eb');
});

test.each([
  ['prod-eu', 'PE'],
  ['minikube', 'MI'],
  ['x', 'X'],
  ['', '?'],
  ['команда/платформа', 'КП'],
  ['🚀', '?'],
])('initials of %s are %s', (title, expected) => {
  expect(initials(title)).toBe(expected);
});

test('tiles side by side have letters of their own, wherever they stand', () => {
  const titles = [
    'exec@real',
    'expired@real',
    'exec-missing@real',
    'refused@real',
    'restricted@real',
    'x',
    '',
  ];
  const letters = tileLetters(titles);
  expect([...letters].sort()).toEqual([
    ['', '?'],
    ['exec-missing@real', 'EM'],
    ['exec@real', 'ER'],
    ['expired@real', 'EX'],
    ['refused@real', 'RR'],
    ['restricted@real', 'RE'],
    ['x', 'X'],
  ]);
  expect(tileLetters([...titles].reverse())).toEqual(letters);
  // More of them than letters: the usual ones again.
  expect([...tileLetters(['aa', 'a-a', 'a.a']).values()]).toEqual(['AA', 'AA', 'AA']);
});
