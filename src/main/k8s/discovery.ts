/**
 * The kinds of one cluster, live: what the server serves, named and placed by our descriptors
 * where we have them. Read at the first question, then by `refresh()` and, while somebody listens, when
 * a CRD or an APIService changes (fault 17), and every minute. Who may not watch those is served by
 * asking every 8 s (two answers "not modified" when nothing changed).
 * Kinds that cannot be listed and second names of the same objects are left out.
 */
import type { KindInfo, KindsState } from '#shared/contract/cluster';
import { kindId, type KindId } from '#shared/kinds/define';
import { genericKind } from '#shared/kinds/generic';
import { kindById } from '#shared/kinds/registry';
import { compareKinds, lastOrder, sections } from '#shared/kinds/sections';
import { isCancelled, toAppError, type AppError } from '#shared/util/app-error';
import type { Scope } from '#shared/rpc/scope';
import type { Api } from './api';
import { changeBell } from './change-bell';
import { DiscoveryReader, type Served, type ServedResource } from './discovery-read';
import { Observed } from './observed';

/** Nothing rings: a new kind is to appear within 10 s all the same. */
const POLL_MS = 8_000;
/** Changes ring: this is for what rings nothing. */
const SELDOM_MS = 60_000;
/** While a group does not answer (fault 14). */
const FAILED_MS = 20_000;
/** After a change, as the server serves a new kind some moments after its CRD is there. */
const AFTER_MS = [250, 1_000, 3_000, 6_000] as const;

const bells = [
  '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
  '/apis/apiregistration.k8s.io/v1/apiservices',
] as const;

/** Kinds that show the objects of another one, where both are served. */
const secondNames: ReadonlyMap<KindId, KindId> = new Map([
  ['events.events.k8s.io', 'events'],
  ['ingresses.extensions', 'ingresses.networking.k8s.io'],
  ['networkpolicies.extensions', 'networkpolicies.networking.k8s.io'],
  ['deployments.extensions', 'deployments.apps'],
  ['daemonsets.extensions', 'daemonsets.apps'],
  ['replicasets.extensions', 'replicasets.apps'],
]);

export class Discovery {
  readonly observed: Observed<KindsState>;
  /** Why the last read failed; the state keeps what was known. */
  error: AppError | undefined;
  private readonly reader: DiscoveryReader;
  private byId: ReadonlyMap<KindId, KindInfo> = new Map();
  private reading: Promise<void> | undefined;
  private lastServed: Served | undefined;
  private listening: Scope | undefined;
  private stopPoll: (() => void) | undefined;
  private stopAfter: (() => void) | undefined;
  private deaf = false;
  private hasRead = false;

  constructor(
    private readonly api: Api,
    private readonly scope: Scope,
  ) {
    this.reader = new DiscoveryReader(api);
    this.observed = new Observed<KindsState>({ kinds: [], failedGroups: [] }, (watched) =>
      this.listen(watched),
    );
  }

  get state(): KindsState {
    return this.observed.state;
  }

  observe(listener: () => void, scope: Scope): void {
    this.observed.observe(listener, scope);
  }

  kind(id: KindId): KindInfo | undefined {
    return this.byId.get(id);
  }

  /**
   * What every Kubernetes serves, before anybody has asked this one: kinds of core v1 that we know. Their
   * lists need not wait for two round trips; a server that has none of them answers 404, as it would later.
   */
  assumed(id: KindId): KindInfo | undefined {
    const own = this.hasRead ? undefined : kindById.get(id);
    if (own?.group !== '' || !own.versions.includes('v1')) return undefined;
    const { group, resource, kind, namespaced } = own;
    const named = { group, resource, kind, namespaced, singular: '', shortNames: [] };
    return infoOf({ ...named, versions: ['v1'], verbs: ['get', 'list', 'watch'] });
  }

  /** Resolves once kinds were read; AppFailure when they cannot be. */
  async ready(signal: AbortSignal): Promise<KindsState> {
    if (!this.hasRead) await this.read(signal);
    return this.state;
  }

  /** Asks again now, e.g. after a CRD or APIService changed; failures only set `error`. */
  async refresh(): Promise<void> {
    try {
      await this.read(this.scope.signal);
    } catch (thrown) {
      if (!isCancelled(thrown)) this.error = toAppError(thrown);
    }
  }

