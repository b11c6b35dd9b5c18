/**
 * The columnar store of one kind. Objects come in, cells are kept, objects are dropped.
 * Guarantees: a row keeps its number while its object lives (except across a `reset`);
 * an object already known by uid and resourceVersion changes nothing; an update that
 * changes no cell is not reported; the same name with a new uid is delete + add; objects
 * without name or uid are skipped and counted. Versions are compared for equality only.
 */
import type { Cell, ColumnMeta, KindDescriptor, KubeObject } from '#shared/kinds/define';
import type { Changes, Replace } from './changes';
import { BaseColumn, makeColumn, type Column } from './column';
import { Dictionary, grow } from './dictionary';
import { hasIdentity } from './decode/types';
import { NameIndex } from './name-index';
import { joinLabels, ownerUid, readLabels } from './row-meta';
import { Codes, Numbers } from './store';
import { widen, widenBytes, widenShorts } from './typed';
import { UidIndex } from './uid-index';

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
  readonly nameOf = new Codes();
  readonly namespaceOf = new Codes();
  readonly labelsOf = new Codes();
  readonly ownerOf = new Codes();
  /** 1 while the row holds an object. */
  alive = new Uint8Array(0);
  deleting = new Uint8Array(0);
  /** Grows with each change of the row. */
  version = new Uint32Array(0);
  /** Rows ever used: all arrays are meaningful below it. */
  top = 0;
  /** Changes whenever a row comes, goes or moves. */
  membership = 0;
  /** Objects skipped for want of a name or uid. */
  skipped = 0;
  /** Cells that a column could not make from what the server sent. */
  failedCells = 0;

  private readonly uids = new UidIndex();
  private readonly columnIndex = new Map<string, number>();
  private readonly resourceVersions = new Numbers();
  private readonly oddVersions = new Map<number, string>();
  /** Which relist saw the row last; 16 bits, so that a row lost in a wrap goes one relist later. */
  private epochOf = new Uint16Array(0);
  private readonly baseCodes: readonly Codes[];
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
      if (meta.id === 'name') return new BaseColumn(meta, this.names, this.nameOf);
      if (meta.id === 'namespace') return new BaseColumn(meta, this.namespaces, this.namespaceOf);
      return makeColumn(meta);
    });
    this.metas = this.columns.map((column) => column.meta);
    this.metas.forEach((meta, i) => this.columnIndex.set(meta.id, i));
    this.dirtyColumns = new Uint8Array(this.columns.length);
    this.baseCodes = [this.nameOf, this.namespaceOf, this.labelsOf, this.ownerOf];
  }

  /** Rows that hold an object. */
  get size(): number {
    return this.live;
  }

  /** Bytes held by arrays and dictionaries. */
  get footprint(): number {
    let sum = this.uids.footprint + this.resourceVersions.footprint + this.free.length * 8;
    for (const column of this.columns) sum += column.footprint;
    for (const codes of this.baseCodes) sum += codes.footprint;
    for (const dictionary of [this.names, this.namespaces, this.labels, this.owners]) {
      sum += dictionary.footprint;
    }
    return sum + this.alive.length * (1 + 1 + 4 + 2) + this.named.footprint;
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
    while (row >= 0 && this.namespaceOf.at(row) !== namespaceCode) row = this.named.next(row);
    return row;
  }

  uid(row: number): string {
    return this.uids.uid(row);
  }

  name(row: number): string {
    return this.names.get(this.nameOf.at(row));
  }

  namespace(row: number): string {
    return this.namespaces.get(this.namespaceOf.at(row));
  }

  owner(row: number): string {
    return this.owners.get(this.ownerOf.at(row));
  }

  rowLabels(row: number): ReadonlyMap<string, string> {
    return readLabels(this.labels.get(this.labelsOf.at(row)));
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
    let mark = this.nextEpoch();
    return {
      add: (object) => {
        const before = this.epoch;
        this.epoch = mark;
        this.upsert(object);
        this.epoch = before;
      },
      restart: () => {
        mark = this.nextEpoch();
      },
      commit: () => {
        const code = namespace === undefined ? -1 : this.namespaces.find(namespace);
        if (namespace !== undefined && code < 0) return;
        for (let row = 0; row < this.top; row++) {
          if (this.alive[row] === 0 || this.epochOf[row] === mark) continue;
          if (code >= 0 && this.namespaceOf.at(row) !== code) continue;
          this.removeRow(row);
        }
      },
    };
  }

  private nextEpoch(): number {
    this.epoch = (this.epoch % 0xffff) + 1;
    return this.epoch;
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
      if (this.oddVersions.size > 0) this.oddVersions.delete(row);
      return this.resourceVersions.set(row, n);
    }
    this.resourceVersions.set(row, NaN);
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
    this.labels.release(this.labelsOf.at(row));
    const owner = this.owners.acquire(ownerUid(metadata.ownerReferences));
    this.owners.release(this.ownerOf.at(row));
    const deleting = typeof metadata.deletionTimestamp === 'string' ? 1 : 0;
    if (
      labels !== this.labelsOf.at(row) ||
      owner !== this.ownerOf.at(row) ||
      deleting !== this.deleting[row]
    ) {
      this.labelsOf.set(row, labels);
      this.ownerOf.set(row, owner);
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
    this.membership++;
    this.alive[row] = 1;
    this.uids.set(uid, row);
    const nameCode = this.names.acquire(name);
    this.nameOf.set(row, nameCode);
    this.namespaceOf.set(row, this.namespaces.acquire(namespace));
    this.named.add(nameCode, row);
    return row;
  }

  private removeRow(row: number): void {
    const nameCode = this.nameOf.at(row);
    this.named.remove(nameCode, row);
    this.uids.delete(row);
    this.names.release(nameCode);
    this.namespaces.release(this.namespaceOf.at(row));
    this.labels.release(this.labelsOf.at(row));
    this.owners.release(this.ownerOf.at(row));
    for (const column of this.columns) column.clear(row);
    for (const codes of this.baseCodes) codes.set(row, 0);
    this.resourceVersions.set(row, NaN);
    this.oddVersions.delete(row);
    this.alive[row] = this.deleting[row] = 0;
    this.version[row] = ++this.clock;
    this.free.push(row);
    this.live--;
    this.membership++;
    this.removed.push(row);
  }

  private resize(capacity: number): void {
    for (const column of this.columns) column.resize(capacity);
    for (const codes of this.baseCodes) codes.resize(capacity);
    this.resourceVersions.resize(capacity);
    this.version = widen(this.version, capacity);
    this.epochOf = widenShorts(this.epochOf, capacity);
    this.named.resize(capacity);
    this.alive = widenBytes(this.alive, capacity);
    this.deleting = widenBytes(this.deleting, capacity);
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
    for (const codes of this.baseCodes) codes.gather(map);
    this.resourceVersions.gather(map);
    for (const list of [this.version, this.epochOf, this.deleting]) {
      for (let i = 0; i < map.length; i++) list[i] = list[map[i]!]!;
      list.fill(0, map.length);
    }
    this.alive.fill(0).fill(1, 0, map.length);
    this.free = [];
    this.membership++;
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
    for (const column of this.columns) column.compact(this.top);
    const { names } = this;
    for (const [dictionary, codes] of [
      [names, this.nameOf],
      [this.namespaces, this.namespaceOf],
      [this.labels, this.labelsOf],
      [this.owners, this.ownerOf],
    ] as const) {
      if (!dictionary.wasteful) continue;
      codes.recode(dictionary.compact(), this.top);
      if (dictionary === names) this.chainNames();
    }
  }

  private chainNames(): void {
    this.named.clear();
    for (let row = 0; row < this.top; row++) {
      if (this.alive[row] === 1) this.named.add(this.nameOf.at(row), row);
    }
  }
}
