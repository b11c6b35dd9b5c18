import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Scope } from '#shared/rpc/scope';
import { fail } from '#shared/util/app-error';
import type { Api, ApiRequest } from './api';
import { changeBell } from './change-bell';

let scope: Scope;
beforeEach(() => {
  scope = new Scope('test');
});
afterEach(() => scope.dispose());

/** Refuses the form of the other one, as a real server does. */
function strict(request: ApiRequest, refused: RegExp): void {
  if (refused.test(request.accept ?? '')) throw fail('unsupported', 'not acceptable');
}

it('rings for events, asking for lists and events each by its own form', async () => {
  const asked: string[] = [];
  const api = {
    json: (request: ApiRequest) => {
      strict(request, /PartialObjectMetadata;/);
      asked.push('list');
      return Promise.resolve({ metadata: { resourceVersion: '7' } });
    },
    open: (request: ApiRequest) => {
      strict(request, /PartialObjectMetadataList;/);
      asked.push(`watch from ${String(request.query?.['resourceVersion'])}`);
      const body = (async function* () {
        yield Buffer.from('{"type":"BOOKMARK","object":{}}\n{"type":"ADDED","object":{}}\n');
        await new Promise((_, reject) => scope.signal.addEventListener('abort', reject, { once: true }));
      })();
      return Promise.resolve({ status: 200, headers: {}, body });
    },
  } as unknown as Api;
  const rings = vi.fn();
  changeBell({ api, path: '/apis/x', scope, onRing: rings, onDenied: () => expect.unreachable() });
  await vi.waitFor(() => expect(rings).toHaveBeenCalledTimes(1));
  expect(asked).toEqual(['list', 'watch from 7']);
});

it('says once that it may not be asked', async () => {
  const api = {
    json: () => Promise.reject(fail('forbidden', 'no')),
  } as unknown as Api;
  const denied = vi.fn();
  changeBell({ api, path: '/apis/x', scope, onRing: () => expect.unreachable(), onDenied: denied });
  await vi.waitFor(() => expect(denied).toHaveBeenCalledTimes(1));
});
