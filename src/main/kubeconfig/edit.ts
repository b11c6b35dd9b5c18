/**
 * Changes of a kubeconfig's text that leave every other byte alone: comments, order, quotes,
 * anchors, line ends, unknown fields. Pure; `edit-file.ts` reads and writes.
 * Guarantees: the result is read again and means exactly the change that was asked, or
 * AppFailure (`kubeconfig`, `not-found`, `conflict`, `invalid-input`) and nothing happens.
 */
import { isMap, isScalar, type Pair, type Scalar, type YAMLMap } from 'yaml';
import { fail } from '#shared/util/app-error';
import { addItems, addPairs, removeItems } from './edit-lists';
import { expectedModel, listIn, sameModel } from './edit-model';
import { textOf } from './edit-scalar';
import {
  contentEnd,
  entriesNamed,
  follow,
  isEmpty,
  pairOf,
  readTree,
  separatorEnd,
  splice,
  start,
  type FoundEntry,
  type ListName,
  type Splice,
  type Tree,
} from './edit-tree';
import { isObject } from './entry-shape';

/** An entry as it stands in a list: `name`, the inner object, and whatever else is beside them. */
export type ListEntry = Readonly<Record<string, unknown>>;

export type KubeconfigEdit =
  /** `elsewhere`: the context may stand in another file of the KUBECONFIG list. */
  | { readonly op: 'set-current'; readonly context: string; readonly elsewhere?: boolean }
  /** null: no namespace, which means `default`. */
  | { readonly op: 'set-namespace'; readonly context: string; readonly namespace: string | null }
  /** current-context follows where it names the context. */
  | { readonly op: 'rename'; readonly context: string; readonly to: string }
  /**
   * `cluster` and `user`: names to remove with it, see `unusedWith`. current-context stays as it
   * is, as with kubectl: emptied, the next file of KUBECONFIG would choose another cluster.
   */
  | { readonly op: 'remove'; readonly context: string; readonly cluster?: string; readonly user?: string }
  /**
   * What an identity provider gave anew to a user with auth-provider oidc. `from`: the refresh-token
   * that was used for it; where another one stands now, somebody signed in meanwhile: `conflict`.
   */
  | {
      readonly op: 'set-tokens';
      readonly user: string;
      readonly from: string;
      readonly id: string;
      readonly refresh: string;
    }
  /** Entries whose names are free, see `planAdd`. */
  | {
      readonly op: 'add';
      readonly contexts: readonly ListEntry[];
      readonly clusters: readonly ListEntry[];
      readonly users: readonly ListEntry[];
    };

/** The text after the edit. `text` is without byte order mark; `path` is for messages only. */
export function changeText(path: string, text: string, edit: KubeconfigEdit): string {
  const tree = readTree(path, text);
  const changed = splice(text, splicesOf(tree, edit));
  let after: Tree;
  try {
    after = readTree(path, changed);
  } catch {
    throw entangled(path);
  }
  if (!sameModel(after.model, expectedModel(tree.model, edit))) throw entangled(path);
  return changed;
}

function entangled(path: string): Error {
  return fail('kubeconfig', `${path}: this entry is tied to others (by a YAML anchor or merge key).`, {
    hint: 'Changing it would change others too. Edit the file by hand; nothing was changed.',
  });
}

/** Where the text changes; for previews. */
export function splicesOf(tree: Tree, edit: KubeconfigEdit): Splice[] {
  switch (edit.op) {
    case 'set-current':
      if (edit.elsewhere !== true) contextNamed(tree, edit.context);
      return setScalar(tree, tree.root, 'current-context', edit.context, true);
    case 'set-namespace':
      return setNamespace(tree, edit.context, edit.namespace);
    case 'rename':
      return rename(tree, edit.context, edit.to);
    case 'remove':
      return remove(tree, edit);
    case 'set-tokens':
      return setTokens(tree, edit);
    case 'add':
      return add(tree, edit);
  }
}

/** `reason` of the refusal: the file holds a newer sign-in, which is not overwritten. */
export const OTHER_SIGN_IN = 'OtherSignIn';

