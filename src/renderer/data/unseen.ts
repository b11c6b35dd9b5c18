/**
 * What arrives while nobody sees the window (minimised, or wholly covered) is not drawn: of each stream
 * the newest waits until the window is seen again.
 */
export interface SeenBy {
  readonly visibilityState: DocumentVisibilityState;
  addEventListener(type: 'visibilitychange', listener: () => void): void;
  removeEventListener(type: 'visibilitychange', listener: () => void): void;
}

export const isUnseen = (by: SeenBy = document): boolean => by.visibilityState === 'hidden';

export function subscribeSeen(listener: () => void, by: SeenBy = document): () => void {
  by.addEventListener('visibilitychange', listener);
  return () => by.removeEventListener('visibilitychange', listener);
}

/** Calls `draw` with the newest value, at once or when it can be seen; the first one always at once. */
export class WhenSeen<T> {
  private waiting: { readonly value: T } | undefined;
  private isFirst = true;
  private readonly stop: () => void;

  constructor(
    private readonly draw: (value: T) => void,
    private readonly by: SeenBy = document,
  ) {
    this.stop = subscribeSeen(() => isUnseen(by) || this.flush(), by);
  }

  push(value: T): void {
    this.waiting = { value };
    if (this.isFirst || !isUnseen(this.by)) this.flush();
    this.isFirst = false;
  }

  /** What waits is drawn now. */
  flush(): void {
    const { waiting } = this;
    this.waiting = undefined;
    if (waiting) this.draw(waiting.value);
  }

  close(): void {
    this.waiting = undefined;
    this.stop();
  }
}
