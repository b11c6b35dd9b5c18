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

type Shape = { readonly t: string; readonly id: number } & Readonly<Record<string, unknown>>;

function shaped(message: unknown): message is Shape {
  if (typeof message !== 'object' || message === null) return false;
  const { t, id } = message as { t?: unknown; id?: unknown };
  return typeof t === 'string' && typeof id === 'number' && Number.isSafeInteger(id);
}

/** The other side is not trusted to speak the protocol: anything else is dropped. */
export function isClientMessage(message: unknown): message is ClientMessage {
  if (!shaped(message)) return false;
  switch (message.t) {
    case 'call':
      return typeof message.m === 'string';
    case 'open':
      return typeof message.m === 'string' && Number.isSafeInteger(message.credit);
    case 'credit':
      return Number.isSafeInteger(message.n);
    case 'update':
    case 'cancel':
      return true;
    default:
      return false;
  }
}

export function isServerMessage(message: unknown): message is ServerMessage {
  if (!shaped(message)) return false;
  switch (message.t) {
    case 'ok':
    case 'data':
      return true;
    case 'error':
      return isAppError(message.e);
    case 'end':
      return message.e === undefined || isAppError(message.e);
    default:
      return false;
  }
}

function isAppError(value: unknown): value is AppError {
  if (typeof value !== 'object' || value === null) return false;
  const { code, message } = value as { code?: unknown; message?: unknown };
  return typeof code === 'string' && typeof message === 'string';
}
