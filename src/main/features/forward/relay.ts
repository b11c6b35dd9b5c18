/**
 * Carries one local connection to the pod and back.
 * Guarantees: nothing is read from the local socket before the pod's side is open; both directions
 * have back-pressure; an error on the pod's side resets the local connection instead of ending it
 * as if all had been sent; `onDone` once.
 * The protocol has no half-close: after the local side has ended, what the pod still sends is
 * delivered; 5 s without a byte end both.
 */
import type { Socket } from 'node:net';
import type { Scope } from '#shared/rpc/scope';
import { isCancelled, toAppError, type AppError } from '#shared/util/app-error';
import type { ForwardHandlers, ForwardStream } from '../../k8s/forward-stream';

export interface RelayOptions {
  readonly local: Socket;
  /** Opens the pod's side; may take as long as a pod takes to come. */
  readonly open: (handlers: ForwardHandlers, signal: AbortSignal) => Promise<ForwardStream>;
  /** A child of its own; ends with the connection. */
  readonly scope: Scope;
  onBytes(direction: 'received' | 'sent', bytes: number): void;
  onDone(error: AppError | undefined): void;
}

export const LINGER_MS = 5_000;
const KEEP_ALIVE_MS = 30_000;

export async function relay({ local, open, scope, onBytes, onDone }: RelayOptions): Promise<void> {
  let stream: ForwardStream | undefined;
  let isDone = false;
  let localEnded = false;
  let cancelLinger: (() => void) | undefined;

  const done = (error: AppError | undefined): void => {
    if (isDone) return;
    isDone = true;
    stream?.close();
    scope.dispose();
    if (error && error.code !== 'cancelled') local.resetAndDestroy();
    else local.end();
    onDone(error?.code === 'cancelled' ? undefined : error);
  };
  const linger = (): void => {
    cancelLinger?.();
    cancelLinger = localEnded && stream ? scope.timeout(() => done(undefined), LINGER_MS) : undefined;
  };

  local.setNoDelay(true);
  local.setKeepAlive(true, KEEP_ALIVE_MS);
  local.on('error', () => undefined);
  local.on('close', () => done(undefined));
  scope.add(() => {
    // The forward ends: so do its connections. An end in good order has closed it already.
    if (!isDone) local.destroy();
  });

  const handlers: ForwardHandlers = {
    onData: (bytes) => {
      if (isDone) return;
      onBytes('received', bytes.length);
      if (localEnded) linger();
      // The frame's memory belongs to the socket it came from.
      if (!local.write(Buffer.from(bytes))) stream?.pause();
    },
    onEnd: (error) => done(error),
  };
  try {
    stream = await open(handlers, scope.signal);
  } catch (thrown) {
    done(isCancelled(thrown) ? undefined : toAppError(thrown));
    return;
  }
  const opened = stream;
  if (isDone) return opened.close();
  local.on('drain', () => opened.resume());
  local.on('data', (bytes) => {
    onBytes('sent', bytes.length);
    if (opened.write(bytes)) return;
    local.pause();
    void opened.drained().then(() => local.resume());
  });
  local.on('end', () => {
    localEnded = true;
    linger();
  });
  local.resume();
}
