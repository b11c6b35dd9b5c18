/**
 * The graph of some namespaces of a cluster, kept right by list-watches of the kinds that open maps
 * need. Guarantees: an object that changes changes only its own edges; a graph that is far from whole
 * is loaded at once instead of object by object; kinds are added, never dropped, while it lives.
 * What may not be read is told by kind and does not stop the rest.
 */
import type { KindInfo } from '#shared/contract/cluster';
import { LiveGraph } from '#shared/domain/topology/map/live-graph';
import type { MapFacts } from '#shared/domain/topology/map/types';
import { RelationGraph } from '#shared/domain/topology/relation-graph';
import type { KubeObject } from '#shared/kinds/define';
import { kindById } from '#shared/kinds/registry';
import type { Scope } from '#shared/rpc/scope';
import { isCancelled, toAppError, type AppError } from '#shared/util/app-error';
import { systemClock } from '../../engine/clock';
import type { Gate } from '../../engine/gate';
import { startReflector } from '../../engine/reflector';
import type { Reflector } from '../../engine/reflector-types';
import { sourceOf } from '../../engine/source';
import type { Api } from '../../k8s/api';
import { ObjectHealth } from './health';
import { maskOf } from './masks';

export interface WorkspaceDeps {
  readonly api: Api;
  readonly gate: Gate;
  kind(group: string, kind: string): KindInfo | undefined;
  /** Lists to read a kind by: null for one of the whole cluster, else one per namespace. */
  scopeOf(
    kind: KindInfo,
    namespaces: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly string[] | null>;
}

/** So many changes at once are a load rather than changes. */
const RELOAD_SHARE = 4;
const RELOAD_LEAST = 500;

type FeedState = 'reading' | 'read' | 'denied' | 'failed';

interface Feed {
  readonly kind: KindInfo;
  readonly objects: Map<string, KubeObject>;
  state: FeedState;
  stale: boolean;
  error: AppError | undefined;
}

export class Workspace {
  readonly live: LiveGraph;
  readonly facts: MapFacts;
  readonly namespaces: readonly string[];
  private readonly deps: WorkspaceDeps;
  private readonly scope: Scope;
  private readonly feeds = new Map<string, Feed>();
  private readonly asked = new Set<string>();
  private readonly reflectors = new Set<Reflector>();
  private readonly listeners = new Set<() => void>();
  private readonly health = new ObjectHealth();
  /** Changes not yet in the graph: object, or its uid when it is gone. */
  private waiting = new Map<string, KubeObject | null>();
  private objects = 0;
  private suspended = false;

  constructor(deps: WorkspaceDeps, namespaces: readonly string[], scope: Scope) {
    this.deps = deps;
    this.namespaces = namespaces;
    this.scope = scope;
    this.live = new LiveGraph(() => this.newGraph());
    this.facts = {
      tag: (group, kind) => this.deps.kind(group, kind)?.tag ?? kind.toLowerCase().slice(0, 8),
      health: (node) => this.health.of(node),
      badge: (node) => this.health.badge(node),
      known: (group, kind, namespace) => this.known(group, kind, namespace),
    };
  }

  private newGraph(): RelationGraph {
    return new RelationGraph({
      clusterScoped: (group, kind) => {
        const known = this.deps.kind(group, kind);
        return known && !known.namespaced;
      },
    });
  }

  /** Hears of every change, often; unsubscribed by the returned function. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  need(kinds: readonly KindInfo[]): void {
    for (const kind of kinds) {
      if (this.asked.has(kind.id)) continue;
      this.asked.add(kind.id);
      void this.start(kind);
    }
  }

  /** Brings the graph up to what has arrived. */
  settle(): void {
    const { waiting } = this;
    if (waiting.size === 0) return;
    this.waiting = new Map();
    if (waiting.size > RELOAD_LEAST && waiting.size * RELOAD_SHARE > this.objects) {
      const all: KubeObject[] = [];
      for (const feed of this.feeds.values()) for (const object of feed.objects.values()) all.push(object);
      this.live.load(all);
      this.objects = all.length;
      return;
    }
    for (const [uid, object] of waiting) {
      if (object) this.live.upsert(uid, object);
      else this.live.remove(uid);
    }
    this.objects = this.loaded;
  }

  get loaded(): number {
    let sum = 0;
    for (const feed of this.feeds.values()) sum += feed.objects.size;
    return sum;
  }

  get phase(): 'reading' | 'live' | 'stale' {
    let stale = false;
    for (const feed of this.feeds.values()) {
      if (feed.state === 'reading') return 'reading';
      stale ||= feed.stale;
    }
    return stale || this.feeds.size === 0 ? (this.feeds.size === 0 ? 'reading' : 'stale') : 'live';
  }

