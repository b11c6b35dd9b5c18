/**
 * The way of an edge: out of the right side of a row, into the left side of the next, so that all
 * that leave or reach a column bend in the same gutter and run as one bundle.
 */
import { ROW } from './scene';

/** How far from a row its edges bend. */
const GUTTER = 32;

/** Start, two control points, end: x, y each. */
export type Curve = [number, number, number, number, number, number, number, number];

export function curveOf(ax: number, ay: number, bx: number, by: number, out: Curve): Curve {
  const y1 = ay + ROW.height / 2;
  const y2 = by + ROW.height / 2;
  let x1: number;
  let x2: number;
  let c1: number;
  let c2: number;
  if (bx >= ax + ROW.width) {
    x1 = ax + ROW.width;
    x2 = bx;
    const bend = Math.max(GUTTER, Math.min((x2 - x1) / 2, 140));
    c1 = x1 + bend;
    c2 = x2 - bend;
  } else if (bx + ROW.width <= ax) {
    x1 = ax;
    x2 = bx + ROW.width;
    const bend = Math.max(GUTTER, Math.min((x1 - x2) / 2, 140));
    c1 = x1 - bend;
    c2 = x2 + bend;
  } else {
    // In one column: around its right side.
    x1 = ax + ROW.width;
    x2 = bx + ROW.width;
    c1 = Math.max(x1, x2) + GUTTER;
    c2 = c1;
  }
  out[0] = x1;
  out[1] = y1;
  out[2] = c1;
  out[3] = y1;
  out[4] = c2;
  out[5] = y2;
  out[6] = x2;
  out[7] = y2;
  return out;
}

export function pointOn(c: Curve, t: number): readonly [number, number] {
  const u = 1 - t;
  const a = u * u * u;
  const b = 3 * u * u * t;
  const d = 3 * u * t * t;
  const e = t * t * t;
  return [a * c[0] + b * c[2] + d * c[4] + e * c[6], a * c[1] + b * c[3] + d * c[5] + e * c[7]];
}

/** Whether the point is within `reach` of the curve. */
export function isNear(c: Curve, x: number, y: number, reach: number): boolean {
  const left = Math.min(c[0], c[2], c[4], c[6]) - reach;
  const right = Math.max(c[0], c[2], c[4], c[6]) + reach;
  if (x < left || x > right || y < Math.min(c[1], c[7]) - reach || y > Math.max(c[1], c[7]) + reach)
    return false;
  let [px, py] = pointOn(c, 0);
  for (let step = 1; step <= 24; step++) {
    const [qx, qy] = pointOn(c, step / 24);
    if (toSegment(x, y, px, py, qx, qy) <= reach) return true;
    px = qx;
    py = qy;
  }
  return false;
}

function toSegment(x: number, y: number, ax: number, ay: number, bx: number, by: number): number {
  const dx = bx - ax;
  const dy = by - ay;
  const length = dx * dx + dy * dy;
  const t = length === 0 ? 0 : Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / length));
  return Math.hypot(x - ax - t * dx, y - ay - t * dy);
}
