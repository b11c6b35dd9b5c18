/**
 * While the rows on screen move, an answer that arrives between two frames waits for the next one. Drawn at
 * once it would be drawn for rows which that frame, whose scrolling comes first, may no longer show.
 * Guarantees: work is done once and in order, within `PATIENCE_MS` also where no frame comes (a covered
 * window), and at once while nothing moves.
 */
export interface Frames {
  now(): number;
  /** Calls back at the next frame, or never; returns how to call it off. */
  next(callback: () => void): () => void;
  after(ms: number, callback: () => void): () => void;
}

/** A scroll that paused for longer has ended, ms. */
const MOVING_MS = 100;
const PATIENCE_MS = 50;

export class AtFrame {
  private queue: (() => void)[] = [];
  private movedAt = -Infinity;
  private readonly calledOff: (() => void)[] = [];

  constructor(private readonly frames: Frames = browserFrames) {}

  /** Other rows are on screen. */
  moved(): void {
    this.movedAt = this.frames.now();
  }

  push(work: () => void): void {
    this.queue.push(work);
    if (this.frames.now() - this.movedAt > MOVING_MS) this.flush();
    else if (this.calledOff.length === 0) {
      this.calledOff.push(this.frames.next(this.flush), this.frames.after(PATIENCE_MS, this.flush));
    }
  }

  /** What waits is done now. */
  readonly flush = (): void => {
    const { queue } = this;
    this.drop();
    for (const work of queue) work();
  };

  /** What waits is never done. */
  drop(): void {
    this.queue = [];
    for (const callOff of this.calledOff.splice(0)) callOff();
  }
}

const browserFrames: Frames = {
  now: () => performance.now(),
  next: (callback) => {
    if (typeof requestAnimationFrame !== 'function') return () => undefined;
    const frame = requestAnimationFrame(callback);
    return () => cancelAnimationFrame(frame);
  },
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};
