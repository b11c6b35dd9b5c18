import { expect, test } from 'vitest';
import type { AccessVerdict } from '#shared/contract/access';
import { accessService } from './service';

test('answers in order; a server that cannot tell is unknown, never a no', async () => {
  const served = accessService({
    can: (question) => {
      if (question.verb === 'broken') return Promise.reject(new Error('webhook is away'));
      return Promise.resolve({ allowed: question.namespace === undefined, reason: question.name ?? '' });
    },
  });
  const can = served.implementation['can'] as (
    input: unknown,
    signal: AbortSignal,
  ) => Promise<AccessVerdict[]>;
  const base = { group: '', resource: 'pods' };
  const questions = [
    { ...base, verb: 'get', namespace: '' },
    { ...base, verb: 'broken', namespace: 'shop' },
    { ...base, verb: 'get', namespace: 'shop', name: 'because' },
  ];
  expect(await can({ questions }, new AbortController().signal)).toEqual([
    { allowed: true },
    { allowed: true, unknown: true },
    { allowed: false, reason: 'because' },
  ]);
});
