/** The text format line by line; rates, percentiles and gaps from two readings. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newReading, pointsOf, quantile, takeLine, type ControlReading } from './control-plane';
import { readExposed } from './exposition';

const all = new Set(['up', 'http_requests_total']);

describe('lines of the text format', () => {
  test.each([
    ['up 1', { name: 'up', labels: {}, value: 1 }],
    ['up{job="a"} 0.5 1700000000000', { name: 'up', labels: { job: 'a' }, value: 0.5 }],
    [
      'http_requests_total{code="200",path="/a,b{}"} +Inf',
      { name: 'http_requests_total', labels: { code: '200', path: '/a,b{}' }, value: Infinity },
    ],
    [String.raw`up{a="x\"y\\z\n"} 1e3`, { name: 'up', labels: { a: 'x"y\\z\n' }, value: 1000 }],
    ['up{a="b",} NaN', { name: 'up', labels: { a: 'b' }, value: NaN }],
    ['# HELP up 1', undefined],
    ['other 1', undefined],
    ['up{a="b', undefined],
    ['up{a=b} 1', undefined],
    ['up', undefined],
    ['up xyz', undefined],
    ['', undefined],
  ] as const)('%s', (line, expected) => {
    const found = readExposed(line, all);
    expect(found && { ...found, labels: { ...found.labels } }).toEqual(expected);
  });

  test('any text ends without an exception; any label value is read back', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        readExposed(`up${text}`, all);
      }),
    );
    fc.assert(
      fc.property(fc.string(), (value) => {
        const escaped = value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
        expect(readExposed(`up{a="${escaped}"} 1`, all)?.labels['a']).toBe(value);
      }),
    );
  });
});

function reading(at: number, ...lines: readonly string[]): ControlReading {
  const found = newReading(at);
  takeLine(found, 'process_start_time_seconds 1000');
  for (const line of lines) takeLine(found, line);
  return found;
}

describe('charts from readings', () => {
  const first = reading(
    0,
    'apiserver_request_total{verb="GET",code="200"} 100',
    'apiserver_request_total{verb="GET",code="500"} 10',
    'apiserver_request_total{verb="LIST",code="404"} 5',
    'apiserver_current_inflight_requests{request_kind="readOnly"} 2',
    'apiserver_request_duration_seconds_bucket{verb="GET",le="0.1"} 100',
    'apiserver_request_duration_seconds_bucket{verb="GET",le="+Inf"} 110',
    'apiserver_resource_objects{group="apps",resource="deployments"} 12',
  );
  const second = reading(
    10_000,
    'apiserver_request_total{verb="GET",code="200"} 150',
    'apiserver_request_total{verb="GET",code="500"} 30',
    'apiserver_request_total{verb="LIST",code="404"} 4',
    'apiserver_current_inflight_requests{request_kind="readOnly"} 3',
    'apiserver_request_duration_seconds_bucket{verb="GET",le="0.1"} 180',
    'apiserver_request_duration_seconds_bucket{verb="GET",le="+Inf"} 190',
    'apiserver_request_duration_seconds_bucket{verb="WATCH",le="+Inf"} 190',
  );
  const of = (chart: string, points: ReturnType<typeof pointsOf>): Record<string, number> =>
    Object.fromEntries(points.filter((one) => one.chart === chart).map((one) => [one.line, one.value]));

  test('counters are rates, gauges are what they are, a counter that went back is a gap', () => {
    const points = pointsOf(first, second);
    expect(of('requests', points)).toEqual({ GET: 7, LIST: NaN });
    expect(of('errors', points)).toEqual({ '500': 2 });
    expect(of('inflight', points)).toEqual({ reading: 3 });
    expect(of('latency', points)['GET']).toBeCloseTo(0.099);
    expect(Object.keys(of('latency', points))).toEqual(['GET']);
    expect(first.objects).toEqual(new Map([['deployments.apps', 12]]));
  });

  test('one reading alone, or of another server, has gauges only', () => {
    for (const points of [pointsOf(undefined, first), pointsOf({ ...first, started: 5 }, second)])
      expect([...new Set(points.map((one) => one.chart))]).toEqual(['inflight']);
  });
});

test.each([
  [
    [
      [1, 5],
      [2, 10],
      [Infinity, 10],
    ],
    0.5,
    1,
  ],
  [
    [
      [1, 0],
      [2, 10],
      [Infinity, 10],
    ],
    0.5,
    1.5,
  ],
  [
    [
      [1, 0],
      [Infinity, 10],
    ],
    0.99,
    1,
  ],
  [
    [
      [1, 0],
      [Infinity, 0],
    ],
    0.99,
    NaN,
  ],
  [[[Infinity, 3]], 0.99, NaN],
  [[], 0.99, NaN],
] as const)('quantile of %j at %d', (buckets, share, expected) => {
  expect(quantile(share, buckets)).toEqual(expected);
});
