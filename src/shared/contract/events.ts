/**
 * Events of the cluster as one stream: grouped, counted, filtered at the host, and kept while
 * the app runs, beyond the hour after which the server forgets them.
 */
import { z } from 'zod';
import { slice, stream } from '../rpc/define';
import type { AppError } from '../util/app-error';

/** The same thing said of the same object, however often. */
export interface EventGroup {
  /** Stable while the group lives. */
  readonly id: string;
  readonly type: string;
  readonly reason: string;
  /** The newest message. */
  readonly message: string;
  readonly kind: string;
  readonly apiVersion: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly source: string;
  /** Times it was said, as its writers count. */
  readonly count: number;
  readonly first: number | null;
  readonly last: number | null;
  /** The server has forgotten it; it is known from before. */
  readonly forgotten: boolean;
}

export interface EventsBatch {
  /** Newest first; at most the asked-for `limit`. */
  readonly groups: readonly EventGroup[];
  /** Groups that pass the filter. */
  readonly matched: number;
  /** Events kept. */
  readonly kept: number;
  /** Oldest events that were let go to bound memory. */
  readonly dropped: number;
  /** Reasons among what passes all but the reason filter, most said first. */
  readonly reasons: readonly { readonly reason: string; readonly count: number }[];
  readonly phase: 'reading' | 'live' | 'stale' | 'denied';
  /** Epoch ms since when events are kept. */
  readonly since: number;
  readonly error?: AppError;
}

const text = z.string().max(512);
const filter = {
  namespaces: z.array(z.string().max(253)).max(1000),
  type: z.enum(['all', 'Normal', 'Warning']),
  /** Empty: all. */
  reason: text,
  /** Part of `kind/name` or of the message, in any case. */
  text,
  /** Only of these objects and what owns them; empty: all. */
  uids: z.array(z.string().max(128)).max(1000),
  limit: z.number().int().min(1).max(1000),
};

export const events = slice('events', {
  stream: stream(z.object(filter), z.object(filter)).of<EventsBatch>(),
});
