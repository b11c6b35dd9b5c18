/**
 * The columnar store of one kind. Objects come in, cells are kept, objects are dropped.
 * Guarantees: a row keeps its number while its object lives (except across a `reset`);
 * an object already known by uid and resourceVersion changes nothing; an update that
 * changes no cell is not reported; the same name with a new uid is delete + add; objects
 * without name or uid are skipped and counted. Versions are compared for equality only.
 */
import type { Cell, ColumnMeta, KindDescriptor, KubeObject } from '#shared/kinds/define';
import { BaseColumn, makeColumn, type Column } from './column';
import { Dictionary, grow } from './dictionary';
import { hasIdentity } from './decode/types';
import { NameIndex } from './name-index';
import { joinLabels, ownerUid, readLabels } from './row-meta';
import { widen, widenBytes } from './typed';
import { UidIndex } from './uid-index';

/** What happened since the last `flush`. A row may stand in several lists; read its state, not the list. */
export interface Changes {
  readonly added: readonly number[];
  readonly changed: readonly number[];
  readonly removed: readonly number[];
  /** 1 at each column that has another cell somewhere. */
  readonly columns: Uint8Array;
  /** Labels or the deletion mark of some row changed. */
  readonly meta: boolean;
  /** Rows have new numbers: forget all that was kept by row. */
  readonly reset: boolean;
}

export interface Replace {
  add(object: KubeObject): void;
  /** Forgets what was added so far, e.g. before a full list after an expired token. */
  restart(): void;
  /** Removes the rows of the scope that were not added. */
  commit(): void;
}

export class Table {
  readonly descriptor: KindDescriptor;
  readonly metas: readonly ColumnMeta[];
  readonly columns: readonly Column[];
  readonly names = new Dictionary();
  readonly namespaces = new Dictionary();
  /** Whole label sets: `\0a\0b\0` pairs of key and value, in the object's order. */
  readonly labels = new Dictionary();
  /** uid of the controlling owner. */
  readonly owners = new Dictionary();
  nameOf = new Uint32Array(0);
  namespaceOf = new Uint32Array(0);
  labelsOf = new Uint32Array(0);
  ownerOf = new Uint32Array(0);
  /** 1 while the row holds an object. */
  alive = new Uint8Array(0);
  deleting = new Uint8Array(0);
  /** Grows with each change of the row. */
  version = new Uint32Array(0);
  /** Rows ever used: all arrays are meaningful below it. */
  top = 0;
  /** Objects skipped for want of a name or uid. */
  skipped = 0;
  /** Cells that a column could not make from what the server sent. */
  failedCells = 0;

  private readonly uids = new UidIndex();
  private readonly columnIndex = new Map<string, number>();
  private resourceVersions = new Float64Array(0);
  private readonly oddVersions = new Map<number, string>();
  private epochOf = new Uint32Array(0);
  private readonly named = new NameIndex();
  private free: number[] = [];
  private live = 0;
  private epoch = 0;
  private clock = 0;
  private readonly listeners = new Set<(changes: Changes) => void>();
  private added: number[] = [];
  private changed: number[] = [];
  private removed: number[] = [];
  private dirtyColumns: Uint8Array;
  private dirtyMeta = false;

  constructor(descriptor: KindDescriptor) {
    this.descriptor = descriptor;
    this.columns = descriptor.columns.map((column) => {
      const { get: _get, ...meta } = column;
      if (meta.id === 'name') return new BaseColumn(meta, this.names, () => this.nameOf);
      if (meta.id === 'namespace') return new BaseColumn(meta, this.namespaces, () => this.namespaceOf);
      return makeColumn(meta);
    });
    this.metas = this.columns.map((column) => column.meta);
    this.metas.forEach((meta, i) => this.columnIndex.set(meta.id, i));
    this.dirtyColumns = new Uint8Array(this.columns.length);
  }

  /** Rows that hold an object. */
  get size(): number {
    return this.live;
  }

  /** Bytes held by arrays and dictionaries. */
  get footprint(): number {
    let sum = this.uids.footprint + this.free.length * 8;
    for (const column of this.columns) sum += column.footprint;
    for (const dictionary of [this.names, this.namespaces, this.labels, this.owners]) {
      sum += dictionary.footprint;
    }
    return sum + this.alive.length * (1 + 1 + 4 * 6 + 8) + this.named.footprint;
  }

  columnAt(id: string): number {
    return this.columnIndex.get(id) ?? -1;
  }

  find(uid: string): number {
    return this.uids.find(uid);
  }

  /** Row of an object by name, or -1; `namespace` is empty for cluster-scoped ones. */
  findNamed(namespace: string, name: string): number {
    const nameCode = this.names.find(name);
    const namespaceCode = this.namespaces.find(namespace);
    if (nameCode < 0 || namespaceCode < 0) return -1;
    let row = this.named.first(nameCode);
    while (row >= 0 && this.namespaceOf[row] !== namespaceCode) row = this.named.next(row);
    return row;
  }

