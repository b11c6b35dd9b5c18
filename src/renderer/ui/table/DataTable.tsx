/**
 * A table of any number of rows, of which only those on screen are in the document.
 * Guarantees: scrolling draws only rows that come into view; a changed row draws only
 * itself; a tick of the clock draws nothing; column widths are right at the first paint.
 * Sorting, filtering and loading are the source's business.
 */
import {
  useCallback,
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
  type CSSProperties,
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
  type ReactNode,
} from 'react';
import { flushSync } from 'react-dom';
import { subscribeClock } from '../clock';
import { fullTime } from '../time-text';
import { clampWidth, fitColumns, gridTemplate, totalWidth, waitingBars, yieldColumns } from './columns';
import {
  isApart,
  OVERSCAN_ROWS,
  phaseInOrder,
  placement,
  renderedRows,
  rowsInOrder,
  scrollHeight,
  slotCount,
  slotOf,
  visibleRows,
  type Geometry,
} from './geometry';
import { Head } from './Head';
import { handleKey, type TableNavigator } from './navigator';
import { Row, rowDomId } from './Row';
import styles from './table.module.css';
import { paintTimes } from './times';
import { rowHeights, type Density, type ShownColumn, type TableRow, type TableSort } from './types';

const HEAD_HEIGHT = 28;
/** Before the first measure, and where nothing is laid out. */
const FIRST_VIEWPORT = 800;
/** Without a scroll for this long the table stands still, ms. */
const REST_MS = 150;

export interface DataTableProps {
  /** Accessible name. */
  readonly label: string;
  readonly nav: TableNavigator;
  readonly columns: readonly ShownColumn[];
  readonly sort: TableSort | null;
  readonly density: Density;
  /** Clock of the other side minus ours, ms. */
  readonly clockOffset?: number;
  /** Rows are the last known ones. */
  readonly stale?: boolean;
  readonly onSort: (sort: TableSort) => void;
  /** undefined: back to the first width. */
  readonly onWidth: (id: string, px: number | undefined) => void;
  readonly onMoveColumn: (id: string, before: string | undefined) => void;
  /** A link in a cell was followed. */
  readonly onLink?: (row: TableRow, column: ShownColumn) => void;
  readonly onMenu?: (row: TableRow, column: ShownColumn | undefined, at: { x: number; y: number }) => void;
  /** The chosen rows, or the cursor's, shall be copied. */
  readonly onCopy?: () => void;
  readonly onDrawRow?: (index: number) => void;
  /** Columns there is no room for at this width; the same empty list while all are shown. */
  readonly onYield?: (columns: readonly ShownColumn[]) => void;
}

const none: readonly ShownColumn[] = [];