function setTokens(tree: Tree, edit: KubeconfigEdit & { op: 'set-tokens' }): Splice[] {
  const [found] = entriesNamed(tree, 'users', edit.user);
  if (!found) throw fail('not-found', `${tree.path} holds no user "${edit.user}" any more.`);
  const inner = (map: YAMLMap, key: string): YAMLMap => {
    const node = follow(tree, pairOf(map, key)?.value);
    if (isMap(node)) return node;
    throw fail('conflict', `${tree.path}: the user "${edit.user}" has no auth-provider any more.`, {
      reason: OTHER_SIGN_IN,
    });
  };
  const config = inner(inner(inner(found.item, 'user'), 'auth-provider'), 'config');
  const present = follow(tree, pairOf(config, 'refresh-token')?.value);
  if (!isScalar(present) || present.value !== edit.from)
    throw fail('conflict', `${tree.path}: somebody signed in as the user "${edit.user}" meanwhile.`, {
      reason: OTHER_SIGN_IN,
    });
  return [
    ...setScalar(tree, config, 'id-token', edit.id, false),
    ...setScalar(tree, config, 'refresh-token', edit.refresh, false),
  ];
}

function contextNamed(tree: Tree, name: string): FoundEntry {
  const [found] = entriesNamed(tree, 'contexts', name);
  if (!found) throw fail('not-found', `${tree.path} holds no context "${name}" any more.`);
  return found;
}

function checkName(name: string): void {
  if (name === '' || name.length > 1024 || /[\x00-\x1f\x7f]/.test(name))
    throw fail('invalid-input', 'A context needs a name of 1 to 1024 characters without control characters.');
}

/** Replaces or adds `key: value`. `map` null: the file is empty. */
function setScalar(tree: Tree, map: YAMLMap | null, key: string, value: string, own: boolean): Splice[] {
  const pair = map ? pairOf(map, key) : undefined;
  if (!map || !pair) return addPairs(tree, map, [[key, value]]);
  const node: unknown = pair.value;
  const flow = map.flow === true;
  // Two keys of one name, or one from a merge key: the last counts, and it is this one.
  if (isEmpty(node)) {
    const at = separatorEnd(pair);
    const end = Math.max(at, contentEnd(pair));
    return [{ start: at, end, text: ` ${textOf(value, undefined, flow)}` }];
  }
  if (follow(tree, node) !== node && !own) throw entangled(tree.path);
  const like = isScalar(node) ? ((node as Scalar).type as Scalar.Type | undefined) : undefined;
  if (like === 'BLOCK_FOLDED' || like === 'BLOCK_LITERAL') {
    const end = contentEnd(node);
    const eol = /\r?\n$/.exec(tree.text.slice(0, end))?.[0] ?? '';
    return [{ start: start(node), end, text: textOf(value, undefined, flow) + eol }];
  }
  return [{ start: start(node), end: contentEnd(node), text: textOf(value, like, flow) }];
}

function setNamespace(tree: Tree, context: string, namespace: string | null): Splice[] {
  if (namespace !== null && !/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(namespace))
    throw fail('invalid-input', 'A namespace is 1 to 63 small letters, digits and dashes.');
  const { item } = contextNamed(tree, context);
  const pair = pairOf(item, 'context');
  if (!pair) return namespace === null ? [] : addPairs(tree, item, [['context', { namespace }]]);
  if (isEmpty(pair.value)) {
    const at = separatorEnd(pair);
    return namespace === null
      ? []
      : [{ start: at, end: Math.max(at, contentEnd(pair)), text: ` {"namespace": "${namespace}"}` }];
  }
  const inner: unknown = pair.value;
  if (!isMap(inner)) throw entangled(tree.path);
  if (namespace !== null) return setScalar(tree, inner, 'namespace', namespace, true);
  return removeItems(tree, inner, placesOf(inner, 'namespace'), pair);
}

function placesOf(map: YAMLMap, key: string): number[] {
  return map.items.flatMap((pair: Pair, at) => (isScalar(pair.key) && pair.key.value === key ? [at] : []));
}

