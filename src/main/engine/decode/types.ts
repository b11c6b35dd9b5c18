/** What every decoder hands over, whatever the bytes were (JSON, Table, protobuf). */
import type { AppError } from '#shared/util/app-error';
import type { KubeObject } from '#shared/kinds/define';
import type { TableColumnDefinition } from '#shared/kinds/table-row';

export interface ListMeta {
  readonly resourceVersion: string;
  /** Empty on the last page. */
  readonly continueToken: string;
  /** Items after this page, where the server says. */
  readonly remaining: number | null;
}

/** The end of a list page. */
export interface ListEnd extends ListMeta {
  readonly kind: string;
  /** Of a Table answer. */
  readonly columns?: readonly TableColumnDefinition[];
  /** Elements that were no objects with metadata (fault 18). */
  readonly skipped: number;
}

/** Feeds on chunks cut anywhere; throws AppFailure bad-answer or too-large for this page alone. */
export interface ListDecoder {
  push(chunk: Uint8Array): void;
  /** Throws bad-answer when the answer was cut short. */
  end(): ListEnd;
}

export interface StatusObject {
  readonly code?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: {
    readonly retryAfterSeconds?: number;
    readonly causes?: readonly { reason?: string; message?: string }[];
  };
}

export type WatchEvent =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: KubeObject }
  | { readonly type: 'BOOKMARK'; readonly resourceVersion: string; readonly initialEventsEnd: boolean }
  | { readonly type: 'ERROR'; readonly status: StatusObject }
  /** A line that could not be read or of an unknown type; the stream goes on (faults 18, 21). */
  | { readonly type: 'SKIPPED'; readonly error: AppError };

export interface WatchDecoder {
  push(chunk: Uint8Array): void;
}

/** True for what a table can hold: metadata with a name and a uid (fault 18). */
export function hasIdentity(value: unknown): value is KubeObject {
  if (typeof value !== 'object' || value === null) return false;
  const { metadata } = value as { metadata?: unknown };
  if (typeof metadata !== 'object' || metadata === null) return false;
  const { name, uid } = metadata as { name?: unknown; uid?: unknown };
  return typeof name === 'string' && name !== '' && typeof uid === 'string' && uid !== '';
}
