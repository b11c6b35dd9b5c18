/** What a chart draws: lines on one time grid, limits, marks. No unit, no query, no React. */

/** `earlier`: the same line at another time, drawn thin behind it. */
export type ChartRole = 'series' | 'earlier' | 'request' | 'limit';

export interface ChartSeries {
  readonly id: string;
  readonly title: string;
  readonly role: ChartRole;
  /** Of an earlier one: the id of the line whose colour it has. */
  readonly of?: string;
  /** One per point of the grid; what is not finite is a gap. */
  readonly values: Float64Array;
}

export interface ChartMark {
  /** Epoch s. */
  readonly at: number;
  readonly title: string;
  /** How it is drawn; default `bad`. */
  readonly tone?: 'bad' | 'warn' | 'info';
}

/** A single observation: drawn at its value, at the edge where that is beyond the axis. */
export interface ChartDot {
  /** Epoch s. */
  readonly at: number;
  readonly value: number;
  readonly title: string;
}

export interface ChartGrid {
  /** Epoch s. */
  readonly start: number;
  readonly step: number;
  readonly points: number;
}

export interface ChartAxis {
  readonly label: string;
  readonly ticks: readonly number[];
  readonly format: (value: number) => string;
}

/** Room around the lines, px: the same for every renderer, so that overlays fit. */
export const room = { left: 48, right: 10, top: 8, bottom: 20 } as const;

/** From how many points on the canvas draws: beyond it recharts costs more than a frame (bench `charts`). */
export const CANVAS_FROM = 600;

/** Where a dot lies, as shares of the room from the left and from the top; undefined: outside the time. */
export function dotPlace(
  { at, value }: ChartDot,
  { start, step, points }: ChartGrid,
  low: number,
  high: number,
): { readonly x: number; readonly y: number } | undefined {
  const x = (at - start) / Math.max(1, (points - 1) * step);
  if (!(x >= 0 && x <= 1)) return undefined;
  const y = 1 - (value - low) / (high - low || 1);
  return { x, y: Math.max(0, Math.min(1, y)) };
}

export const COLORS = 8;

/** CSS variable of the nth line. */
export function seriesColor(index: number): string {
  return `var(--series-${(index % COLORS) + 1})`;
}

export interface Summary {
  readonly last: number;
  readonly min: number;
  readonly max: number;
}

/** Over finite values; NaN where there is none. `last` is the newest value there is. */
export function summarize(values: Float64Array): Summary {
  let min = NaN;
  let max = NaN;
  let last = NaN;
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    last = value;
    if (!(min <= value)) min = value;
    if (!(max >= value)) max = value;
  }
  return { last, min, max };
}

/** Lowest and highest of what is drawn; limits count only while they do not press the lines flat. */
export function extent(series: readonly ChartSeries[]): { readonly min: number; readonly max: number } {
  let min = Infinity;
  let max = -Infinity;
  for (const one of series) {
    if (one.role !== 'series' && one.role !== 'earlier') continue;
    const found = summarize(one.values);
    if (found.min < min) min = found.min;
    if (found.max > max) max = found.max;
  }
  if (!Number.isFinite(max)) [min, max] = [0, 0];
  for (const one of series) {
    if (one.role === 'series' || one.role === 'earlier') continue;
    const top = summarize(one.values).max;
    // A limit five times above says "far away" in the legend; drawn, it would hide the lines.
    if (top > max && (max === 0 || top <= max * 5)) max = top;
  }
  return { min, max };
}

const clock = (at: number, form: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat('en-GB', form).format(at * 1000);

/** Time on the axis: seconds only for minutes, days only for days. */
export function timeTick(at: number, span: number): string {
  if (span <= 600) return clock(at, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
  if (span <= 86_400) return clock(at, { hour: '2-digit', minute: '2-digit' });
  return clock(at, { day: '2-digit', month: 'short', hour: '2-digit', minute: '2-digit' });
}

/** Whole time under the crosshair. */
export function timeWords(at: number): string {
  return clock(at, { day: '2-digit', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit' });
}

const steps = [
  1, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800,
  604_800,
];

/** Round moments, about one each 90 px; local midnights for days. */
export function timeTicks({ start, step, points }: ChartGrid, width: number): readonly number[] {
  const span = step * Math.max(1, points - 1);
  const wanted = span / Math.max(1, Math.floor(width / 90));
  const every = steps.find((one) => one >= wanted) ?? 604_800;
  const offset = new Date(start * 1000).getTimezoneOffset() * 60;
  const out: number[] = [];
  // Words of a moment at the very edge would be cut.
  const last = start + span * (1 - 16 / Math.max(32, width));
  for (let at = Math.ceil((start - offset) / every) * every + offset; at <= last; at += every) out.push(at);
  return out;
}
