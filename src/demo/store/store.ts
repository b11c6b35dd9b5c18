/**
 * What the cluster knows: objects by storage and key, one resource version that only
 * grows, and a ring of the last changes per storage (older ones are `expired`, HTTP 410).
 * Guarantees: stored objects are never changed in place, so that a list or a continue
 * token holds a consistent snapshot. It does not check, default or authorise anything.
 */
import type { Disposer } from '#shared/rpc/scope';
import { iso, type Draft, type KObject } from '../model';
import type { Random } from '../random';

export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly storage: string;
  readonly object: KObject;
  /** The object before this change. */
  readonly previous?: KObject;
  readonly version: number;
}

export type ChangeListener = (change: Change) => void;

interface Shelf {
  readonly objects: Map<string, KObject>;
  /** Keys in order; undefined after a change of the set. */
  keys: string[] | undefined;
  /** Objects in that order; undefined after any change. */
  sorted: KObject[] | undefined;
  readonly history: Change[];
  /** Changes up to this version are forgotten. */
  forgotten: number;
  readonly listeners: Set<ChangeListener>;
}

export interface StoreOptions {
  readonly historyLength: number;
  readonly random: Random;
  readonly now: () => number;
}

export const keyOf = (namespace: string | undefined, name: string): string => `${namespace ?? ''}/${name}`;

export class Store {
  private readonly shelves = new Map<string, Shelf>();
  private readonly everywhere = new Set<ChangeListener>();
  private version: number;
  private readonly options: StoreOptions;

  constructor(options: StoreOptions) {
    this.options = options;
    this.version = 184_000_000 + options.random.int(0, 900_000);
  }

  /** The version of the last change. */
  get resourceVersion(): number {
    return this.version;
  }

  private shelf(storage: string): Shelf {
    let shelf = this.shelves.get(storage);
    if (!shelf) {
      shelf = {
        objects: new Map(),
        keys: undefined,
        sorted: undefined,
        history: [],
        forgotten: this.version,
        listeners: new Set(),
      };
      this.shelves.set(storage, shelf);
    }
    return shelf;
  }

  get<T extends KObject = KObject>(
    storage: string,
    namespace: string | undefined,
    name: string,
  ): T | undefined {
    return this.shelf(storage).objects.get(keyOf(namespace, name)) as T | undefined;
  }

  /** In order of namespace and name, like etcd. The array is shared: do not change it. */
  list<T extends KObject = KObject>(storage: string, namespace?: string): readonly T[] {
    const shelf = this.shelf(storage);
    shelf.keys ??= [...shelf.objects.keys()].sort();
    shelf.sorted ??= shelf.keys.map((key) => shelf.objects.get(key) as KObject);
    const all = shelf.sorted as T[];
    return namespace === undefined ? all : all.filter((object) => object.metadata.namespace === namespace);
  }

  count(storage: string): number {
    return this.shelf(storage).objects.size;
  }

  storages(): string[] {
    return [...this.shelves.keys()];
  }

  /** Stores a new object; fills in uid, resourceVersion, creationTimestamp and generation. */
  create<T extends KObject = KObject>(storage: string, draft: Draft): T {
    const { name, namespace } = draft.metadata;
    if (name === undefined) throw new Error('an object needs a name');
    const shelf = this.shelf(storage);
    const key = keyOf(namespace, name);
    if (shelf.objects.has(key)) throw new Error(`${storage} ${key} exists`);
    const object: KObject = {
      ...draft,
      metadata: {
        ...draft.metadata,
        name,
        uid: draft.metadata.uid ?? this.options.random.uuid(),
        creationTimestamp: draft.metadata.creationTimestamp ?? iso(this.options.now()),
        resourceVersion: String(++this.version),
        ...(draft['spec'] === undefined ? {} : { generation: 1 }),
      },
    };
    shelf.objects.set(key, object);
    shelf.keys = undefined;
    shelf.sorted = undefined;
    this.tell(shelf, { type: 'ADDED', storage, object, version: this.version });
    return object as T;
  }

  /** Replaces the object of the same key by a new version of it. */
  replace<T extends KObject>(storage: string, next: T): T {
    const shelf = this.shelf(storage);
    const key = keyOf(next.metadata.namespace, next.metadata.name);
    const previous = shelf.objects.get(key);
    if (!previous) throw new Error(`${storage} ${key} does not exist`);
    const object: T = { ...next, metadata: { ...next.metadata, resourceVersion: String(++this.version) } };
    shelf.objects.set(key, object);
    shelf.sorted = undefined;
    this.tell(shelf, { type: 'MODIFIED', storage, object, previous, version: this.version });
    return object;
  }

  remove(storage: string, namespace: string | undefined, name: string): KObject | undefined {
    const shelf = this.shelf(storage);
    const key = keyOf(namespace, name);
    const previous = shelf.objects.get(key);
    if (!previous) return undefined;
    shelf.objects.delete(key);
    shelf.keys = undefined;
    shelf.sorted = undefined;
    const object = {
      ...previous,
      metadata: { ...previous.metadata, resourceVersion: String(++this.version) },
    };
    this.tell(shelf, { type: 'DELETED', storage, object, previous, version: this.version });
    return object;
  }

  private tell(shelf: Shelf, change: Change): void {
    shelf.history.push(change);
    while (shelf.history.length > this.options.historyLength)
      shelf.forgotten = shelf.history.shift()?.version ?? shelf.forgotten;
    for (const listener of [...shelf.listeners]) listener(change);
    for (const listener of [...this.everywhere]) listener(change);
  }

  /** Changes after `version`, or `expired` when some of them are forgotten. */
  since(storage: string, version: number): readonly Change[] | 'expired' {
    const shelf = this.shelf(storage);
    if (version < shelf.forgotten) return 'expired';
    return shelf.history.filter((change) => change.version > version);
  }

  /** Forgets all history: every older version is expired from now on. */
  compact(): void {
    for (const shelf of this.shelves.values()) {
      shelf.history.length = 0;
      shelf.forgotten = this.version;
    }
  }

  /** Calls back after every change of one storage, or of all. */
  subscribe(storage: string | undefined, listener: ChangeListener): Disposer {
    const listeners = storage === undefined ? this.everywhere : this.shelf(storage).listeners;
    listeners.add(listener);
    return () => listeners.delete(listener);
  }
}