function rename(tree: Tree, context: string, to: string): Splice[] {
  checkName(to);
  const { item } = contextNamed(tree, context);
  if (to === context) return [];
  if (entriesNamed(tree, 'contexts', to).length > 0)
    throw fail('conflict', `${tree.path} already holds a context "${to}".`, { hint: 'Choose another name.' });
  const splices = setScalar(tree, item, 'name', to, true);
  const current = tree.root ? pairOf(tree.root, 'current-context') : undefined;
  const tied = follow(tree, current?.value) !== current?.value;
  const named = follow(tree, current?.value) === pairOf(item, 'name')?.value;
  // An alias of the very name follows by itself.
  if (tree.model['current-context'] === context && !(tied && named))
    splices.push(...setScalar(tree, tree.root, 'current-context', to, true));
  return splices;
}

function remove(tree: Tree, edit: KubeconfigEdit & { op: 'remove' }): Splice[] {
  contextNamed(tree, edit.context);
  const unused = unusedWith(tree.model, edit.context);
  const take = (list: ListName, name: string | undefined): Splice[] => {
    if (name === undefined) return [];
    const found = entriesNamed(tree, list, name);
    const [first] = found;
    if (!first) return [];
    const holder = tree.root ? pairOf(tree.root, list) : undefined;
    return removeItems(
      tree,
      first.seq,
      found.map((one) => one.at),
      holder,
    );
  };
  for (const kind of ['cluster', 'user'] as const)
    if (edit[kind] !== undefined && edit[kind] !== unused[kind])
      throw fail(
        'conflict',
        `Another context uses the ${kind} "${edit[kind]}", or "${edit.context}" does not.`,
      );
  return [...take('contexts', edit.context), ...take('clusters', edit.cluster), ...take('users', edit.user)];
}

/**
 * Cluster and user of a context that no other context of the file uses: to be offered with its
 * removal. `elsewhere`: contexts of other files that may name entries of this one.
 */
export function unusedWith(
  model: Readonly<Record<string, unknown>>,
  context: string,
  elsewhere: readonly { readonly cluster?: string | undefined; readonly user?: string | undefined }[] = [],
): { cluster?: string; user?: string } {
  const found: { cluster?: string; user?: string } = {};
  const contexts = listIn(model, 'contexts').filter(isObject);
  const own = contexts.find((entry) => entry['name'] === context);
  if (!own) return found;
  const inner = (entry: Record<string, unknown>, kind: string): unknown =>
    isObject(entry['context']) ? entry['context'][kind] : undefined;
  for (const kind of ['cluster', 'user'] as const) {
    const name = inner(own, kind);
    if (typeof name !== 'string' || name === '') continue;
    const exists = listIn(model, `${kind}s`).some((entry) => isObject(entry) && entry['name'] === name);
    const used = contexts.some((entry) => entry['name'] !== context && inner(entry, kind) === name);
    if (exists && !used && !elsewhere.some((one) => one[kind] === name)) found[kind] = name;
  }
  return found;
}

function add(tree: Tree, edit: KubeconfigEdit & { op: 'add' }): Splice[] {
  const lists = ['clusters', 'users', 'contexts'] as const;
  for (const list of lists)
    for (const entry of edit[list])
      if (entriesNamed(tree, list, String(entry['name'])).length > 0)
        throw fail('conflict', `${tree.path} already holds "${String(entry['name'])}" in "${list}:".`);
  const { root } = tree;
  if (!root || root.items.length === 0) {
    const pairs = lists.map((list) => [list, edit[list]] as const);
    return addPairs(tree, root, [['apiVersion', 'v1'], ['kind', 'Config'], ...pairs]);
  }
  const has = (list: ListName): boolean => pairOf(root, list) !== undefined;
  const missing = lists.filter((list) => !has(list) && edit[list].length > 0);
  return [
    ...lists.filter(has).flatMap((list) => addItems(tree, list, edit[list])),
    ...(missing.length > 0
      ? addPairs(
          tree,
          root,
          missing.map((list) => [list, edit[list]] as const),
        )
      : []),
  ];
}
