/**
 * Which Prometheus is asked: searched when somebody first needs it, chosen once (the person's
 * choice wins over the search), several kept. URLs that were given before are tried again beside the
 * search; who keeps them and their secrets is told of each change, and nobody else.
 */
import type { KeptUrlState, MetricsSource, SourceState, UrlSource } from '#shared/contract/metrics';
import {
  openPart,
  urlSourceId,
  type KeptSources,
  type KeptUrl,
  type SourceChange,
} from '#shared/domain/prom/kept';
import { fail, toAppError, type AppError } from '#shared/util/app-error';
import type { Scope } from '#shared/rpc/scope';
import type { Api } from '../../k8s/api';
import { detect } from './detect';
import { discover, LIMIT, probe } from './discover';
import { PromClient } from './prom-client';
import { parseUrl, plainUrl, proxyReach, urlReach } from './reach';

interface Known {
  readonly source: MetricsSource;
  readonly client: PromClient;
  readonly scope: Scope;
}

interface Kept extends KeptUrl {
  readonly error?: AppError;
}

export interface SourceDeps {
  readonly api: Api;
  readonly environment: Readonly<Record<string, string>>;
  readonly scope: Scope;
  readonly kept?: KeptSources | undefined;
  readonly onKept?: ((change: SourceChange) => void) | undefined;
}

export class Sources {
  state: SourceState = { phase: 'searching', steps: [], sources: [] };
  private readonly known = new Map<string, Known>();
  private readonly kept = new Map<string, Kept>();
  /** What the person chose, also while it does not answer. */
  private wanted: string | undefined;
  private readonly listeners = new Set<() => void>();
  private searching: Promise<void> | undefined;
  private searched = false;

