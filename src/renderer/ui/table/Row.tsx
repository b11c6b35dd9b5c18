/**
 * One recycled row element. Drawn again only when another row stands at its place, its
 * row changed, or its selection changed. Changed cells fade once, if motion is welcome.
 */
import { memo, useCallback, useLayoutEffect, useRef, useSyncExternalStore, type ReactNode } from 'react';
import { isQuiet, mayOverflow, renderCell, sameCell } from './cells';
import { FLAG_CURSOR, FLAG_SELECTED, type TableSelection } from './selection';
import styles from './table.module.css';
import { paintTimes } from './times';
import { cellOf, isRightAligned, type RowSource, type ShownColumn, type TableRow } from './types';

export interface RowProps {
  readonly index: number;
  /** Offset inside the layer, px. */
  readonly top: number;
  readonly source: RowSource;
  readonly selection: TableSelection;
  readonly columns: readonly ShownColumn[];
  readonly gridId: string;
  /** Clock of the other side minus ours, ms. */
  readonly clockOffset: number;
  /** Tests count drawings with it. */
  readonly onDraw?: ((index: number) => void) | undefined;
}

/** By row id, not by place: the focus stays on the row when it moves. */
export const rowDomId = (gridId: string, id: string): string => `${gridId}-row-${id.replace(/\s/g, '_')}`;

export const Row = memo(function Row(props: RowProps): ReactNode {
  const { index, top, source, selection, columns, gridId, clockOffset, onDraw } = props;
  const subscribe = useCallback(
    (listener: () => void) => source.subscribeRow(index, listener),
    [source, index],
  );
  const row = useSyncExternalStore(subscribe, () => source.rowAt(index));
  const flags = useSyncExternalStore(selection.subscribe, () => selection.flags(row?.id));
  const element = useRef<HTMLDivElement>(null);
  const drawn = useRef<TableRow | undefined>(undefined);
  onDraw?.(index);

  useLayoutEffect(() => {
    const box = element.current;
    if (!box) return;
    if (row) paintTimes(box, Date.now() + clockOffset);
    const before = drawn.current;
    drawn.current = row;
    if (!row || before === row) return;
    if (before?.id === row.id) fadeChanged(box, columns, before, row);
    else if (source.isFresh?.(row.id)) fade(box);
  }, [row, columns, clockOffset, source]);

  return (
    <div
      ref={element}
      id={row && rowDomId(gridId, row.id)}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={(flags & FLAG_SELECTED) !== 0}
      aria-busy={row === undefined ? true : undefined}
      className={styles.row}
      data-index={index}
      data-cursor={(flags & FLAG_CURSOR) !== 0 ? '' : undefined}
      data-deleting={row?.deleting ? '' : undefined}
      style={{ transform: `translateY(${top}px)` }}
    >
      <Cells row={row} columns={columns} />
    </div>
  );
});

interface CellsProps {
  readonly row: TableRow | undefined;
  readonly columns: readonly ShownColumn[];
}

/**
 * What the row says. While the row for a place has not arrived the elements of the one before stay, hidden
 * by the style of a busy row: with the next row only their words change.
 */
const Cells = memo(
  function Cells({ row, columns }: CellsProps): ReactNode {
    const quiet = row !== undefined && isQuiet(row, columns);
    return columns.map((column) => (
      <div
        key={column.id}
        role="gridcell"
        className={
          isRightAligned(column.type) ? styles.right : column.type === 'mono' ? styles.mono : styles.cell
        }
        data-col={column.id}
        data-clip={row && mayOverflow(column, row) ? '' : undefined}
      >
        {row && renderCell(column, row, quiet)}
      </div>
    ));
  },
  (before, after) =>
    before.columns === after.columns && (after.row === undefined || before.row === after.row),
);

const FADE_MS = 600;
/** More changes within a fade are a storm, not a change one could follow: each fade is painted frame by frame. */
const MOST_FADES = 24;
const recent: number[] = [];

function fadeChanged(
  box: HTMLElement,
  columns: readonly ShownColumn[],
  before: TableRow,
  after: TableRow,
): void {
  columns.forEach((column, at) => {
    if (sameCell(cellOf(before, column), cellOf(after, column))) return;
    const cell = box.children[at];
    if (cell) fade(cell);
  });
}

function fade(cell: Element): void {
  const now = performance.now();
  while (recent.length > 0 && now - (recent[0] ?? 0) > FADE_MS) recent.shift();
  // Those that do not fade count too: in a storm nothing fades.
  if (recent.length < 4 * MOST_FADES) recent.push(now);
  if (recent.length > MOST_FADES || document.visibilityState === 'hidden') return;
  if (typeof cell.animate !== 'function' || matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  const from = getComputedStyle(cell).getPropertyValue('--fresh');
  if (from === '') return;
  cell.animate([{ backgroundColor: from }, { backgroundColor: 'transparent' }], {
    duration: FADE_MS,
    easing: 'ease-out',
  });
}
