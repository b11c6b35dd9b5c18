import { expect, it } from 'vitest';
import { AppFailure } from '#shared/util/app-error';
import type { Api, ApiRequest } from '../../k8s/api';
import { debugPods, type Search } from './debug-pods';

const pod = (name: string, more: object = {}): object => ({
  metadata: {
    name,
    namespace: 'default',
    uid: `uid-${name}`,
    creationTimestamp: '2026-01-01T00:00:00Z',
    ...more,
  },
  spec: { nodeName: 'node-1' },
  status: { phase: 'Running' },
});

/** Answers by path; what has no answer is forbidden. */
function api(answers: Readonly<Record<string, unknown>>): { api: Api; asked: ApiRequest[] } {
  const asked: ApiRequest[] = [];
  const json = (request: ApiRequest): Promise<unknown> => {
    asked.push(request);
    const found = answers[request.path];
    return found === undefined
      ? Promise.reject(new AppFailure({ code: 'forbidden', message: 'no' }))
      : Promise.resolve(found);
  };
  return { api: { json } as unknown as Api, asked };
}

const search = (more: Partial<Search>): Search => ({ namespaces: [], known: [], labelled: true, ...more });
const { signal } = new AbortController();

it('finds pods of nodes by the label of kubectl debug, and tells which this app made', async () => {
  const made = { managedFields: [{ manager: 'binnacle' }, { manager: 'kubelet' }] };
  const { api: own, asked } = api({
    '/api/v1/pods': {
      items: [
        pod('mine', made),
        pod('theirs', { managedFields: [{ manager: 'kubectl-debug' }] }),
        pod('bare'),
      ],
    },
  });
  const { pods, searched } = await debugPods(own, search({}), signal);
  expect(pods.map(({ name, byApp, way }) => [name, byApp, way])).toEqual([
    ['mine', true, 'node'],
    ['theirs', false, 'node'],
    ['bare', false, 'node'],
  ]);
  expect(searched).toBeUndefined();
  expect(asked[0]?.query).toMatchObject({ labelSelector: 'app.kubernetes.io/managed-by=kubectl-debug' });
});

it('searches the namespaces it may where it may not search all, and says which', async () => {
  const { api: own } = api({ '/api/v1/namespaces/shop/pods': { items: [pod('one')] } });
  const found = await debugPods(own, search({ namespaces: ['shop', 'web'] }), signal);
  expect([found.pods.map(({ name }) => name), found.searched]).toEqual([['one'], ['shop']]);
});

it('finds copies by their name, lists nothing for them, and leaves out what is going away', async () => {
  const { api: own, asked } = api({
    '/api/v1/namespaces/shop/pods/copy': pod('copy'),
    '/api/v1/namespaces/shop/pods/going': pod('going', { deletionTimestamp: '2026-01-01T00:00:00Z' }),
  });
  const known = ['copy', 'going', 'gone'].map((name) => ({ namespace: 'shop', pod: name }));
  const { pods } = await debugPods(own, search({ known, labelled: false }), signal);
  expect(pods.map(({ name, way }) => [name, way])).toEqual([['copy', 'copy']]);
  expect(asked.every(({ path }) => path.startsWith('/api/v1/namespaces/shop/pods/'))).toBe(true);
});
