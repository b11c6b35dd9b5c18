/**
 * One clock for all ages on screen: ticks once a second while somebody listens and the
 * window is visible. A tick costs a listener a comparison; only what changed is drawn.
 */
import { useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let now = Date.now();

function tick(): void {
  if (document.visibilityState === 'hidden') return;
  now = Date.now();
  for (const listener of listeners) listener();
}

export function subscribeClock(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) {
    now = Date.now();
    timer = setInterval(tick, 1000);
    document.addEventListener('visibilitychange', tick);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || timer === undefined) return;
    clearInterval(timer);
    timer = undefined;
    document.removeEventListener('visibilitychange', tick);
  };
}

/** Epoch ms of the last tick. */
export function clockNow(): number {
  return now;
}

/** Text that follows the clock; the component is drawn again only when the text changes. */
export function useClockText(text: (now: number) => string): string {
  return useSyncExternalStore(subscribeClock, () => text(now));
}
