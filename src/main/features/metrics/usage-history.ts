/**
 * What metrics-server said lately, in memory: enough for a short line where there is no Prometheus.
 * Bounded: POINTS samples of each object, MOST objects; the oldest asked-for go first. Not kept on disk.
 */
import type { UsageSample } from '#shared/contract/metrics';
import type { Used, UsageKind } from './usage-read';

/** 15 minutes at one sample each 15 s. */
export const POINTS = 60;
const MOST = 20_000;

interface Ring {
  /** at (s since `zero`), cpu, memory of each sample. */
  readonly samples: Float32Array;
  count: number;
  next: number;
}

export class UsageHistory {
  private readonly rings = new Map<string, Ring>();
  private zero = 0;

  add(what: UsageKind, at: number, used: ReadonlyMap<string, Used>): void {
    for (const [key, one] of used) this.put(`${what} ${key}`, at, one);
  }

  /** Oldest first. `key`: `namespace/name`, `/name` for nodes. */
  of(what: UsageKind, key: string): readonly UsageSample[] {
    const ring = this.rings.get(`${what} ${key}`);
    if (!ring) return [];
    const out: UsageSample[] = [];
    for (let i = 0; i < ring.count; i += 1) {
      const at = ((ring.next - ring.count + i + POINTS) % POINTS) * 3;
      out.push({
        at: this.zero + ring.samples[at]! * 1000,
        cpu: ring.samples[at + 1]!,
        memory: ring.samples[at + 2]!,
      });
    }
    return out;
  }

  private put(key: string, at: number, { cpu, memory }: Used): void {
    if (this.zero === 0) this.zero = at;
    let ring = this.rings.get(key);
    // Written last stands last, so that the first is the one nobody measured for longest.
    if (ring) this.rings.delete(key);
    else ring = { samples: new Float32Array(POINTS * 3), count: 0, next: 0 };
    this.rings.set(key, ring);
    ring.samples.set([(at - this.zero) / 1000, cpu, memory], ring.next * 3);
    ring.next = (ring.next + 1) % POINTS;
    ring.count = Math.min(POINTS, ring.count + 1);
    if (this.rings.size > MOST) {
      const oldest = this.rings.keys().next();
      if (oldest.done !== true) this.rings.delete(oldest.value);
    }
  }
}
