import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { linksOf, readAlerts, readRules, readTargets } from './alerts';
import { decodeInstant, decodeRange, MOST_LABELS, problemOf, readLabels, seriesTitle } from './answer';
import { place, placeOf, proxyPath, rankPlaces } from './places';
import { durationText, MOST_POINTS, pointsOf, rangeFor, rateWindow } from './range';
import { axisFor, formatValue, type PromUnit } from './units';

describe('units', () => {
  test.each<[PromUnit, number, string]>([
    ['cores', 0.25, '250m'],
    ['cores', 1.5, '1.5'],
    ['bytes', 18 * 2 ** 20, '18 MiB'],
    ['bytes/s', 1536, '1.5 KiB/s'],
    ['share', 0.123, '12%'],
    ['share', 0.0004, '<0.1%'],
    ['count', 25_000, '25k'],
    ['/s', 3.456, '3.46/s'],
    ['seconds', 0.0123, '12.3 ms'],
    ['seconds', 0.0000042, '4.2 µs'],
    ['seconds', 300, '5 min'],
    ['none', 1234, '1234'],
    ['none', NaN, '–'],
    ['none', Infinity, '+Inf'],
    ['none', -Infinity, '-Inf'],
  ])('%s %d is %s', (unit, value, expected) => {
    expect(formatValue(unit, value)).toBe(expected);
  });
  test.each<[PromUnit, number, string, string[]]>([
    ['cores', 0.35, 'millicores', ['0', '100', '200', '300', '400']],
    ['cores', 2, 'cores', ['0', '0.5', '1', '1.5', '2']],
    ['bytes', 24 * 2 ** 30, 'GiB', ['0', '8', '16', '24']],
    ['share', 0.5, '%', ['0', '20', '40', '60']],
  ])('axis of %s up to %d', (unit, max, label, ticks) => {
    const axis = axisFor(unit, 0, max);
    expect([axis.label, axis.ticks.map(axis.format)]).toEqual([label, ticks]);
  });
  test('every axis holds its values with few different ticks', () => {
    const units = fc.constantFrom<PromUnit>(
      'cores',
      'bytes',
      'bytes/s',
      'share',
      'count',
      '/s',
      'seconds',
      'none',
    );
    fc.assert(
      fc.property(units, fc.double({ min: 1e-9, max: 1e15, noNaN: true }), (unit, max) => {
        const { ticks, format } = axisFor(unit, 0, max);
        expect(ticks[ticks.length - 1]).toBeGreaterThanOrEqual(max * 0.999);
        expect(ticks.length).toBeLessThanOrEqual(8);
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(new Set(ticks.map(format)).size).toBe(ticks.length);
      }),
    );
  });
});

describe('ranges', () => {
  test('lie on the grid of their step and stay below the server’s limit', () => {
    const seconds = fc.integer({ min: 1, max: 400 * 86_400 });
    fc.assert(
      fc.property(
        seconds,
        fc.integer({ min: 1, max: 100_000 }),
        fc.integer({ min: 1, max: 120 }),
        (span, width, scrape) => {
          const now = 1_795_247_183;
          const range = rangeFor(now - span, now, width, scrape);
          expect(pointsOf(range)).toBeLessThanOrEqual(MOST_POINTS);
          expect(pointsOf(range)).toBeGreaterThanOrEqual(1);
          expect(range.start % range.step).toBe(0);
          expect(range.end).toBeLessThanOrEqual(now);
        },
      ),
    );
  });
  test.each([
    [1, '1s'],
    [90, '1m30s'],
    [3600, '1h'],
    [86_400 + 60, '1d1m'],
  ])('%d s is %s', (seconds, text) => {
    expect(durationText(seconds)).toBe(text);
  });
  test('rate looks back over four scrapes, or a step and a scrape', () => {
    expect([rateWindow(10, 15), rateWindow(300, 15)]).toEqual(['1m', '5m15s']);
  });
});

const range = { start: 100, end: 140, step: 10 };
const matrix = (...result: unknown[]): unknown => ({ resultType: 'matrix', result });

