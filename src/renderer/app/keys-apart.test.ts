/** Keys of the whole list of commands: one key means one thing, unless the two never apply to the same object. */
import { expect, it } from 'vitest';
import { features } from './features';

/** Commands that share a key and never apply to the same kind. */
const APART = new Set(['shift+s: action.scale, object.debug']);

it('gives no key to two commands', () => {
  const byKey = new Map<string, string[]>();
  for (const { id, keys } of features.flatMap((feature) => feature.commands ?? [])) {
    for (const key of keys ?? []) byKey.set(key, [...(byKey.get(key) ?? []), id]);
  }
  expect(byKey.size).toBeGreaterThan(30);
  const twice = [...byKey].flatMap(([key, ids]) =>
    ids.length > 1 ? [`${key}: ${ids.sort().join(', ')}`] : [],
  );
  expect(twice.filter((one) => !APART.has(one))).toEqual([]);
});
