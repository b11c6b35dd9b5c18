/**
 * Where the window was: size, position, maximised. Pure; the window module reads and writes.
 * Guarantees: the window comes back on a screen that exists, at a size that fits it.
 */

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface WindowState {
  readonly bounds: Rect;
  readonly maximized: boolean;
}

export const MIN_WIDTH = 900;
export const MIN_HEIGHT = 560;
const DEFAULT_WIDTH = 1440;
const DEFAULT_HEIGHT = 900;
/** Pixels of the window's top that must be on a screen so that it can be moved. */
const GRIP = 64;

function finite(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && Math.abs(value) < 100_000;
}

function readRect(value: unknown): Rect | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { x, y, width, height } = value as Partial<Record<keyof Rect, unknown>>;
  if (!finite(x) || !finite(y) || !finite(width) || !finite(height)) return undefined;
  return { x: Math.round(x), y: Math.round(y), width: Math.round(width), height: Math.round(height) };
}

/** `areas` are the work areas of the screens, the primary one first. */
export function restoreWindow(saved: Readonly<Record<string, unknown>>, areas: readonly Rect[]): WindowState {
  const maximized = saved['maximized'] === true;
  const primary = areas[0] ?? { x: 0, y: 0, width: DEFAULT_WIDTH, height: DEFAULT_HEIGHT };
  const rect = readRect(saved['bounds']);
  const placed = rect && firstFit(rect, areas);
  return { bounds: placed ?? centred(primary), maximized };
}

/** The size is brought into bounds first: a narrowed window may no longer reach its screen. */
function firstFit(rect: Rect, areas: readonly Rect[]): Rect | undefined {
  for (const area of areas) {
    const width = clamp(rect.width, MIN_WIDTH, area.width);
    const height = clamp(rect.height, MIN_HEIGHT, area.height);
    const placed = { x: rect.x, y: rect.y, width, height };
    if (gripsOn(placed, area)) return { ...placed, y: Math.max(rect.y, area.y) };
  }
  return undefined;
}

function gripsOn(rect: Rect, area: Rect): boolean {
  const overlap = Math.min(rect.x + rect.width, area.x + area.width) - Math.max(rect.x, area.x);
  return overlap >= GRIP && rect.y >= area.y - GRIP && rect.y <= area.y + area.height - GRIP;
}

function centred(area: Rect): Rect {
  const width = Math.min(DEFAULT_WIDTH, area.width);
  const height = Math.min(DEFAULT_HEIGHT, area.height);
  return {
    x: area.x + Math.floor((area.width - width) / 2),
    y: area.y + Math.floor((area.height - height) / 2),
    width,
    height,
  };
}

/** On a screen smaller than the minimum the minimum wins. */
function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, most));
}
