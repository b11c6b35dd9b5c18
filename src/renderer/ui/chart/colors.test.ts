/** The lines of charts: readable on the ground of both themes, and apart for eyes that see fewer colours. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const css = readFileSync('src/renderer/ui/theme/tokens.css', 'utf8');
const [light = '', dark = ''] = css.split(":root[data-theme='dark']");
type Rgb = readonly [number, number, number];

function read(block: string, name: string): Rgb {
  const hex = new RegExp(`--${name}: #([0-9a-f]{6});`).exec(block)?.[1] ?? '';
  const part = (at: number): number => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [part(0), part(2), part(4)];
}

const luminance = ([r, g, b]: Rgb): number => 0.2126 * r + 0.7152 * g + 0.0722 * b;
function contrast(a: Rgb, b: Rgb): number {
  const [x, y] = [luminance(a) + 0.05, luminance(b) + 0.05];
  return Math.max(x, y) / Math.min(x, y);
}

/** Distance in OKLab, times 100. */
function distance(a: Rgb, b: Rgb): number {
  const lab = ([r, g, bl]: Rgb): Rgb => {
    const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * bl);
    const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * bl);
    const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * bl);
    return [
      0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
      1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
      0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
    ];
  };
  const [x, y] = [lab(a), lab(b)];
  return 100 * Math.hypot(x[0] - y[0], x[1] - y[1], x[2] - y[2]);
}

/** Linear light as seen without one kind of cone (Machado and others, 2009, severity 1). */
const eyes: Readonly<Record<string, readonly Rgb[]>> = {
  'all cones': [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
};
const see = (rows: readonly Rgb[], c: Rgb): Rgb =>
  rows.map((row) => Math.max(0, row[0] * c[0] + row[1] * c[1] + row[2] * c[2])) as unknown as Rgb;

describe.each([
  ['light', light],
  ['dark', dark],
])('%s', (_, block) => {
  const lines = Array.from({ length: 8 }, (_, i) => read(block, `series-${i + 1}`));
  test('each line has 3:1 on its ground', () => {
    for (const line of lines) expect(contrast(line, read(block, 'bg'))).toBeGreaterThanOrEqual(3);
  });
  test.each(Object.entries(eyes))('the first four and all neighbours are apart: %s', (_, rows) => {
    const seen = lines.map((line) => see(rows, line));
    for (let i = 0; i < 8; i += 1)
      for (let k = i + 1; k < 8; k += 1)
        if (k < 4 || k === i + 1)
          expect(distance(seen[i]!, seen[k]!), `${i + 1} and ${k + 1}`).toBeGreaterThan(7);
  });
});
