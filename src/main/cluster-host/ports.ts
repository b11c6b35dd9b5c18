/**
 * Makes the ports of Electron and of Node look like ours (shared/rpc/port.ts).
 * Electron's MessagePortMain is described by its shape, so that hosts stay plain Node.
 * Guarantees: nothing is delivered before there is a listener; `onClose` fires once.
 */
import type { Port } from '#shared/rpc/port';

/** Electron's MessagePortMain, as far as we use it. */
export interface MainPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  start(): void;
  close(): void;
}

/** A MessagePort of node:worker_threads, as far as we use it. */
export interface WorkerPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  close(): void;
}

export function mainPort(port: MainPort): Port {
  return wrap(port, (listener) => {
    port.on('message', (event) => listener(event.data));
    port.start();
  });
}

/** For tests, benches and command-line oracles that run a host in plain Node. */
export function workerPort(port: WorkerPort): Port {
  return wrap(port, (listener) => port.on('message', listener));
}

interface Closable {
  postMessage(message: unknown): void;
  on(event: 'close', listener: () => void): unknown;
  close(): void;
}

function wrap(port: Closable, subscribe: (listener: (message: unknown) => void) => void): Port {
  const closers: (() => void)[] = [];
  let closed = false;
  let heard = false;
  let listen: (message: unknown) => void = () => undefined;
  const shut = (): void => {
    if (closed) return;
    closed = true;
    for (const closer of closers.splice(0)) closer();
  };
  port.on('close', shut);
  return {
    post: (message) => {
      if (!closed) port.postMessage(message);
    },
    onMessage: (listener) => {
      listen = listener;
      if (heard) return;
      heard = true;
      subscribe((message) => {
        if (!closed) listen(message);
      });
    },
    onClose: (listener) => {
      if (closed) listener();
      else closers.push(listener);
    },
    close: () => {
      if (closed) return;
      port.close();
      shut();
    },
  };
}
