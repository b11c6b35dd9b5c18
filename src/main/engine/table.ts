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
import { RowFiller } from './row-filler';
import { Dictionary, grow } from './dictionary';
import { NAME, NAMESPACE, UID, VERSION, type RawRow } from './decode/raw-row';
import { hasIdentity } from './decode/types';
import { NameIndex } from './name-index';
import { Pending } from './pending';
import { joinLabels, ownerUid, readLabels } from './row-meta';
import { Codes } from './store';
import { widen, widenBytes, widenShorts } from './typed';
import { UidIndex } from './uid-index';
import { applyUse, type UseOf } from './use-cells';
import { Versions } from './versions';

const MAX_BORN = 4096;

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
  private readonly versions = new Versions();
  /** Which relist saw the row last; 16 bits, so that a row lost in a wrap goes one relist later. */
  private epochOf = new Uint16Array(0);
  private readonly baseCodes: readonly Codes[];
  private readonly named = new NameIndex();
  private free: number[] = [];
  /** Rows that came since `takeNewRows`; null: too many, or rows moved. */
  private born: number[] | null = null;
  private live = 0;
  private epoch = 0;
  private clock = 0;
  private readonly listeners = new Set<(changes: Changes) => void>();
  private readonly pending: Pending;
  private readonly filler: RowFiller;

  constructor(descriptor: KindDescriptor) {
    this.descriptor = descriptor;
    this.columns = descriptor.columns.map((column) => {
      const { get: _get, field: _field, ...meta } = column;
      if (meta.id === 'name') return new BaseColumn(meta, this.names, this.nameOf);
      if (meta.id === 'namespace') return new BaseColumn(meta, this.namespaces, this.namespaceOf);
      return makeColumn(meta);
    });
    this.metas = this.columns.map((column) => column.meta);
    this.metas.forEach((meta, i) => this.columnIndex.set(meta.id, i));
    this.pending = new Pending(this.columns.length);
    this.baseCodes = [this.nameOf, this.namespaceOf, this.labelsOf, this.ownerOf];
    this.filler = new RowFiller(this);
  }

  /** Rows that hold an object. */
  get size(): number {
    return this.live;
  }
  /** Bytes held. */
  get footprint(): number {
    const { uids, versions, named, filler, names, namespaces, labels, owners } = this;
    const parts = [uids, versions, named, filler, names, namespaces, labels, owners];
    const sum = [...parts, ...this.columns, ...this.baseCodes].reduce((n, one) => n + one.footprint, 0);
    return sum + this.free.length * 8 + this.alive.length * (1 + 1 + 4 + 2);
  }

  columnAt(id: string): number {
    return this.columnIndex.get(id) ?? -1;
  }
  find(uid: string): number {
    return this.uids.find(uid);
  }

  /** Row of an object by name, or -1. */
  findNamed(namespace: string, name: string): number {
    const nameCode = this.names.find(name);
    const namespaceCode = this.namespaces.find(namespace);
    return nameCode < 0 || namespaceCode < 0 ? -1 : this.namesake(namespaceCode, nameCode);
  }

  private namesake(namespace: number, name: number): number {
    let row = this.named.first(name);
    while (row >= 0 && this.namespaceOf.at(row) !== namespace) row = this.named.next(row);
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
  upsert(object: KubeObject, epoch = this.epoch): void {
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
      row = this.newRow(this.namespaces.acquire(namespace), this.names.acquire(metadata.name));
      this.uids.set(metadata.uid, row);
      this.epochOf[row] = epoch;
      this.versions.set(row, metadata.resourceVersion);
      this.fill(row, object);
      this.pending.added.push(row);
    } else {
      this.epochOf[row] = epoch;
      if (!this.versions.set(row, metadata.resourceVersion)) return;
      if (!this.fill(row, object)) return;
      this.pending.changed.push(row);
    }
    this.version[row] = ++this.clock;
  }

  /** `upsert` of an object that is still bytes. */
  upsertRow(raw: RawRow, epoch = this.epoch): void {
    const { from, to, buf } = raw;
    let row = this.uids.findBytes(buf, from[UID]!, to[UID]!);
    const isNew = row < 0;
    if (isNew) row = this.addRaw(raw);
    this.epochOf[row] = epoch;
    if (!this.versions.setBytes(row, buf, from[VERSION]!, to[VERSION]!) && !isNew) return;
    let changed = isNew;
    try {
      if (this.fillRaw(row, raw, isNew)) changed = true;
    } catch (thrown) {
      // Half filled: the next time it must not look known.
      this.versions.set(row, '');
      if (isNew) this.pending.added.push(row);
      throw thrown;
    }
    if (!changed) return;
    (isNew ? this.pending.added : this.pending.changed).push(row);
    this.version[row] = ++this.clock;
  }

  /**
   * Measured use of the rows, by column id. `useOf` gives the value of a row, null where nothing was
   * measured. Only changed rows are reported.
   */
  setUse(columns: UseOf): void {
    applyUse(this, columns, (row, at) => {
      this.pending.dirty[at] = 1;
      this.pending.changed.push(row);
      this.version[row] = ++this.clock;
    });
    this.flush();
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
      add: (object) => this.upsert(object, mark),
      addRow: (raw) => this.upsertRow(raw, mark),
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

  /** Rows that came since the last call; null when that is not known. For one reader: row orders. */
  takeNewRows(): readonly number[] | null {
    const rows = this.born;
    this.born = [];
    return rows;
  }

  private nextEpoch(): number {
    this.epoch = (this.epoch % 0xffff) + 1;
    return this.epoch;
  }

  /** Tells the listeners what happened since the last flush; also the time for compaction. */
  flush(): void {
    const reset = this.compactRows();
    if (this.pending.tally()) this.compactWords();
    if (!reset && this.pending.empty) return;
    const changes = this.pending.take(reset);
    for (const listener of [...this.listeners]) listener(changes);
  }

  /** Writes all cells; true when something shown (or filtered by) changed. */
  private fill(row: number, object: KubeObject): boolean {
    const changed = this.filler.object(row, object, this.pending.dirty);
    const { labels: set, ownerReferences, deletionTimestamp } = object.metadata;
    const labels = this.labels.acquire(joinLabels(set));
    const owner = this.owners.acquire(ownerUid(ownerReferences));
    return this.setMeta(row, labels, owner, typeof deletionTimestamp === 'string') || changed;
  }

  /** Labels and owner come counted as used. */
  private setMeta(row: number, labels: number, owner: number, isDeleting: boolean): boolean {
    const deleting = isDeleting ? 1 : 0;
    const oldLabels = this.labelsOf.at(row);
    const oldOwner = this.ownerOf.at(row);
    this.labels.release(oldLabels);
    this.owners.release(oldOwner);
    if (labels === oldLabels && owner === oldOwner && deleting === this.deleting[row]) return false;
    this.labelsOf.set(row, labels);
    this.ownerOf.set(row, owner);
    this.deleting[row] = deleting;
    this.pending.meta = true;
    return true;
  }

  private fillRaw(row: number, raw: RawRow, isNew: boolean): boolean {
    const { filler } = this;
    const { dirty } = this.pending;
    const changed = filler.cells(row, raw, dirty);
    const labels = filler.labelCode(raw);
    const owner = filler.owner(row, raw, dirty);
    const changedLabels =
      (isNew || labels !== this.labelsOf.at(row)) && filler.labels(row, labels, raw, dirty);
    const changedMeta = this.setMeta(row, labels, owner, raw.deleting);
    return changed || changedLabels || changedMeta || filler.ownerChanged;
  }

  private addRaw({ buf, from, to }: RawRow): number {
    const known = this.names.size;
    const namespace = this.namespaces.acquireBytes(buf, from[NAMESPACE]!, to[NAMESPACE]!);
    const name = this.names.acquireBytes(buf, from[NAME]!, to[NAME]!);
    const namesake = name < known ? this.namesake(namespace, name) : -1;
    if (namesake >= 0) this.removeRow(namesake);
    const row = this.newRow(namespace, name);
    this.uids.setFound(buf, from[UID]!, to[UID]!, row);
    return row;
  }

  /** The codes come counted as used. */
  private newRow(namespace: number, name: number): number {
    const row = this.free.pop() ?? this.top++;
    if (row >= this.alive.length) this.resize(grow(Math.max(8, this.alive.length), row + 1));
    this.live++;
    this.membership++;
    if (this.born && this.born.push(row) > MAX_BORN) this.born = null;
    this.alive[row] = 1;
    this.nameOf.set(row, name);
    this.namespaceOf.set(row, namespace);
    this.named.add(name, row);
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
    this.versions.clear(row);
    this.alive[row] = this.deleting[row] = 0;
    this.version[row] = ++this.clock;
    this.free.push(row);
    this.live--;
    this.membership++;
    this.pending.removed.push(row);
  }

  private resize(capacity: number): void {
    for (const column of this.columns) column.resize(capacity);
    for (const codes of this.baseCodes) codes.resize(capacity);
    this.versions.resize(capacity);
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
    for (let row = 0, to = 0; row < this.top; row++) {
      if (this.alive[row] === 1) map[to++] = row;
    }
    const uids = Array.from(map, (row) => this.uids.uid(row));
    for (const row of map) this.uids.delete(row);
    for (const column of this.columns) column.gather(map);
    for (const codes of this.baseCodes) codes.gather(map);
    this.versions.gather(map);
    for (const list of [this.version, this.epochOf, this.deleting]) {
      for (let i = 0; i < map.length; i++) list[i] = list[map[i]!]!;
      list.fill(0, map.length);
    }
    this.alive.fill(0).fill(1, 0, map.length);
    this.free = [];
    this.born = null;
    this.membership++;
    this.top = map.length;
    this.resize(Math.max(16, map.length + (map.length >>> 3)));
    for (let i = 0; i < map.length; i++) this.uids.set(uids[i]!, i);
    this.chainNames();
    return true;
  }

  private compactWords(): void {
    for (const column of this.columns) column.compact(this.top);
    // In the order of `baseCodes`.
    [this.names, this.namespaces, this.labels, this.owners].forEach((dictionary, i) => {
      if (!dictionary.wasteful) return;
      this.baseCodes[i]!.recode(dictionary.compact(), this.top);
      if (dictionary === this.names) this.chainNames();
    });
  }

  private chainNames(): void {
    this.named.clear();
    for (let row = 0; row < this.top; row++)
      if (this.alive[row] === 1) this.named.add(this.nameOf.at(row), row);
  }
}
