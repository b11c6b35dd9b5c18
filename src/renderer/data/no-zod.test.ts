import { expect, test, vi } from 'vitest';

test('contract slices can be built without zod, and refuse to parse', async () => {
  vi.doMock('zod', () => import('./no-zod'));
  vi.resetModules();
  const { app } = await import('#shared/contract/app');
  const { cluster } = await import('#shared/contract/cluster');
  const { resources } = await import('#shared/contract/resources');
  expect([app.name, cluster.name, resources.name]).toEqual(['app', 'cluster', 'resources']);
  expect(() => app.members.connect.input.parse({})).toThrow('not in the window');
  vi.doUnmock('zod');
});
