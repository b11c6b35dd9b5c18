import { describe, expect, it } from 'vitest';
import type { Clock } from './clock';
import { Progress } from './progress';

describe('progress of a list', () => {
  it('tells a first screen of rows soon, and what follows every 100 ms', () => {
    let now = 1_000;
    const told: [at: number, loaded: number][] = [];
    let flushes = 0;
    const progress = new Progress({ now: () => now } as Clock, { flush: () => flushes++ }, (loaded) =>
      told.push([now - 1_000, loaded]),
    );
    const add = progress.counted(() => undefined)!;
    progress.tell(null);
    expect(told).toEqual([]);
    // Ten rows every 5 ms.
    for (let at = 0; at < 400; at += 5) {
      now = 1_000 + at;
      for (let i = 0; i < 10; i++) add(undefined as never);
      progress.tell(null);
    }
    expect(told.slice(0, 4)).toEqual([
      [0, 10],
      [20, 50],
      [40, 90],
      [60, 130],
    ]);
    expect(told.slice(4).map(([at]) => at)).toEqual([160, 260, 360]);
    expect(flushes).toBe(told.length);
  });
});
