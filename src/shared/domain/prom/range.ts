/**
 * Which points to ask for: as many as the picture has room for, on a grid that stays in place
 * while time goes on, never more than a server answers.
 */

/** Points per series that Prometheus refuses to go beyond. */
export const MOST_POINTS = 11_000;
/** Width of one point, px. */
const POINT_PX = 3;

export interface PromRange {
  /** Epoch seconds, both ends included, multiples of `step`. */
  readonly start: number;
  readonly end: number;
  /** Seconds. */
  readonly step: number;
}

const nice = [
  1, 2, 5, 10, 15, 20, 30, 60, 120, 180, 300, 600, 900, 1200, 1800, 3600, 7200, 10_800, 14_400, 21_600,
  43_200, 86_400,
];

/** Smallest round step (s) that fits the span (s) into the width (px), not below the scrape interval. */
export function stepFor(span: number, width: number, scrape: number): number {
  const points = Math.max(10, Math.min(MOST_POINTS - 1, Math.floor(width / POINT_PX)));
  const wanted = Math.max(span / points, Math.min(scrape, span / 10), 1);
  const step = nice.find((one) => one >= wanted);
  return step ?? Math.ceil(wanted / 86_400) * 86_400;
}

/** The range [from, to] (epoch s) on the grid of its step; at most MOST_POINTS points. */
export function rangeFor(from: number, to: number, width: number, scrape: number): PromRange {
  const step = stepFor(Math.max(1, to - from), width, scrape);
  const start = Math.floor(from / step) * step;
  return { start, end: Math.max(start, Math.floor(to / step) * step), step };
}

export function pointsOf({ start, end, step }: PromRange): number {
  return Math.floor((end - start) / step + 1e-9) + 1;
}

/** Window of `rate()`: four scrapes, so that one lost scrape leaves no gap, and never less than a step. */
export function rateWindow(step: number, scrape: number): string {
  return durationText(Math.max(Math.ceil(scrape * 4), Math.ceil(step + scrape)));
}

/** Seconds as PromQL writes them: `90s`, `5m`, `1h30m`. */
export function durationText(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds));
  const parts: readonly (readonly [number, string])[] = [
    [86_400, 'd'],
    [3600, 'h'],
    [60, 'm'],
    [1, 's'],
  ];
  let left = whole;
  let text = '';
  for (const [size, unit] of parts) {
    const count = Math.floor(left / size);
    if (count > 0) text += `${count}${unit}`;
    left -= count * size;
  }
  return text;
}
