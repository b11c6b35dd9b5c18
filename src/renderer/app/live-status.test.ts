import { expect, test } from 'vitest';
import type { HostState } from '#shared/contract/app';
import type { ClusterStatus } from '#shared/contract/cluster';
import { connectionSteps } from './Connecting';
import { liveStatus } from './live-status';

const now = 1_000_000_000;
const host = (phase: HostState['phase']): HostState => ({
  contextId: 'c',
  phase,
  generation: 1,
  restarts: 2,
});
const status = (phase: ClusterStatus['phase']): ClusterStatus => ({
  phase,
  since: now - 134_000,
  clockOffset: 0,
});

test.each([
  ['live', 'ok', 'live'],
  ['stale', 'warn', 'stale 2m'],
  ['unreachable', 'bad', 'unreachable 2m'],
  ['unauthorized', 'bad', 'signed out'],
  ['catching-up', 'progress', 'catching up 2m'],
] as const)('%s reads %s %s', (phase, tone, text) => {
  expect(liveStatus(host('running'), status(phase), now)).toMatchObject({ tone, text });
});

test('a dead process is never called live', () => {
  for (const phase of ['restarting', 'failed', 'stopped', 'starting'] as const) {
    expect(liveStatus(host(phase), status('live'), now).tone).not.toBe('ok');
  }
  expect(liveStatus(host('restarting'), status('live'), now).reason).toContain('restart 2 of 5');
});

test('the steps of a connection fail where it failed and wait behind it', () => {
  const words = (phase: ClusterStatus['phase'], kinds = false): string[] =>
    connectionSteps(undefined, host('running'), status(phase), kinds).map((step) => step.word);
  expect(words('connecting')).toEqual(['done', 'in progress', 'waiting', 'waiting']);
  expect(words('unreachable')).toEqual(['done', 'failed', 'waiting', 'waiting']);
  expect(words('unauthorized')).toEqual(['done', 'done', 'failed', 'waiting']);
  expect(words('live')).toEqual(['done', 'done', 'done', 'in progress']);
  expect(words('live', true)).toEqual(['done', 'done', 'done', 'done']);
});
