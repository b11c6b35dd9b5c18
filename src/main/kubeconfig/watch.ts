/**
 * Says when one of a set of files may have changed.
 * Watches directories, not files, so that saves by rename, deletes and creations are seen;
 * for a symbolic link also the directory of what it leads to, so that swaps are. Where a
 * directory cannot be watched the files are looked at every 2 s, and all of them every 30 s
 * anyway (network homes tell nothing). Bursts become one call after 250 ms of quiet, at most
 * 1 s after the first. Says "may": the reader compares.
 */
import { watch, realpathSync, statSync, type FSWatcher } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Disposer, Scope } from '#shared/rpc/scope';

export interface WatchTimes {
  readonly quietMs: number;
  readonly latestMs: number;
  readonly pollMs: number;
  readonly slowPollMs: number;
}

const usual: WatchTimes = { quietMs: 250, latestMs: 1_000, pollMs: 2_000, slowPollMs: 30_000 };

export class FileWatch {
  private paths: readonly string[] = [];
  private readonly watchers = new Map<string, { watcher: FSWatcher; stop: Disposer }>();
  /** Base names of interest, by directory. */
  private names = new Map<string, Set<string>>();
  private seen = new Map<string, string>();
  private quiet: Disposer | undefined;
  private firstAt = 0;
  private sincePoll = 0;

  constructor(
    private readonly scope: Scope,
    private readonly onChange: () => void,
    private readonly times: WatchTimes = usual,
  ) {
    const poll = setInterval(() => this.poll(), times.pollMs);
    poll.unref();
    scope.add(() => clearInterval(poll));
  }

  /** Replaces the set; `everything` names directories whose every file matters. */
  set(paths: readonly string[], everything: readonly string[] = []): void {
    this.paths = [...paths, ...everything];
    const names = new Map<string, Set<string>>();
    const want = (path: string): void => {
      const directory = dirname(path);
      const known = names.get(directory) ?? new Set<string>();
      known.add(basename(path));
      names.set(directory, known);
    };
    for (const path of paths) {
      want(path);
      const real = realOf(path);
      if (real !== undefined && real !== path) {
        want(real);
        // Mounted volumes swap a link half-way (`..data`): any change beside the link counts.
        names.get(dirname(path))?.add('*');
      }
    }
    for (const directory of everything) names.set(directory, new Set(['*']));
    this.names = names;
    for (const [directory, held] of [...this.watchers])
      if (!names.has(directory)) {
        this.watchers.delete(directory);
        held.stop();
      }
    for (const directory of names.keys()) this.watchDirectory(directory);
    this.seen = new Map(this.paths.map((path) => [path, markOf(path)]));
  }

  private watchDirectory(directory: string): void {
    if (this.watchers.has(directory) || this.scope.disposed) return;
    let watcher: FSWatcher;
    try {
      watcher = watch(directory, { persistent: false });
    } catch {
      return; // Missing, forbidden, or no watches left: polling finds it.
    }
    const drop = (): void => {
      this.watchers.delete(directory);
      stop();
    };
    const stop = this.scope.add(() => watcher.close());
    this.watchers.set(directory, { watcher, stop });
    watcher.on('error', drop);
    watcher.on('change', (type, name) => {
      const wanted = this.names.get(directory);
      if (!wanted) return;
      // A removed directory reports its own name and then stays silent.
      if (type === 'rename' && markOf(directory) === '') drop();
      if (name === null || wanted.has('*') || wanted.has(String(name))) this.stir();
    });
  }

  private poll(): void {
    this.sincePoll += this.times.pollMs;
    const all = this.sincePoll >= this.times.slowPollMs;
    if (all) this.sincePoll = 0;
    let changed = false;
    for (const path of this.paths) {
      if (!all && this.watchers.has(dirname(path))) continue;
      const mark = markOf(path);
      if (this.seen.get(path) === mark) continue;
      this.seen.set(path, mark);
      changed = true;
    }
    if (changed) this.stir();
  }

  private stir(): void {
    const now = Date.now();
    if (this.quiet) this.quiet();
    else this.firstAt = now;
    const left = Math.max(0, this.firstAt + this.times.latestMs - now);
    this.quiet = this.scope.timeout(
      () => {
        this.quiet = undefined;
        this.onChange();
      },
      Math.min(this.times.quietMs, left),
    );
  }
}

function realOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

/** Changes whenever the file's content may have; empty when there is none. */
export function markOf(path: string): string {
  try {
    const found = statSync(path);
    return `${found.dev}:${found.ino}:${found.size}:${found.mtimeMs}:${found.ctimeMs}`;
  } catch {
    return '';
  }
}
