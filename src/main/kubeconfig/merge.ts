/**
 * Which entry a context's names mean. The files of the KUBECONFIG list are one space, merged
 * by kubectl's rule (first file wins, entry by entry); every file that was added by the user
 * is an island: its names resolve in it alone, so that nobody borrows another file's user.
 */
import { createHash } from 'node:crypto';
import type { AppError } from '#shared/util/app-error';
import type { Entry, LoadedFile } from './load';

export interface MergeInput {
  readonly file: LoadedFile;
  /** Part of the KUBECONFIG list (or the default file), as opposed to added by the user. */
  readonly shared: boolean;
}

export interface MergedContext {
  readonly id: string;
  readonly context: Entry;
  /** Undefined when the context names none, or one that does not exist. */
  readonly cluster: Entry | undefined;
  readonly user: Entry | undefined;
  /** Why kubectl would not reach it. */
  readonly problem?: AppError;
}

export interface Merged {
  readonly contexts: readonly MergedContext[];
  readonly byId: ReadonlyMap<string, MergedContext>;
  readonly current: string | null;
}

/** Stable while path and name stay: a readable prefix and a hash of both. */
export function contextId(path: string, name: string): string {
  const readable = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 40);
  const hash = createHash('sha256').update(`${path}\0${name}`).digest('hex').slice(0, 12);
  return `${readable === '' ? 'context' : readable}-${hash}`;
}

/** `files` in order: the KUBECONFIG list first, then the added ones. */
export function mergeKubeconfigs(files: readonly MergeInput[]): Merged {
  const contexts: MergedContext[] = [];
  const listed = files.filter((one) => one.shared).map((one) => one.file);
  const islands = files.filter((one) => !one.shared).map((one) => one.file);
  space(listed, contexts);
  for (const island of islands) space([island], contexts);
  // The first current-context that is not empty counts; islands only where the list has none.
  const current =
    currentOf(listed) ?? islands.map((one) => currentOf([one])).find((id) => id !== null) ?? null;
  const byId = new Map(contexts.map((one) => [one.id, one]));
  return { contexts, byId, current: current !== null && byId.has(current) ? current : null };
}

function space(files: readonly LoadedFile[], into: MergedContext[]): void {
  const clusters = firstWins(files.map((file) => file.clusters));
  const users = firstWins(files.map((file) => file.users));
  const taken = firstWins(files.map((file) => file.contexts));
  for (const file of files) {
    for (const [name, context] of file.contexts) {
      const winner = taken.get(name);
      const cluster = nameIn(context, 'cluster');
      const user = nameIn(context, 'user');
      into.push({
        id: contextId(file.path, name),
        context,
        cluster: cluster === undefined ? undefined : clusters.get(cluster),
        user: user === undefined ? undefined : users.get(user),
        ...(winner !== context && winner ? { problem: shadowed(context, winner) } : {}),
      });
    }
  }
}

function shadowed(context: Entry, winner: Entry): AppError {
  return {
    code: 'kubeconfig',
    message: `${context.file}:${context.line}: ${winner.file} comes before this file in KUBECONFIG and has a context of the same name, "${context.name}".`,
    hint: 'Rename one of them, or add this file to Binnacle by itself.',
  };
}

function currentOf(files: readonly LoadedFile[]): string | null {
  for (const file of files) {
    const name = file.currentContext;
    if (name === null) continue;
    const owner = files.find((one) => one.contexts.has(name));
    return owner ? contextId(owner.path, name) : null;
  }
  return null;
}

function firstWins(lists: readonly ReadonlyMap<string, Entry>[]): Map<string, Entry> {
  const all = new Map<string, Entry>();
  for (const list of lists) for (const [name, entry] of list) if (!all.has(name)) all.set(name, entry);
  return all;
}

/** A name that an entry refers to; undefined when absent or empty. */
export function nameIn(entry: Entry, field: 'cluster' | 'user'): string | undefined {
  const found = entry.value[field];
  return typeof found === 'string' && found !== '' ? found : undefined;
}
