/** The scroll bar of a log: a thumb over rows, and where the hits of a search are. */
import { useEffect, useRef, type PointerEvent, type ReactNode } from 'react';
import styles from './log-list.module.css';

export interface LogScrollProps {
  readonly label: string;
  readonly first: number;
  readonly end: number;
  readonly top: number;
  /** Rows on a screen. */
  readonly page: number;
  /** Hits per part of the whole, evenly. */
  readonly marks: readonly number[];
  readonly onGo: (row: number) => void;
  readonly onEnd: () => void;
}

const LEAST_THUMB = 24;

export function LogScroll({ label, first, end, top, page, marks, onGo, onEnd }: LogScrollProps): ReactNode {
  const track = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const grip = useRef<number | undefined>(undefined);
  const total = Math.max(1, end - first);
  const part = Math.min(1, page / total);
  const at = total <= page ? 0 : Math.min(1, (top - first) / Math.max(1, total - page));

  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context) return;
    const height = (element.height = element.clientHeight);
    const width = (element.width = element.clientWidth);
    context.clearRect(0, 0, width, height);
    context.fillStyle = getComputedStyle(element).color;
    marks.forEach((count, index) => {
      if (count > 0) context.fillRect(2, Math.round((index / marks.length) * (height - 2)), width - 4, 2);
    });
  }, [marks]);

  const go = (clientY: number): void => {
    const box = track.current?.getBoundingClientRect();
    if (!box) return;
    const thumb = Math.max(LEAST_THUMB, part * box.height);
    const y = clientY - box.top - (grip.current ?? thumb / 2);
    const share = Math.max(0, Math.min(1, y / Math.max(1, box.height - thumb)));
    if (share >= 1) onEnd();
    else onGo(first + Math.round(share * Math.max(0, total - page)));
  };
  const onPointerDown = (event: PointerEvent): void => {
    event.preventDefault();
    event.currentTarget.setPointerCapture(event.pointerId);
    const thumb = (event.target as Element).closest('[data-thumb]')?.getBoundingClientRect();
    grip.current = thumb ? event.clientY - thumb.top : undefined;
    if (!thumb) go(event.clientY);
  };
  const onPointerMove = (event: PointerEvent): void => {
    if (event.currentTarget.hasPointerCapture(event.pointerId)) go(event.clientY);
  };
  return (
    <div
      ref={track}
      className={styles.track}
      role="scrollbar"
      aria-label={label}
      aria-orientation="vertical"
      aria-controls=""
      aria-valuemin={0}
      aria-valuemax={total}
      aria-valuenow={Math.max(0, Math.min(total, top - first))}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
    >
      <canvas ref={canvas} className={styles.marks} />
      {total > page && (
        <div
          data-thumb
          className={styles.thumb}
          style={{
            height: `max(${LEAST_THUMB}px, ${part * 100}%)`,
            top: `calc(${at} * (100% - max(${LEAST_THUMB}px, ${part * 100}%)))`,
          }}
        />
      )}
    </div>
  );
}
