import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clip, hasHidden, nameEnd, plural, truncateMiddle, visible } from './text';

describe('truncateMiddle', () => {
  it.each([
    ['frontend-69c5dd8b7f-7xc9p', 20, 'frontend-69c5…-7xc9p'],
    ['search-indexer-5b8c77469f-6sfz4', 20, 'search-indexe…-6sfz4'],
    ['import-27762', 20, 'import-27762'],
    ['nightly-report-of-everything-29391040-x2x9b', 26, 'nightly-re…-29391040-x2x9b'],
    ['a-very-long-stateful-set-name-12', 16, 'a-very-long-…-12'],
    ['kube-root-ca-and-many-other-words.crt', 20, 'kube-root-ca-…ds.crt'],
    ['frontend-69c5dd8b7f-7xc9p', 5, '…xc9p'],
    ['abc', 1, '…'],
    ['abc', 0, ''],
  ])('%s in %d: %s', (name, max, words) => expect(truncateMiddle(name, max)).toBe(words));

  it('never exceeds the room, keeps the end, and keeps the telling end whole while it fits', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z]{1,40}(-[bcdf456789]{8,10})?(-[bcdfz2456]{5}|-\d{1,3})?$/),
        fc.integer({ min: 3, max: 60 }),
        (name, max) => {
          const cut = truncateMiddle(name, max);
          expect(cut.length).toBeLessThanOrEqual(max);
          expect(cut.at(-1)).toBe(name.at(-1));
          const end = nameEnd(name);
          if (end.length < max) expect(cut.endsWith(end)).toBe(true);
        },
      ),
    );
  });

  it('cuts no character in half', () => {
    const halves = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', '😀', 'é', '-') }),
        fc.integer({ min: 0, max: 12 }),
        (name, max) => {
          expect(truncateMiddle(name, max)).not.toMatch(halves);
          expect(clip(name, max)).not.toMatch(halves);
        },
      ),
    );
  });
});

describe('visible', () => {
  it.each([
    ['plain text, é 漢字 😀', 'plain text, é 漢字 😀'],
    ['a\u202eb', 'a\\u202eb'],
    ['a\u2066b\u2069', 'a\\u2066b\\u2069'],
    ['zero\u200bwidth\ufeff', 'zero\\u200bwidth\\ufeff'],
    ['line\u2028end', 'line\\u2028end'],
    ['nul\0 tab\t nl\n cr\r', 'nul\\0 tab\\t nl\\n cr\\r'],
    ['\u001b[31mred\u009b', '\\u001b[31mred\\u009b'],
    ['half \ud800.', 'half \\ud800.'],
    ['tag \u{e0041}', 'tag \\u{e0041}'],
    ['<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
  ])('%j', (text, words) => {
    expect(visible(text)).toBe(words);
    expect(hasHidden(text)).toBe(text !== words);
  });

  it('leaves nothing hidden in any text (fault 30)', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !hasHidden(visible(text))));
  });
});

it('counts in words', () => {
  expect([plural(1, 'pod'), plural(3, 'pod'), plural(2, 'policy', 'policies')]).toEqual([
    '1 pod',
    '3 pods',
    '2 policies',
  ]);
});
