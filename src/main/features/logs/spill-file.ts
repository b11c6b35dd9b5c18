/**
 * Bytes that left memory for disk: a file in the system's temporary folder that loses its name as soon as
 * it is open, so that nobody finds it and nothing stays behind, however the process ends. Readable by this
 * user only. Guarantees: places of equal size are used again; a full disk is told, never thrown.
 */
import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export class SpillFile {
  /** Why nothing more is written, in words. */
  problem: string | undefined;
  private file: number | undefined;
  private end = 0;
  private readonly free = new Map<number, number[]>();

  constructor(private readonly folder = tmpdir()) {}

  /** Where the bytes stand now; undefined when they could not be written (see `problem`). */
  write(bytes: Buffer): number | undefined {
    if (this.problem !== undefined) return undefined;
    const at = this.free.get(bytes.length)?.pop() ?? this.end;
    try {
      this.file ??= this.open();
      let done = 0;
      while (done < bytes.length) done += writeSync(this.file, bytes, done, bytes.length - done, at + done);
      this.end = Math.max(this.end, at + bytes.length);
      return at;
    } catch (thrown) {
      const code = (thrown as NodeJS.ErrnoException).code ?? '';
      this.problem =
        code === 'ENOSPC'
          ? `No room left on the disk of ${this.folder}.`
          : `${this.folder} cannot be written (${code === '' ? 'unknown' : code}).`;
      return undefined;
    }
  }

  /** Zeros where the file cannot be read. */
  read(at: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafeSlow(length);
    let done = 0;
    try {
      while (this.file !== undefined && done < length) {
        const more = readSync(this.file, bytes, done, length - done, at + done);
        if (more === 0) break;
        done += more;
      }
    } catch {
      this.problem ??= `${this.folder} cannot be read.`;
    }
    return done < length ? bytes.fill(0, done) : bytes;
  }

  /** The place may be used for others. */
  release(at: number, length: number): void {
    const list = this.free.get(length);
    if (list) list.push(at);
    else this.free.set(length, [at]);
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file);
    this.file = undefined;
    this.problem ??= 'Closed.';
  }

  private open(): number {
    const path = join(this.folder, `binnacle-${randomBytes(12).toString('hex')}`);
    const file = openSync(path, 'wx+', 0o600);
    unlinkSync(path);
    return file;
  }
}
