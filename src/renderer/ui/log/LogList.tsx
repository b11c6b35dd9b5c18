/**
 * Lines of a log of any length, of which only those on screen are in the document. Rows may have any
 * height (wrapped, opened): they stand in normal flow, so that they never overlap, and the place is kept
 * as a row and pixels into it. Guarantees: following keeps the newest row at the bottom; a look upwards
 * pauses; the selection is rows and columns of text, so that it survives scrolling.
 */
import {
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  type Ref,
} from 'react';
import styles from './log-list.module.css';
import { LogScroll } from './LogScroll';
import { caretAt, LogSelection, paintRanges, type Caret } from './selection';

export interface LogListHandle {
  /** Brings the row into the middle of the screen and pauses. */
  reveal(row: number): void;
  focus(): void;
  /** Row at the top of the screen. */
  topRow(): number;
  selection(): LogSelection;
}

export interface LogListProps {
  readonly ref: Ref<LogListHandle>;
  /** Accessible name. */
  readonly label: string;
  /** Rows there are: `first` to before `end`. */
  readonly first: number;
  readonly end: number;
  readonly follow: boolean;
  readonly wrap: boolean;
  /** Draws one row; its text stands in an element with `data-text`. Undefined: not here yet. */
  readonly draw: (row: number) => ReactNode;
  /** Hits of a search in a row's text: start and end, start and end. */
  readonly hitsOf: (row: number) => readonly number[];
  /** The row that the search stands on. */
  readonly currentHit: number | undefined;
  /** Changes whenever rows may draw differently. */
  readonly version: unknown;
  readonly marks: readonly number[];
  readonly onFollow: (follow: boolean) => void;
  /** Which rows are wanted; undefined offset: the newest. */
  readonly onShow: (offset: number | undefined, limit: number) => void;
  readonly onCopy: (selection: LogSelection) => void;
  readonly onKey?: (event: KeyboardEvent) => boolean;
}

const ROW = 18;
const ABOVE = 12;
const BELOW = 12;

/** Rows read beyond those drawn, and the step in which that moves. */
const AHEAD = 56;
const BLOCK = 16;

interface Place {
  readonly row: number;
  /** Pixels of that row above the upper edge. */
  readonly px: number;
}