  uid(row: number): string {
    return this.uids.uid(row);
  }

  name(row: number): string {
    return this.names.get(this.nameOf[row]!);
  }

  namespace(row: number): string {
    return this.namespaces.get(this.namespaceOf[row]!);
  }

  owner(row: number): string {
    return this.owners.get(this.ownerOf[row]!);
  }

  rowLabels(row: number): ReadonlyMap<string, string> {
    return readLabels(this.labels.get(this.labelsOf[row]!));
  }

  cells(row: number): Cell[] {
    return this.columns.map((column) => column.cell(row));
  }

  /** Rows of a namespace, or all. */
  count(namespace?: string): number {
    if (namespace === undefined) return this.live;
    const code = this.namespaces.find(namespace);
    return code < 0 ? 0 : this.namespaces.useCount(code);
  }

  subscribe(listener: (changes: Changes) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Takes an object as it is now (ADDED and MODIFIED alike). */
  upsert(object: KubeObject): void {
    if (!hasIdentity(object)) {
      this.skipped++;
      return;
    }
    const { metadata } = object;
    const namespace = typeof metadata.namespace === 'string' ? metadata.namespace : '';
    let row = this.uids.find(metadata.uid);
    if (row < 0) {
      const namesake = this.findNamed(namespace, metadata.name);
      if (namesake >= 0) this.removeRow(namesake);
      row = this.addRow(metadata.uid, namespace, metadata.name);
      this.epochOf[row] = this.epoch;
      this.setVersion(row, metadata.resourceVersion);
      this.fill(row, object);
      this.added.push(row);
    } else {
      this.epochOf[row] = this.epoch;
      if (!this.setVersion(row, metadata.resourceVersion)) return;
      if (!this.fill(row, object)) return;
      this.changed.push(row);
    }
    this.version[row] = ++this.clock;
  }

  /** DELETED: the object named by its uid goes; an older namesake's end does not touch a newer one. */
  remove(uid: string): void {
    const row = this.uids.find(uid);
    if (row >= 0) this.removeRow(row);
  }

  /**
   * A relist: objects are added as they come, and on commit those of the scope that did
   * not come are removed, so the table is never blank in between.
   */
  beginReplace(namespace?: string): Replace {
    let mark = ++this.epoch;
    return {
      add: (object) => {
        const before = this.epoch;
        this.epoch = mark;
        this.upsert(object);
        this.epoch = before;
      },
      restart: () => {
        mark = ++this.epoch;
      },
      commit: () => {
        const code = namespace === undefined ? -1 : this.namespaces.find(namespace);
        if (namespace !== undefined && code < 0) return;
        for (let row = 0; row < this.top; row++) {
          if (this.alive[row] === 0 || this.epochOf[row] === mark) continue;
          if (code >= 0 && this.namespaceOf[row] !== code) continue;
          this.removeRow(row);
        }
      },
    };
  }

  /** Tells the listeners what happened since the last flush; also the time for compaction. */
  flush(): void {
    const reset = this.compactRows();
    this.compactWords();
    if (!reset && this.added.length + this.changed.length + this.removed.length === 0) return;
    const changes: Changes = {
      added: this.added,
      changed: this.changed,
      removed: this.removed,
      columns: this.dirtyColumns,
      meta: this.dirtyMeta,
      reset,
    };
    this.added = [];
    this.changed = [];
    this.removed = [];
    this.dirtyColumns = new Uint8Array(this.columns.length);
    this.dirtyMeta = false;
    for (const listener of [...this.listeners]) listener(changes);
  }

  /** False when this version of the object is already here (fault 20). */
  private setVersion(row: number, resourceVersion: unknown): boolean {
    const text = typeof resourceVersion === 'string' ? resourceVersion : '';
    const n = Number(text);
    if (text !== '' && n <= Number.MAX_SAFE_INTEGER && String(n) === text) {
      if (this.resourceVersions[row] === n) return false;
      this.resourceVersions[row] = n;
      if (this.oddVersions.size > 0) this.oddVersions.delete(row);
      return true;
    }
    this.resourceVersions[row] = NaN;
    if (text !== '' && this.oddVersions.get(row) === text) return false;
    this.oddVersions.set(row, text);
    return true;
  }

  /** Writes all cells; true when something shown (or filtered by) changed. */
  private fill(row: number, object: KubeObject): boolean {
    const { columns, descriptor } = this;
    let changed = false;
    for (let i = 0; i < columns.length; i++) {
      if (columns[i] instanceof BaseColumn) continue;
      let value: unknown;
      try {
        value = descriptor.columns[i]!.get(object);
      } catch {
        this.failedCells++;
      }
      if (columns[i]!.set(row, value)) {
        this.dirtyColumns[i] = 1;
        changed = true;
      }
    }
    const { metadata } = object;
    const labels = this.labels.acquire(joinLabels(metadata.labels));
    this.labels.release(this.labelsOf[row]!);
    const owner = this.owners.acquire(ownerUid(metadata.ownerReferences));
    this.owners.release(this.ownerOf[row]!);
    const deleting = typeof metadata.deletionTimestamp === 'string' ? 1 : 0;
    if (labels !== this.labelsOf[row] || owner !== this.ownerOf[row] || deleting !== this.deleting[row]) {
      this.labelsOf[row] = labels;
      this.ownerOf[row] = owner;
      this.deleting[row] = deleting;
      this.dirtyMeta = true;
      changed = true;
    }
    return changed;
  }

  private addRow(uid: string, namespace: string, name: string): number {
    const row = this.free.pop() ?? this.top++;
    if (row >= this.alive.length) this.resize(grow(Math.max(8, this.alive.length), row + 1));
    this.live++;
    this.alive[row] = 1;
    this.uids.set(uid, row);
    const nameCode = this.names.acquire(name);
    this.nameOf[row] = nameCode;
    this.namespaceOf[row] = this.namespaces.acquire(namespace);
    this.named.add(nameCode, row);
    return row;
  }

  private removeRow(row: number): void {
    const nameCode = this.nameOf[row]!;
    this.named.remove(nameCode, row);
    this.uids.delete(row);
    this.names.release(nameCode);
    this.namespaces.release(this.namespaceOf[row]!);
    this.labels.release(this.labelsOf[row]!);
    this.owners.release(this.ownerOf[row]!);
    for (const column of this.columns) column.clear(row);
    this.nameOf[row] = this.namespaceOf[row] = this.labelsOf[row] = this.ownerOf[row] = 0;
    this.resourceVersions[row] = NaN;
    this.oddVersions.delete(row);
    this.alive[row] = this.deleting[row] = 0;
    this.version[row] = ++this.clock;
    this.free.push(row);
    this.live--;
    this.removed.push(row);
  }

  private resize(capacity: number): void {
    for (const column of this.columns) column.resize(capacity);
    this.nameOf = widen(this.nameOf, capacity);
    this.namespaceOf = widen(this.namespaceOf, capacity);
    this.labelsOf = widen(this.labelsOf, capacity);
    this.ownerOf = widen(this.ownerOf, capacity);
    this.version = widen(this.version, capacity);
    this.epochOf = widen(this.epochOf, capacity);
    this.named.resize(capacity);
    this.alive = widenBytes(this.alive, capacity);
    this.deleting = widenBytes(this.deleting, capacity);
    const versions = new Float64Array(capacity).fill(NaN);
    versions.set(this.resourceVersions.subarray(0, capacity));
    this.resourceVersions = versions;
  }

  /** Moves the live rows together when most of the rows are free. */
  private compactRows(): boolean {
    if (this.free.length < 4096 || this.free.length < this.top / 2) return false;
    const map = new Uint32Array(this.live);
    const uids: string[] = [];
    for (let row = 0, to = 0; row < this.top; row++) {
      if (this.alive[row] === 0) continue;
      map[to++] = row;
      uids.push(this.uids.uid(row));
    }
    for (const row of map) this.uids.delete(row);
    const odd = new Map(this.oddVersions);
    this.oddVersions.clear();
    for (const column of this.columns) column.gather(map);
    const lists = [this.nameOf, this.namespaceOf, this.labelsOf, this.ownerOf, this.version, this.epochOf];
    for (const list of [...lists, this.resourceVersions, this.deleting]) {
      for (let i = 0; i < map.length; i++) list[i] = list[map[i]!]!;
      list.fill(0, map.length);
    }
    this.resourceVersions.fill(NaN, map.length);
    this.alive.fill(0).fill(1, 0, map.length);
    this.free = [];
    this.top = map.length;
    this.resize(Math.max(16, map.length + (map.length >>> 3)));
    for (let i = 0; i < map.length; i++) {
      this.uids.set(uids[i]!, i);
      const version = odd.get(map[i]!);
      if (version !== undefined) this.oddVersions.set(i, version);
    }
    this.chainNames();
    return true;
  }

  private compactWords(): void {
    for (const column of this.columns) column.compact();
    const { names } = this;
    for (const [dictionary, codes] of [
      [names, this.nameOf],
      [this.namespaces, this.namespaceOf],
      [this.labels, this.labelsOf],
      [this.owners, this.ownerOf],
    ] as const) {
      if (!dictionary.wasteful) continue;
      const map = dictionary.compact();
      for (let row = 0; row < this.top; row++) codes[row] = map[codes[row]!]!;
      if (dictionary === names) this.chainNames();
    }
  }

  private chainNames(): void {
    this.named.clear();
    for (let row = 0; row < this.top; row++) {
      if (this.alive[row] === 1) this.named.add(this.nameOf[row]!, row);
    }
  }
}
