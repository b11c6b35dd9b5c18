/** Crosshair, marks and brush above the lines. Moving the pointer moves elements, it renders nothing. */
import { useEffect, useRef, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import styles from './chart.module.css';
import { followMoment, momentOf, pointAt } from './crosshair';
import { room, timeWords, type ChartGrid, type ChartMark } from './model';

export interface OverlayProps {
  readonly group: string;
  readonly label: string;
  readonly grid: ChartGrid;
  readonly width: number;
  readonly height: number;
  readonly marks: readonly ChartMark[];
  /** Epoch s. */
  readonly onZoom: ((from: number, to: number) => void) | undefined;
  readonly onReset: (() => void) | undefined;
}

export function Overlay({
  group,
  label,
  grid,
  width,
  height,
  marks,
  onZoom,
  onReset,
}: OverlayProps): ReactNode {
  const hair = useRef<HTMLDivElement>(null);
  const time = useRef<HTMLDivElement>(null);
  const brush = useRef<HTMLDivElement>(null);
  const from = useRef<number | null>(null);
  const wide = Math.max(1, width - room.left - room.right);
  const span = Math.max(1, (grid.points - 1) * grid.step);
  const snap = (x: number): number =>
    grid.start + Math.round((Math.max(0, Math.min(wide, x)) / wide) * (grid.points - 1)) * grid.step;
  const xOf = (at: number): number => ((at - grid.start) / span) * wide;

  useEffect(() => {
    const show = (): void => {
      const at = momentOf(group);
      const outside = at === null || at < grid.start || at > grid.start + span;
      const x = outside ? 0 : ((at - grid.start) / span) * wide;
      if (hair.current) {
        hair.current.style.display = outside ? 'none' : 'block';
        hair.current.style.transform = `translateX(${x}px)`;
      }
      if (time.current) {
        time.current.style.display = outside ? 'none' : 'block';
        time.current.style.left = `${Math.max(50, Math.min(wide - 50, x))}px`;
        if (!outside) time.current.textContent = timeWords(at);
      }
    };
    show();
    return followMoment(group, show);
  }, [group, grid.start, span, wide]);

  const place = (event: PointerEvent<HTMLDivElement>): number =>
    event.clientX - event.currentTarget.getBoundingClientRect().left;
  const drawBrush = (to: number | null): void => {
    if (!brush.current) return;
    const begin = from.current;
    brush.current.style.display = begin === null || to === null ? 'none' : 'block';
    if (begin === null || to === null) return;
    brush.current.style.left = `${Math.min(begin, to)}px`;
    brush.current.style.width = `${Math.abs(to - begin)}px`;
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const way = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
    if (way !== 0) {
      event.preventDefault();
      const now = momentOf(group) ?? grid.start + span;
      pointAt(group, Math.max(grid.start, Math.min(grid.start + span, now + way * grid.step)));
    } else if (event.key === 'Escape' && momentOf(group) !== null) {
      event.preventDefault();
      pointAt(group, null);
    }
  };
  return (
    <div
      className={styles.overlay}
      role="slider"
      tabIndex={0}
      aria-label={`${label}: time`}
      aria-valuemin={grid.start}
      aria-valuemax={grid.start + span}
      aria-valuenow={grid.start + span}
      style={{
        left: room.left,
        top: room.top,
        width: wide,
        height: Math.max(1, height - room.top - room.bottom),
      }}
      onPointerMove={(event) => {
        const x = place(event);
        pointAt(group, snap(x));
        if (from.current !== null) drawBrush(Math.max(0, Math.min(wide, x)));
      }}
      onPointerLeave={() => {
        if (from.current === null) pointAt(group, null);
      }}
      onPointerDown={(event) => {
        if (event.button !== 0 || !onZoom) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        from.current = Math.max(0, Math.min(wide, place(event)));
      }}
      onPointerUp={(event) => {
        const begin = from.current;
        from.current = null;
        drawBrush(null);
        if (begin === null) return;
        const end = Math.max(0, Math.min(wide, place(event)));
        // Fewer px than that is a click that trembled.
        if (Math.abs(end - begin) >= 8) onZoom?.(snap(Math.min(begin, end)), snap(Math.max(begin, end)));
      }}
      onDoubleClick={onReset}
      onKeyDown={onKeyDown}
    >
      {marks
        .filter((mark) => mark.at >= grid.start && mark.at <= grid.start + span)
        .map((mark) => (
          <div
            key={`${mark.at} ${mark.title}`}
            className={styles.mark}
            data-tone={mark.tone}
            style={{ left: xOf(mark.at) }}
            data-tip={`${mark.title}, ${timeWords(mark.at)}`}
          />
        ))}
      <div ref={brush} className={styles.brush} />
      <div ref={hair} className={styles.hair} />
      <div ref={time} className={styles.moment} />
    </div>
  );
}
