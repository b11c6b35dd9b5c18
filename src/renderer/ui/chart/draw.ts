/**
 * Lines on a canvas: one path each, gaps as gaps, dashed limits. Where points are closer than pixels,
 * each pixel keeps its lowest and highest, so that no peak is lost. Draws, measures nothing.
 */
import type { ChartAxis, ChartGrid, ChartSeries } from './model';
import { room, timeTick, timeTicks } from './model';

export interface Palette {
  readonly line: string;
  readonly muted: string;
  readonly bad: string;
  readonly font: string;
  readonly series: readonly string[];
}

export interface Picture {
  readonly grid: ChartGrid;
  readonly axis: ChartAxis;
  readonly series: readonly ChartSeries[];
  /** Of each series, its place among the colours. */
  readonly colors: readonly number[];
  readonly width: number;
  readonly height: number;
}

/** The parts of a 2D context that are used; tests hand in a recorder. */
export type Pen = Pick<
  CanvasRenderingContext2D,
  | 'beginPath'
  | 'moveTo'
  | 'lineTo'
  | 'stroke'
  | 'fillText'
  | 'setLineDash'
  | 'clearRect'
  | 'save'
  | 'restore'
  | 'rect'
  | 'clip'
  | 'arc'
  | 'fill'
> & {
  strokeStyle: string | CanvasGradient | CanvasPattern;
  fillStyle: string | CanvasGradient | CanvasPattern;
  lineWidth: number;
  font: string;
  textAlign: CanvasTextAlign;
  textBaseline: CanvasTextBaseline;
  lineJoin: CanvasLineJoin;
};

export function draw(pen: Pen, picture: Picture, palette: Palette): void {
  const { grid, axis, series, colors, width, height } = picture;
  const left = room.left;
  const top = room.top;
  const wide = Math.max(1, width - room.left - room.right);
  const high = Math.max(1, height - room.top - room.bottom);
  const low = axis.ticks[0] ?? 0;
  const peak = axis.ticks[axis.ticks.length - 1] ?? 1;
  const y = (value: number): number => top + high - ((value - low) / (peak - low || 1)) * high;
  const span = Math.max(1, (grid.points - 1) * grid.step);
  pen.clearRect(0, 0, width, height);
  pen.font = palette.font;
  pen.lineWidth = 1;
  pen.setLineDash([]);
  pen.strokeStyle = palette.line;
  pen.fillStyle = palette.muted;
  pen.textAlign = 'right';
  pen.textBaseline = 'middle';
  pen.beginPath();
  for (const tick of axis.ticks) {
    const at = Math.round(y(tick)) + 0.5;
    pen.moveTo(left, at);
    pen.lineTo(left + wide, at);
    pen.fillText(axis.format(tick), left - 6, at);
  }
  pen.stroke();
  pen.textAlign = 'center';
  pen.textBaseline = 'top';
  for (const at of timeTicks(grid, wide))
    pen.fillText(timeTick(at, span), left + ((at - grid.start) / span) * wide, top + high + 5);
  pen.save();
  pen.beginPath();
  pen.rect(left, top - 2, wide + 1, high + 4);
  pen.clip();
  pen.lineJoin = 'round';
  for (let i = 0; i < series.length; i += 1) {
    const one = series[i]!;
    const isEarlier = one.role === 'earlier';
    const isLine = one.role === 'series' || isEarlier;
    pen.strokeStyle = isLine
      ? (palette.series[(colors[i] ?? 0) % palette.series.length] ?? palette.muted)
      : one.role === 'limit'
        ? palette.bad
        : palette.muted;
    pen.lineWidth = one.role === 'series' ? 1.5 : 1;
    pen.setLineDash(isEarlier ? [2, 3] : isLine ? [] : [5, 4]);
    path(pen, one.values, left, wide, y);
  }
  pen.restore();
}

function path(
  pen: Pen,
  values: Float64Array,
  left: number,
  wide: number,
  y: (value: number) => number,
): void {
  const count = values.length;
  const gap = count > 1 ? wide / (count - 1) : 0;
  pen.beginPath();
  let drawing = false;
  if (gap >= 1 || count < 2) {
    for (let i = 0; i < count; i += 1) {
      const value = values[i]!;
      if (!Number.isFinite(value)) {
        drawing = false;
        continue;
      }
      const at = left + i * gap;
      if (drawing) pen.lineTo(at, y(value));
      else {
        pen.moveTo(at, y(value));
        // A sample alone between gaps is a dot, not nothing.
        if (!Number.isFinite(values[i + 1] ?? NaN)) pen.lineTo(at + 1.5, y(value));
      }
      drawing = true;
    }
    pen.stroke();
    return;
  }
  const perPixel = 1 / gap;
  for (let pixel = 0; pixel <= wide; pixel += 1) {
    const from = Math.floor(pixel * perPixel);
    const to = Math.min(count, Math.max(from + 1, Math.floor((pixel + 1) * perPixel)));
    let min = Infinity;
    let max = -Infinity;
    for (let i = from; i < to; i += 1) {
      const value = values[i]!;
      if (!Number.isFinite(value)) continue;
      if (value < min) min = value;
      if (value > max) max = value;
    }
    if (min > max) {
      drawing = false;
      continue;
    }
    const at = left + pixel;
    if (drawing) pen.lineTo(at, y(max));
    else pen.moveTo(at, y(max));
    if (min !== max) pen.lineTo(at, y(min));
    drawing = true;
  }
  pen.stroke();
}
