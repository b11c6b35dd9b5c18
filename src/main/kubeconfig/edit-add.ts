/**
 * Which entries of a pasted text or a dropped file come into a kubeconfig, and under which
 * names. Guarantees: nothing that is there is replaced: an equal entry is used as it is,
 * another one of the same name gets a number; references follow; paths of a dropped file
 * stay right. Says names only, never a value.
 */
import { dirname, resolve, sep } from 'node:path';
import { fail } from '#shared/util/app-error';
import type { KubeconfigEdit, ListEntry } from './edit';
import { listIn, same } from './edit-model';
import { innerKey, readTree, type ListName } from './edit-tree';
import { isObject } from './entry-shape';
import { parseKubeconfig } from './load';

export interface AddSource {
  readonly text: string;
  /** Path of a dropped file: its relative paths are made absolute. Absent for a paste. */
  readonly path?: string;
  /** Contexts to take; all when absent. */
  readonly contexts?: readonly string[];
}

export interface AddPlan {
  readonly edit: KubeconfigEdit & { readonly op: 'add' };
  /** Contexts that are new, by their new names. */
  readonly added: readonly string[];
  /** What had to get another name. */
  readonly renamed: readonly { readonly list: ListName; readonly from: string; readonly to: string }[];
  /** Contexts that are there already, equal in all. */
  readonly present: readonly string[];
  /** Relative paths of a paste: they will start at the folder of the kubeconfig. */
  readonly relativePaths: readonly string[];
}

const fileFields = ['certificate-authority', 'client-certificate', 'client-key', 'tokenFile'];

/** `text`: the kubeconfig that is added to. AppFailure `kubeconfig` when the source is no kubeconfig. */
export function planAdd(path: string, text: string, source: AddSource): AddPlan {
  const from = source.path ?? 'The pasted text';
  const read = parseKubeconfig(from, source.text.replace(/^\ufeff/, ''));
  const target = readTree(path, text).model;
  const origin = readTree(from, source.text.replace(/^\ufeff/, '')).model;
  const [problem] = read.problems;
  if (read.contexts.size === 0)
    throw fail('kubeconfig', problem?.message ?? `${from} holds no context.`, {
      hint: 'Give the whole kubeconfig, with "clusters:", "users:" and "contexts:".',
    });
  const relativePaths: string[] = [];
  const renamed: { list: ListName; from: string; to: string }[] = [];
  const added: string[] = [];
  const present: string[] = [];
  const lists: Record<ListName, ListEntry[]> = { contexts: [], clusters: [], users: [] };

  const entry = (list: ListName, name: string): ListEntry | undefined =>
    listIn(origin, list).find((one): one is ListEntry => isObject(one) && one['name'] === name);
  const place = (list: ListName, wanted: ListEntry): string => {
    const name = String(wanted['name']);
    const there = [...listIn(target, list), ...lists[list]].filter(isObject);
    for (let number = 1; ; number += 1) {
      const candidate = number === 1 ? name : `${name}-${number}`;
      const found = there.find((one) => one['name'] === candidate);
      if (found && !same(found, { ...wanted, name: candidate })) continue;
      if (!found) lists[list].push({ ...wanted, name: candidate });
      if (candidate !== name && !found) renamed.push({ list, from: name, to: candidate });
      if (list === 'contexts') (found ? present : added).push(candidate);
      return candidate;
    }
  };
  const placed = new Map<string, string>();
  const refer = (list: 'clusters' | 'users', name: unknown): unknown => {
    if (typeof name !== 'string' || name === '') return name;
    const key = `${list}/${name}`;
    const wanted = entry(list, name);
    if (!wanted) return name;
    const done = placed.get(key) ?? place(list, located(wanted, innerKey[list], source.path, relativePaths));
    placed.set(key, done);
    return done;
  };

  for (const [name, found] of read.contexts) {
    if (source.contexts && !source.contexts.includes(name)) continue;
    const wanted = entry('contexts', name);
    if (found.problem || !wanted)
      throw fail('kubeconfig', found.problem?.message ?? `${from}: the context "${name}" cannot be read.`);
    const inner = isObject(wanted['context']) ? { ...wanted['context'] } : {};
    for (const [list, kind] of [
      ['clusters', 'cluster'],
      ['users', 'user'],
    ] as const) {
      const value = inner[kind];
      const bad = typeof value === 'string' ? read[list].get(value)?.problem : undefined;
      if (bad) throw fail('kubeconfig', bad.message);
      if (kind in inner) inner[kind] = refer(list, value);
    }
    place('contexts', { ...wanted, context: inner });
  }
  return { edit: { op: 'add', ...lists }, added, renamed, present, relativePaths };
}

/** The entry with the paths of its own file made absolute. */
function located(entry: ListEntry, kind: string, path: string | undefined, relative: string[]): ListEntry {
  const inner = entry[kind];
  if (!isObject(inner)) return entry;
  const next = { ...inner };
  const fix = (value: string): string => {
    if (resolve(value) === value) return value;
    if (path !== undefined) return resolve(dirname(path), value);
    relative.push(value);
    return value;
  };
  for (const field of fileFields) {
    const value = next[field];
    if (typeof value === 'string' && value !== '') next[field] = fix(value);
  }
  const exec = next['exec'];
  if (isObject(exec) && typeof exec['command'] === 'string' && exec['command'].includes(sep))
    next['exec'] = { ...exec, command: fix(exec['command']) };
  return { ...entry, [kind]: next };
}
