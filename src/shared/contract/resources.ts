/**
 * Live windowed tables and single objects of any kind. A view holds kind, namespaces,
 * filter and sort at the host; only the rows of its window travel, and then only what
 * changed in it.
 */
import { z } from 'zod';
import type { Around } from '../domain/health/types';
import { call, slice, stream } from '../rpc/define';
import type { AppError } from '../util/app-error';
import type { Cell, ColumnMeta, KindId } from '../kinds/define';

/** Where a table stands; each state says what its rows are worth. */
export type TableState =
  | { readonly phase: 'listing'; readonly loaded: number; readonly expected: number | null }
  | { readonly phase: 'live'; readonly since: number }
  /** Rows are whole but events are being caught up after an interruption. */
  | { readonly phase: 'catching-up'; readonly since: number; readonly reason: string }
  /** Rows are the last known ones. */
  | { readonly phase: 'stale'; readonly since: number; readonly error: AppError }
  /** The server allows list but no watch: asked again every `every` ms. */
  | { readonly phase: 'polling'; readonly since: number; readonly every: number }
  | { readonly phase: 'denied'; readonly error: AppError }
  /** The kind is no longer served. */
  | { readonly phase: 'gone'; readonly error: AppError }
  | { readonly phase: 'failed'; readonly error: AppError };

export interface WireRow {
  /** uid of the object. */
  readonly id: string;
  readonly name: string;
  /** Empty for cluster-scoped objects. */
  readonly namespace: string;
  /** In the order of the batch's columns. */
  readonly cells: readonly Cell[];
  readonly deleting?: boolean;
}

export interface ViewBatch {
  /** In the first batch, and again when they change. */
  readonly columns?: readonly ColumnMeta[];
  readonly state: TableState;
  /** Rows in the chosen namespaces. */
  readonly total: number;
  /** Of these, rows that pass the filter. */
  readonly matched: number;
  /** Start of the window that `order` describes. */
  readonly offset: number;
  /** Ids of the window's rows in order; absent when unchanged. */
  readonly order?: readonly string[];
  /** New and changed rows of the window. */
  readonly rows: readonly WireRow[];
  /** The filter cannot be read; the last good one stays in force. */
  readonly filterError?: { readonly message: string; readonly at: number };
  /** Echo of the reader's `request`, so that it knows which of its updates this answers. */
  readonly request: number;
}

/** An event about an object, newest first in lists. */
export interface ObjectEvent {
  readonly id: string;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly source: string;
  readonly count: number;
  readonly first: number | null;
  readonly last: number | null;
  /** What it is about: the object itself, or one of those that own it. */
  readonly about: { readonly kind: string; readonly name: string; readonly owner: boolean };
  /** The server has forgotten it; the app has seen it before. */
  readonly kept?: boolean;
}

export interface ObjectEventsState {
  readonly events: readonly ObjectEvent[];
  readonly error?: AppError;
}

/** The newest version of one object while it is open. */
export interface ObjectState {
  readonly phase: 'live' | 'stale' | 'deleted' | 'replaced' | 'denied' | 'gone' | 'failed';
  /** As the server sent it; absent until the first answer. */
  readonly object?: Readonly<Record<string, unknown>>;
  readonly error?: AppError;
}

export interface RelatedObject {
  readonly kind: KindId;
  readonly kindTitle: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** `owner`: this object belongs to it; `child`: it belongs to this object. */
  readonly relation: 'owner' | 'child';
  readonly missing?: boolean;
}

/** One variable of a container as it would be set now. */
export interface EnvVariable {
  readonly name: string;
  /** null: secret, or not known. */
  readonly value: string | null;
  /** Where it comes from; absent: written in the pod. */
  readonly source?: EnvSource;
  /** A later entry of the same name wins over this one. */
  readonly overridden?: boolean;
}

export interface EnvSource {
  readonly type: 'configMap' | 'secret' | 'field' | 'resource';
  /** Name of the config map or secret; path of the field; container of the resource. */
  readonly name: string;
  readonly key: string;
  /** `denied`: the person may not read it. */
  readonly state: 'there' | 'missing' | 'optional' | 'denied';
  /** Bytes of the value. */
  readonly bytes?: number;
  /** Changed after the container started: it still has the old value. */
  readonly newer?: boolean;
}

export interface ContainerEnvironment {
  readonly container: string;
  readonly variables: readonly EnvVariable[];
}

/** A value of a Secret or ConfigMap, asked for by key. */
export interface RevealedValue {
  /** The value as text; null where it is binary. */
  readonly text: string | null;
  readonly base64: string;
  readonly bytes: number;
  /** What the value was recognised as. */
  readonly meaning?: readonly {
    readonly label: string;
    readonly text: string;
    readonly tone?: 'warn' | 'bad';
  }[];
}

const kind = z.string().min(1).max(512);
const namespace = z.string().max(253);
const name = z.string().min(1).max(253);
const sort = z.object({ column: z.string().max(128), desc: z.boolean() }).nullable();
const offset = z.number().int().min(0);
const limit = z.number().int().min(0).max(200);
const filter = z.string().max(4096);
const namespaces = z.array(namespace).max(1000);
const request = z.number().int();

export const objectRef = z.object({ kind, namespace, name });
export type ObjectRef = z.infer<typeof objectRef>;

export const resources = slice('resources', {
  view: stream(
    z.object({ kind, namespaces, filter, sort, offset, limit, request, hidden: z.boolean().optional() }),
    z.object({
      namespaces: namespaces.optional(),
      filter: filter.optional(),
      sort: sort.optional(),
      offset: offset.optional(),
      limit: limit.optional(),
      hidden: z.boolean().optional(),
      request,
    }),
  ).of<ViewBatch>(),
  object: stream(objectRef, z.never()).of<ObjectState>(),
  events: stream(objectRef.extend({ uid: z.string().max(128) }), z.never()).of<ObjectEventsState>(),
  /** The object as YAML, keys in Kubernetes' order; managedFields last, unless left out. */
  yaml: call(objectRef.extend({ managedFields: z.boolean() })).returns<{ text: string; bytes: number }>(),
  /** Keys of all rows a query matches, for selection by query; capped at `limit`. */
  select: call(z.object({ kind, namespaces, filter, limit: z.number().int().min(1).max(100_000) })).returns<{
    keys: readonly { id: string; namespace: string; name: string }[];
    matched: number;
  }>(),
  /** Which of these uids the kind's table no longer has, so that a selection forgets deleted objects. */
  gone: call(z.object({ kind, namespaces, ids: z.array(z.string().max(128)).max(5_000) })).returns<
    readonly string[]
  >(),
  related: call(objectRef.extend({ uid: z.string().max(128) })).returns<readonly RelatedObject[]>(),
  /** What stands around an object (pods, endpoints, revisions, ...), live. `turn`: asks anew when it changes. */
  around: stream(objectRef.extend({ turn: z.string().max(256) }), z.never()).of<Around>(),
  /** The variables of a pod's (or template's) containers with their sources looked up. Values of secrets stay. */
  environment: call(objectRef).returns<readonly ContainerEnvironment[]>(),
  /** One value of a Secret or ConfigMap. Never kept, never logged. */
  reveal: call(objectRef.extend({ key: z.string().min(1).max(253) })).returns<RevealedValue>(),
  /** Rows of loaded tables whose name holds the text, for the palette. Never starts a list. */
  search: call(z.object({ text: z.string().max(256), limit: z.number().int().min(1).max(50) })).returns<
    readonly { kind: KindId; namespace: string; name: string; uid: string }[]
  >(),
});
