import { expect, test } from 'vitest';
import { dotPlace } from './model';
import { fitted, pngSize } from './png';

const pen = { measureText: (text: string) => ({ width: text.length * 10 }) };

test.each([
  ['short', 50, 'short'],
  ['too long', 50, 'too …'],
  ['nothing fits', 5, '…'],
])('%s in %d px', (text, width, expected) => {
  expect(fitted(pen, text, width)).toBe(expected);
});

test('the picture has room for a line of the legend for each series', () => {
  const size = (count: number): number =>
    pngSize({
      width: 600,
      height: 320,
      series: Array.from({ length: count }, (_, i) => ({
        id: String(i),
        title: '',
        role: 'series',
        values: new Float64Array(),
      })),
    }).height;
  expect(size(0)).toBeGreaterThan(320);
  expect(size(3) - size(2)).toBe(size(2) - size(1));
});

test.each([
  [0, 5, { x: 0, y: 0.5 }],
  [100, 0, { x: 1, y: 1 }],
  [50, 99, { x: 0.5, y: 0 }],
  [50, -9, { x: 0.5, y: 1 }],
  [101, 5, undefined],
  [-1, 5, undefined],
])('a dot at %d of value %d', (at, value, expected) => {
  expect(dotPlace({ at, value, title: '' }, { start: 0, step: 10, points: 11 }, 0, 10)).toEqual(expected);
});
