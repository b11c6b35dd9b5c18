import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseFilter } from './filter';
import { compileFilter } from './filter-match';
import { sample, sampleKind } from './sample-kind';
import { Table } from './table';

const now = 1_700_000_000_000;
const hour = 3_600_000;

function shop(): Table {
  const table = new Table(sampleKind);
  table.upsert(
    sample('web-1', {
      namespace: 'shop',
      node: 'node-a',
      ip: '10.0.0.1',
      state: { tone: 'ok', text: 'Running' },
      ready: [1, 1],
      restarts: [0, null],
      memory: 512 * 2 ** 20,
      born: now - 30 * 60_000,
      labels: { app: 'web', tier: 'front', 'app.kubernetes.io/name': 'Web' },
    }),
  );
  table.upsert(
    sample('WEB-2', {
      namespace: 'shop',
      node: 'node-b',
      state: { tone: 'bad', text: 'CrashLoopBackOff' },
      ready: [0, 1],
      restarts: [12, now],
      memory: 2 * 2 ** 30,
      born: now - 2 * hour,
      labels: { app: 'web' },
    }),
  );
  table.upsert(
    sample('db-0', {
      namespace: 'data',
      node: 'node-a',
      state: { tone: 'done', text: 'Completed é' },
      count: 5,
      born: now - 48 * hour,
    }),
  );
  return table;
}

function passing(text: string, table = shop()): string {
  const parsed = parseFilter(text);
  if ('error' in parsed) return `error at ${parsed.error.at}: ${parsed.error.message}`;
  const compiled = compileFilter(parsed.terms, table);
  if ('error' in compiled) return `error at ${compiled.error.at}: ${compiled.error.message}`;
  const names: string[] = [];
  for (let row = 0; row < table.top; row++) if (compiled.filter.test(row, now)) names.push(table.name(row));
  return names.join(' ');
}

describe('filters', () => {
  it.each([
    ['', 'web-1 WEB-2 db-0'],
    ['web', 'web-1 WEB-2'],
    ['WEB-1', 'web-1'],
    ['web node-b', 'WEB-2'],
    ['-web', 'db-0'],
    ['!web', 'db-0'],
    ['-web -data', ''],
    ['É', 'db-0'],
    ['"Completed é"', 'db-0'],
    ['"completed x"', ''],
    ['10.0.0.1', 'web-1'],
    ['shop', 'web-1 WEB-2'],
    ['label:app=web', 'web-1 WEB-2'],
    ['label:app=we', ''],
    ['label:tier', 'web-1'],
    ['label:app!=web', 'db-0'],
    ['-label:tier', 'WEB-2 db-0'],
    ['label:app.kubernetes.io/name=Web', 'web-1'],
    ['label:app="web"', 'web-1 WEB-2'],
    ['ns:shop', 'web-1 WEB-2'],
    ['namespace:=sho', ''],
    ['ns:!=shop', 'db-0'],
    ['name:web-', 'web-1 WEB-2'],
    ['node:node-a', 'web-1 db-0'],
    ['node:=NODE-A', 'web-1 db-0'],
    ['status:crash', 'WEB-2'],
    ['status:!=Running', 'WEB-2 db-0'],
    ['status:=running', 'web-1'],
    ['-status:Running', 'WEB-2 db-0'],
    ['status:/^(crash|comp)/', 'WEB-2 db-0'],
    ['restarts:>5', 'WEB-2'],
    ['restarts:0', 'web-1'],
    ['restarts:!=0', 'WEB-2 db-0'],
    ['restarts:<=12', 'web-1 WEB-2'],
    ['age:<1h', 'web-1'],
    ['age:>1h30m', 'WEB-2 db-0'],
    ['age:>=2d', 'db-0'],
    ['memory-used:>1Gi', 'WEB-2'],
    ['memory:<600Mi', 'web-1'],
    ['ready:0/1', 'WEB-2'],
    ['ready:!=1/1', 'WEB-2 db-0'],
    ['ready:>0', 'web-1'],
    ['count:5', 'db-0'],
    ['/^web-\\d$/', 'web-1 WEB-2'],
    ['-/^web/', 'db-0'],
    ['/[/]/', ''],
    ['a:b:c', 'error at 0: there is no column “a”; there are'],
    ['web nothing:x', 'error at 4: there is no column “nothing”'],
    ['"web', 'error at 0: the quote is not closed'],
    ['/web', 'error at 0: the regular expression has no closing /'],
    ['/we(b/', 'error at 0: the regular expression cannot be read'],
    ['/(a+)+$/', 'error at 1: a repeat of something that repeats'],
    ['/(a|ab)*c/', 'error at 1: a repeat of something that repeats'],
    ['/(.*)\\1/', 'error at 1: back-references are not supported'],
    ['/.*.*.*.*x/', 'error at 1: more than three repeats'],
    ['label:', 'error at 6: label: needs a key'],
    ['status:', 'error at 7: status: needs a value'],
    ['restarts:>many', 'error at 0: “many” is no number'],
    ['age:<soon', 'error at 0: “soon” is no age'],
    ['node:>5', 'error at 0: “node” holds words'],
  ])('%s', (text, expected) => {
    if (expected.startsWith('error')) expect(passing(text)).toContain(expected);
    else expect(passing(text)).toBe(expected);
  });

  it('keeps up with rows, words and codes that change', () => {
    const table = shop();
    const parsed = parseFilter('web');
    const compiled = compileFilter('terms' in parsed ? parsed.terms : [], table);
    const { test } = (compiled as { filter: { test(row: number, at: number): boolean } }).filter;
    const passed = (): number => {
      let n = 0;
      for (let row = 0; row < table.top; row++) if (table.alive[row] === 1 && test(row, now)) n++;
      return n;
    };
    expect(passed()).toBe(2);
    for (let i = 0; i < 10_000; i++) table.upsert(sample(`job-${i}`, { ip: `x${i}` }));
    expect(passed()).toBe(2);
    const replace = table.beginReplace();
    for (let i = 0; i < 100; i++) replace.add(sample(`web-${i}`, { namespace: 'other' }));
    replace.commit();
    table.flush();
    expect(passed()).toBe(100);
  });

  it('never throws, whatever is typed', () => {
    const table = shop();
    const piece = fc.constantFrom(
      '-',
      '!',
      '"',
      '/',
      ':',
      '=',
      'label',
      'age',
      'ns',
      '>',
      '<',
      ' ',
      'a',
      '1h',
      '(',
      '[',
      '\\',
      '*',
      '{',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece, { maxLength: 12 }).map((list) => list.join('')),
        ),
        (text) => {
          expect(typeof passing(text, table)).toBe('string');
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('answers fast on words made to hurt', () => {
    const table = new Table(sampleKind);
    for (let i = 0; i < 500; i++) table.upsert(sample(`n${i}`, { node: `${'a'.repeat(1000)}${i}` }));
    const start = performance.now();
    passing('/a*a*a*b/', table);
    expect(performance.now() - start).toBeLessThan(5000);
  });
});
