import { expect, test } from 'vitest';
import type { ContextSummary } from '#shared/contract/app';
import { contextTitle, initials } from './context-title';

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
