import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Dictionary } from './dictionary';

const word = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'b', '-', '1'), maxLength: 12 }),
  fc.string({ unit: fc.constantFrom('A', 'b', 'é', '0'), maxLength: 8 }),
);

describe('dictionary', () => {
  it('gives bytes the code of their text', () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 40 }), (words) => {
        const dictionary = new Dictionary();
        for (const [i, one] of words.entries()) {
          const bytes = Buffer.from(`x${one}y`);
          const code =
            i % 2 === 0 ? dictionary.acquire(one) : dictionary.acquireBytes(bytes, 1, bytes.length - 1);
          expect(dictionary.get(code)).toBe(one);
          expect(dictionary.find(one)).toBe(code);
        }
        for (const one of new Set(words))
          if (one !== '') {
            const count = words.filter((other) => other === one).length;
            expect(dictionary.useCount(dictionary.find(one))).toBe(count);
          }
      }),
    );
  });

  it('finds a text in its entries, never across two of them', () => {
    const needle = fc.string({ unit: fc.constantFrom('a', 'b', '-', '1'), minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(word, { maxLength: 60 }), needle, fc.nat(20), (words, text, from) => {
        const dictionary = new Dictionary();
        for (const one of words) dictionary.acquire(one);
        const first = Math.min(from, dictionary.size);
        const hits = new Uint8Array(dictionary.size);
        const found = dictionary.search(Buffer.from(text), hits, first);
        for (let code = 0; code < dictionary.size; code++) {
          const expected = code >= first && dictionary.get(code).toLowerCase().includes(text);
          expect([code, hits[code] === 1]).toEqual([code, expected]);
        }
        expect(found).toBe(hits.includes(1));
      }),
      { numRuns: 500 },
    );
  });

  it('stores a key that may come only once when it comes again', () => {
    const keys = fc.array(fc.nat(30), { minLength: 1, maxLength: 80 });
    fc.assert(
      fc.property(keys, fc.constantFrom(1, 4, 64), (all, slots) => {
        const dictionary = new Dictionary();
        const seen = new Uint32Array(slots);
        const codes = new Map<number, number>();
        const came = new Set<number>();
        for (const number of all) {
          const key = Buffer.from(`key-${number}`);
          const code = dictionary.acquireKey(key, key.length, seen);
          // Few slots forget; what is stored stays, and is told from every other.
          if (!came.has(number)) expect(code).toBe(-1);
          if (codes.has(number)) expect(code).toBe(codes.get(number));
          if (code >= 0) {
            expect(dictionary.get(code)).toBe(`key-${number}`);
            codes.set(number, code);
          } else if (slots === 64 && came.size === 0) expect(dictionary.size).toBe(1);
          came.add(number);
        }
        const last = Buffer.from(`key-${all.at(-1)}`);
        expect(dictionary.acquireKey(last, last.length, seen)).toBeGreaterThan(0);
      }),
    );
  });
});
