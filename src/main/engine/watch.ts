/**
 * One watch request from its start to its end. Says how it ended; never starts another.
 * Detects a dead stream: no byte for 90 s (bookmarks come each minute) and a probe that
 * fails or finds another version.
 */
import { AppFailure, toAppError, type AppError } from '#shared/util/app-error';
import type { Api } from '../k8s/api';
import { eachChunk } from '../k8s/body';
import { linked, type Clock } from './clock';
import { asked, watchDecoder, type Source } from './source';
import type { RawRow } from './decode/raw-row';
import type { StatusObject, WatchEvent } from './decode/types';

export const DEAD_AFTER_MS = 90_000;
const PROBE_TIMEOUT_MS = 15_000;
/** Objects of a kind from which on its watch is worth a connection of its own. */
export const BULK_FROM = 1_000;
/** Between two reads of a busy watch: as often as a window is told of changes. */
export const PACE_MS = 100;

export type WatchOutcome =
  /** The server closed after its timeout (or a proxy did). */
  | { readonly end: 'clean'; readonly lasted: number; readonly events: number }
  /** The bytes stopped with an error. */
  | { readonly end: 'cut'; readonly lasted: number; readonly error: AppError }
  /** No answer, or one outside 2xx. */
  | { readonly end: 'refused'; readonly error: AppError }
  /** An ERROR event. */
  | { readonly end: 'status'; readonly status: StatusObject; readonly error: AppError };

/** A head that takes longer is worth a word: meanwhile rows grow old. */
export const SLOW_HEAD_MS = 2_000;

export interface WatchHandlers {
  onOpen(): void;
  /** The head has not come yet. */
  onSlow(): void;
  /** Not called for ERROR. */
  onEvent(event: Exclude<WatchEvent, { type: 'ERROR' }>): void;
  /** In place of `onEvent` for ADDED and MODIFIED that come as bytes. */
  onRow?: ((row: RawRow) => void) | undefined;
  /** After the events that came at once. */
  onTurn(): void;
  /** ms in which what comes may wait; 0: at once. */
  pace(): number;
  /** The probe failed while the stream was silent. */
  onDead(error: AppError): void;
  /** The newest version seen, to compare with a probe's. */
  version(): string;
}

export interface WatchRequest {
  readonly query: Readonly<Record<string, string | number | boolean>>;
  /** Many events are to be expected. */
  readonly bulk: boolean;
}