export function LogList(props: LogListProps): ReactNode {
  const { ref, label, first, end, follow, wrap, draw, version, onShow, onFollow } = props;
  const box = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const [height, setHeight] = useState(300);
  const [place, setPlace] = useState<Place>({ row: 0, px: 0 });
  const selection = useRef(new LogSelection());
  /** What each place showed last. */
  const last = useRef(new Map<number, ReactNode>());
  const latest = useRef({ ...props, height, place });
  latest.current = { ...props, height, place };
  const fits = Math.ceil(height / ROW) + 1;

  const top = follow ? Math.max(first, end - fits) : clamp(place.row, first, Math.max(first, end - 1));
  const from = Math.max(first, top - (follow ? 2 : ABOVE));
  const to = Math.min(end, top + fits + (follow ? 0 : BELOW));

  // Asked for in blocks, with what a quick scroll comes to next: fewer questions, and text in time.
  const ask = Math.max(first, Math.floor((from - AHEAD) / BLOCK) * BLOCK);
  const askTo = Math.ceil((to + AHEAD) / BLOCK) * BLOCK;
  useEffect(
    () => onShow(follow ? undefined : ask, follow ? fits + 2 : askTo - ask),
    [onShow, follow, ask, askTo, fits],
  );

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const measure = (): void => {
      if (element.clientHeight > 0) setHeight(element.clientHeight);
    };
    measure();
    const observer = typeof ResizeObserver === 'function' ? new ResizeObserver(measure) : undefined;
    observer?.observe(element);
    return () => observer?.disconnect();
  }, []);

  const rowHeight = (row: number): number =>
    body.current?.querySelector<HTMLElement>(`[data-row="${row}"]`)?.offsetHeight ?? ROW;

  // Heights are known only once the rows stand: the place is made true before anything is painted.
  useLayoutEffect(() => {
    const element = body.current;
    if (!element) return;
    if (follow) {
      element.style.transform = `translateY(${Math.min(0, height - element.offsetHeight)}px)`;
      if (element.offsetHeight < height) element.style.transform = 'none';
    } else {
      let above = 0;
      for (let row = from; row < top; row += 1) above += rowHeight(row);
      element.style.transform = `translateY(${-(above + place.px)}px)`;
    }
    paintRanges(element, selection.current, latest.current.hitsOf, latest.current.currentHit);
  }, [follow, from, to, top, place, height, version, wrap, props.currentHit]);

  const moveBy = useCallback((px: number): void => {
    const now = latest.current;
    let { row, px: into } = now.place;
    if (now.follow) {
      if (px >= 0) return;
      // From the bottom: the rows drawn now, upwards.
      const start = startOfFollow(body.current, now.height, now.end, now.first);
      row = start.row;
      into = start.px;
    }
    into += px;
    while (into < 0 && row > now.first) {
      row -= 1;
      into += rowHeight(row);
    }
    if (into < 0) into = 0;
    for (let high = rowHeight(row); into >= high && row < now.end - 1; high = rowHeight(row)) {
      into -= high;
      row += 1;
    }
    if (px > 0 && atEnd(row, into, now.end, now.height, rowHeight)) {
      now.onFollow(true);
      return;
    }
    if (now.follow) now.onFollow(false);
    setPlace({ row, px: into });
  }, []);

  const goTo = useCallback((row: number, px = 0): void => {
    const now = latest.current;
    if (now.follow) now.onFollow(false);
    setPlace({ row: clamp(row, now.first, Math.max(now.first, now.end - 1)), px });
  }, []);

  useEffect(() => {
    // What was at the bottom stays there when following is paused by a button.
    if (follow) return;
    setPlace((before) =>
      before.row === 0 && before.px === 0 ? startOfFollow(body.current, height, end, first) : before,
    );
    // eslint-disable-next-line react-hooks/exhaustive-deps -- only the moment of pausing counts
  }, [follow]);

  useEffect(() => {
    const handle: LogListHandle = {
      reveal: (row) => goTo(row - Math.floor(latest.current.height / ROW / 3)),
      focus: () => box.current?.focus({ preventScroll: true }),
      topRow: () => {
        const now = latest.current;
        return now.follow ? Math.max(now.first, now.end - fits) : now.place.row;
      },
      selection: () => selection.current,
    };
    if (typeof ref === 'function') ref(handle);
    else if (ref) ref.current = handle;
  }, [ref, goTo, fits]);

  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    // React's wheel listeners are passive: the page itself must not scroll.
    const onWheel = (event: WheelEvent): void => {
      if (Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.ctrlKey) return;
      event.preventDefault();
      if (event.shiftKey) element.scrollLeft += event.deltaY;
      else moveBy(event.deltaMode === 1 ? event.deltaY * ROW : event.deltaY);
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [moveBy]);

  const repaint = (): void => {
    if (body.current)
      paintRanges(body.current, selection.current, latest.current.hitsOf, latest.current.currentHit);
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (props.onKey?.(event) === true) return event.preventDefault();
    const page = Math.max(ROW, height - 2 * ROW);
    const mod = event.ctrlKey || event.metaKey;
    if (mod && event.key.toLowerCase() === 'c') props.onCopy(selection.current);
    else if (mod && event.key.toLowerCase() === 'a') {
      selection.current.set({ row: first, column: 0 }, { row: Math.max(first, end - 1), column: 1e9 });
      repaint();
    } else if (mod || event.altKey) return;
    else if (event.key === 'ArrowDown' || event.key === 'j') moveBy(ROW);
    else if (event.key === 'ArrowUp' || event.key === 'k') moveBy(-ROW);
    else if (event.key === 'PageDown' || (event.key === ' ' && !event.shiftKey)) moveBy(page);
    else if (event.key === 'PageUp' || event.key === ' ') moveBy(-page);
    else if (event.key === 'Home') goTo(first);
    else if (event.key === 'End' || event.key === 'G') onFollow(true);
    else if (event.key === 'Escape' && selection.current.clear()) repaint();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const dragging = useRef<{ from: Caret; timer: ReturnType<typeof setInterval> | undefined } | undefined>(
    undefined,
  );
  const onPointerDown = (event: PointerEvent): void => {
    if (event.button !== 0 || !(event.target instanceof Element)) return;
    if (event.target.closest('button, a, input, [role=link], [data-detail]')) return;
    const caret = caretAt(event.clientX, event.clientY, body.current);
    if (!caret) return;
    if (event.shiftKey && !selection.current.empty) selection.current.extend(caret);
    else if (event.detail === 2) selection.current.word(caret, textOf(body.current, caret.row));
    else if (event.detail >= 3)
      selection.current.set({ row: caret.row, column: 0 }, { row: caret.row, column: 1e9 });
    else selection.current.set(caret, caret);
    dragging.current = { from: caret, timer: undefined };
    event.currentTarget.setPointerCapture(event.pointerId);
    repaint();
  };
  const onPointerMove = (event: PointerEvent): void => {
    const drag = dragging.current;
    const element = box.current;
    if (!drag || !element || event.detail > 1) return;
    const { top: upper, bottom: lower } = element.getBoundingClientRect();
    clearInterval(drag.timer);
    const out =
      event.clientY < upper ? event.clientY - upper : event.clientY > lower ? event.clientY - lower : 0;
    const { clientX, clientY } = event;
    const extend = (): void => {
      const y = Math.min(lower - 2, Math.max(upper + 2, clientY));
      const caret = caretAt(clientX, y, body.current);
      if (!caret) return;
      if (!follow || Math.abs(caret.row - drag.from.row) + Math.abs(caret.column - drag.from.column) > 0) {
        // A selection in rows that move away would be of no use.
        if (follow && caret.row !== drag.from.row) moveBy(-1);
        selection.current.extend(caret);
        repaint();
      }
    };
    extend();
    if (out !== 0)
      drag.timer = setInterval(() => {
        moveBy(Math.max(-60, Math.min(60, out)));
        extend();
      }, 50);
  };
  const onPointerUp = (): void => {
    clearInterval(dragging.current?.timer);
    dragging.current = undefined;
  };
  useEffect(() => () => clearInterval(dragging.current?.timer), []);

  const rows: ReactNode[] = [];
  const slots = fits + ABOVE + BELOW + 4;
  for (let row = from; row < to; row += 1) {
    const slot = row % slots;
    const drawn = draw(row);
    if (drawn !== undefined) last.current.set(slot, drawn);
    // Places are used again: far rows change what is there instead of being built anew, also those whose text
    // is still to come (what is hidden under the dots costs nothing).
    rows.push(
      <div key={slot} data-row={row} data-missing={drawn === undefined || undefined} className={styles.row}>
        {drawn ?? last.current.get(slot)}
      </div>,
    );
  }
  return (
    <div className={styles.frame}>
      <div
        ref={box}
        className={styles.box}
        data-wrap={wrap || undefined}
        role="log"
        aria-label={label}
        aria-live="off"
        tabIndex={0}
        onKeyDown={onKeyDown}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerCancel={onPointerUp}
      >
        <div ref={body} className={styles.body}>
          {rows}
        </div>
      </div>
      <LogScroll
        label={`Place in ${label}`}
        first={first}
        end={end}
        top={follow ? Math.max(first, end - fits + 1) : top}
        page={fits - 1}
        marks={props.marks}
        onGo={(row) => goTo(row)}
        onEnd={() => onFollow(true)}
      />
    </div>
  );
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}

/** Whether the last row's lower edge is on screen. */
function atEnd(
  row: number,
  into: number,
  end: number,
  height: number,
  heightOf: (row: number) => number,
): boolean {
  let sum = -into;
  for (let at = row; at < end; at += 1) {
    sum += heightOf(at);
    if (sum > height + 1) return false;
  }
  return true;
}

/** The place that shows what following shows now. */
function startOfFollow(body: HTMLElement | null, height: number, end: number, first: number): Place {
  let left = height;
  for (let row = end - 1; row >= first; row -= 1) {
    left -= body?.querySelector<HTMLElement>(`[data-row="${row}"]`)?.offsetHeight ?? ROW;
    if (left <= 0) return { row, px: -left };
  }
  return { row: first, px: 0 };
}

function textOf(body: HTMLElement | null, row: number): string {
  return body?.querySelector(`[data-row="${row}"] [data-text]`)?.textContent ?? '';
}
