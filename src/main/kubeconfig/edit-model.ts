/**
 * What an edit must mean: the plain values of a kubeconfig after it. Every changed text is
 * read again and compared with this, so that an edit that would change more (through an
 * anchor, a merge key, a duplicate) is refused and never written.
 */
import type { KubeconfigEdit } from './edit';
import { innerKey, type ListName } from './edit-tree';
import { isObject } from './entry-shape';

type Model = Readonly<Record<string, unknown>>;

export function expectedModel(before: Model, edit: KubeconfigEdit): Model {
  switch (edit.op) {
    case 'set-current':
      return { ...before, 'current-context': edit.context };
    case 'rename':
      return {
        ...before,
        ...(before['current-context'] === edit.context ? { 'current-context': edit.to } : {}),
        contexts: changeFirst(before, 'contexts', edit.context, (entry) => ({ ...entry, name: edit.to })),
      };
    case 'set-namespace':
      return {
        ...before,
        contexts: changeFirst(before, 'contexts', edit.context, (entry) => {
          const inner = { ...(isObject(entry['context']) ? entry['context'] : {}) };
          if (edit.namespace === null) delete inner['namespace'];
          else inner['namespace'] = edit.namespace;
          return { ...entry, context: inner };
        }),
      };
    case 'remove':
      return {
        ...before,
        contexts: without(before, 'contexts', edit.context),
        clusters: without(before, 'clusters', edit.cluster),
        users: without(before, 'users', edit.user),
      };
    case 'set-tokens':
      return {
        ...before,
        users: changeFirst(before, 'users', edit.user, (entry) => {
          const user = objectIn(entry, 'user');
          const provider = objectIn(user, 'auth-provider');
          const config = {
            ...objectIn(provider, 'config'),
            'id-token': edit.id,
            'refresh-token': edit.refresh,
          };
          return { ...entry, user: { ...user, 'auth-provider': { ...provider, config } } };
        }),
      };
    case 'add':
      return {
        // A new file says what it is.
        ...(Object.keys(before).length === 0 ? { apiVersion: 'v1', kind: 'Config' } : before),
        contexts: [...listIn(before, 'contexts'), ...edit.contexts],
        clusters: [...listIn(before, 'clusters'), ...edit.clusters],
        users: [...listIn(before, 'users'), ...edit.users],
      };
  }
}

export function listIn(model: Model, list: ListName): readonly unknown[] {
  const found = model[list];
  return Array.isArray(found) ? found : [];
}

function nameOf(entry: unknown): unknown {
  return isObject(entry) ? entry['name'] : undefined;
}

function objectIn(value: Model, key: string): Model {
  const found = value[key];
  return isObject(found) ? found : {};
}

function changeFirst(
  model: Model,
  list: ListName,
  name: string,
  change: (entry: Record<string, unknown>) => Record<string, unknown>,
): unknown[] {
  let done = false;
  return listIn(model, list).map((entry) => {
    if (done || !isObject(entry) || entry['name'] !== name) return entry;
    done = true;
    return change(entry);
  });
}

function without(model: Model, list: ListName, name: string | undefined): readonly unknown[] {
  return name === undefined
    ? listIn(model, list)
    : listIn(model, list).filter((entry) => nameOf(entry) !== name);
}

/** Equal as kubeconfigs: absent, null and empty lists are one, so are null and {} as an inner object. */
export function sameModel(a: Model, b: Model): boolean {
  return same(normal(a), normal(b));
}

function normal(model: Model): Model {
  const lists = (['contexts', 'clusters', 'users'] as const).map((list) => [
    list,
    listIn(model, list).map((entry) =>
      isObject(entry) ? { ...entry, [innerKey[list]]: entry[innerKey[list]] ?? {} } : entry,
    ),
  ]);
  return { ...model, ...(Object.fromEntries(lists) as Model) };
}

/** Deep equality of plain values; the order of keys does not count. */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((one, at) => same(one, b[at]));
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]))
  );
}
