import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAge, formatAgeLong, formatDuration, formatStatus, parseDuration, parseTime } from './age';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

describe('parseTime', () => {
  it.each([
    ['2026-11-21T03:45:29Z', Date.UTC(2026, 10, 21, 3, 45, 29)],
    ['2026-11-21T03:45:29.123456Z', Date.UTC(2026, 10, 21, 3, 45, 29, 123)],
    ['2026-11-21T05:45:29+02:00', Date.UTC(2026, 10, 21, 3, 45, 29)],
  ])('%s', (raw, at) => expect(parseTime(raw)).toBe(at));

  it.each([
    '',
    '0001-01-01T00:00:00Z',
    '0000-01-01T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-11-21',
    'yesterday',
    '5',
    5,
    null,
    undefined,
    {},
    [],
  ])('%j is no time (fault 23)', (raw) => expect(parseTime(raw)).toBeNull());
});

describe('ages', () => {
  const now = Date.UTC(2026, 10, 21);
  it.each([
    [8 * second, '8s', '8s'],
    [90 * second, '1m', '90s'],
    [5 * minute + 30 * second, '5m', '5m30s'],
    [41 * minute, '41m', '41m'],
    [3 * hour + 12 * minute, '3h', '3h12m'],
    [6 * hour, '6h', '6h'],
    [30 * hour, '30h', '30h'],
    [3 * day + 4 * hour, '3d', '3d4h'],
    [61 * day, '61d', '61d'],
    [800 * day, '2y', '2y70d'],
    [-500, '0s', '0s'],
    [-5 * minute, 'in 5 m', 'in 5 m'],
    [-3 * day, 'in 3 d', 'in 3 d'],
  ])('%d ms ago: %s, long %s', (ago, short, long) => {
    expect(formatAge(now - ago, now)).toBe(short);
    expect(formatAgeLong(now - ago, now)).toBe(long);
  });

  it.each([null, undefined, NaN, Infinity])('%s is none', (at) => expect(formatAge(at, now)).toBe('–'));

  it('is never negative (fault 23)', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer(),
        (at, from) => !/-|NaN/.test(formatAge(at, from) + formatAgeLong(at, from)),
      ),
    );
  });
});

describe('durations', () => {
  it.each([
    [0, '0s'],
    [350, '350ms'],
    [45 * second, '45s'],
    [5 * minute, '5m'],
    [5 * minute + 30 * second, '5m30s'],
    [3 * day + 4 * hour, '3d4h'],
    [-minute, '-1m'],
    [null, '–'],
  ])('%d as %s', (ms, words) => expect(formatDuration(ms)).toBe(words));

  it.each([
    ['3m12s', 3 * minute + 12 * second],
    ['2d4h', 2 * day + 4 * hour],
    ['1y20d', 385 * day],
    ['<1s', 0],
    ['250ms', 250],
    ['1.5h', 90 * minute],
  ])('reads %s', (raw, ms) => expect(parseDuration(raw)).toBe(ms));

  it.each(['', '5', 'm', '<invalid>', '3 m', '-3m', null, 5])('%j is none', (raw) =>
    expect(parseDuration(raw)).toBeNull(),
  );

  it('reads back what it writes of whole seconds below a minute and of two units', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 59 }), fc.integer({ min: 1, max: 59 }), (s, m) => {
        expect(parseDuration(formatDuration(m * minute + s * second))).toBe(m * minute + s * second);
      }),
    );
  });
});

describe('formatStatus', () => {
  const now = Date.UTC(2026, 10, 21);
  it.each([
    [null, 'Terminating'],
    [now + 18 * second, 'Terminating, 18s left'],
    [now + 200, 'Terminating, 1s left'],
    [now, 'Terminating'],
    [now - 4 * minute, 'Terminating, 4m overdue'],
  ])('at %s: %s', (at, words) => expect(formatStatus('Terminating', at, now)).toBe(words));
});
