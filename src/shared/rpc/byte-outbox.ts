/**
 * Sends a program's output to a reader that may be slower (design: terminals).
 * Guarantees: bytes stay in order; the source is paused at 100,000 bytes that the reader has not
 * acknowledged, and goes on below 5,000; at most two batches are in flight; notes (what started,
 * how it ended) leave with or after the bytes before them; after the end nothing more is sent.
 */
import type { Sink } from './server';

export const PAUSE_AT = 100_000;
export const RESUME_BELOW = 5_000;
const MAX_BATCH = 65_536;

export interface OutboxBatch {
  readonly data?: Uint8Array;
}

export interface PausableSource {
  pause(): void;
  resume(): void;
}

export class ByteOutbox<B extends OutboxBatch> {
  private held: Uint8Array[] = [];
  private heldBytes = 0;
  /** Held, or sent and not acknowledged. */
  private open = 0;
  private isPaused = false;
  private notes: Partial<B> | undefined;
  private last: Partial<B> | undefined;

  constructor(
    private readonly sink: Sink<B>,
    private readonly source: PausableSource,
  ) {
    sink.onCredit(() => this.flush());
  }

  /** Bytes on their way to the reader's eyes. */
  get unacknowledged(): number {
    return this.open;
  }

  get paused(): boolean {
    return this.isPaused;
  }

  /** Copies `bytes`: they may be reused after the call. */
  push(bytes: Uint8Array): void {
    if (this.last || bytes.length === 0) return;
    this.held.push(new Uint8Array(bytes));
    this.heldBytes += bytes.length;
    this.open += bytes.length;
    if (!this.isPaused && this.open >= PAUSE_AT) {
      this.isPaused = true;
      this.source.pause();
    }
    this.flush();
  }

  /** The reader has shown so many bytes. */
  acknowledge(bytes: number): void {
    // A reader that claims more than it got gains nothing.
    this.open = Math.max(this.heldBytes, this.open - bytes);
    if (!this.isPaused || this.open >= RESUME_BELOW) return;
    this.isPaused = false;
    this.source.resume();
  }

  /** Fields to go with the next batch; a newer value replaces one that has not left yet. */
  note(fields: Partial<B>): void {
    if (this.last) return;
    this.notes = { ...this.notes, ...fields };
    this.flush();
  }

  /** Sends what is held, then `fields`, then ends the stream. */
  end(fields: Partial<B>): void {
    if (this.last) return;
    this.last = fields;
    this.flush();
  }

  private flush(): void {
    const { sink } = this;
    while (sink.credit > 0 && !sink.signal.aborted) {
      const data = this.take();
      const isLast = this.last !== undefined && this.heldBytes === 0;
      if (!data && !this.notes && !isLast) return;
      const batch = { ...this.notes, ...(data ? { data } : {}), ...(isLast ? this.last : {}) } as B;
      this.notes = undefined;
      sink.send(batch);
      if (isLast) sink.end();
    }
  }

  private take(): Uint8Array | undefined {
    if (this.heldBytes === 0) return undefined;
    const first = this.held[0];
    if (this.held.length === 1 && first && first.length <= MAX_BATCH) {
      this.held = [];
      this.heldBytes = 0;
      return first;
    }
    const out = new Uint8Array(Math.min(MAX_BATCH, this.heldBytes));
    let filled = 0;
    let used = 0;
    for (const part of this.held) {
      const room = out.length - filled;
      if (room === 0) break;
      out.set(part.subarray(0, room), filled);
      if (part.length > room) {
        this.held[used] = part.subarray(room);
        filled += room;
        break;
      }
      filled += part.length;
      used += 1;
    }
    this.held.splice(0, used);
    this.heldBytes -= filled;
    return out;
  }
}
