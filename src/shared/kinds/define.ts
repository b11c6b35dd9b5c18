/**
 * A kind is a table of columns. A descriptor says which fields of an object are read
 * (the mask), how they become cells, and what people call the kind. It holds no I/O and
 * no DOM, so that the host fills tables with it and the renderer draws their heads.
 */

import type { KubeObject } from '../k8s/meta';
import { guardColumn } from './guard';

/** State of a row: drawn as shape + word + colour. */
export type Tone = 'ok' | 'progress' | 'warn' | 'bad' | 'idle' | 'done';

/**
 * Which fields to materialise. `true` takes the whole subtree. `'keys'` takes the keys of a map
 * with every value null: the values are skipped as bytes and never exist as text (Secrets).
 * Arrays are transparent: a mask under an array field applies to each element. Keys may hold
 * dots (annotations).
 */
export interface FieldMask {
  readonly [field: string]: true | 'keys' | FieldMask;
}

/** What a column's `get` returns, by column type. `null`, `undefined` and '' mean "nothing to show". */
export interface CellTypes {
  /** Any words; stored once however often they repeat. */
  text: string | null | undefined;
  /** Words that are copied or must align: ids, images, addresses. */
  mono: string | null | undefined;
  number: number | null | undefined;
  /** Bytes; sums and bars work on it. */
  bytes: number | null | undefined;
  /** CPU in cores. */
  cpu: number | null | undefined;
  /** 0..1 */
  percent: number | null | undefined;
  /** Milliseconds that do not tick. */
  duration: number | null | undefined;
  /** Epoch milliseconds; shown as an age that ticks. */
  time: number | null | undefined;
  /** `at`: epoch ms that belongs to the words, e.g. when a grace period ends. */
  status: { tone: Tone; text: string; at?: number | null } | null | undefined;
  /** have / want, e.g. ready containers. */
  ratio: readonly [have: number, want: number] | null | undefined;
  /** count and epoch ms of the last one. */
  restarts: readonly [count: number, last: number | null] | null | undefined;
  /**
   * CPU in use, in cores, against a bound. The object tells the bound: a limit as it is, a request, beyond
   * which nothing bad happens by itself, as a negative number; null: none. What is in use comes from
   * metrics, later and by itself.
   */
  'cpu-use': number | null | undefined;
  /** The same for memory, in bytes. */
  'bytes-use': number | null | undefined;
}

export type ColumnType = keyof CellTypes;

/** A cell on the wire. */
export type Cell =
  string | number | null | readonly [Tone, string, number | null] | readonly [number, number | null];

/** What the renderer needs to know of a column. */
export interface ColumnMeta {
  /** Stable, kebab-case; also the key of `column:value` filters. */
  readonly id: string;
  readonly title: string;
  readonly type: ColumnType;
  /** Longer words for the head's tooltip. */
  readonly hint?: string;
  /** Shown from the start (false), or only when chosen (true). */
  readonly optional?: boolean;
  /** First guess of the width in px; remembered widths win. */
  readonly width?: number;
  /** The cell names an object of this kind id (`nodes`, `deployments.apps`): it becomes a link. */
  readonly ref?: string;
  /** For `ref`: the object is cluster-scoped or in the row's namespace. */
  readonly refNamespaced?: boolean;
}

export interface ColumnDef<T, C extends ColumnType = ColumnType> extends ColumnMeta {
  readonly type: C;
  readonly get: (object: T) => CellTypes[C];
  /**
   * The one field (`spec.nodeName`) that `get` reads and shows as it is: a word, a number or a
   * time. `metadata.labels` and `metadata.ownerReferences`: whatever `get` makes of them.
   */
  readonly field?: string;
}

/** Any column of T. Made with `column()`, so that `get` fits `type`. */
export type AnyColumn<T> = { [C in ColumnType]: ColumnDef<T, C> }[ColumnType];

export type NavSection = 'workloads' | 'network' | 'config' | 'storage' | 'access' | 'cluster' | 'custom';

export type { KubeObject, ObjectMeta, OwnerReference } from '../k8s/meta';

/** `annotations` and `finalizers` are not in it: a descriptor that reads them masks them. */
export const metadataMask: FieldMask = {
  name: true,
  namespace: true,
  uid: true,
  resourceVersion: true,
  creationTimestamp: true,
  deletionTimestamp: true,
  labels: true,
  ownerReferences: { apiVersion: true, kind: true, name: true, uid: true, controller: true },
};

/** kubectl's way of naming a resource: `pods`, `deployments.apps`. The key of a kind everywhere. */
export type KindId = string;

export function kindId(group: string, resource: string): KindId {
  return group === '' ? resource : `${resource}.${group}`;
}

export interface KindDescriptor<T extends KubeObject = KubeObject> {
  readonly group: string;
  readonly resource: string;
  readonly kind: string;
  /** Versions whose shape the mask and columns understand, best first. */
  readonly versions: readonly string[];
  readonly namespaced: boolean;
  /** `Pods` */
  readonly title: string;
  /** `Pod` */
  readonly singular: string;
  /** Short mono tag: `po`, `deploy`, `svc`. */
  readonly tag: string;
  /** Words that `:` jumps and the palette accept, beside the resource and the server's short names. */
  readonly aliases: readonly string[];
  readonly section: NavSection;
  /** Place inside its section; lower first. Kinds without one come after, by title. */
  readonly order?: number;
  /** Fields read by the columns; `metadata` is merged with `metadataMask`. */
  readonly mask: FieldMask;
  readonly columns: readonly AnyColumn<T>[];
  /** `table`: rows come from the server's Table answer (T is a TableRow); default `object`. */
  readonly source?: 'object' | 'table';
  /**
   * Promise: what a column names as its `field` no other column reads, at most they ask whether
   * it is there. Rows can then be made from bytes alone, and equal bytes give equal cells.
   */
  readonly fieldsApart?: boolean;
}

/**
 * Checks columns against T while keeping the descriptor usable in one list. Every `get` is
 * guarded: a field of another type than promised becomes an empty cell (fault 30).
 */
export function defineKind<T extends KubeObject>(descriptor: KindDescriptor<T>): KindDescriptor {
  return {
    ...descriptor,
    columns: descriptor.columns.map((column) => guardColumn(column)),
  } as unknown as KindDescriptor;
}
