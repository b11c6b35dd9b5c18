/**
 * The RFC 3339 stamp that the kubelet puts before each line (`timestamps=true`), read from bytes.
 * Guarantees: nothing is allocated per line; any fraction up to nanoseconds and any offset is read;
 * what is no stamp is left alone. Years 1970 to 2105.
 */

export interface Stamp {
  /** Seconds since 1970. */
  sec: number;
  /** Nanoseconds within the second. */
  nano: number;
}

const ZERO = 48;
const MINUTE_CHARS = 16;

export class StampReader implements Stamp {
  sec = 0;
  nano = 0;
  /** `2026-01-02T03:04` of the last stamp: most lines share it. */
  private readonly minute = new Uint8Array(MINUTE_CHARS);
  private minuteSec = -1;

  /** Reads the stamp at `start` into `sec` and `nano`; returns where the text begins, or -1. */
  read(bytes: Uint8Array, start: number, end: number): number {
    if (end - start < 20 || bytes[start + 10] !== 0x54) return -1;
    if (!this.sameMinute(bytes, start) && !this.readMinute(bytes, start)) return -1;
    if (bytes[start + 16] !== 0x3a) return -1;
    const seconds = two(bytes, start + 17);
    if (seconds < 0 || seconds > 60) return -1;
    let at = start + 19;
    let nano = 0;
    if (bytes[at] === 0x2e) {
      at += 1;
      let scale = 1e8;
      for (; at < end; at += 1) {
        const digit = (bytes[at] as number) - ZERO;
        if (digit < 0 || digit > 9) break;
        nano += digit * scale;
        scale = scale > 1 ? scale / 10 : 0;
      }
    }
    let offset = 0;
    const zone = bytes[at];
    if (zone === 0x5a) at += 1;
    else if ((zone === 0x2b || zone === 0x2d) && bytes[at + 3] === 0x3a && at + 6 <= end) {
      const hours = two(bytes, at + 1);
      const minutes = two(bytes, at + 4);
      if (hours < 0 || minutes < 0) return -1;
      offset = (hours * 3600 + minutes * 60) * (zone === 0x2d ? -1 : 1);
      at += 6;
    } else return -1;
    // A line without text ends right after the stamp.
    if (at < end && bytes[at] !== 0x20) return -1;
    this.sec = this.minuteSec + seconds - offset;
    this.nano = nano;
    return at < end ? at + 1 : at;
  }

  private sameMinute(bytes: Uint8Array, start: number): boolean {
    if (this.minuteSec < 0) return false;
    // From the end: minutes change before days do.
    for (let i = MINUTE_CHARS - 1; i >= 0; i -= 1) if (bytes[start + i] !== this.minute[i]) return false;
    return true;
  }

  private readMinute(bytes: Uint8Array, start: number): boolean {
    const year = two(bytes, start) * 100 + two(bytes, start + 2);
    const month = two(bytes, start + 5);
    const day = two(bytes, start + 8);
    const hour = two(bytes, start + 11);
    const minute = two(bytes, start + 14);
    const dashes = bytes[start + 4] === 0x2d && bytes[start + 7] === 0x2d && bytes[start + 13] === 0x3a;
    if (!dashes || year < 1970 || year > 2105 || month < 1 || month > 12) return false;
    if (day < 1 || day > 31 || hour < 0 || hour > 23 || minute < 0 || minute > 59) return false;
    this.minuteSec = Date.UTC(year, month - 1, day, hour, minute) / 1000;
    this.minute.set(bytes.subarray(start, start + MINUTE_CHARS));
    return true;
  }
}

/** Two digits, or a negative number far from any digit. */
function two(bytes: Uint8Array, at: number): number {
  const a = (bytes[at] as number) - ZERO;
  const b = (bytes[at + 1] as number) - ZERO;
  return a >= 0 && a <= 9 && b >= 0 && b <= 9 ? a * 10 + b : -1000;
}
