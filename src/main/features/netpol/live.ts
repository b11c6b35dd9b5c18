/**
 * The cluster as the evaluator sees it, kept current: pods change in the model one by one; policies,
 * namespaces, nodes and labels of namespaces make a new one at the next question. Reading begins
 * with the first user and ends LINGER after the last.
 */
import type { KindInfo } from '#shared/contract/cluster';
import type { NetpolState } from '#shared/contract/netpol';
import { detectEngine, type DaemonFacts, type Engine } from '#shared/domain/netpol/engine';
import type { World } from '#shared/domain/netpol/inquiry';
import { dnsServers, type DnsServers } from '#shared/domain/netpol/dns';
import { matrixSteps, updateMatrix, type Matrix } from '#shared/domain/netpol/matrix';
import { NetpolModel } from '#shared/domain/netpol/model';
import type { NetService, NetSlice } from '#shared/domain/netpol/services';
import {
  isLive,
  workloadOf,
  type EngineTier,
  type NetNamespace,
  type NetPod,
  type NetpolSnapshot,
  type PolicyObject,
} from '#shared/domain/netpol/types';
import type { Scope } from '#shared/rpc/scope';
import type { Gate } from '../../engine/gate';
import type { Api } from '../../k8s/api';
import type { CompactNode } from './compact';
import { Feed } from './feed';
import { PARTS, type PartDef, type PartId } from './parts';
import { runSliced } from './sliced';

/** Reading goes on this long after the last user, ms. */
export const LINGER = 120_000;
const MOST_CAUSES = 50;
const ENGINE_NAMES = { Cilium: /Cilium/, Calico: /Calico/ } as const;
/** Changes are told at most this often, ms. */
const TELL_EVERY = 200;

export interface LiveDeps {
  readonly api: Api;
  readonly gate: Gate;
  readonly scope: Scope;
  readonly kinds: {
    byId(id: string): KindInfo | undefined;
    ready(signal: AbortSignal): Promise<unknown>;
    readonly groups: () => readonly string[];
    onChange(listener: () => void, scope: Scope): void;
  };
  readonly namespaces: () => readonly string[];
}

export class LiveNetpol {
  revision = 0;
  private readonly deps: LiveDeps;
  private readonly feeds = new Map<PartId, Feed>();
  private readonly listeners = new Set<() => void>();
  private running: Scope | undefined;
  private users = 0;
  private stopLinger: (() => void) | undefined;
  private cached: NetpolModel | undefined;
  private servicesCache: ReadonlyMap<string, NetService> | undefined;
  private telling = false;
  private known = false;
  private lastMatrix: { readonly model: NetpolModel; readonly matrix: Matrix } | undefined;
  /** While a whole matrix is made, pods wait here: its steps need them unchanged. */
  private building:
    { readonly stop: () => void; readonly waiting: Map<string, NetPod | undefined> } | undefined;
  private readonly causes = new Set<string>();
  /** Workloads whose pods changed since the last matrix; null: everything may have. */
  private touched: Set<string> | null = null;

  constructor(deps: LiveDeps) {
    this.deps = deps;
  }

  /** Keeps the model alive until `scope` ends; `listener` hears of changes. */
  use(scope: Scope, listener: () => void): void {
    this.users += 1;
    this.stopLinger?.();
    this.stopLinger = undefined;
    this.listeners.add(listener);
    if (!this.running) this.start();
    scope.add(() => {
      this.listeners.delete(listener);
      this.users -= 1;
      if (this.users === 0 && !this.deps.scope.disposed)
        this.stopLinger = this.deps.scope.timeout(() => this.stop(), LINGER);
    });
  }

  suspend(): void {
    for (const feed of this.feeds.values()) feed.suspend();
  }

  resume(): void {
    for (const feed of this.feeds.values()) feed.resume();
  }

  get ready(): boolean {
    return this.known && [...this.feeds.values()].every((feed) => feed.settled);
  }

