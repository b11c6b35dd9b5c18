/**
 * Opens the kubeconfigs with what settings and environment say about them.
 * Guarantees: a slow login shell holds the first list back for a second at most; when it
 * names another KUBECONFIG later, the list changes to that one by itself.
 */
import type { ContextsState, KubeconfigFile } from '#shared/contract/app';
import type { Scope } from '#shared/rpc/scope';
import { Kubeconfigs, type ContextPlace } from '../kubeconfig/source';
import type { ContextConfig } from '../kubeconfig/types';
import type { KubeconfigSource } from './contexts';
import type { Environment } from './shell-env';

export interface KubeconfigOptions {
  readonly scope: Scope;
  /** Files and folders the person added. */
  readonly added: () => readonly string[];
  /** Ours, until the shell has answered. */
  readonly own: Environment;
  readonly environment: Promise<Environment>;
  readonly waitMs?: number;
  /** Home folder; the tests have their own. */
  readonly home?: string;
}

const WAIT_MS = 1_000;

export async function openKubeconfigs(options: KubeconfigOptions): Promise<KubeconfigSource> {
  const { scope, own, environment, waitMs = WAIT_MS } = options;
  const first = await Promise.race([environment, pause(scope, waitMs)]);
  const source = new SwitchingSource(options, first ?? own);
  await source.start();
  if (!first) {
    void environment.then(async (env) => {
      if (env['KUBECONFIG'] !== own['KUBECONFIG'] && !scope.disposed) await source.switchTo(env);
    });
  }
  return source;
}

function pause(scope: Scope, ms: number): Promise<undefined> {
  return new Promise((done) => {
    const waiting = scope.child('wait-for-shell');
    waiting.add(() => done(undefined));
    waiting.timeout(() => waiting.dispose(), ms);
  });
}

class SwitchingSource implements KubeconfigSource {
  private readonly options: KubeconfigOptions;
  private scope: Scope;
  private files: Kubeconfigs;
  private readonly listeners = new Set<() => void>();

  constructor(options: KubeconfigOptions, environment: Environment) {
    this.options = options;
    this.scope = options.scope.child('kubeconfigs');
    this.files = this.open(environment);
  }

  get state(): ContextsState {
    return this.files.state;
  }

  async start(): Promise<void> {
    await this.files.start();
    this.files.onChange(this.emit);
  }

  /** The old list stands until the new one is read. */
  async switchTo(environment: Environment): Promise<void> {
    const before = this.scope;
    this.scope = this.options.scope.child('kubeconfigs');
    const next = this.open(environment);
    await next.start();
    this.files = next;
    before.dispose();
    next.onChange(this.emit);
    this.emit();
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  resolve(contextId: string): ContextConfig {
    return this.files.resolve(contextId);
  }

  add(path: string): Promise<KubeconfigFile> {
    return this.files.add(path);
  }

  remove(path: string): Promise<void> {
    return this.files.remove(path);
  }

  reload(): Promise<void> {
    return this.files.reload();
  }

  place(contextId: string): ContextPlace {
    return this.files.place(contextId);
  }

  private open(environment: Environment): Kubeconfigs {
    const { home } = this.options;
    return new Kubeconfigs({
      scope: this.scope,
      environment,
      added: this.options.added(),
      ...(home === undefined ? {} : { home }),
    });
  }

  private readonly emit = (): void => {
    for (const listener of [...this.listeners]) listener();
  };
}
