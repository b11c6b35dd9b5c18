/**
 * Bytes of a log answer become lines: split at newlines, stamp read and taken off, CR at the end
 * dropped. Guarantees: a line may be cut anywhere between two reads; one longer than `MOST_LINE` comes in
 * pieces, so that memory stays bounded; what stands after the last newline waits until `finish`.
 */
import { StampReader } from '#shared/domain/logs/timestamp';

export const MOST_LINE = 8 * 1024 * 1024;

export interface LineSink {
  /** `stamped` is false where the server sent no time: then it is the one before. */
  line(
    bytes: Uint8Array,
    start: number,
    end: number,
    sec: number,
    nano: number,
    stamped: boolean,
    piece: boolean,
  ): void;
}

export class LineReader {
  private rest: Uint8Array[] = [];
  private restBytes = 0;
  private readonly stamp = new StampReader();
  private inPieces = false;

  /** `stamps`: whether each line begins with the server's stamp. */
  constructor(
    private readonly sink: LineSink,
    private readonly stamps = true,
  ) {}

  /** Whether a line has begun that has not ended. */
  get unfinished(): boolean {
    return this.restBytes > 0 || this.inPieces;
  }

  push(bytes: Uint8Array): void {
    let start = 0;
    let newline = bytes.indexOf(0x0a, 0);
    if (this.restBytes > 0) {
      if (newline < 0) {
        this.keep(bytes, 0);
        return;
      }
      this.rest.push(bytes.subarray(0, newline));
      const whole = Buffer.concat(this.rest, this.restBytes + newline);
      this.forget();
      this.emit(whole, 0, whole.length, false);
      start = newline + 1;
      newline = bytes.indexOf(0x0a, start);
    }
    while (newline >= 0) {
      this.emit(bytes, start, newline, false);
      start = newline + 1;
      newline = bytes.indexOf(0x0a, start);
    }
    if (start < bytes.length) this.keep(bytes, start);
  }

  /** The answer ended cleanly: what is left is a line. */
  finish(): void {
    if (this.restBytes === 0) return;
    const whole = Buffer.concat(this.rest, this.restBytes);
    this.forget();
    this.emit(whole, 0, whole.length, false);
  }

  /** The answer broke: the begun line comes again. */
  drop(): void {
    this.forget();
    this.inPieces = false;
  }

  private keep(bytes: Uint8Array, start: number): void {
    // A copy: the socket's buffer is larger than what is kept of it.
    this.rest.push(bytes.slice(start));
    this.restBytes += bytes.length - start;
    if (this.restBytes < MOST_LINE) return;
    const whole = Buffer.concat(this.rest, this.restBytes);
    this.forget();
    this.emit(whole, 0, whole.length, true);
  }

  private forget(): void {
    this.rest = [];
    this.restBytes = 0;
  }

  private emit(bytes: Uint8Array, start: number, newline: number, more: boolean): void {
    const { stamp } = this;
    let end = newline;
    if (end > start && bytes[end - 1] === 0x0d) end -= 1;
    const goesOn = this.inPieces;
    this.inPieces = more;
    const text = goesOn || !this.stamps ? -1 : stamp.read(bytes, start, end);
    this.sink.line(bytes, text < 0 ? start : text, end, stamp.sec, stamp.nano, text >= 0, goesOn || more);
  }
}
