/**
 * The output of one terminal, for whoever shows it now. Guarantees: every byte goes to the reader of
 * the time, in order and with back-pressure; a later reader first gets the last 256 KiB of before; how
 * it ended is told to the next reader where there was none. Without a reader the program goes on.
 */
import type { TerminalBatch, TerminalEnd, TerminalStarted } from '#shared/contract/shell';
import { ByteOutbox, type PausableSource } from '#shared/rpc/byte-outbox';
import type { Sink } from '#shared/rpc/server';

export const SCROLLBACK_BYTES = 256 * 1024;
const NEWLINE = 10;

export class KeptTerminal {
  private outbox: ByteOutbox<TerminalBatch> | undefined;
  private ring: Uint8Array[] = [];
  private ringBytes = 0;
  private isCut = false;
  private startedWith: TerminalStarted | undefined;
  private end: TerminalEnd | undefined;
  private taken = 0;
  /** Input taken before the present reader came: it counts its own only. */
  private takenBefore = 0;

  /** `keeps`: false where no second reader can come, and nothing is remembered. */
  constructor(
    private readonly source: PausableSource,
    private readonly keeps: boolean,
  ) {}

  get paused(): boolean {
    return this.outbox?.paused === true;
  }

  get ended(): boolean {
    return this.end !== undefined;
  }

  /** From now on this one reads; the one before hears nothing more. */
  show(sink: Sink<TerminalBatch>): void {
    const outbox = new ByteOutbox<TerminalBatch>(sink, this.source);
    this.outbox = outbox;
    this.takenBefore = this.taken;
    if (this.startedWith) outbox.note({ started: this.startedWith });
    for (const bytes of this.remembered()) outbox.push(bytes);
    if (this.end) outbox.end({ end: this.end });
  }

  /** Nobody reads: the program is not held up. */
  hide(): void {
    this.outbox = undefined;
    this.source.resume();
  }

  push(bytes: Uint8Array): void {
    if (this.keeps) this.remember(bytes);
    this.outbox?.push(bytes);
  }

  started(what: TerminalStarted): void {
    this.startedWith = what;
    this.outbox?.note({ started: what });
  }

  /** Bytes of input the program has taken, in all. */
  took(total: number): void {
    this.taken = total;
    this.outbox?.note({ taken: total - this.takenBefore });
  }

  acknowledge(bytes: number): void {
    this.outbox?.acknowledge(bytes);
  }

  over(end: TerminalEnd): void {
    if (this.end) return;
    this.end = end;
    this.outbox?.end({ end });
  }

  private remember(bytes: Uint8Array): void {
    this.ring.push(new Uint8Array(bytes));
    this.ringBytes += bytes.length;
    while (this.ringBytes > SCROLLBACK_BYTES && this.ring.length > 1) {
      this.ringBytes -= this.ring.shift()?.length ?? 0;
      this.isCut = true;
    }
  }

  /** From the beginning of a line, where the beginning itself is gone. */
  private remembered(): readonly Uint8Array[] {
    if (!this.isCut) return this.ring;
    const at = this.ring.findIndex((part) => part.includes(NEWLINE));
    const first = this.ring[at];
    if (!first) return this.ring;
    return [first.subarray(first.indexOf(NEWLINE) + 1), ...this.ring.slice(at + 1)];
  }
}
