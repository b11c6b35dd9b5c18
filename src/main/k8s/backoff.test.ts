import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Backoff, BACKOFF_CAP_MS, BACKOFF_FIRST_MS, BACKOFF_RESET_MS } from './backoff';

it('grows to the cap, never above 60 s, never below what the server asks for', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), {
        minLength: 8,
        maxLength: 20,
      }),
      fc.integer({ min: 0, max: 300_000 }),
      (chances, atLeast) => {
        let now = 0;
        let index = 0;
        const backoff = new Backoff({ now: () => now, random: () => chances[index++] ?? 0 });
        let base = BACKOFF_FIRST_MS;
        for (let i = 0; i < chances.length - 1; i++) {
          const wait = backoff.delay();
          expect(wait).toBeGreaterThanOrEqual(base);
          expect(wait).toBeLessThanOrEqual(2 * base);
          expect(wait).toBeLessThanOrEqual(60_000);
          now += wait;
          base = Math.min(BACKOFF_CAP_MS, base * 2);
        }
        expect(backoff.delay(atLeast)).toBeGreaterThanOrEqual(atLeast);
      },
    ),
  );
});

it('counts its two quiet minutes from the end of the pause', () => {
  let now = 0;
  const backoff = new Backoff({ now: () => now, random: () => 0 });
  expect(backoff.delay(300_000)).toBe(300_000);
  now = 300_000;
  expect(backoff.delay()).toBe(2 * BACKOFF_FIRST_MS);
  now += 2 * BACKOFF_FIRST_MS + BACKOFF_RESET_MS + 1;
  expect(backoff.delay()).toBe(BACKOFF_FIRST_MS);
});

it('starts again when told', () => {
  const backoff = new Backoff({ now: () => 0, random: () => 0 });
  backoff.delay();
  backoff.reset();
  expect(backoff.delay()).toBe(BACKOFF_FIRST_MS);
});
