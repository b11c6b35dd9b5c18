import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatCpu,
  formatResource,
  parseQuantity,
  readQuantity,
  sumQuantities,
} from './quantity';

describe('parseQuantity', () => {
  it.each([
    ['0', 0],
    ['1', 1],
    ['+1', 1],
    ['1.', 1],
    ['.5', 0.5],
    ['100m', 0.1],
    ['250m', 0.25],
    ['1500m', 1.5],
    ['5u', 5e-6],
    ['100n', 1e-7],
    ['1k', 1000],
    ['2M', 2e6],
    ['1.5G', 1.5e9],
    ['1T', 1e12],
    ['1P', 1e15],
    ['1E', 1e18],
    ['1e3', 1000],
    ['1E3', 1000],
    ['12e-1', 1.2],
    ['1e+2', 100],
    ['1Ki', 1024],
    ['64Mi', 64 * 2 ** 20],
    ['0.5Gi', 2 ** 29],
    ['1Ti', 2 ** 40],
    ['1Pi', 2 ** 50],
    ['1Ei', 2 ** 60],
  ])('%s is %d', (raw, value) => expect(parseQuantity(raw)).toBe(value));

  it.each([
    '',
    ' ',
    'NaN',
    'Infinity',
    '1e999',
    '-1',
    '-1m',
    '100Zi',
    '100Yi',
    '1K',
    '1ki',
    '1 Gi',
    '1,5',
    '0x10',
    '1e',
    '1ee3',
    '１',
    null,
    undefined,
    5,
    0,
    true,
    {},
    [],
  ])('%j is no amount (fault 22)', (raw) => expect(parseQuantity(raw)).toBeNull());

  it('keeps what is no amount as text', () => {
    expect(readQuantity('100Zi')).toEqual({ raw: '100Zi', value: null });
    expect(readQuantity(5)).toEqual({ raw: '5', value: null });
    expect(readQuantity(undefined)).toEqual({ raw: '', value: null });
    expect(readQuantity('1Ki')).toEqual({ raw: '1Ki', value: 1024 });
  });

  it('leaves what is no amount out of sums', () => {
    expect(sumQuantities(['1', 'NaN', '', '500m', -1])).toBe(1.5);
    expect(sumQuantities(['NaN'])).toBeNull();
  });

  it('is never NaN, infinite or negative, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.stringMatching(/^[-+]?[0-9.]{1,30}[eE]?[-+]?[0-9a-zA-Z]{0,3}$/)),
        (raw) => {
          const value = parseQuantity(raw);
          return value === null || (Number.isFinite(value) && value >= 0);
        },
      ),
    );
  });
});

describe('formats', () => {
  it.each([
    [0, '0 B'],
    [512, '512 B'],
    [1023.6 * 1024, '1 MiB'],
    [18 * 2 ** 20, '18 MiB'],
    [1.5 * 2 ** 30, '1.5 GiB'],
    [12.7 * 2 ** 30, '13 GiB'],
    [-2048, '-2 KiB'],
    [NaN, '–'],
    [null, '–'],
  ])('%d bytes as %s', (bytes, words) => expect(formatBytes(bytes)).toBe(words));

  it.each([
    [0, '0'],
    [0.0001, '<1m'],
    [0.25, '250m'],
    [0.9996, '1'],
    [1.5, '1.5'],
    [1.234, '1.23'],
    [64, '64'],
    [127.6, '128'],
    [Infinity, '–'],
  ])('%d cores as %s', (cores, words) => expect(formatCpu(cores)).toBe(words));

  it('picks the unit of the resource', () => {
    expect(formatResource('requests.cpu', 0.5)).toBe('500m');
    expect(formatResource('limits.memory', 2 ** 30)).toBe('1 GiB');
    expect(formatResource('hugepages-2Mi', 2 ** 21)).toBe('2 MiB');
    expect(formatResource('pods', 40)).toBe('40');
    expect(formatResource('nvidia.com/gpu', 2)).toBe('2');
    expect(formatCount(12_500)).toBe('13k');
    expect(formatCount(1_500_000)).toBe('1.5M');
  });
});
