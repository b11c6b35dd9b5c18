/** Single observations above the lines; their words are the tip, the list beside the chart has them for all. */
import type { ReactNode } from 'react';
import styles from './chart.module.css';
import { dotPlace, room, type ChartAxis, type ChartDot, type ChartGrid } from './model';

export interface DotsProps {
  readonly dots: readonly ChartDot[];
  readonly grid: ChartGrid;
  readonly axis: ChartAxis;
  readonly width: number;
  readonly height: number;
}

export function Dots({ dots, grid, axis, width, height }: DotsProps): ReactNode {
  if (dots.length === 0) return null;
  const wide = Math.max(1, width - room.left - room.right);
  const high = Math.max(1, height - room.top - room.bottom);
  const low = axis.ticks[0] ?? 0;
  const top = axis.ticks[axis.ticks.length - 1] ?? 1;
  return (
    <>
      {dots.map((dot, i) => {
        const place = dotPlace(dot, grid, low, top);
        return (
          place && (
            <div
              key={i}
              aria-hidden
              className={styles.dot}
              data-tip={dot.title}
              style={{ left: room.left + place.x * wide, top: room.top + place.y * high }}
            />
          )
        );
      })}
    </>
  );
}
