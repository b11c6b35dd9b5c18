/**
 * Arithmetic of a virtual table: which rows are on screen and where they stand. Pure.
 * Guarantees: any number of rows can be reached; beyond `MAX_SCROLL` the scroll bar is
 * scaled, because engines cut off elements higher than about 16 million px.
 */

/** Highest element we ask the browser for, px. */
export const MAX_SCROLL = 12_000_000;
/** Rows rendered beyond each edge once the first screen is painted. */
export const OVERSCAN_ROWS = 8;
/** Rows are placed relative to a multiple of this, so that their offsets stay small. */
const BASE_STEP = 50_000;

export interface Geometry {
  readonly count: number;
  readonly rowHeight: number;
  /** Height of the rows' part of the screen, px. */
  readonly viewport: number;
  /** Rows rendered beyond each edge of the screen. */
  readonly overscan: number;
}

export function scrollHeight({ count, rowHeight }: Geometry): number {
  return Math.min(count * rowHeight, MAX_SCROLL);
}

/** Distance from the first row to the top of the screen, in unscaled px. */
export function virtualTop(geometry: Geometry, scrollTop: number): number {
  const whole = geometry.count * geometry.rowHeight;
  const clamped = Math.max(0, Math.min(scrollTop, Math.max(0, scrollHeight(geometry) - geometry.viewport)));
  if (whole <= MAX_SCROLL) return clamped;
  return (clamped / (MAX_SCROLL - geometry.viewport)) * (whole - geometry.viewport);
}

/** The inverse of `virtualTop`. */
export function scrollTopFor(geometry: Geometry, top: number): number {
  const whole = geometry.count * geometry.rowHeight;
  const clamped = Math.max(0, Math.min(top, Math.max(0, whole - geometry.viewport)));
  if (whole <= MAX_SCROLL) return clamped;
  return (clamped / (whole - geometry.viewport)) * (MAX_SCROLL - geometry.viewport);
}

export interface RowRange {
  /** First and last row on screen, both included; last < first when there are none. */
  readonly first: number;
  readonly last: number;
}

export function visibleRows(geometry: Geometry, scrollTop: number): RowRange {
  const top = virtualTop(geometry, scrollTop);
  const first = Math.floor(top / geometry.rowHeight);
  const last = Math.ceil((top + geometry.viewport) / geometry.rowHeight) - 1;
  return { first, last: Math.min(last, geometry.count - 1) };
}

/**
 * Rows to keep in the document for these visible ones: always as many as there are elements for, so that
 * scrolling makes and drops no element.
 */
export function renderedRows(range: RowRange, geometry: Geometry): RowRange {
  const slots = slotCount(geometry);
  const first = Math.max(0, Math.min(range.first - geometry.overscan, geometry.count - slots));
  return { first, last: Math.min(geometry.count, first + slots) - 1 };
}

/** How many row elements serve any scroll position. */
export function slotCount({ rowHeight, viewport, overscan }: Geometry): number {
  return Math.ceil(viewport / rowHeight) + 1 + 2 * overscan;
}

/**
 * Which element shows which row. Elements are numbered; the document has them in the order of their
 * numbers, beginning with `head`.
 */
export interface Arrangement {
  readonly slots: number;
  /** Row 0 would have this element. */
  readonly phase: number;
  readonly head: number;
}

export function slotOf(index: number, { slots, phase }: Arrangement): number {
  return (index + phase) % slots;
}

/** Rows in the order in which their elements stand in the document; a row keeps its element while rendered. */
export function rowsInOrder({ first, last }: RowRange, arrangement: Arrangement): readonly number[] {
  const { slots, head } = arrangement;
  const rows: number[] = [];
  for (let step = 0; step < slots; step += 1) {
    const index = first + ((head + step - slotOf(first, arrangement) + slots) % slots);
    if (index <= last) rows.push(index);
  }
  return rows;
}

/** The phase that puts the document in the rows' order without moving an element: for a jump to other rows. */
export function phaseInOrder(first: number, { slots, head }: Arrangement): number {
  return (((head - first) % slots) + slots) % slots;
}

export function isApart(a: RowRange, b: RowRange): boolean {
  return a.last < b.first || b.last < a.first;
}

export interface Placement {
  /** Row whose offset inside the layer is 0. */
  readonly base: number;
  /** Where the layer stands in the scrolled content, px. */
  readonly shift: number;
}

export function placement(geometry: Geometry, scrollTop: number, first: number): Placement {
  const base = Math.floor(first / BASE_STEP) * BASE_STEP;
  return { base, shift: base * geometry.rowHeight - virtualTop(geometry, scrollTop) + scrollTop };
}

/** Scroll position that shows the row, or undefined when it is on screen already. */
export function scrollTopToShow(geometry: Geometry, scrollTop: number, index: number): number | undefined {
  const top = virtualTop(geometry, scrollTop);
  const rowTop = index * geometry.rowHeight;
  if (rowTop < top) return scrollTopFor(geometry, rowTop);
  if (rowTop + geometry.rowHeight > top + geometry.viewport) {
    return scrollTopFor(geometry, rowTop + geometry.rowHeight - geometry.viewport);
  }
  return undefined;
}