describe('answers', () => {
  test('gaps, NaN, infinities, samples off the grid, duplicates', () => {
    const decoded = decodeRange(
      matrix(
        {
          metric: { a: '1', b: '2' },
          values: [
            [100, '1'],
            [110, 'NaN'],
            [120, '+Inf'],
            [500, '9'],
          ],
        },
        {
          metric: { b: '2', a: '1' },
          values: [
            [100, '7'],
            [140, '5'],
          ],
        },
        { metric: { a: '3' } },
      ),
      range,
      10,
    );
    expect(Array.from(decoded?.series[0]?.values ?? [])).toEqual([1, NaN, Infinity, NaN, 5]);
    expect(decoded).toMatchObject({ total: 3, duplicates: 1, notNumbers: 1 });
    expect(decoded?.series).toHaveLength(2);
  });
  test('series beyond the cap are counted', () => {
    const many = Array.from({ length: 30 }, (_, i) => ({ metric: { i: String(i) }, values: [[100, '1']] }));
    expect(decodeRange(matrix(...many), range, 7)).toMatchObject({ total: 30, series: { length: 7 } });
  });
  test('label sets are capped, odd names are only words', () => {
    const wide = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`l${i}`, 'x']));
    expect(Object.keys(readLabels(wide))).toHaveLength(MOST_LABELS);
    expect(readLabels(JSON.parse('{"__proto__":"x","constructor":"y"}')).constructor).toBe('y');
  });
  test('any JSON is answered or refused, never thrown', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        decodeRange(json, range, 5);
        decodeRange({ resultType: 'matrix', result: [json, { metric: json, values: json }] }, range, 5);
        decodeInstant({ resultType: 'vector', result: [json, { metric: json, value: json }] }, 5);
        problemOf(json);
        readAlerts(json);
        readRules({ groups: [json, { rules: [json] }] });
        readTargets({ activeTargets: [json] });
      }),
    );
  });
  test('instant values are kept as sent', () => {
    const data = {
      resultType: 'vector',
      result: [
        { metric: { a: '1' }, value: [1.5, '0.10'] },
        { metric: {}, histogram: [1, {}] },
      ],
    };
    expect(decodeInstant(data, 5)).toMatchObject({
      rows: [{ text: '0.10', value: 0.1, at: 1.5 }],
      total: 2,
      histograms: 1,
    });
    expect(decodeInstant({ resultType: 'scalar', result: [1, 'NaN'] }, 5)?.rows[0]?.value).toBeNaN();
  });
  test('a refused query tells its place', () => {
    const error = 'invalid parameter "query": 1:17: parse error: unexpected end of input';
    expect(problemOf({ status: 'error', errorType: 'bad_data', error })).toEqual({
      type: 'bad_data',
      message: error,
      from: 16,
    });
    expect(problemOf({ status: 'success' })).toBeUndefined();
  });
  test('titles', () => {
    expect(seriesTitle({ pod: 'a', container: 'b' }, ['pod'])).toBe('a');
    expect(seriesTitle({ __name__: 'up', job: 'x' }, undefined)).toBe('up{job="x"}');
  });
});

describe('places', () => {
  test.each([
    [{ name: 'prometheus-server', ports: [{ name: 'http', port: 80 }] }, 'm/prometheus-server:80'],
    [
      {
        name: 'prometheus-k8s',
        ports: [
          { name: 'reloader-web', port: 8080 },
          { name: 'web', port: 9090 },
        ],
      },
      'm/prometheus-k8s:9090',
    ],
    [{ name: 'prometheus-node-exporter', ports: [{ port: 9100 }] }, undefined],
    [{ name: 'vmselect-a', ports: [{ port: 8481 }] }, 'm/vmselect-a:8481/select/0/prometheus'],
    [{ name: 'prometheus', ports: [] }, undefined],
  ])('%j', ({ name, ports }, id) => {
    expect(placeOf({ metadata: { name, namespace: 'm' }, spec: { ports } }, 'test')?.id).toBe(id);
  });
  test('queriers stand before what they query, each place once', () => {
    const of = (service: string): ReturnType<typeof place> =>
      place({ namespace: 'm', service, port: '9090', https: false, why: '' });
    const ranked = rankPlaces(
      ['prometheus-operated', 'prometheus-k8s', 'thanos-query', 'prometheus-k8s'].map(of),
    );
    expect(ranked.map((one) => one.service)).toEqual([
      'thanos-query',
      'prometheus-k8s',
      'prometheus-operated',
    ]);
  });
  test('the path of the proxy is encoded', () => {
    const one = place({ namespace: 'm/..', service: 'thanos-querier', port: '9091', https: true, why: '' });
    expect(proxyPath(one)).toBe('/api/v1/namespaces/m%2F../services/https%3Athanos-querier%3A9091/proxy');
  });
});

describe('alerts', () => {
  test('link to the objects their labels name, the narrowest first', () => {
    const labels = readLabels({
      alertname: 'ContainerRestarting',
      namespace: 'broken',
      pod: 'oom-1',
      node: 'node-1',
    });
    expect(linksOf(labels)).toEqual([
      { kind: 'pods', namespace: 'broken', name: 'oom-1' },
      { kind: 'nodes', namespace: '', name: 'node-1' },
      { kind: 'namespaces', namespace: '', name: 'broken' },
    ]);
    expect(linksOf(readLabels({ namespace: '../x', pod: 'a/b' }))).toEqual([]);
    expect(linksOf(readLabels({ exported_pod: 'mine', pod: 'exporter', namespace: 'n' }))[0]?.name).toBe(
      'mine',
    );
  });
  test('firing stands before pending, grave before light', () => {
    const alert = (alertname: string, state: string, severity: string): unknown => ({
      labels: { alertname, severity },
      state,
      activeAt: '2026-01-01T00:00:00Z',
    });
    const data = {
      alerts: [
        alert('c', 'pending', 'critical'),
        alert('b', 'firing', 'none'),
        alert('a', 'firing', 'critical'),
      ],
    };
    expect(readAlerts(data).map((one) => one.name)).toEqual(['a', 'b', 'c']);
  });
});
