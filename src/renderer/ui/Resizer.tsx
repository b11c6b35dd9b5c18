/** The edge between two panes: drag it, or move it with the arrow keys when it has the focus. */
import { useRef, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import styles from './resizer.module.css';

export interface ResizerProps {
  /** "Resize details". */
  readonly label: string;
  /** `x`: a vertical edge that moves sideways. */
  readonly axis: 'x' | 'y';
  readonly value: number;
  readonly min: number;
  readonly max: number;
  /** -1 when the pane grows as the edge moves left or up. */
  readonly sign?: 1 | -1;
  /** Value per pixel; 1 when left out. Asked when a drag starts. */
  readonly scale?: () => number;
  /** While it moves. */
  readonly onChange: (value: number) => void;
  /** When it came to rest: the time to remember it. */
  readonly onDone?: (value: number) => void;
}

const STEP = 16;

export function Resizer({
  label,
  axis,
  value,
  min,
  max,
  sign = 1,
  scale,
  onChange,
  onDone,
}: ResizerProps): ReactNode {
  const drag = useRef<{ from: number; value: number; last: number; scale: number } | null>(null);
  const at = (event: PointerEvent): number => (axis === 'x' ? event.clientX : event.clientY);
  const clamp = (next: number): number => Math.min(max, Math.max(min, Math.round(next)));
  const down = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    event.preventDefault();
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { from: at(event), value, last: value, scale: scale?.() ?? 1 };
  };
  const move = (event: PointerEvent): void => {
    if (!drag.current) return;
    const { from, value: start, scale: perPixel } = drag.current;
    const next = clamp(start + sign * perPixel * (at(event) - from));
    if (next === drag.current.last) return;
    drag.current.last = next;
    onChange(next);
  };
  const up = (): void => {
    if (!drag.current) return;
    const { last } = drag.current;
    drag.current = null;
    onDone?.(last);
  };
  const key = (event: KeyboardEvent): void => {
    const back = axis === 'x' ? 'ArrowLeft' : 'ArrowUp';
    const forth = axis === 'x' ? 'ArrowRight' : 'ArrowDown';
    if (event.key !== back && event.key !== forth) return;
    event.preventDefault();
    const next = clamp(value + sign * (event.key === forth ? STEP : -STEP));
    onChange(next);
    onDone?.(next);
  };
  return (
    <div
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={axis === 'x' ? 'vertical' : 'horizontal'}
      aria-valuenow={value}
      aria-valuemin={min}
      aria-valuemax={max}
      className={axis === 'x' ? styles.x : styles.y}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
      onPointerCancel={up}
      onKeyDown={key}
    />
  );
}
