import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_WINDOW, nextWindow, windowFor } from './row-window';

describe('the window around the visible rows', () => {
  it('always covers them and never holds more than the contract allows', () => {
    const screens = fc.array(
      fc.record({ first: fc.nat(1_000_000), height: fc.integer({ min: 1, max: 150 }) }),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(screens, (steps) => {
        let window = windowFor({ first: 0, last: 30 });
        for (const { first, height } of steps) {
          const last = first + height - 1;
          window = nextWindow(window, { first, last });
          expect(window.offset).toBeLessThanOrEqual(first);
          expect(window.offset + window.limit).toBeGreaterThan(last);
          expect(window.limit).toBeLessThanOrEqual(MAX_WINDOW);
        }
      }),
    );
  });

  it('stays the same while one scrolls inside it', () => {
    const window = windowFor({ first: 500, last: 530 });
    expect(nextWindow(window, { first: 505, last: 535 })).toBe(window);
    expect(nextWindow(window, { first: 560, last: 590 })).not.toBe(window);
  });
});
