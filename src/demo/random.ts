/** Seeded randomness (mulberry32): the same seed tells the same story. Not for secrets. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** 0 <= x < 1 */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  int(from: number, below: number): number {
    return from + Math.floor(this.next() * (below - from));
  }

  pick<T>(items: readonly T[]): T {
    return items[this.int(0, items.length)] as T;
  }

  /** Letters that Kubernetes uses for generated names (no vowels). */
  suffix(length: number): string {
    let text = '';
    for (let i = 0; i < length; i++) text += 'bcdfghjklmnpqrstvwxz2456789'[this.int(0, 27)];
    return text;
  }

  hex(length: number): string {
    let text = '';
    for (let i = 0; i < length; i++) text += '0123456789abcdef'[this.int(0, 16)];
    return text;
  }

  uuid(): string {
    return `${this.hex(8)}-${this.hex(4)}-4${this.hex(3)}-${'89ab'[this.int(0, 4)]}${this.hex(3)}-${this.hex(12)}`;
  }
}

/** A stable 32-bit number of a text (FNV-1a). */
export function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return h;
}

/** Kubernetes-looking 10-letter hash of a pod template. */
export function templateHash(template: unknown): string {
  return new Random(hash(JSON.stringify(template))).suffix(10);
}
