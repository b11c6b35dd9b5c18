/**
 * Which rows to ask the host for while some are on screen. Pure.
 * Guarantees: the window covers the visible rows, holds at most 200, and moves only when
 * the visible rows come near its edge, so that a slow scroll sends few updates.
 */

/** Most rows of one window (the contract's cap). */
export const MAX_WINDOW = 200;
/** Rows kept ready on each side. */
const OVERSCAN = 60;
/** The window moves when fewer than this many rows are ready on the side scrolled to. */
const NEAR = 20;

export interface VisibleRows {
  readonly first: number;
  /** Included. */
  readonly last: number;
}

export interface RowWindow {
  readonly offset: number;
  readonly limit: number;
  /** How many rows the screen shows. */
  readonly visible: number;
}

export function windowFor({ first, last }: VisibleRows): RowWindow {
  const visible = Math.max(1, Math.min(last - first + 1, MAX_WINDOW));
  const limit = Math.min(MAX_WINDOW, visible + 2 * OVERSCAN);
  return { offset: Math.max(0, first - Math.floor((limit - visible) / 2)), limit, visible };
}

/** The same window when it still serves, else one around the visible rows. */
export function nextWindow(current: RowWindow, rows: VisibleRows): RowWindow {
  const end = current.offset + current.limit;
  const visible = rows.last - rows.first + 1;
  const near = Math.min(NEAR, Math.floor((MAX_WINDOW - visible) / 2));
  const startServed = current.offset === 0 || rows.first - near >= current.offset;
  if (rows.first >= current.offset && startServed && rows.last + near < end) return current;
  const next = windowFor(rows);
  const same = next.offset === current.offset && next.limit === current.limit;
  return same ? current : next;
}