  constructor(private readonly deps: SourceDeps) {
    for (const one of deps.kept?.urls ?? []) this.kept.set(urlSourceId(one.source.url), one);
    this.wanted = deps.kept?.chosen;
  }

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
    if (this.state.phase !== 'ready') await this.ready();
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
    this.want(id);
    await this.take(known);
  }

  /** AppFailure where it does not answer as Prometheus; then nothing changed. */
  async connect(
    given: UrlSource & { readonly again?: boolean | undefined },
    signal: AbortSignal,
  ): Promise<MetricsSource> {
    const { again, ...fields } = given;
    const url = plainUrl(parseUrl(given.url));
    const id = urlSourceId(url);
    // Only of the very same URL: a secret goes nowhere else.
    const before = again === true ? this.kept.get(id)?.source : undefined;
    const source: UrlSource = { ...before, ...defined(fields), url };
    const headers = { ...before?.headers, ...fields.headers };
    if (Object.keys(headers).length > 0) source.headers = headers;
    const known = await this.open(source, signal);
    this.kept.set(id, { source, missing: [], headerNames: [] });
    this.deps.onKept?.({ type: 'keep', source });
    this.want(id);
    this.searched = true;
    await this.take(known);
    return known.source;
  }

  /** Forgets a kept URL and what it holds; another source is taken where there is one. */
  async forget(id: string): Promise<void> {
    const kept = this.kept.get(id);
    if (!kept) return;
    this.kept.delete(id);
    this.known.get(id)?.scope.dispose();
    this.known.delete(id);
    this.deps.onKept?.({ type: 'forget', url: kept.source.url });
    if (this.wanted === id) this.want(undefined);
    const [next] = this.known.values();
    if (this.state.chosen?.id !== id) this.set({ ...this.state, sources: this.sources() });
    else if (next) await this.take(next);
    else {
      const { chosen: _chosen, schema: _schema, clockSkew: _skew, ...rest } = this.state;
      this.set({ ...rest, phase: 'none', sources: [] });
    }
  }

  private want(id: string | undefined): void {
    this.wanted = id;
    this.deps.onKept?.({ type: 'choose', id: id ?? null });
  }

  private async search(namespaces: readonly string[]): Promise<void> {
    const { api, scope } = this.deps;
    const held = this.chosenUrl();
    const { chosen: _before, schema: _schema, ...rest } = this.state;
    this.set({ ...(held ? this.state : rest), phase: held ? 'ready' : 'searching', steps: [] });
    const [result, restored] = await Promise.all([
      discover(api, namespaces, scope, (steps) => this.set({ ...this.state, steps })),
      this.restore(),
    ]);
    for (const [id, one] of [...this.known]) {
      if (one.source.type !== 'service') continue;
      one.scope.dispose();
      this.known.delete(id);
    }
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
    const [found] = result.found;
    const wanted = this.wanted === undefined ? undefined : this.known.get(this.wanted);
    const [any] = this.known.values();
    const first = wanted ?? this.chosenUrl() ?? (found && this.known.get(found.source.id)) ?? any;
    if (first && first.source.id === restored)
      this.set({ ...this.state, steps, took, sources: this.sources() });
    else if (first) await this.take(first, { steps, took });
    else this.set({ phase: 'none', steps, sources: [], took });
  }

  /** Tries what was given before and is whole; the wanted one is taken as soon as it answers. Its id then. */
  private async restore(): Promise<string | undefined> {
    const limited = this.deps.scope.child('kept urls');
    limited.timeout(limited.dispose, LIMIT);
    let taken: string | undefined;
    await Promise.all(
      [...this.kept].map(async ([id, { source, missing, headerNames }]) => {
        if (this.known.has(id) || missing.length > 0) return;
        try {
          const known = await this.open(source, limited.signal);
          this.kept.set(id, { source, missing, headerNames });
          if (id !== this.wanted || this.state.chosen) return;
          await this.take(known);
          taken = id;
        } catch (thrown) {
          const late = limited.signal.aborted;
          const error = late
            ? fail('timeout', `It did not answer within ${LIMIT / 1000} s.`).error
            : toAppError(thrown);
          if (this.kept.has(id)) this.kept.set(id, { source, missing, headerNames, error });
        }
      }),
    );
    limited.dispose();
    return taken;
  }

  /** Known from here on, in place of an older one of the same URL. */
  private async open(given: UrlSource, signal: AbortSignal): Promise<Known> {
    const title = given.url;
    const id = urlSourceId(title);
    const scope = this.deps.scope.child('metrics url');
    try {
      const reach = urlReach(given, this.deps.environment, scope);
      const { version, flavour } = await probe(reach, signal, 'unknown');
      const source: MetricsSource = { id, type: 'url', title, flavour, version, why: 'given by you' };
      const known = { source, client: new PromClient(reach), scope };
      this.known.get(id)?.scope.dispose();
      this.known.set(id, known);
      return known;
    } catch (thrown) {
      scope.dispose();
      throw thrown;
    }
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

  private chosenUrl(): Known | undefined {
    const known = this.state.chosen && this.known.get(this.state.chosen.id);
    return known?.source.type === 'url' ? known : undefined;
  }

  private sources(): readonly MetricsSource[] {
    return [...this.known.values()].map((one) => one.source);
  }

  private set(state: SourceState): void {
    const kept = [...this.kept].map(([id, one]) => shown(id, one));
    this.state = { ...state, kept, keyStore: this.deps.kept?.keyStore === true };
    for (const listener of [...this.listeners]) listener();
  }
}

/** What the page may know of a kept URL. */
function shown(id: string, { source, missing, headerNames, error }: Kept): KeptUrlState {
  const open = openPart(source);
  const { url, username, headers, ca, certificate } = open.source;
  const tenant = headers && Object.values(headers)[0];
  return {
    id,
    url,
    ...(username === undefined ? {} : { username }),
    ...(tenant === undefined ? {} : { tenant }),
    headerNames: headerNames.length > 0 ? headerNames : open.headerNames,
    hasCa: ca !== undefined,
    hasCertificate: certificate !== undefined,
    missing,
    ...(error ? { error } : {}),
  };
}

function defined(source: UrlSource): UrlSource {
  return Object.fromEntries(
    Object.entries(source).filter(([, value]) => value !== undefined && value !== ''),
  ) as UrlSource;
}
