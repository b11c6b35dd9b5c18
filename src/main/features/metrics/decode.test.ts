import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeRangeBytes, decodeRangeJson } from './decode';
import { parseUrl, urlReach } from './reach';
import { Scope } from '#shared/rpc/scope';

const range = { start: 1000, end: 1000 + 59 * 15, step: 15 };

const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.integer().map(String),
  fc.tuple(fc.nat(), fc.nat()).map(([a, b]) => `${a}.${b}`),
  fc.constantFrom(
    'NaN',
    '+Inf',
    '-Inf',
    '0',
    '-0',
    '0.1',
    '18794.802295069',
    '1e+09',
    '1795247183.9650001',
    '123456789012345678901234',
  ),
);
const sample = fc
  .tuple(fc.integer({ min: -5, max: 70 }), number)
  .map(([i, text]) => [range.start + i * range.step, text]);
const series = fc.record({
  metric: fc.dictionary(fc.constantFrom('a', 'pod', '__name__', 'ü"\\{}'), fc.string({ unit: 'grapheme' })),
  values: fc.array(sample, { maxLength: 20 }),
});
const answer = fc.record({
  status: fc.constant('success'),
  data: fc.record({ resultType: fc.constant('matrix'), result: fc.array(series, { maxLength: 5 }) }),
});

describe('bytes of a range answer', () => {
  test('decode as the reference does, but for the last bit of long numbers', () => {
    fc.assert(
      fc.property(answer, (json) => {
        const fast = decodeRangeBytes(Buffer.from(JSON.stringify(json)), range, 4).result;
        const reference = decodeRangeJson(json, range, 4).result;
        expect({ ...fast, series: fast?.series.map((one) => one.labels) }).toEqual({
          ...reference,
          series: reference?.series.map((one) => one.labels),
        });
        fast?.series.forEach((one, i) =>
          one.values.forEach((value, k) => {
            const expected = reference?.series[i]?.values[k] ?? NaN;
            if (Number.isFinite(expected))
              expect(Math.abs(value - expected)).toBeLessThanOrEqual(Math.abs(expected) * 1e-15);
            else expect(value).toBe(expected);
          }),
        );
      }),
      { numRuns: 300 },
    );
  });
  test('any bytes end in an answer or in one sentence', () => {
    const good = Buffer.from(
      JSON.stringify({
        status: 'success',
        data: {
          resultType: 'matrix',
          result: [
            {
              metric: { a: 'b' },
              values: [
                [1000, '1'],
                [1015, '2.5'],
              ],
            },
          ],
        },
      }),
    );
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), (at, byte, cut) => {
        const bytes = Buffer.from(good);
        bytes[at] = byte;
        for (const one of [bytes, good.subarray(0, cut)])
          try {
            decodeRangeBytes(one, range, 4);
          } catch (thrown) {
            expect((thrown as { error?: { code?: string } }).error?.code).toBe('bad-answer');
          }
      }),
      { numRuns: 300 },
    );
  });
  test('warnings behind the data are read; a refusal is data', () => {
    const head = '{"status":"success","data":{"resultType":"matrix","result":[]}';
    expect(
      decodeRangeBytes(Buffer.from(`${head},"warnings":["partial"],"infos":["slow"]}`), range, 4).warnings,
    ).toEqual(['partial', 'slow']);
    const refused = '{"status":"error","errorType":"execution","error":"too many samples"}';
    expect(decodeRangeBytes(Buffer.from(refused), range, 4).problem?.type).toBe('execution');
    expect(() => decodeRangeBytes(Buffer.from('<html>Sign in</html>'), range, 4)).toThrow(/JSON/);
  });
});

describe('a source by URL', () => {
  test.each([
    ['ftp://x', /https and http/],
    ['no url', /no URL/],
    ['https://user:secret@x', /own fields/],
  ])('%s is refused', (url, words) => {
    expect(() => parseUrl(url)).toThrow(words);
  });
  test('secrets are not sent in the clear', () => {
    const scope = new Scope('test');
    expect(() => urlReach({ url: 'http://prom.example', bearer: 'x' }, {}, scope)).toThrow(
      /only sent over https/,
    );
    expect(() =>
      urlReach({ url: 'http://prom.example', headers: { Authorization: 'x' } }, {}, scope),
    ).toThrow(/https/);
    expect(() =>
      urlReach({ url: 'https://prom.example', headers: { 'X-A': 'b\r\nc: d' } }, {}, scope),
    ).toThrow(/characters/);
    scope.dispose();
  });
});
