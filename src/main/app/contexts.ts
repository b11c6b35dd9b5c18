/**
 * Every context the person can choose: those of the kubeconfigs and the demo cluster.
 * Guarantees: the demo is listed when it was started or when there is no context at all,
 * and then it is the current one; its process starts only when something connects to it.
 */
import type { ContextsState, ContextSummary, KubeconfigFile } from '#shared/contract/app';
import { fail } from '#shared/util/app-error';
import type { ContextPlace } from '../kubeconfig/source';
import type { ContextConfig } from '../kubeconfig/types';
import { DEMO_ID, type Demo } from './demo';
import { asSomebody, Views, type ViewIdentity } from './view-as';

/** The kubeconfigs, as src/main/kubeconfig/source.ts keeps them. */
export interface KubeconfigSource {
  readonly state: ContextsState;
  onChange(listener: () => void): () => void;
  resolve(contextId: string): ContextConfig | Promise<ContextConfig>;
  add(path: string): Promise<KubeconfigFile>;
  /** Reads an added file or folder no longer. */
  remove(path: string): Promise<void>;
  /** Reads what changed on disk, without waiting for the system to tell. */
  reload(): Promise<void>;
  /** Throws AppFailure when there is no such context. */
  place(contextId: string): ContextPlace;
}

export class Contexts {
  private readonly source: KubeconfigSource;
  private readonly demo: Demo;
  private readonly listeners = new Set<() => void>();
  private readonly views: Views;

  constructor(source: KubeconfigSource, demo: Demo) {
    this.source = source;
    this.demo = demo;
    const emit = (): void => {
      for (const listener of [...this.listeners]) listener();
    };
    this.views = new Views(emit);
    source.onChange(emit);
    demo.onChange(emit);
  }

  get state(): ContextsState {
    const { plain } = this;
    if (!this.views.any) return plain;
    return { ...plain, contexts: [...plain.contexts, ...this.views.summaries(plain.contexts)] };
  }

  private get plain(): ContextsState {
    const { contexts, files, current } = this.source.state;
    if (contexts.length > 0 && !this.demo.wanted) return this.source.state;
    return {
      contexts: [...contexts, this.demoSummary()],
      files,
      current: contexts.length === 0 ? DEMO_ID : current,
    };
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Throws AppFailure when there is no such context or it cannot be used. */
  async resolve(contextId: string): Promise<ContextConfig> {
    const view = this.views.get(contextId);
    if (view) return asSomebody(await this.resolve(view.of), contextId, view);
    return contextId === DEMO_ID ? this.demo.start() : this.source.resolve(contextId);
  }

  /** The context as somebody else; throws AppFailure when there is no such context. */
  async viewAs(contextId: string, identity: ViewIdentity): Promise<string> {
    const of = this.views.get(contextId)?.of ?? contextId;
    await this.resolve(of);
    return this.views.add(of, identity);
  }

  endView(contextId: string): void {
    this.views.remove(contextId);
  }

  add(path: string): Promise<KubeconfigFile> {
    return this.source.add(path);
  }

  remove(path: string): Promise<void> {
    return this.source.remove(path);
  }

  reload(): Promise<void> {
    return this.source.reload();
  }

  /** Where the entry stands; the demo has none. */
  place(contextId: string): ContextPlace {
    if (contextId === DEMO_ID) throw fail('unsupported', 'The demo cluster stands in no kubeconfig.');
    if (this.views.get(contextId))
      throw fail('unsupported', 'A view as somebody else stands in no kubeconfig.');
    return this.source.place(contextId);
  }

  private demoSummary(): ContextSummary {
    return {
      id: DEMO_ID,
      name: 'demo',
      cluster: 'demo',
      user: 'demo-admin',
      namespace: null,
      server: this.demo.server ?? 'https://127.0.0.1',
      file: 'demo',
      auth: ['token'],
      demo: true,
    };
  }
}
