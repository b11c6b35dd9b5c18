/**
 * Tables and their lifetimes in one cluster: a kind's table is shared by all who look at
 * it, fed by one reflector over all namespaces or, where listing everything is denied, by
 * one per namespace; kept while something uses it plus 30 s, less when many unused ones take too
 * much memory. Owns no view.
 */
import type { TableState } from '#shared/contract/resources';
import type { KindDescriptor, KindId } from '#shared/kinds/define';
import { kindId } from '#shared/kinds/define';
import { Scope } from '#shared/rpc/scope';
import type { Api } from '../k8s/api';
import { systemClock, type Clock } from './clock';
import { Gate } from './gate';
import { readRows, writeRows } from './kept-rows';
import { startReflector } from './reflector';
import type { Reflector } from './reflector-types';
import { sourceOf, type Served } from './source';
import { combineStates } from './states';
import { Table } from './table';
import type { LiveTable } from './view';

export const LINGER_MS = 30_000;
/** Bytes of tables nobody uses that are kept for their 30 s; beyond it the longest unused go first. */
export const SPARE_BYTES = 64 * 1024 * 1024;

export interface TableRequest {
  /** What discovery says; `verbs` without `watch` means polling. */
  readonly served: Served & { readonly verbs: readonly string[]; readonly namespaced: boolean };
  readonly descriptor: KindDescriptor;
  /**
   * null: the whole cluster in one list. Names: only these are ever asked for, one list
   * each (the right to list everything is missing).
   */
  readonly namespaces: readonly string[] | null;
  /** Objects of the whole cluster, where somebody counted them not long ago. */
  readonly expected?: number | undefined;
}

export interface SharedTable extends LiveTable {
  readonly id: KindId;
  /** State of one namespace's list where the table is split; undefined otherwise. */
  stateOf(namespace: string): TableState | undefined;
  /** Asks again now. */
  retry(): void;
}

export interface CachesOptions {
  readonly api: Api;
  /** Default SPARE_BYTES. */
  readonly spareBytes?: number;
  /** Where rows outlive this process; without it they do not. */
  readonly keep?: RowKeeper;
  readonly clock?: Clock;
}

/** Keeps the text of rows by a name; what it keeps is nobody else's to read. */
export interface RowKeeper {
  /** Undefined: nothing is kept under it. Never rejects. */
  load(name: string): Promise<string | undefined>;
  save(name: string, text: string): Promise<void>;
}

/** How often rows that changed are kept anew while they are looked at. */
export const KEEP_MS = 120_000;

export class Caches {
  readonly gate: Gate;
  private readonly api: Api;
  private readonly clock: Clock;
  private readonly scope: Scope;
  private readonly entries = new Map<string, Entry>();
  private suspended = false;
  private readonly spareBytes: number;
  private readonly keep: RowKeeper | undefined;
  /** Rows being kept now. */
  private readonly saving = new Set<Promise<void>>();

  constructor(options: CachesOptions, parent: Scope) {
    this.api = options.api;
    this.clock = options.clock ?? systemClock;
    this.gate = new Gate(this.clock);
    this.spareBytes = options.spareBytes ?? SPARE_BYTES;
    this.keep = options.keep;
    this.scope = parent.child('caches');
  }

  /** The table, in use until the signal aborts; started when nobody had it. */
  acquire(request: TableRequest, signal: AbortSignal): SharedTable {
    const id = kindId(request.served.group, request.served.resource);
    const split = request.namespaces === null ? '' : [...new Set(request.namespaces)].sort().join(',');
    const key = `${id} ${request.served.version} ${request.namespaces === null ? '*' : split}`;
    let entry = this.entries.get(key);
    if (!entry || entry.table.descriptor !== request.descriptor) {
      entry?.scope.dispose();
      entry = new Entry(id, request, this.api, this.gate, this.clock, this.scope.child(`table ${key}`));
      const made = entry;
      // Secrets never: their lists carry no values, but names and keys tell enough.
      if (this.keep && id !== 'secrets') made.keepRows(this.keep, key, this.saving);
      this.entries.set(key, made);
      made.scope.add(() => {
        if (this.entries.get(key) === made) this.entries.delete(key);
      });
      if (this.suspended) made.suspend();
      this.trim();
      made.onUnused = () => this.trim();
    }
    entry.use(signal);
    return entry;
  }

  /** Holds the tables nobody uses to their budget. */
  private trim(): void {
    const unused = [...this.entries.values()].filter((entry) => entry.unusedSince !== undefined);
    unused.sort((a, b) => b.unusedSince! - a.unusedSince!);
    let bytes = 0;
    for (const entry of unused) {
      bytes += entry.table.footprint;
      // The one just left is what a person comes back to.
      if (bytes > this.spareBytes && entry !== unused[0]) entry.scope.dispose();
    }
  }

  /** Tables held now, for counts, search and relations. */
  loaded(): readonly SharedTable[] {
    return [...this.entries.values()];
  }

  /** The computer goes to sleep or the network is gone: all traffic stops, rows stay. */
  suspend(): void {
    this.suspended = true;
    for (const entry of this.entries.values()) entry.suspend();
  }

  /** Half-open sockets are dropped; every table catches up within seconds. */
  resume(): void {
    this.suspended = false;
    this.api.dropConnections();
    this.gate.reset();
    for (const entry of this.entries.values()) entry.resume();
  }