export function DataTable(props: DataTableProps): ReactNode {
  const {
    label,
    nav,
    columns: wanted,
    sort,
    density,
    clockOffset = 0,
    stale,
    onSort,
    onWidth,
    onMoveColumn,
  } = props;
  const { source, selection } = nav;
  const gridId = useId();
  const grid = useRef<HTMLDivElement>(null);
  const count = useSyncExternalStore(source.subscribe, source.count);
  useSyncExternalStore(selection.subscribe, selection.snapshot);
  const [viewport, setViewport] = useState(FIRST_VIEWPORT);
  const [width, setWidth] = useState(0);
  const [scrollTop, setScrollTop] = useState(0);
  const [dragged, setDragged] = useState<{ id: string; px: number } | undefined>(undefined);

  const [overscan, setOverscan] = useState(0);
  const geometry: Geometry = { count, rowHeight: rowHeights[density], viewport, overscan };
  const visible = visibleRows(geometry, scrollTop);
  const rendered = renderedRows(visible, geometry);
  const place = placement(geometry, scrollTop, Math.max(0, rendered.first));
  const [order, setOrder] = useState({ head: 0, phase: 0 });
  const slots = slotCount(geometry);
  const arrangement = { slots, head: order.head % slots, phase: order.phase };
  const latest = useRef({ geometry, rendered, shift: place.shift, arrangement });
  useLayoutEffect(() => {
    latest.current = { geometry, rendered, shift: place.shift, arrangement };
  });

  useLayoutEffect(() => {
    const box = grid.current;
    if (!box) return undefined;
    const measure = (): void => {
      if (box.clientHeight > HEAD_HEIGHT) setViewport(box.clientHeight - HEAD_HEIGHT);
      // A hidden table keeps its widths.
      if (box.clientWidth > 0) setWidth(box.clientWidth);
    };
    measure();
    const observer = typeof ResizeObserver === 'function' ? new ResizeObserver(measure) : undefined;
    observer?.observe(box);
    return () => observer?.disconnect();
  }, []);

  // Somebody waits for the first rows: those that nobody sees yet are drawn after them.
  const isFirst = overscan === 0 && count > 0;
  useEffect(() => {
    if (!isFirst) return undefined;
    const timer = setTimeout(() => setOverscan(OVERSCAN_ROWS), REST_MS);
    return () => clearTimeout(timer);
  }, [isFirst]);

  const goTo = useCallback((top: number): void => {
    const now = latest.current;
    const next = renderedRows(visibleRows(now.geometry, top), now.geometry);
    if (isApart(next, now.rendered)) {
      setOrder({ head: now.arrangement.head, phase: phaseInOrder(next.first, now.arrangement) });
    }
    setScrollTop(top);
  }, []);

  useEffect(() => {
    nav.screen = {
      geometry: () => latest.current.geometry,
      scrollTop: () => grid.current?.scrollTop ?? 0,
      scrollTo: (top) => {
        if (grid.current) grid.current.scrollTop = top;
        goTo(top);
      },
      focus: () => grid.current?.focus({ preventScroll: true }),
    };
    return () => {
      nav.stopWaiting();
      nav.screen = undefined;
    };
  }, [nav, goTo]);

  useEffect(
    () => source.setVisible(Math.max(0, visible.first), Math.max(0, visible.last)),
    [source, visible.first, visible.last],
  );

  useEffect(
    () => subscribeClock(() => grid.current && paintTimes(grid.current, Date.now() + clockOffset)),
    [clockOffset],
  );

  // An element that changes its place among the others is styled and laid out anew, and nearly all would
  // with each step upwards: they keep it while the table scrolls. Once it rests the document is put in order.
  const inOrder = slotOf(rendered.first, arrangement);
  useEffect(() => {
    if (inOrder === arrangement.head) return undefined;
    const timer = setTimeout(() => setOrder((now) => ({ ...now, head: inOrder })), REST_MS);
    return () => clearTimeout(timer);
  }, [rendered.first, inOrder, arrangement.head]);

  // Rows that come into view are drawn in the same frame; a scroll within them draws nothing.
  const onScroll = useCallback((): void => {
    const top = grid.current?.scrollTop ?? 0;
    const now = latest.current;
    const next = renderedRows(visibleRows(now.geometry, top), now.geometry);
    const shift = placement(now.geometry, top, Math.max(0, next.first)).shift;
    if (next.first === now.rendered.first && next.last === now.rendered.last && shift === now.shift) return;
    flushSync(() => goTo(top));
  }, [goTo]);

  const columns = useMemo(() => {
    const held = wanted.map((column) =>
      column.id === dragged?.id
        ? {
            ...column,
            px: dragged.px,
            min: dragged.px,
            widened: Math.max(0, dragged.px - (column.px - (column.widened ?? 0))),
            grows: false,
          }
        : column,
    );
    return fitColumns(yieldColumns(held, width), width);
  }, [wanted, dragged, width]);
  const { onYield } = props;
  const yielded = wanted.length - columns.length;
  useEffect(() => {
    const shown = new Set(columns.map((column) => column.id));
    onYield?.(yielded === 0 ? none : wanted.filter((column) => !shown.has(column.id)));
    // The ids that are left tell; the widths of the others do not matter.
  }, [onYield, yielded, wanted, columns]);
  const widen = (id: string, px: number | undefined, done: boolean): void => {
    setDragged(done || px === undefined ? undefined : { id, px: clampWidth(px) });
    if (done) onWidth(id, px);
  };

  const hit = (event: MouseEvent): { index: number; column: ShownColumn | undefined } | undefined => {
    if (!(event.target instanceof Element)) return undefined;
    const row = event.target.closest<HTMLElement>('[data-index]');
    if (!row) return undefined;
    const id = event.target.closest<HTMLElement>('[data-col]')?.dataset.col;
    return { index: Number(row.dataset.index), column: columns.find((column) => column.id === id) };
  };

  const onClick = (event: MouseEvent): void => {
    const at = hit(event);
    if (!at || !(event.target instanceof Element)) return;
    const plain = !event.shiftKey && !event.ctrlKey && !event.metaKey;
    nav.click(at.index, { range: event.shiftKey, add: event.ctrlKey || event.metaKey });
    const row = source.rowAt(at.index);
    if (!plain || !row) return;
    if (event.target.closest('[data-link]') && at.column) props.onLink?.(row, at.column);
    else if (event.target.closest('[data-open]') || event.detail === 2) nav.events.onOpen?.(row);
  };

  const onContextMenu = (event: MouseEvent): void => {
    const at = hit(event);
    const row = at && source.rowAt(at.index);
    if (!at || !row || !props.onMenu) return;
    event.preventDefault();
    if ((selection.flags(row.id) & 1) === 0) nav.click(at.index, { range: false, add: false });
    else selection.moveTo(at.index, row.id);
    props.onMenu(row, at.column, { x: event.clientX, y: event.clientY });
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== grid.current) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'c' && !event.shiftKey) {
      if (String(getSelection() ?? '') !== '') return;
      props.onCopy?.();
    } else if ((event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) && props.onMenu) {
      const row = nav.cursorRow();
      const box = row && document.getElementById(rowDomId(gridId, row.id))?.getBoundingClientRect();
      if (!row || !box) return;
      props.onMenu(row, undefined, { x: box.left + 24, y: box.bottom });
    } else if (!handleKey(event, nav)) return;
    event.preventDefault();
    event.stopPropagation();
  };

  const rows = rowsInOrder(rendered, arrangement).map((index) => (
    <Row
      key={slotOf(index, arrangement)}
      index={index}
      top={(index - place.base) * geometry.rowHeight}
      source={source}
      selection={selection}
      columns={columns}
      gridId={gridId}
      clockOffset={clockOffset}
      onDraw={props.onDrawRow}
    />
  ));
  const cursor = nav.cursorIndex();
  const cursorRow = cursor >= rendered.first && cursor <= rendered.last ? source.rowAt(cursor) : undefined;
  const sizes = useMemo(
    () =>
      ({
        '--cols': gridTemplate(columns),
        '--bars': waitingBars(columns),
        '--row': `${geometry.rowHeight}px`,
      }) as CSSProperties,
    [columns, geometry.rowHeight],
  );

  return (
    <div
      ref={grid}
      role="grid"
      tabIndex={0}
      aria-label={label}
      aria-rowcount={count + 1}
      aria-colcount={columns.length}
      aria-multiselectable
      aria-activedescendant={cursorRow && rowDomId(gridId, cursorRow.id)}
      className={stale ? `${styles.grid} ${styles.stale}` : styles.grid}
      data-empty={cursorRow ? undefined : ''}
      style={sizes}
      onScroll={onScroll}
      onKeyDown={onKeyDown}
      onMouseDown={keepUnmarked}
      onClick={onClick}
      onContextMenu={onContextMenu}
      onPointerOver={tipIfCut}
    >
      <div className={styles.wide} style={{ minWidth: totalWidth(columns) }} role="presentation">
        <Head columns={columns} sort={sort} onSort={onSort} onWidth={widen} onMove={onMoveColumn} />
        <div className={styles.rows} role="rowgroup" style={{ height: scrollHeight(geometry) }}>
          <div
            className={styles.layer}
            role="presentation"
            style={{ transform: `translateY(${place.shift}px)` }}
          >
            {rows}
          </div>
        </div>
      </div>
    </div>
  );
}

/** A double click opens the row; it shall not mark a word on the way, which Ctrl+C would then copy. */
function keepUnmarked(event: MouseEvent): void {
  if (event.detail < 2 && !event.shiftKey) return;
  event.preventDefault();
  if (event.currentTarget instanceof HTMLElement) event.currentTarget.focus({ preventScroll: true });
}

/** Gives a cell its whole text (or the full time) as a tip, only while something of it is hidden. */
function tipIfCut(event: PointerEvent): void {
  if (!(event.target instanceof Element)) return;
  const cell = event.target.closest<HTMLElement>('[role=gridcell]');
  if (!cell) return;
  const time = cell.querySelector<HTMLElement>('[data-at]');
  const hidden = cell.querySelector('[data-cut]') !== null;
  const cut =
    hidden ||
    [cell, ...cell.querySelectorAll('span')].some(
      (part) => part.scrollWidth > part.clientWidth + 1 && part.clientWidth > 0,
    );
  const tips = [cut ? cell.textContent : '', time ? fullTime(Number(time.dataset.at)) : ''].filter(Boolean);
  if (tips.length > 0) cell.dataset.tip = tips.join(' · ');
  else delete cell.dataset.tip;
}
