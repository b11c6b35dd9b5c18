import { expect, it, vi } from 'vitest';
import type { KindInfo, NamespacesState } from '#shared/contract/cluster';
import { ListRights, namespaceScope } from './namespace-scope';

const pods = { id: 'pods', group: '', resource: 'pods', namespaced: true } as KindInfo;
const { signal } = new AbortController();
const namespaces: NamespacesState = { names: ['shop', 'dark'] } as never;

it('asks no review where a list of the whole cluster was answered, until that is forgotten', async () => {
  const ask = vi.fn((_kind: KindInfo, namespace: string | undefined) =>
    Promise.resolve(namespace === 'shop'),
  );
  const rights = new ListRights(ask);
  const scope = () => namespaceScope(pods, [], rights, () => namespaces, false, signal);
  rights.note('pods', 12);
  expect(await scope()).toBe(null);
  expect(rights.counted('pods')).toBe(12);
  expect(ask).not.toHaveBeenCalled();
  // What is said of the whole cluster is not taken for one namespace.
  expect(await rights.mayList(pods, 'dark', signal)).toBe(false);
  rights.note('pods', 'denied');
  expect(rights.counted('pods')).toBe(undefined);
  expect(await scope()).toEqual(['shop']);
  rights.note('pods', null);
  expect(await scope()).toBe(null);
  rights.forget();
  expect(await scope()).toEqual(['shop']);
});
