/**
 * Which Prometheus is asked: searched when somebody first needs it, chosen once (the person's
 * choice wins over the search), several kept. Forgets typed-in secrets with the scope.
 */
import type { MetricsSource, SourceState, UrlSource } from '#shared/contract/metrics';
import { fail } from '#shared/util/app-error';
import type { Scope } from '#shared/rpc/scope';
import type { Api } from '../../k8s/api';
import { detect } from './detect';
import { discover, probe } from './discover';
import { PromClient } from './prom-client';
import { parseUrl, proxyReach, urlReach } from './reach';

interface Known {
  readonly source: MetricsSource;
  readonly client: PromClient;
  readonly scope: Scope;
}

export interface SourceDeps {
  readonly api: Api;
  readonly environment: Readonly<Record<string, string>>;
  readonly scope: Scope;
}

export class Sources {
  state: SourceState = { phase: 'searching', steps: [], sources: [] };
  private readonly known = new Map<string, Known>();
  private readonly listeners = new Set<() => void>();
  private searching: Promise<void> | undefined;
  private searched = false;

  constructor(private readonly deps: SourceDeps) {}

  follow(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Searches unless that was done; shared by all who ask meanwhile. */
  ready(namespaces: readonly string[] = []): Promise<void> {
    if (this.searched) return Promise.resolve();
    this.searching ??= this.search(namespaces).finally(() => {
      this.searching = undefined;
    });
    return this.searching;
  }

  /** Searches anew; a typed-in URL stays chosen. */
  again(namespaces: readonly string[]): Promise<void> {
    if (!this.searching) this.searched = false;
    return this.ready(namespaces);
  }

  /** The client of the chosen source; AppFailure `not-found` where there is none. */
  async client(): Promise<PromClient> {
    await this.ready();
    const chosen = this.state.chosen && this.known.get(this.state.chosen.id);
    if (!chosen)
      throw fail('not-found', 'No Prometheus was found in this cluster.', {
        hint: 'The search and its steps are shown under "Metrics source"; a URL can be given there.',
      });
    return chosen.client;
  }

  async choose(id: string): Promise<void> {
    const known = this.known.get(id);
    if (!known) throw fail('not-found', 'This source is no longer known. Search again.');
    await this.take(known);
  }

  async connect(given: UrlSource, signal: AbortSignal): Promise<MetricsSource> {
    const url = parseUrl(given.url);
    const id = `url:${url.origin}${url.pathname}`;
    const scope = this.deps.scope.child('metrics url');
    try {
      const reach = urlReach(given, this.deps.environment, scope);
      const { version, flavour } = await probe(reach, signal, 'unknown');
      const title = `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
      const source: MetricsSource = { id, type: 'url', title, flavour, version, why: 'given by you' };
      this.known.get(id)?.scope.dispose();
      const known = { source, client: new PromClient(reach), scope };
      this.known.set(id, known);
      this.searched = true;
      await this.take(known);
      return source;
    } catch (thrown) {
      scope.dispose();
      throw thrown;
    }
  }

  private async search(namespaces: readonly string[]): Promise<void> {
    const { api, scope } = this.deps;
    const kept = [...this.known.values()].filter((one) => one.source.type === 'url');
    const chosenUrl = kept.find((one) => one.source.id === this.state.chosen?.id);
    const { chosen: _before, schema: _schema, ...rest } = this.state;
    this.set({ ...(chosenUrl ? this.state : rest), phase: chosenUrl ? 'ready' : 'searching', steps: [] });
    const result = await discover(api, namespaces, scope, (steps) => this.set({ ...this.state, steps }));
    for (const one of this.known.values()) if (one.source.type === 'service') one.scope.dispose();
    this.known.clear();
    for (const one of kept) this.known.set(one.source.id, one);
    for (const { source, place } of result.found) {
      const reach = proxyReach(api, place);
      this.known.set(source.id, {
        source,
        client: new PromClient(reach),
        scope: scope.child('metrics source'),
      });
    }
    this.searched = true;
    const { steps, took } = result;
    const first = chosenUrl ?? (result.found[0] && this.known.get(result.found[0].source.id));
    if (first) await this.take(first, { steps, took });
    else this.set({ phase: 'none', steps, sources: this.sources(), took });
  }

  private async take(known: Known, more: Partial<SourceState> = {}): Promise<void> {
    const { schema, clockSkew } = await detect(known.client, this.deps.scope.signal);
    const { steps, took } = { ...this.state, ...more };
    this.set({
      phase: 'ready',
      steps,
      sources: this.sources(),
      chosen: known.source,
      schema,
      ...(clockSkew === undefined ? {} : { clockSkew }),
      ...(took === undefined ? {} : { took }),
    });
  }

  private sources(): readonly MetricsSource[] {
    return [...this.known.values()].map((one) => one.source);
  }

  private set(state: SourceState): void {
    this.state = state;
    for (const listener of [...this.listeners]) listener();
  }
}
