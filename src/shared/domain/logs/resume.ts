/**
 * Where a broken stream goes on. The server resumes at a whole second (`sinceTime`), so it sends lines
 * again; this knows which. Lines of the last second are remembered by nanosecond and hash, each as often
 * as it came: that many are dropped from the replay, whatever comes beyond is new.
 * A clock that jumped back makes the replay long: then everything up to the last line we had is dropped,
 * and `uncertain` says so when that line never comes.
 */

const MOST = 2_000_000;

export class Resume {
  /** Second the server is asked to start from; -1 before the first line. */
  second = -1;
  private nanos = new Int32Array(256);
  private hashes = new Int32Array(256);
  private count = 0;
  /** Newest second ever: below it the server repeats lines that are no longer remembered. */
  private newest = -1;
  private jumped = false;
  private lastNano = 0;
  private lastHash = 0;
  private lastSec = -1;
  private replay: Map<number, number> | undefined;
  /** While waiting for the last line we had, after a clock that jumped back. */
  private skipping = false;
  private skipped = 0;

  /** Notes a line that was passed on. */
  seen(sec: number, nano: number, hash: number): void {
    if (sec !== this.second) {
      this.newest = Math.max(this.newest, sec);
      this.jumped = sec < this.newest;
      this.second = sec;
      this.count = 0;
    }
    if (this.count < MOST) {
      if (this.count === this.nanos.length) this.grow();
      this.nanos[this.count] = nano;
      this.hashes[this.count] = hash;
      this.count += 1;
    }
    this.lastSec = sec;
    this.lastNano = nano;
    this.lastHash = hash;
  }

  /** A replay from `second` begins. */
  begin(): void {
    this.replay = undefined;
    this.skipping = this.jumped;
    this.skipped = 0;
    if (this.second < 0 || this.skipping) return;
    const replay = new Map<number, number>();
    for (let i = 0; i < this.count; i += 1) {
      const key = keyOf(this.nanos[i] as number, this.hashes[i] as number);
      replay.set(key, (replay.get(key) ?? 0) + 1);
    }
    this.replay = replay;
  }

  /** Whether this line of the replay was passed on before the break. */
  isRepeat(sec: number, nano: number, hash: number): boolean {
    // Newer than anything before: the last known line is gone (rotated), the rest is new.
    if (this.skipping && sec > this.newest) this.skipping = false;
    if (this.skipping) {
      const last = sec === this.lastSec && nano === this.lastNano && hash === this.lastHash;
      this.skipped += 1;
      if (last) {
        this.skipping = false;
        this.skipped = 0;
      }
      return true;
    }
    const { replay } = this;
    if (!replay) return false;
    if (sec > this.second) {
      // Beyond the second that is repeated; a clock that jumps now is caught by `seen`.
      this.replay = undefined;
      return false;
    }
    const key = keyOf(nano, hash);
    const left = sec === this.second ? (replay.get(key) ?? 0) : 0;
    if (left === 0) return false;
    if (left === 1) replay.delete(key);
    else replay.set(key, left - 1);
    if (replay.size === 0) this.replay = undefined;
    return true;
  }

  /** Lines dropped without having met the last known one; 0 when all is certain. */
  get uncertain(): number {
    return this.skipped;
  }

  private grow(): void {
    const nanos = new Int32Array(this.nanos.length * 2);
    nanos.set(this.nanos);
    this.nanos = nanos;
    const hashes = new Int32Array(this.hashes.length * 2);
    hashes.set(this.hashes);
    this.hashes = hashes;
  }
}

/** Nanoseconds and 22 bits of the hash in one exact number. */
function keyOf(nano: number, hash: number): number {
  return nano * 0x40_0000 + (hash & 0x3f_ffff);
}

/** Cheap hash of a line: its length, its first and its last bytes. */
export function lineHash(bytes: Uint8Array, start: number, end: number): number {
  let hash = (end - start) | 0;
  const head = Math.min(end, start + 12);
  for (let i = start; i < head; i += 1) hash = (Math.imul(hash, 31) + (bytes[i] as number)) | 0;
  for (let i = Math.max(head, end - 12); i < end; i += 1)
    hash = (Math.imul(hash, 31) + (bytes[i] as number)) | 0;
  return hash;
}
