/** Lines over time by level. Drag over it to see only that time; a click takes the choice back. */
import { useEffect, useRef, useState, type PointerEvent, type ReactNode } from 'react';
import type { LogHistogram } from '#shared/contract/logs';
import styles from './logs-panel.module.css';
import { rowTime, type TimeMode } from './time-words';

export interface HistogramProps {
  readonly data: LogHistogram | undefined;
  readonly range: { readonly from: number | null; readonly to: number | null } | undefined;
  readonly times: TimeMode;
  readonly onRange: (range: { from: number; to: number } | undefined) => void;
}

/** From the bottom: what is seldom looked for first. */
const order = [
  [0, '--muted'],
  [1, '--muted'],
  [2, '--muted'],
  [3, '--info'],
  [4, '--warn'],
  [5, '--bad'],
  [6, '--bad'],
] as const;

export function Histogram({ data, range, times, onRange }: HistogramProps): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [drag, setDrag] = useState<{ from: number; to: number }>();
  const [width, setWidth] = useState(0);
  const bars = data ? data.counts.length / 7 : 0;

  useEffect(() => {
    const element = canvas.current;
    if (!element || typeof ResizeObserver !== 'function') return undefined;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context || !data) return;
    const scale = window.devicePixelRatio;
    const w = (element.width = element.clientWidth * scale);
    const h = (element.height = element.clientHeight * scale);
    context.clearRect(0, 0, w, h);
    let most = 1;
    for (let bar = 0; bar < bars; bar += 1) {
      let sum = 0;
      for (let level = 0; level < 7; level += 1) sum += data.counts[bar * 7 + level] ?? 0;
      most = Math.max(most, sum);
    }
    const style = getComputedStyle(element);
    const each = w / bars;
    for (let bar = 0; bar < bars; bar += 1) {
      let y = h;
      for (const [level, token] of order) {
        const count = data.counts[bar * 7 + level] ?? 0;
        if (count === 0) continue;
        const high = Math.max(1, (count / most) * (h - 2));
        context.fillStyle = style.getPropertyValue(token);
        context.globalAlpha = level < 3 ? 0.45 : 0.85;
        context.fillRect(bar * each, y - high, Math.max(1, each - 1), high);
        y -= high;
      }
    }
  }, [data, bars, width]);

  const timeAt = (clientX: number): number => {
    const box = canvas.current?.getBoundingClientRect();
    if (!box || !data) return 0;
    const share = Math.max(0, Math.min(1, (clientX - box.left) / box.width));
    return data.from + share * bars * data.step;
  };
  const place = (time: number): string =>
    data ? `${Math.max(0, Math.min(100, ((time - data.from) / (bars * data.step)) * 100))}%` : '0%';
  const onPointerDown = (event: PointerEvent): void => {
    if (!data) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const at = timeAt(event.clientX);
    setDrag({ from: at, to: at });
  };
  const onPointerMove = (event: PointerEvent): void => {
    if (drag) setDrag({ ...drag, to: timeAt(event.clientX) });
  };
  const onPointerUp = (): void => {
    if (!drag || !data) return;
    setDrag(undefined);
    const from = Math.min(drag.from, drag.to);
    const to = Math.max(drag.from, drag.to);
    if (to - from < data.step / 4) onRange(undefined);
    else onRange({ from: Math.floor(from), to: Math.ceil(to) });
  };
  const shown = drag
    ? { from: Math.min(drag.from, drag.to), to: Math.max(drag.from, drag.to) }
    : range && data && { from: range.from ?? data.from, to: range.to ?? data.from + bars * data.step };
  const mode = times === 'utc' ? 'utc' : 'local';
  return (
    <div className={styles.histogram}>
      <div
        className={styles.bars}
        role="img"
        aria-label={data ? `Lines over time, ${bars} bars of ${stepWords(data.step)}` : 'Lines over time'}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
      >
        <canvas ref={canvas} />
        {shown && (
          <div
            className={styles.brush}
            style={{ left: place(shown.from), right: `calc(100% - ${place(shown.to)})` }}
          />
        )}
      </div>
      {data && (
        <div className={styles.axis}>
          <time>{rowTime(data.from, mode, 0).slice(0, 8)}</time>
          <span>{stepWords(data.step)} a bar; drag to choose a time</span>
          <time>{rowTime(data.from + bars * data.step, mode, 0).slice(0, 8)}</time>
        </div>
      )}
    </div>
  );
}

function stepWords(ms: number): string {
  if (ms < 1000) return `${ms} ms`;
  if (ms < 60_000) return `${ms / 1000} s`;
  if (ms < 3_600_000) return `${ms / 60_000} min`;
  return `${ms / 3_600_000} h`;
}
