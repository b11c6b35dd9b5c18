import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noFilter, type LogFilter, type LogTerm } from '#shared/contract/logs';
import { formatFilter, parseFilter } from './filter-text';

const word = fc
  .string({ minLength: 1, maxLength: 12 })
  .filter((text) => text.trim() === text && !/[\n\r]/.test(text));
const pattern = fc.stringMatching(/^[a-z.*+?()|]{1,10}$/);
const term: fc.Arbitrary<LogTerm> = fc.oneof(
  word.map((text): LogTerm => ({ type: 'text', text })),
  word.map((text): LogTerm => ({ type: 'text', text, case: true })),
  word.map((text): LogTerm => ({ type: 'text', text, word: true })),
  pattern.map((text): LogTerm => ({ type: 'regex', text })),
  pattern.map((text): LogTerm => ({ type: 'regex', text, case: true })),
  fc
    .tuple(
      fc.constantFrom('status', 'http.status', 'a-b', 'x/y'),
      fc.constantFrom('=', '!=', '>', '<', '~'),
      word,
    )
    .map(([field, op, text]): LogTerm => ({ type: 'field', field, op: op as '=', text })),
);
const time = fc.option(fc.integer({ min: 0, max: 4_000_000_000_000 }), { nil: null });
const filter: fc.Arbitrary<LogFilter> = fc.record({
  include: fc.array(term, { maxLength: 4 }),
  exclude: fc.array(term, { maxLength: 4 }),
  levels: fc.integer({ min: 0, max: 126 }),
  hidden: fc.array(fc.constantFrom('//sidecar', 'shop/web-0/', 'shop/web-0/app'), { maxLength: 2 }),
  from: time,
  to: time,
  fold: fc.boolean(),
  context: fc.integer({ min: 0, max: 50 }),
});

describe('a filter as text', () => {
  it('reads back as it was written', () => {
    fc.assert(
      fc.property(filter, (one) => {
        expect(parseFilter(formatFilter(one))).toEqual(one);
      }),
      { numRuns: 1_000 },
    );
  });

  it('never fails, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), (text) => {
        const read = parseFilter(text);
        expect(parseFilter(formatFilter(read))).toEqual(read);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    ['level:warn+', { levels: 0b1110000 }],
    ['level:warn,error', { levels: 0b0110000 }],
    ['around:3', { context: 3 }],
    ['around:99', { context: 50 }],
    ['status>499', { include: [{ type: 'field', field: 'status', op: '>', text: '499' }] }],
    ['-/a b/', { exclude: [{ type: 'regex', text: 'a b' }] }],
    ['"two words"', { include: [{ type: 'text', text: 'two words' }] }],
    ['12:30', { include: [{ type: 'text', text: '12:30' }] }],
    ['http://x/y', { include: [{ type: 'text', text: 'http://x/y' }] }],
  ])('%s', (text, part) => {
    expect(parseFilter(text)).toEqual({ ...noFilter, ...part });
  });
});
