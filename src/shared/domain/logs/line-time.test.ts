import { describe, expect, it } from 'vitest';
import { lineTime } from './line-time';

const now = Date.UTC(2026, 10, 21, 12, 0, 0);

describe('line time', () => {
  it.each([
    ['I1121 09:58:33.123456    1234 server.go:1] "Started"', Date.UTC(2026, 10, 21, 9, 58, 33, 123)],
    ['E1231 23:59:59.000001 1 x.go:1] late', Date.UTC(2025, 11, 31, 23, 59, 59)],
    ['Nov 21 09:58:33 node-1 kubelet[1]: ready', Date.UTC(2026, 10, 21, 9, 58, 33)],
    ['Nov  1 09:58:33.250000 node-1 kernel: x', Date.UTC(2026, 10, 1, 9, 58, 33, 250)],
    ['<30>Dec 24 00:00:00 host x: y', Date.UTC(2025, 11, 24)],
    ['2026-01-02T03:04:05.678901Z hello', Date.UTC(2026, 0, 2, 3, 4, 5, 678)],
    ['2026-01-02T03:04:05+02:00 hello', Date.UTC(2026, 0, 2, 1, 4, 5)],
    ['2026-01-02 03:04:05,123 INFO x', Date.UTC(2026, 0, 2, 3, 4, 5, 123)],
    ['time="2026-01-02T03:04:05-0130" level=info', Date.UTC(2026, 0, 2, 4, 34, 5)],
    ['{"ts":"2026-01-02T03:04:05Z","msg":"x"}', Date.UTC(2026, 0, 2, 3, 4, 5)],
  ])('%s', (line, time) => {
    expect(lineTime(line, now)).toBe(time);
  });

  it.each(['', 'hello 2026-01-02', 'I9999 99:99:99.1 x', 'Foo 12 10:00:00 x', '\u0000\u0001', '2026-13'])(
    '%j says no time',
    (line) => {
      expect(lineTime(line, now)).toBeUndefined();
    },
  );
});
