/**
 * The words that cross a port. `id` numbers calls and streams of one client;
 * a stream starts with `credit` batches and gets one back for each it has handled.
 */
import type { AppError } from '../util/app-error';

export type ClientMessage =
  | { t: 'call'; id: number; m: string; i: unknown }
  | { t: 'open'; id: number; m: string; i: unknown; credit: number }
  | { t: 'update'; id: number; i: unknown }
  | { t: 'credit'; id: number; n: number }
  | { t: 'cancel'; id: number };

export type ServerMessage =
  | { t: 'ok'; id: number; v: unknown }
  | { t: 'error'; id: number; e: AppError }
  | { t: 'data'; id: number; v: unknown }
  | { t: 'end'; id: number; e?: AppError };

/** Batches a stream may have in flight (design: credited streams). */
export const STREAM_CREDIT = 2;

const clientKinds = new Set(['call', 'open', 'update', 'credit', 'cancel']);
const serverKinds = new Set(['ok', 'error', 'data', 'end']);

function shaped(message: unknown, kinds: Set<string>): message is { t: string; id: number } {
  if (typeof message !== 'object' || message === null) return false;
  const { t, id } = message as { t?: unknown; id?: unknown };
  return typeof t === 'string' && kinds.has(t) && typeof id === 'number' && Number.isInteger(id);
}

/** The other side is not trusted to speak the protocol: anything else is dropped. */
export function isClientMessage(message: unknown): message is ClientMessage {
  return shaped(message, clientKinds);
}

export function isServerMessage(message: unknown): message is ServerMessage {
  return shaped(message, serverKinds);
}
