import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Scope } from '#shared/rpc/scope';
import { fail } from '#shared/util/app-error';
import type { Api } from './api';
import { watchFew } from './watch-few';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('lists at once after a 410, but not in a storm when every watch is expired (fault 6)', async () => {
  let lists = 0;
  const scope = new Scope('watch-few test');
  const api: Api = {
    clockOffset: 0,
    dropConnections: () => undefined,
    json: <T>() => {
      lists += 1;
      // Ends a storm that would otherwise never let the test go on.
      if (lists > 100) scope.dispose();
      return Promise.resolve({ metadata: { resourceVersion: '1' }, items: [] } as T);
    },
    open: () => Promise.reject(fail('gone', 'too old resource version', { status: 410 })),
  };
  watchFew({ api, path: '/x', query: {}, scope, onChange: () => undefined });
  await vi.advanceTimersByTimeAsync(1);
  expect(lists).toBe(2);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(lists).toBeGreaterThan(2);
  expect(lists).toBeLessThan(10);
  scope.dispose();
});