  /** Why it is stale, or why a kind could not be read at all. */
  get error(): AppError | undefined {
    for (const feed of this.feeds.values()) if (feed.stale || feed.state === 'failed') return feed.error;
    return undefined;
  }

  /** Titles of kinds that may not be read. */
  get denied(): string[] {
    return [
      ...new Set(
        [...this.feeds.values()].flatMap((feed) => (feed.state === 'denied' ? feed.kind.title : [])),
      ),
    ];
  }

  suspend(): void {
    this.suspended = true;
    for (const reflector of this.reflectors) reflector.suspend();
  }

  resume(): void {
    this.suspended = false;
    for (const reflector of this.reflectors) reflector.resume();
  }

  private known(group: string, kind: string, namespace: string): 'read' | 'denied' | 'unread' {
    const info = this.deps.kind(group, kind);
    // Not served at all: what points to it points to nothing.
    if (!info) return 'read';
    let found: 'read' | 'denied' | 'unread' = 'unread';
    const whole = this.feeds.get(`${info.id} *`);
    const part = this.feeds.get(`${info.id} ${namespace}`);
    for (const feed of [whole, part]) {
      if (feed?.state === 'read') return 'read';
      if (feed?.state === 'denied') found = 'denied';
    }
    return found;
  }

  private async start(kind: KindInfo): Promise<void> {
    const { signal } = this.scope;
    const pending = this.feed(kind, 'pending');
    try {
      const parts = await this.deps.scopeOf(kind, this.namespaces, signal);
      this.feeds.delete(`${kind.id} pending`);
      for (const part of parts ?? [undefined]) this.follow(kind, part);
    } catch (thrown) {
      if (isCancelled(thrown)) return;
      this.turn(pending, 'failed');
      pending.error = toAppError(thrown);
    }
    this.tell();
  }

  private feed(kind: KindInfo, part: string): Feed {
    const feed: Feed = { kind, objects: new Map(), state: 'reading', stale: false, error: undefined };
    this.feeds.set(`${kind.id} ${part}`, feed);
    return feed;
  }

  private follow(kind: KindInfo, namespace: string | undefined): void {
    const feed = this.feed(kind, namespace ?? '*');
    const { objects } = feed;
    const own = kindById.get(kind.id);
    const descriptor = own?.versions.includes(kind.version) ? own : undefined;
    const apiVersion = kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
    const put = (object: KubeObject): void => {
      const { uid } = object.metadata;
      // Items of a list do not say what they are.
      const typed = Object.assign(object, { apiVersion, kind: kind.kind });
      objects.set(uid, typed);
      this.waiting.set(uid, typed);
    };
    const drop = (uid: string): void => {
      if (objects.delete(uid)) this.waiting.set(uid, null);
    };
    const mask = maskOf(kind, descriptor);
    const { path } = sourceOf(kind, { mask } as never, namespace);
    const reflector = startReflector(
      {
        api: this.deps.api,
        gate: this.deps.gate,
        clock: systemClock,
        source: { path, mask, table: false },
        watchable: kind.verbs.includes('watch'),
        sink: {
          beginReplace: () => {
            let seen = new Set<string>();
            return {
              add: (object) => {
                seen.add(object.metadata.uid);
                put(object);
              },
              restart: () => (seen = new Set()),
              commit: () => {
                for (const uid of [...objects.keys()]) if (!seen.has(uid)) drop(uid);
                this.turn(feed, 'read');
              },
            };
          },
          upsert: put,
          remove: drop,
          flush: () => this.tell(),
          skipped: () => undefined,
          state: (state) => {
            feed.error = 'error' in state ? state.error : undefined;
            feed.stale = state.phase === 'stale';
            if (state.phase === 'denied') this.turn(feed, 'denied');
            else if (state.phase === 'failed' || state.phase === 'gone') this.turn(feed, 'failed');
            if (state.phase === 'denied' || state.phase === 'gone')
              for (const uid of [...objects.keys()]) drop(uid);
            this.tell();
          },
        },
      },
      this.scope,
    );
    this.reflectors.add(reflector);
    if (this.suspended) reflector.suspend();
  }

  /** What is missing and what is only not known depends on it. */
  private turn(feed: Feed, state: FeedState): void {
    if (feed.state === state) return;
    feed.state = state;
    this.live.remake();
  }

  private tell(): void {
    for (const listener of [...this.listeners]) listener();
  }
}