/** From a version on; undefined: all objects first (WatchList). Servers end it after 5 to 10 minutes. */
export function watchQuery(version: string | undefined, clock: Clock): WatchRequest['query'] {
  return {
    ...(version === undefined
      ? { sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan' }
      : { resourceVersion: version }),
    allowWatchBookmarks: true,
    timeoutSeconds: 300 + Math.floor(clock.random() * 301),
  };
}

export async function readWatch(
  api: Api,
  clock: Clock,
  source: Source,
  { query, bulk }: WatchRequest,
  handlers: WatchHandlers,
  signal: AbortSignal,
): Promise<WatchOutcome> {
  const { controller, done } = linked(signal);
  const started = clock.now();
  let lastByte = started;
  let events = 0;
  let status: StatusObject | undefined;
  let deadError: AppError | undefined;
  let cancelTimer: (() => void) | undefined;
  const lasted = (): number => clock.now() - started;

  const arm = (): void => {
    cancelTimer = clock.timer(
      () => {
        cancelTimer = undefined;
        if (clock.now() - lastByte < DEAD_AFTER_MS) arm();
        else void check();
      },
      Math.max(1000, lastByte + DEAD_AFTER_MS - clock.now()),
    );
  };
  const check = async (): Promise<void> => {
    const asked = clock.now();
    const error = await probe(api, source, handlers.version(), controller.signal);
    if (controller.signal.aborted || lastByte > asked) {
      if (!controller.signal.aborted) arm();
      return;
    }
    if (error === undefined) {
      lastByte = clock.now();
      arm();
      return;
    }
    deadError = error;
    if (error !== movedOn) handlers.onDead(error);
    controller.abort();
  };

  const cancelSlow = clock.timer(() => handlers.onSlow(), SLOW_HEAD_MS);
  try {
    const { accept, query: own } = asked(source);
    const response = await api.open(
      {
        path: source.path,
        accept,
        query: { ...own, ...query, watch: true },
        timeoutMs: 30_000,
        long: true,
        bulk,
      },
      controller.signal,
    );
    cancelSlow();
    lastByte = clock.now();
    handlers.onOpen();
    arm();
    const onRow = handlers.onRow;
    const decoder = watchDecoder(
      source,
      response,
      (event) => {
        if (event.type === 'ERROR') status ??= event.status;
        else if (status === undefined) {
          events++;
          handlers.onEvent(event);
        }
      },
      onRow &&
        ((row) => {
          if (status !== undefined) return;
          events++;
          onRow(row);
        }),
    );
    const onTurn = (): void => {
      lastByte = clock.now();
      handlers.onTurn();
    };
    await eachChunk(
      response.body,
      (chunk) => {
        decoder.push(chunk);
        return status === undefined && !controller.signal.aborted;
      },
      { onTurn, pace: () => handlers.pace() },
    );
    const said = status as StatusObject | undefined;
    if (said) return { end: 'status', status: said, error: statusError(said) };
    if (deadError) return { end: 'cut', lasted: lasted(), error: deadError };
    return { end: 'clean', lasted: lasted(), events };
  } catch (thrown) {
    const error = toAppError(thrown);
    if (signal.aborted) throw thrown;
    if (deadError) return { end: 'cut', lasted: lasted(), error: deadError };
    if (cancelTimer === undefined) return { end: 'refused', error };
    return { end: 'cut', lasted: lasted(), error };
  } finally {
    cancelSlow();
    cancelTimer?.();
    done();
    controller.abort();
  }
}

/** The probe answered and the world has moved on without us hearing of it. */
const movedOn: AppError = { code: 'network', message: 'The watch went silent; it is opened again.' };

/** undefined: the silence is true. */
async function probe(
  api: Api,
  source: Source,
  version: string,
  signal: AbortSignal,
): Promise<AppError | undefined> {
  try {
    const list = await api.json<{ metadata?: { resourceVersion?: string } }>(
      { path: source.path, query: { limit: 1 }, timeoutMs: PROBE_TIMEOUT_MS },
      signal,
    );
    return list.metadata?.resourceVersion === version ? undefined : movedOn;
  } catch (thrown) {
    return toAppError(thrown);
  }
}

/** An ERROR event's Status as an AppError. */
export function statusError(status: StatusObject): AppError {
  const code = typeof status.code === 'number' ? status.code : 500;
  const reason = typeof status.reason === 'string' ? status.reason : undefined;
  const message =
    typeof status.message === 'string' && status.message !== ''
      ? status.message.slice(0, 500)
      : 'The watch ended with an error.';
  const retryAfter = status.details?.retryAfterSeconds;
  return {
    code: code === 410 || reason === 'Expired' || reason === 'Gone' ? 'gone' : (byStatus[code] ?? 'server'),
    message,
    status: code,
    ...(reason === undefined ? {} : { reason }),
    ...(typeof retryAfter === 'number' ? { retryAfter } : {}),
  };
}

const byStatus: Readonly<Record<number, AppError['code']>> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not-found',
  429: 'throttled',
};

/** 504 with this cause (or text): our version is ahead of the server's, as after a restored etcd. */
export function isTooLargeVersion(thrown: unknown): boolean {
  const error = thrown instanceof AppFailure ? thrown.error : (thrown as AppError);
  return error.reason === 'ResourceVersionTooLarge' || /too large resource version/i.test(error.message);
}
