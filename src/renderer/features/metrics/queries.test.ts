import { describe, expect, test } from 'vitest';
import type { InstantAnswer, RangeAnswer } from '#shared/contract/metrics';
import {
  addQuery,
  answeredOf,
  dotsOf,
  joinInstants,
  joinLines,
  joinRanges,
  MOST_QUERIES,
  removeQuery,
  shownIds,
  shownResults,
  type QueryRow,
  type Result,
} from './queries';
import { MOST_LINES } from './to-chart';

const range = (count: number): RangeAnswer => ({
  start: 0,
  end: 10,
  step: 10,
  series: Array.from({ length: count }, (_, i) => ({
    labels: { pod: `p${String(i).padStart(2, '0')}` },
    values: Float64Array.of(i, i),
  })),
  total: count,
  duplicates: 0,
  notNumbers: 0,
  histograms: 0,
  bytes: 0,
  warnings: [],
});
const over = (expr: string, count = 1): Result => ({ expr, range: range(count), took: 1 });
const row = (id: string, hidden = false): QueryRow => ({ id, text: id, hidden });

describe('rows', () => {
  test('a new row takes the first free letter, and there is an end to them', () => {
    expect(addQuery([row('A'), row('C')], 'up')?.at(-1)).toEqual({ id: 'B', text: 'up', hidden: false });
    let rows: readonly QueryRow[] = [row('A')];
    for (let next = addQuery(rows, ''); next; next = addQuery(rows, '')) rows = next;
    expect(rows).toHaveLength(MOST_QUERIES);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(MOST_QUERIES);
  });
  test('the last row is emptied, any other goes', () => {
    expect(removeQuery([row('A'), row('B')], 'A')).toEqual([row('B')]);
    expect(removeQuery([row('B', true)], 'B')).toEqual([{ id: 'B', text: '', hidden: false }]);
  });
  test('hidden rows and rows without an answer are not shown', () => {
    const results = { A: over('a'), B: over('b') };
    const ids = shownIds([row('A', true), row('B'), row('C')]);
    expect(shownResults(ids, results).map(({ id }) => id)).toEqual(['B']);
  });
  test('a refusal and a failure are results, and no answers', () => {
    const problem = { type: 'bad_data', message: 'parse error' };
    const results: Record<string, Result> = {
      A: over('a'),
      B: { ...over('b'), range: { ...range(1), problem } },
      C: { expr: 'c', error: { code: 'timeout', message: 'late' }, took: 1 },
    };
    expect(answeredOf(shownResults('ABC', results)).map(({ id }) => id)).toEqual(['A']);
  });
});

describe('lines', () => {
  test('of one query as they are, of two with their letters and apart', () => {
    expect(joinLines([{ id: 'A', result: over('a') }]).series[0]?.title).toBe('{pod="p00"}');
    const both = joinLines([
      { id: 'A', result: over('a') },
      { id: 'B', result: over('b') },
    ]).series;
    expect(both.map(({ title }) => title)).toEqual(['A  {pod="p00"}', 'B  {pod="p00"}']);
    expect(new Set(both.map(({ id }) => id)).size).toBe(2);
  });
  test('all together are no more than a chart holds, and the rest is counted', () => {
    const { series, cut } = joinLines([
      { id: 'A', result: over('a', 30) },
      { id: 'B', result: over('b', 30) },
    ]);
    expect(series).toHaveLength(MOST_LINES);
    expect(cut).toBe(60 - MOST_LINES);
  });
});

describe('files', () => {
  test('one query is exported as it is', () => {
    const { range: whole } = over('a');
    expect(joinRanges([{ id: 'A', result: { expr: 'a', range: whole!, took: 1 } }])).toBe(whole);
    expect(joinRanges([])).toBeUndefined();
  });
  test('of several each series tells its query', () => {
    const joined = joinRanges([
      { id: 'A', result: over('up') },
      { id: 'B', result: over('sum(up)') },
    ]);
    expect(joined?.series.map(({ labels }) => labels['query'])).toEqual(['up', 'sum(up)']);
  });
  test('values of one moment too', () => {
    const instant: InstantAnswer = {
      type: 'vector',
      rows: [{ labels: {}, at: 1, text: '1', value: 1 }],
      total: 1,
      histograms: 0,
      warnings: [],
    };
    const joined = joinInstants(['x', 'y'].map((expr) => ({ id: expr, result: { expr, instant, took: 1 } })));
    expect(joined?.rows.map(({ labels }) => labels['query'])).toEqual(['x', 'y']);
    expect(joined?.total).toBe(2);
  });
});

test('exemplars become dots that name their trace', () => {
  const found = [{ series: {}, labels: { trace_id: 'ab' }, value: 0.25, at: 5 }];
  const result = { ...over('a'), exemplars: { found, total: 1 } };
  expect(dotsOf([{ id: 'A', result }])).toEqual([{ at: 5, value: 0.25, title: 'Exemplar 0.25, trace ab' }]);
});
