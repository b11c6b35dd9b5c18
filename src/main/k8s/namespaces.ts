/**
 * The namespaces of one cluster while somebody listens: watched where they may be listed,
 * else those that are known of: the context's own, those remembered, OpenShift's projects.
 * A denied list is asked again after 5 minutes only (fault 12); names survive interruptions.
 */
import type { NamespacesState } from '#shared/contract/cluster';
import { toAppError, type AppError } from '#shared/util/app-error';
import type { Scope } from '#shared/rpc/scope';
import type { Api } from './api';
import { Observed } from './observed';
import { watchFew, type FewState } from './watch-few';

export interface NamespacesOptions {
  readonly api: Api;
  readonly scope: Scope;
  /** Namespace of the context. */
  readonly own: string;
  /** Names from settings and earlier visits. */
  readonly remembered?: readonly string[];
}

const PROJECTS = '/apis/project.openshift.io/v1/projects';

export class Namespaces {
  private readonly observed: Observed<NamespacesState>;
  private work: Scope | undefined;
  private projects: readonly string[] = [];
  private remembered: ReadonlySet<string>;

  constructor(private readonly options: NamespacesOptions) {
    this.remembered = new Set(options.remembered);
    this.observed = new Observed<NamespacesState>({ names: this.known(), source: 'known' }, (watched) =>
      this.watch(watched),
    );
  }

  get state(): NamespacesState {
    return this.observed.state;
  }

  observe(listener: () => void, scope: Scope): void {
    this.observed.observe(listener, scope);
  }

  /** A namespace the user typed or chose elsewhere. */
  remember(names: readonly string[]): void {
    this.remembered = new Set([...this.remembered, ...names]);
    const { source, error } = this.state;
    if (source === 'known') this.observed.set({ names: this.known(), source, ...(error ? { error } : {}) });
  }

  /** Asks again now, e.g. after a reconnect or changed rights. */
  refresh(): void {
    if (!this.observed.watched) return;
    this.watch(false);
    this.watch(true);
  }

  private watch(watched: boolean): void {
    this.work?.dispose();
    this.work = undefined;
    if (!watched || this.options.scope.disposed) return;
    const work = this.options.scope.child('namespaces');
    this.work = work;
    watchFew({
      api: this.options.api,
      path: '/api/v1/namespaces',
      query: {},
      scope: work,
      pollMs: 15_000,
      onChange: (state) => this.take(state, work),
    });
  }

  private take(state: FewState, work: Scope): void {
    if (state.phase === 'denied') {
      this.deny(state.error);
      void this.findProjects(work, state.error);
      return;
    }
    if (state.items.size > 0) {
      const names: string[] = [];
      for (const item of state.items.values())
        if (item.metadata?.name !== undefined) names.push(item.metadata.name);
      this.observed.set({
        names: names.sort(),
        source: 'list',
        ...(state.error ? { error: state.error } : {}),
      });
    } else if (state.error) {
      const { names, source } = this.state;
      this.observed.set({ names, source, error: state.error });
    }
  }

  private deny(error: AppError | undefined): void {
    this.observed.set({ names: this.known(), source: 'known', ...(error ? { error } : {}) });
  }

  private async findProjects(work: Scope, denied: AppError | undefined): Promise<void> {
    try {
      const answer = await this.options.api.json<{ items?: { metadata?: { name?: string } }[] | null }>(
        { path: PROJECTS },
        work.signal,
      );
      this.projects = (answer.items ?? []).flatMap((one) =>
        one.metadata?.name === undefined ? [] : [one.metadata.name],
      );
      this.deny(denied);
    } catch (thrown) {
      // Not OpenShift, or not allowed: what is known stays.
      void toAppError(thrown);
    }
  }

  private known(): string[] {
    return [...new Set([this.options.own, ...this.remembered, ...this.projects])].sort();
  }
}
