import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noFilter, type LogTerm } from '#shared/contract/logs';
import { ByteStore } from './byte-store';
import { LogView } from './log-view';
import { buildDfa } from './regex/dfa';
import { parsePattern } from './regex/parse';

function storeOf(lines: readonly string[], limit = 1_000_000): ByteStore {
  const store = new ByteStore(limit);
  lines.forEach((line, i) => {
    const bytes = Buffer.from(line);
    store.append(bytes, 0, bytes.length, 1_000 + i, i % 3, 0);
  });
  return store;
}

/** Rows with a hit, by stepping from one to the next. */
function hits(store: ByteStore, term: LogTerm): number[] {
  const view = new LogView(store, () => false);
  view.setSearch(term);
  while (view.busy) view.advance(5);
  const rows: number[] = [];
  for (
    let found = view.hit(-1, 'next');
    found && !rows.includes(found.row);
    found = view.hit(found.row, 'next')
  )
    rows.push(found.row);
  expect(view.searchState()?.count).toBe(rows.length);
  return rows;
}

const atom = fc.constantFrom(
  'a',
  'b',
  'ab',
  '.',
  '\\d',
  '\\w',
  '[ab]',
  '[^a]',
  '\\b',
  '^',
  '$',
  'é',
  '(a|b)',
  '(?:ab)',
  ' ',
);
const pattern = fc
  .array(fc.tuple(atom, fc.constantFrom('', '', '*', '+', '?', '{2}', '{1,2}')), {
    minLength: 1,
    maxLength: 5,
  })
  .map((parts) => parts.map(([one, count]) => one + (/^(\^|\$|\\b)$/.test(one) ? '' : count)).join(''));
const line = fc.stringMatching(/^[ab1é _]{0,10}$/);

describe('patterns', () => {
  it('find the lines that the engine’s own regular expressions find', () => {
    fc.assert(
      fc.property(pattern, fc.array(line, { maxLength: 12 }), (text, lines) => {
        const tree = parsePattern(text, false);
        const dfa = tree && buildDfa(tree);
        if (!dfa) throw new Error(`${text} should be known`);
        const oracle = new RegExp(text, 'u');
        const store = storeOf(lines);
        const truth = lines.flatMap((one, row) => (oracle.test(one) ? [row] : []));
        expect(hits(store, { type: 'regex', text, case: true })).toEqual(truth);
        for (const one of lines) {
          const bytes = Buffer.from(one);
          expect(dfa.test(bytes, 0, bytes.length)).toBe(oracle.test(one));
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each(['(a+)+$', '(a|a)*b', '(.*)*x', '([a-z]+)*!', '(a|b)*a(a|b){10}c'])('%s is harmless', (text) => {
    const store = storeOf(['a'.repeat(20_000), `${'a'.repeat(5_000)}b`]);
    const began = performance.now();
    hits(store, { type: 'regex', text });
    expect(performance.now() - began).toBeLessThan(4_000);
  });

  it.each(['(', '[a', 'a**', '(?=a)', '\\1'])('%s is refused in words', (text) => {
    const view = new LogView(storeOf(['a']), () => false);
    view.setSearch({ type: 'regex', text });
    expect(view.searchState()?.error).toMatch(/^This pattern cannot be read/);
  });
});

describe('words', () => {
  it('are found in any case, as whole words, and as they stand', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[abAB_]{1,4}$/),
        fc.array(fc.stringMatching(/^[abAB_ ]{0,12}$/), { maxLength: 15 }),
        fc.boolean(),
        fc.boolean(),
        (text, lines, matchCase, word) => {
          const oracle = new RegExp(word ? `(?<!\\w)${text}(?!\\w)` : text, matchCase ? '' : 'i');
          const truth = lines.flatMap((one, row) => (oracle.test(one) ? [row] : []));
          expect(hits(storeOf(lines), { type: 'text', text, case: matchCase, word })).toEqual(truth);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('store', () => {
  it('keeps the newest lines, at most its limit, each under its number', () => {
    const store = storeOf(
      Array.from({ length: 5_000 }, (_, i) => `line ${i}`),
      1_000,
    );
    expect(store.count).toBeLessThanOrEqual(1_000);
    expect(store.count).toBeGreaterThan(900);
    expect(store.end).toBe(5_000);
    for (let seq = store.first; seq < store.end; seq += 1) {
      expect(store.text(seq)?.toString()).toBe(`line ${seq}`);
      expect(store.time(seq)).toBe(1_000 + seq);
    }
  });

  it('takes lines of 5 MB, NUL, broken UTF-8 and clocks that jump by decades', () => {
    const store = new ByteStore();
    const lines = [
      Buffer.alloc(5_000_000, 0x78),
      Buffer.from([0, 0xff, 0xfe, 0]),
      Buffer.alloc(0),
      Buffer.from('end'),
    ];
    const times = [Date.UTC(2026, 0, 1), 0, Date.UTC(2100, 0, 1), Date.UTC(2026, 0, 2)];
    lines.forEach((bytes, i) => store.append(bytes, 0, bytes.length, times[i] ?? 0, 0, 0));
    lines.forEach((bytes, i) => {
      expect(store.text(i)?.equals(bytes)).toBe(true);
      expect(store.time(i)).toBe(times[i]);
    });
  });

  it('filters by field, level of nothing, and leaves the rest out', () => {
    const store = storeOf(['{"status":500,"path":"/a"}', '{"status":200}', 'status=500 path=/b', 'plain']);
    const view = new LogView(store, () => false);
    view.setFilter({ ...noFilter, include: [{ type: 'field', field: 'status', op: '>', text: '499' }] });
    while (view.busy) view.advance(5);
    expect(Array.from({ length: view.end - view.first }, (_, i) => view.seqOf(view.first + i))).toEqual([
      0, 2,
    ]);
  });
});
