/** Wraps a DOM MessagePort. The DOM tells nobody when the far end closes, so closing is ours to say. */
import type { Port } from '#shared/rpc/port';

export interface RendererPort extends Port {
  /** Called when a newer port replaces this one or its process is known to be gone. */
  markClosed(): void;
}

export function domPort(port: MessagePort): RendererPort {
  const closers: (() => void)[] = [];
  let closed = false;
  const markClosed = (): void => {
    if (closed) return;
    closed = true;
    port.close();
    for (const closer of closers.splice(0)) closer();
  };
  return {
    post: (message) => {
      if (!closed) port.postMessage(message);
    },
    onMessage: (listener) => {
      port.onmessage = (event) => listener(event.data);
    },
    onClose: (listener) => {
      if (closed) listener();
      else closers.push(listener);
    },
    close: markClosed,
    markClosed,
  };
}