  private read(signal: AbortSignal): Promise<void> {
    // One read serves all who ask; it ends with the cluster, not with one of them.
    this.reading ??= this.readNow().finally(() => {
      this.reading = undefined;
    });
    const { reading } = this;
    if (signal === this.scope.signal) return reading;
    return new Promise((resolve, reject) => {
      const onAbort = (): void => reject(Object.assign(new Error('Cancelled.'), { name: 'AbortError' }));
      if (signal.aborted) return onAbort();
      signal.addEventListener('abort', onAbort, { once: true });
      reading.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
    });
  }

  private async readNow(): Promise<void> {
    const served = await this.reader.read(this.scope.signal);
    this.error = undefined;
    this.hasRead = true;
    if (served === this.lastServed) return;
    this.lastServed = served;
    const kinds = kindsOf(served);
    this.byId = new Map(kinds.map((kind) => [kind.id, kind]));
    this.observed.set({ kinds, failedGroups: served.failed });
  }

  private listen(watched: boolean): void {
    this.listening?.dispose();
    this.listening = undefined;
    this.stopPoll = undefined;
    if (!watched || this.scope.disposed) return;
    const scope = this.scope.child('discovery');
    this.listening = scope;
    // The pause until the next question depends on what was found.
    if (!this.hasRead) void this.refresh().then(() => this.poll(scope));
    for (const path of bells)
      changeBell({
        api: this.api,
        path,
        scope,
        onRing: () => this.readSoon(scope),
        onDenied: () => {
          this.deaf = true;
          this.poll(scope);
        },
      });
    this.poll(scope);
  }

  /** Several times, until something new was seen: one change has several parts. */
  private readSoon(scope: Scope): void {
    this.stopAfter?.();
    const before = this.lastServed;
    const next = (at: number): void => {
      const wait = AFTER_MS[at];
      if (wait === undefined) return;
      this.stopAfter = scope.timeout(() => {
        void this.refresh().then(() => {
          if (this.lastServed === before && !scope.disposed) next(at + 1);
        });
      }, wait);
    };
    next(0);
  }

  private poll(scope: Scope): void {
    this.stopPoll?.();
    if (scope.disposed) return;
    this.stopPoll = scope.timeout(
      () => {
        void this.refresh().then(() => {
          if (!scope.disposed) this.poll(scope);
        });
      },
      this.deaf ? POLL_MS : this.state.failedGroups.length > 0 ? FAILED_MS : SELDOM_MS,
    );
  }
}

/** Sorted as the navigation shows them. */
export function kindsOf(served: Served): KindInfo[] {
  const kinds = new Map<KindId, KindInfo>();
  for (const one of served.resources.values()) {
    if (!one.verbs.includes('list')) continue;
    const kind = infoOf(one);
    kinds.set(kind.id, kind);
  }
  for (const [second, first] of secondNames) if (kinds.has(first)) kinds.delete(second);
  return [...kinds.values()].sort((a, b) =>
    a.section === b.section ? compareKinds(a, b) : place(a.section) - place(b.section),
  );
}

const places = new Map(sections.map((one, index) => [one.id, index]));

function place(section: KindInfo['section']): number {
  return places.get(section) ?? places.size;
}

function infoOf(one: ServedResource): KindInfo {
  const id = kindId(one.group, one.resource);
  const own = kindById.get(id);
  const ownVersion = own?.versions.find((version) => one.versions.includes(version));
  const known = own !== undefined && ownVersion !== undefined && own.namespaced === one.namespaced;
  const version = (known ? ownVersion : undefined) ?? one.versions[0] ?? 'v1';
  const shown =
    own ??
    genericKind(
      {
        group: one.group,
        version,
        resource: one.resource,
        kind: one.kind,
        namespaced: one.namespaced,
        singular: one.singular,
        shortNames: one.shortNames,
      },
      [],
      Date.now,
    );
  return {
    id,
    group: one.group,
    version,
    resource: one.resource,
    kind: one.kind,
    namespaced: one.namespaced,
    verbs: one.verbs,
    aliases: [
      ...new Set([...shown.aliases, ...one.shortNames, ...(one.singular === '' ? [] : [one.singular])]),
    ],
    title: shown.title,
    singular: shown.singular,
    tag: shown.tag,
    section: shown.section,
    order: shown.order ?? lastOrder,
    known,
  };
}
