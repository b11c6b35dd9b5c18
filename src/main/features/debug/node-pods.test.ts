import { expect, it } from 'vitest';
import { fail } from '#shared/util/app-error';
import type { Api, ApiRequest } from '../../k8s/api';
import { NodePods } from './node-pods';

const { signal } = new AbortController();

it('deletes at the end what a session made on nodes and did not remove, and only those very pods', async () => {
  const asked: ApiRequest[] = [];
  const json = (request: ApiRequest): Promise<unknown> => {
    asked.push(request);
    return asked.length === 1 ? Promise.reject(fail('network', 'cut')) : Promise.resolve({});
  };
  const pods = new NodePods({ json } as unknown as Api);
  for (const name of ['a', 'b', 'c']) pods.made({ namespace: 'default', pod: name, uid: `uid-${name}` });
  pods.removed('uid-b');
  await pods.leave(signal);
  expect(asked.map(({ method, path }) => [method, path])).toEqual([
    ['DELETE', '/api/v1/namespaces/default/pods/a'],
    ['DELETE', '/api/v1/namespaces/default/pods/c'],
  ]);
  const bodies = asked.map(({ body }) => JSON.parse(String(body)) as { preconditions: unknown });
  expect(bodies.map(({ preconditions }) => preconditions)).toEqual([{ uid: 'uid-a' }, { uid: 'uid-c' }]);
  await pods.leave(signal);
  expect(asked).toHaveLength(2);
});