  /** The person asks: drops every back-off. */
  retry(): void {
    this.gate.reset();
    for (const entry of this.entries.values()) entry.retry();
  }

  dispose(): void {
    this.scope.dispose();
  }

  /** Ends all tables; settles when their rows are kept. */
  async close(): Promise<void> {
    this.scope.dispose();
    await Promise.allSettled([...this.saving]);
  }
}

class Entry implements SharedTable {
  readonly id: KindId;
  readonly table: Table;
  readonly scope: Scope;
  state: TableState = { phase: 'listing', loaded: 0, expected: null };
  private readonly clock: Clock;
  private readonly reflectors = new Map<string, Reflector>();
  private readonly listeners = new Set<() => void>();
  private users = 0;
  /** Since when nobody uses it. */
  unusedSince: number | undefined;
  onUnused: () => void = () => undefined;
  private linger: (() => void) | undefined;
  /** When the rows were kept that are shown now; undefined: they are the server's. */
  private keptAt: number | undefined;

  constructor(id: KindId, request: TableRequest, api: Api, gate: Gate, clock: Clock, scope: Scope) {
    this.id = id;
    this.clock = clock;
    this.scope = scope;
    this.table = new Table(request.descriptor);
    const { table } = this;
    const { served, descriptor } = request;
    const parts =
      request.namespaces === null || !served.namespaced ? [undefined] : [...new Set(request.namespaces)];
    for (const part of parts) {
      const reflector = startReflector(
        {
          api,
          gate,
          clock,
          source: sourceOf(served, descriptor, part),
          watchable: served.verbs.includes('watch'),
          expected: part === undefined ? request.expected : undefined,
          sink: {
            beginReplace: () => table.beginReplace(part),
            upsert: (object) => table.upsert(object),
            upsertRow: (raw) => table.upsertRow(raw),
            remove: (uid) => table.remove(uid),
            flush: () => table.flush(),
            skipped: () => void table.skipped++,
            state: () => this.combine(),
          },
        },
        scope,
      );
      this.reflectors.set(part ?? '', reflector);
    }
    if (parts.length === 0) this.state = { phase: 'live', since: clock.now() };
    scope.add(() => {
      this.linger?.();
      this.listeners.clear();
    });
  }

  /** Shows what was kept until the first list is whole, and keeps what is whole. */
  keepRows(keeper: RowKeeper, name: string, saving: Set<Promise<void>>): void {
    const { table, scope } = this;
    let changed = false;
    scope.add(table.subscribe(() => (changed = true)));
    const save = (): void => {
      const { phase } = this.state;
      if (!changed || (phase !== 'live' && phase !== 'polling')) return;
      changed = false;
      const done = writeRows(table, this.clock.now(), turn)
        .then((text) => (text === undefined ? undefined : keeper.save(name, text)))
        .catch(() => undefined)
        .then(() => void saving.delete(done));
      saving.add(done);
    };
    const again = (): void => {
      save();
      cancel = this.clock.timer(again, KEEP_MS);
    };
    let cancel = this.clock.timer(again, KEEP_MS);
    scope.add(() => {
      cancel();
      save();
    });
    void keeper.load(name).then((text) => {
      if (text === undefined || scope.disposed || this.state.phase !== 'listing') return;
      const kept = readRows(text, table.metas);
      if (!kept) return;
      // Epoch 0 is no list's: a list that runs now does not take these for its own.
      for (const object of kept.objects) if (table.find(object.metadata.uid) < 0) table.upsert(object, 0);
      this.keptAt = kept.savedAt;
      table.flush();
      this.combine();
    });
  }

  onState(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  stateOf(namespace: string): TableState | undefined {
    return this.reflectors.get(namespace)?.state;
  }

  use(signal: AbortSignal): void {
    if (signal.aborted) return;
    this.users++;
    this.unusedSince = undefined;
    this.linger?.();
    this.linger = undefined;
    signal.addEventListener('abort', () => this.release(), { once: true });
  }

  suspend(): void {
    for (const reflector of this.reflectors.values()) reflector.suspend();
  }

  resume(): void {
    for (const reflector of this.reflectors.values()) reflector.resume();
  }

  retry(): void {
    for (const reflector of this.reflectors.values()) reflector.retry();
  }

  private release(): void {
    if (--this.users > 0 || this.scope.disposed) return;
    this.unusedSince = this.clock.now();
    this.linger = this.clock.timer(() => this.scope.dispose(), LINGER_MS);
    this.onUnused();
  }

  /** Rows of an earlier day are said to be that until a list is whole. */
  private whileKept(state: TableState): TableState {
    if (this.keptAt === undefined) return state;
    if (state.phase === 'listing') {
      const message = 'These are the rows of last time; they are being read anew.';
      return { phase: 'stale', since: this.keptAt, error: { code: 'network', message } };
    }
    if (state.phase === 'failed') return { phase: 'stale', since: this.keptAt, error: state.error };
    this.keptAt = undefined;
    if (state.phase === 'denied' || state.phase === 'gone') {
      // Not this person's to see any more.
      this.table.beginReplace().commit();
      this.table.flush();
    }
    return state;
  }

  private combine(): void {
    const states = [...this.reflectors.values()].map((reflector) => reflector.state);
    this.state = this.whileKept(combineStates(states));
    for (const listener of [...this.listeners]) listener();
  }
}

/** Lets others run. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