  state(): NetpolState {
    const model = this.model();
    const { engine } = this;
    return {
      ready: this.ready,
      engine,
      parts: PARTS.map(
        ({ id, title }) =>
          this.feeds.get(id)?.part() ?? {
            kind: id,
            title,
            phase: this.known ? ('absent' as const) : ('reading' as const),
            count: 0,
          },
      ),
      pods: model.pods.size,
      workloads: model.workloads.size,
      policies: model.policies.length,
      revision: this.revision,
    };
  }

  /** Whether policies of a kind count: those of another engine than the one that enforces do not. */
  judges({ engine, id }: Pick<PartDef, 'engine' | 'id'>): boolean {
    if (!engine) return true;
    const feed = this.feeds.get(id);
    if (!feed || feed.denied) return false;
    const { name, enforces } = this.detected;
    return enforces !== true || name === undefined || ENGINE_NAMES[engine].test(name);
  }

  /** What runs here; `others` are engines whose policies are not judged. */
  get engine(): Engine {
    const found = this.detected;
    const judged = new Set(
      PARTS.filter((def) => def.engine && def.policies && this.judges(def)).map(({ singular }) => singular),
    );
    return { ...found, others: found.others.filter((kind) => !judged.has(kind)) };
  }

  private get detected(): Engine {
    const daemons = this.feeds.get('daemonsets.apps');
    const nodes = this.all<CompactNode>('nodes');
    return detectEngine({
      daemonSets:
        daemons && !daemons.denied && daemons.settled
          ? [...this.all<DaemonFacts>('daemonsets.apps')]
          : undefined,
      groups: this.deps.kinds.groups(),
      kubeletVersions: [...nodes].map(({ kubelet }) => kubelet),
    });
  }

  /** The current model; the same one until something but pods changed. */
  model(): NetpolModel {
    this.cached ??= new NetpolModel(this.snapshot());
    return this.cached;
  }

  world(): World {
    return { model: this.model(), services: this.services(), slices: this.slices() };
  }

  services(): ReadonlyMap<string, NetService> {
    this.servicesCache ??= new Map(
      [...this.all<NetService>('services')].map((one) => [`${one.namespace}/${one.name}`, one]),
    );
    return this.servicesCache;
  }

  policyObjects(): PolicyObject[] {
    return PARTS.filter((def) => def.policies && this.judges(def)).flatMap(({ id }) => [
      ...this.all<PolicyObject>(id),
    ]);
  }

  snapshot(): NetpolSnapshot {
    const { name, enforces, others } = this.engine;
    return {
      namespaces: [...this.all<NetNamespace>('namespaces')],
      pods: [...this.all<NetPod>('pods')],
      policies: this.policyObjects(),
      nodes: [...this.all<CompactNode>('nodes')],
      tiers: [
        ...this.all<EngineTier>('tiers.crd.projectcalico.org'),
        ...this.all<EngineTier>('tiers.projectcalico.org'),
      ],
      engine: {
        ...(enforces === undefined ? {} : { enforces }),
        ...(name === undefined ? {} : { name }),
        others,
      },
    };
  }

  /**
   * Who may connect to whom now; only what pods changed is judged again. Undefined while a whole one
   * is made in slices: listeners hear when it is there.
   */
  matrix(): Matrix | undefined {
    const model = this.model();
    if (this.building) return undefined;
    const { touched, lastMatrix } = this;
    if (!lastMatrix || lastMatrix.model !== model || touched === null) {
      this.build(model);
      return undefined;
    }
    if (touched.size > 0) {
      this.touched = new Set();
      this.lastMatrix = { model, matrix: updateMatrix(model, lastMatrix.matrix, touched) };
    }
    return this.lastMatrix?.matrix;
  }

