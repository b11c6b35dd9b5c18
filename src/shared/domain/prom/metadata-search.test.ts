import { describe, expect, test } from 'vitest';
import { firstQuery, joinMetrics, searchMetrics, type MetricInfo } from './metadata-search';

const info = (metric: string, type: string, help: string): MetricInfo => ({ metric, type, help });
const all = [
  info('up', 'gauge', ''),
  info('node_memory_total_bytes', 'gauge', 'Memory of the node.'),
  info('container_memory_usage_bytes', 'gauge', 'Bytes in use.'),
  info('memory_pressure', 'gauge', 'Waiting for pages.'),
  info('go_heap_bytes', 'gauge', 'Bytes of memory in the heap.'),
];
const names = (text: string, most = 10): readonly string[] =>
  searchMetrics(all, text, most).rows.map(({ metric }) => metric);

describe('search', () => {
  test.each([
    [
      'memory',
      ['memory_pressure', 'container_memory_usage_bytes', 'node_memory_total_bytes', 'go_heap_bytes'],
    ],
    ['MEMORY bytes', ['container_memory_usage_bytes', 'node_memory_total_bytes', 'go_heap_bytes']],
    ['bytes node', ['node_memory_total_bytes']],
    ['pages', ['memory_pressure']],
    ['nothing of that', []],
  ])('%s', (text, expected) => {
    expect(names(text)).toEqual(expected);
  });
  test('nothing typed shows all; a cut tells how many there are', () => {
    expect(names('  ')).toHaveLength(5);
    expect(searchMetrics(all, '', 2)).toMatchObject({ total: 5 });
    expect(names('', 2)).toHaveLength(2);
  });
});

test('names without metadata join, parts of a histogram do not', () => {
  const joined = joinMetrics(
    [info('a_seconds', 'histogram', 'Time.'), info('b', 'gauge', '')],
    ['a_seconds_bucket', 'a_seconds_count', 'a_seconds_sum', 'b', 'c'],
  );
  expect(joined.map(({ metric }) => metric)).toEqual(['a_seconds', 'b', 'c']);
});

test.each([
  ['counter', 'rate(x[5m])'],
  ['gauge', 'x'],
  ['histogram', 'histogram_quantile(0.99, sum by (le) (rate(x_bucket[5m])))'],
  ['', 'x'],
])('first query of type %s', (type, expected) => {
  expect(firstQuery(info('x', type, ''))).toBe(expected);
});
