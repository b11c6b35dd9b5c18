import { expect, test } from 'vitest';
import { readExemplars, traceOf } from './exemplars';

const series = { __name__: 'http_seconds_bucket', le: '0.5' };
const one = (at: unknown, value: unknown, labels: unknown = { trace_id: 'ab' }): object => ({
  labels,
  value,
  timestamp: at,
});

test('exemplars come oldest first, with the labels of their series', () => {
  const data = [
    { seriesLabels: series, exemplars: [one(20, '0.4'), one(10, '0.2')] },
    { seriesLabels: {}, exemplars: [one(15, '1')] },
  ];
  const { found, total } = readExemplars(data, 10);
  expect(total).toBe(3);
  expect(found.map(({ at, value }) => [at, value])).toEqual([
    [10, 0.2],
    [15, 1],
    [20, 0.4],
  ]);
  expect({ ...found[0]?.series }).toEqual(series);
});

test('where there are too many the newest stay, and how many there were is told', () => {
  const data = [{ seriesLabels: {}, exemplars: [3, 1, 2].map((at) => one(at, '1')) }];
  const { found, total } = readExemplars(data, 2);
  expect(found.map(({ at }) => at)).toEqual([2, 3]);
  expect(total).toBe(3);
});

test.each([
  undefined,
  null,
  'x',
  {},
  [null, 3, {}],
  [{ exemplars: 'x' }],
  [{ exemplars: [null, {}, one('1', '1'), one(1, 'NaN'), one(1, '+Inf'), one(Infinity, '1')] }],
])('odd answers have none: %j', (data) => {
  expect(readExemplars(data, 10)).toEqual({ found: [], total: 0 });
});

test.each([
  [{ trace_id: 'a' }, 'a'],
  [{ traceID: 'b', span_id: 'c' }, 'b'],
  [{ span_id: 'c' }, undefined],
  [{ trace_id: '' }, undefined],
])('the trace of %j is %s', (labels, expected) => {
  expect(traceOf({ series: {}, labels, value: 1, at: 1 })).toBe(expected);
});