  private build(model: NetpolModel): void {
    const { running } = this;
    if (!running) return;
    const end = (): void => {
      const waiting = this.building?.waiting ?? new Map<string, NetPod | undefined>();
      this.building = undefined;
      for (const [key, pod] of waiting) this.onPod(key, pod);
      this.tell(running);
    };
    const stop = runSliced(
      matrixSteps(model),
      running,
      (matrix) => {
        this.lastMatrix = { model, matrix };
        this.touched = new Set();
        end();
      },
      end,
    );
    this.building = { stop, waiting: new Map() };
  }

  /** A new model is needed: one half built is of no use. */
  private forgetModel(): void {
    this.cached = undefined;
    this.touched = null;
    this.building?.stop();
    this.building = undefined;
  }

  /** What changed beside pods since the last call, in words. */
  takeCauses(): readonly string[] {
    const causes = [...this.causes];
    this.causes.clear();
    return causes;
  }

  dns(): DnsServers {
    const { model, services, slices } = this.world();
    return dnsServers(model, services, slices);
  }

  private slices(): readonly NetSlice[] | undefined {
    const feed = this.feeds.get('endpointslices.discovery.k8s.io');
    return !feed || feed.denied ? undefined : [...this.all<NetSlice>('endpointslices.discovery.k8s.io')];
  }

  private *all<T>(id: PartId): Generator<T> {
    const feed = this.feeds.get(id);
    if (feed) for (const value of feed.values()) yield value as T;
  }

  private start(): void {
    const scope = this.deps.scope.child('netpol');
    this.running = scope;
    const join = (): void => {
      for (const def of PARTS) {
        const kind = this.deps.kinds.byId(def.id);
        const known = this.feeds.has(def.id);
        if (known || !kind || !def.versions.includes(kind.version)) continue;
        if (def.insteadOf && this.deps.kinds.byId(def.insteadOf)) continue;
        this.feeds.set(
          def.id,
          new Feed(def, kind, {
            api: this.deps.api,
            gate: this.deps.gate,
            scope,
            namespaces: this.deps.namespaces,
            onObject: (key, value) => this.onObject(def.id, key, value),
            onFlush: () => this.tell(scope),
          }),
        );
      }
      this.tell(scope);
    };
    void this.deps.kinds.ready(scope.signal).then(
      () => {
        if (scope.disposed) return;
        this.known = true;
        join();
        this.deps.kinds.onChange(join, scope);
      },
      () => undefined,
    );
  }

  private stop(): void {
    this.running?.dispose();
    this.running = undefined;
    this.feeds.clear();
    this.forgetModel();
    this.servicesCache = undefined;
    this.lastMatrix = undefined;
    this.causes.clear();
    this.known = false;
    this.telling = false;
  }

  private onObject(id: PartId, key: string, value: object | undefined): void {
    if (id === 'services') this.servicesCache = undefined;
    else if (id === 'pods') this.onPod(key, value as NetPod | undefined);
    else if (id !== 'endpointslices.discovery.k8s.io' && id !== 'daemonsets.apps') {
      this.forgetModel();
      if (this.ready && id !== 'nodes' && this.causes.size < MOST_CAUSES) {
        const title = PARTS.find((part) => part.id === id)?.singular ?? id;
        this.causes.add(`${title} ${key} ${value ? 'changed' : 'removed'}`);
      }
    }
  }

  private onPod(key: string, pod: NetPod | undefined): void {
    const model = this.cached;
    if (!model) return;
    if (this.building) {
      this.building.waiting.set(key, pod);
      return;
    }
    const before = model.pods.get(key);
    if (before) this.touched?.add(workloadOf(before.pod));
    if (!pod) {
      model.removePod(key);
      return;
    }
    if (isLive(pod)) this.touched?.add(workloadOf(pod));
    model.setPod(pod);
  }

  private tell(scope: Scope): void {
    if (this.telling) return;
    this.telling = true;
    scope.timeout(() => {
      this.telling = false;
      this.revision += 1;
      for (const listener of [...this.listeners]) listener();
    }, TELL_EVERY);
  }
}
