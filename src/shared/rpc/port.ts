/**
 * What a message port looks like to us. Electron's MessagePortMain, the DOM's
 * MessagePort and Node's worker MessagePort are each wrapped into one of these,
 * so that calls and streams never know which process they cross.
 * Guarantees expected of a wrapper: messages arrive in order, structured-cloned;
 * `onClose` fires once, also when it is registered after the close.
 */
export interface Port {
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  onClose(listener: () => void): void;
  close(): void;
}

/** Two ends in one process, delivering asynchronously; for tests, benches and oracles. */
export function portPair(): [Port, Port] {
  const left = new LocalPort();
  const right = new LocalPort();
  left.peer = right;
  right.peer = left;
  return [left, right];
}

class LocalPort implements Port {
  peer: LocalPort | undefined;
  private listener: ((message: unknown) => void) | undefined;
  private closers: (() => void)[] = [];
  private waiting: unknown[] = [];
  private closed = false;

  post(message: unknown): void {
    if (this.closed) return;
    const copy = structuredClone(message);
    const { peer } = this;
    queueMicrotask(() => peer?.deliver(copy));
  }

  onMessage(listener: (message: unknown) => void): void {
    this.listener = listener;
    for (const message of this.waiting.splice(0)) listener(message);
  }

  onClose(listener: () => void): void {
    if (this.closed) listener();
    else this.closers.push(listener);
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    const { peer } = this;
    queueMicrotask(() => peer?.close());
    for (const closer of this.closers.splice(0)) closer();
  }

  private deliver(message: unknown): void {
    if (this.closed) return;
    if (this.listener) this.listener(message);
    else this.waiting.push(message);
  }
}
