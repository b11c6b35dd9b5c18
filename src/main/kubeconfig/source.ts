/**
 * All contexts there are, live: the files of KUBECONFIG (or ~/.kube/config) and what the
 * user added, files or folders.
 * Guarantees: a new state only after every changed file was read to its end; a file that
 * stops parsing (half-written, emptied, unreadable) keeps its last good entries and says so
 * (fault 32); a missing or bad file never touches another (fault 33); the state holds no secret.
 * Contacts no cluster and runs nothing.
 */
import { readdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import type { ContextsState, KubeconfigFile } from '#shared/contract/app';
import { fail, type AppError } from '#shared/util/app-error';
import type { Scope } from '#shared/rpc/scope';
import { toContextConfig, toSummary } from './context';
import { loadKubeconfig, type LoadedFile } from './load';
import { mergeKubeconfigs, nameIn, type Merged, type MergeInput } from './merge';
import type { ContextConfig } from './types';
import { FileWatch, markOf, type WatchTimes } from './watch';

export interface KubeconfigsOptions {
  readonly scope: Scope;
  /** KUBECONFIG is read from it; the login shell's where there is one. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Files and folders the user added, in order. */
  readonly added?: readonly string[];
  readonly home?: string;
  readonly watchTimes?: WatchTimes;
}

/** For edits: what must be known of a context beyond its own file. */
export interface ContextPlace {
  readonly file: string;
  readonly name: string;
  readonly line: number;
  /** What contexts of the other files of the KUBECONFIG list refer to. */
  readonly elsewhere: readonly { readonly cluster: string | undefined; readonly user: string | undefined }[];
  /** File whose current-context counts; the context's own where none says one. */
  readonly currentFile: string;
  readonly isCurrent: boolean;
  /** The file is one of KUBECONFIG, or ~/.kube/config: kubectl reads it too. */
  readonly shared: boolean;
}

interface Held {
  readonly path: string;
  shared: boolean;
  mark: string;
  good: LoadedFile | undefined;
  state: KubeconfigFile['state'];
  error: AppError | undefined;
  /** Of the version that was read last. */
  problems: readonly AppError[];
}

const MAX_PROBLEMS = 50;

/** Files looked at in an added folder. */
const MAX_FOLDER_FILES = 300;

export class Kubeconfigs {
  private current: ContextsState = { contexts: [], files: [], current: null };
  private merged: Merged = mergeKubeconfigs([]);
  private held = new Map<string, Held>();
  private added: string[];
  private readonly listeners = new Set<(state: ContextsState) => void>();
  private readonly watch: FileWatch;
  private loading: Promise<void> | undefined;
  private again = false;

  constructor(private readonly options: KubeconfigsOptions) {
    this.added = (options.added ?? []).map((path) => resolve(path));
    this.watch = new FileWatch(
      options.scope,
      () => {
        void this.reload();
      },
      options.watchTimes,
    );
  }

  get state(): ContextsState {
    return this.current;
  }

  /** First load; resolves when the state is there. */
  async start(): Promise<ContextsState> {
    await this.reload();
    return this.current;
  }

  onChange(listener: (state: ContextsState) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** What a host needs; AppFailure `not-found` or `kubeconfig`. Never hand it to a renderer. */
  resolve(contextId: string): ContextConfig {
    const found = this.merged.byId.get(contextId);
    if (!found) throw fail('not-found', 'This context is no longer in any kubeconfig.');
    return toContextConfig(found);
  }

  /** Where a context stands, and who else may name the entries of its file. */
  place(contextId: string): ContextPlace {
    const found = this.merged.byId.get(contextId);
    if (!found) throw fail('not-found', 'This context is no longer in any kubeconfig.');
    const { file, name, line } = found.context;
    const shared = [...this.held.values()].filter((one) => one.shared && one.good);
    const isShared = this.held.get(file)?.shared === true;
    const elsewhere = isShared
      ? this.merged.contexts
          .filter(({ context }) => context.file !== file && this.held.get(context.file)?.shared === true)
          .map(({ context }) => ({ cluster: nameIn(context, 'cluster'), user: nameIn(context, 'user') }))
      : [];
    const naming = isShared ? shared.find((one) => one.good?.currentContext != null)?.path : undefined;
    return {
      file,
      name,
      line,
      elsewhere,
      currentFile: naming ?? file,
      isCurrent: this.merged.current === contextId,
      shared: isShared,
    };
  }

  /** Adds a file or folder as an island; answers with how the file stands. */
  async add(path: string): Promise<KubeconfigFile> {
    const full = resolve(path);
    if (!this.added.includes(full)) this.added.push(full);
    await this.reload();
    const state = this.current.files.find((file) => file.path === full);
    if (state) return state;
    const inside = this.current.files.filter((file) => file.path.startsWith(full));
    return { path: full, state: inside.length > 0 ? 'ok' : 'missing' };
  }

  /** Forgets an added file or folder; the file itself stays. */
  async remove(path: string): Promise<void> {
    const full = resolve(path);
    this.added = this.added.filter((one) => one !== full);
    await this.reload();
  }

  /** Reads what changed. Calls while one runs share one more run. */
  async reload(): Promise<void> {
    if (this.loading) {
      this.again = true;
      return this.loading;
    }
    this.loading = (async () => {
      do {
        this.again = false;
        await this.load();
      } while (this.again);
    })().finally(() => {
      this.loading = undefined;
    });
    return this.loading;
  }

  /** Paths of the KUBECONFIG list without duplicates, or the default file. */
  private sharedPaths(): string[] {
    const list = (this.options.environment['KUBECONFIG'] ?? '')
      .split(delimiter)
      .filter((path) => path !== '');
    if (list.length > 0) return [...new Set(list.map((path) => resolve(path)))];
    return [join(this.options.home ?? homedir(), '.kube', 'config')];
  }

  private async load(): Promise<void> {
    const shared = this.sharedPaths();
    const folders: string[] = [];
    const wanted = new Map<string, boolean>(shared.map((path) => [path, true]));
    for (const path of this.added) {
      const files = filesIn(path);
      if (files) folders.push(path);
      for (const file of files ?? [path]) if (!wanted.has(file)) wanted.set(file, false);
    }
    // Watched before reading: a change while we read calls us again.
    this.watch.set([...wanted.keys()], folders);
    const next = new Map<string, Held>();
    let changed = false;
    for (const [path, isShared] of wanted) {
      const held = this.held.get(path) ?? emptyHeld(path);
      held.shared = isShared;
      next.set(path, held);
      const { good } = held;
      await read(held);
      changed ||= held.good !== good;
    }
    if (this.options.scope.disposed) return;
    this.held = next;
    this.publish(
      changed,
      shared.length === 1 && this.options.environment['KUBECONFIG'] === undefined ? shared[0] : undefined,
    );
  }

  /**
   * `changed`: a file has new contents. A new token or plugin changes no summary, and yet hosts must hear
   * of it. `fallback`: the default file, which nobody named: its absence is no news.
   */
  private publish(changed: boolean, fallback: string | undefined): void {
    const inputs: MergeInput[] = [];
    const files: KubeconfigFile[] = [];
    for (const held of this.held.values()) {
      if (held.good) inputs.push({ file: held.good, shared: held.shared });
      if (held.state === 'missing' && held.path === fallback) continue;
      files.push({
        path: held.path,
        state: held.state,
        ...(held.error ? { error: held.error } : {}),
        ...(held.problems.length > 0 ? { problems: held.problems } : {}),
      });
    }
    this.merged = mergeKubeconfigs(inputs);
    const state: ContextsState = {
      contexts: this.merged.contexts.map(toSummary),
      files,
      current: this.merged.current,
    };
    if (!changed && JSON.stringify(state) === JSON.stringify(this.current)) return;
    this.current = state;
    for (const listener of [...this.listeners]) listener(state);
  }
}

function emptyHeld(path: string): Held {
  return {
    path,
    shared: false,
    mark: '?',
    good: undefined,
    state: 'missing',
    error: undefined,
    problems: [],
  };
}

async function read(held: Held): Promise<void> {
  const mark = markOf(held.path);
  if (mark === held.mark && mark !== '') return;
  held.mark = mark;
  const loaded = await loadKubeconfig(held.path);
  if (!loaded.ok) {
    held.error = loaded.error;
    held.problems = [];
    held.state = loaded.missing ? 'missing' : 'bad';
    // Gone is gone; unreadable may be for a moment only.
    if (loaded.missing) held.good = undefined;
    return;
  }
  const { file } = loaded;
  held.problems = file.problems.slice(0, MAX_PROBLEMS);
  if (held.good && (file.broken || file.text.trim() === '')) {
    held.state = 'bad';
    held.error = stillOld(held.path, file.problems[0]);
    return;
  }
  held.good = file;
  held.state = file.broken || isForeign(file) ? 'bad' : 'ok';
  held.error = summed(file.problems);
}

/** Parsed, but nothing of a kubeconfig in it. */
function isForeign(file: LoadedFile): boolean {
  return file.problems.length > 0 && file.contexts.size + file.clusters.size + file.users.size === 0;
}

function stillOld(path: string, problem: AppError | undefined): AppError {
  return {
    code: 'kubeconfig',
    message: problem?.message ?? `${path} is empty.`,
    hint: 'The contexts of its last good version stay until the file can be read again.',
  };
}

function summed(problems: readonly AppError[]): AppError | undefined {
  const [first] = problems;
  if (!first || problems.length === 1) return first;
  return { ...first, hint: `${problems.length - 1} more in this file.` };
}

/** Files of a folder, or undefined when the path is no folder. */
export function filesIn(path: string): string[] | undefined {
  try {
    if (!isAbsolute(path) || !statSync(path).isDirectory()) return undefined;
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => !entry.isDirectory() && looksRight(entry.name))
      .map((entry) => join(path, entry.name))
      .sort()
      .slice(0, MAX_FOLDER_FILES);
  } catch {
    return undefined;
  }
}

function looksRight(name: string): boolean {
  if (name.startsWith('.') || name.endsWith('~') || name.endsWith('.lock')) return false;
  return !name.includes('.') || /\.(ya?ml|conf|config|kubeconfig|json)$/i.test(name);
}
