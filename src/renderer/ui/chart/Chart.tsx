/**
 * A chart of lines over time. Few points are drawn by recharts, many by a canvas, behind the same
 * component (`CANVAS_FROM`, measured). Guarantees: same geometry with both; hidden lines keep their colour; a
 * refresh keeps size and legend order; without data it says so in place of the lines.
 */
import { IconPhotoDown } from '@tabler/icons-react';
import { useMemo, useState, type ReactNode } from 'react';
import { IconButton } from '../Button';
import { lazy } from '../lazy';
import { CanvasPlot } from './CanvasPlot';
import styles from './chart.module.css';
import { Dots } from './Dots';
import { Legend } from './Legend';
import {
  CANVAS_FROM,
  extent,
  type ChartAxis,
  type ChartDot,
  type ChartGrid,
  type ChartMark,
  type ChartSeries,
} from './model';
import { Overlay } from './Overlay';
import { chartPng } from './png';
import { useWidth } from './use-width';

const RechartsPlot = lazy(async () => ({ default: (await import('./RechartsPlot')).RechartsPlot }));

export interface ChartProps {
  readonly title: string;
  /** Charts of the same group share the crosshair. */
  readonly group: string;
  readonly grid: ChartGrid | undefined;
  readonly series: readonly ChartSeries[];
  readonly marks?: readonly ChartMark[];
  readonly dots?: readonly ChartDot[];
  readonly axisFor: (min: number, max: number) => ChartAxis;
  readonly format: (value: number) => string;
  readonly height?: number;
  /** Behind the title: loading, stale, cut. */
  readonly note?: ReactNode;
  readonly actions?: ReactNode;
  /** In place of the lines: why there are none. */
  readonly empty?: ReactNode;
  /** Below the lines. */
  readonly children?: ReactNode;
  readonly onZoom?: (from: number, to: number) => void;
  readonly onReset?: () => void;
  /** Told once measured, px: how many points there is room for. */
  readonly onWidth?: (width: number) => void;
  /** Offers the picture as a PNG file; `draw` gives its bytes. */
  readonly onPng?: (draw: () => Promise<Uint8Array>) => void;
  /** For measurements; default by the number of points. */
  readonly renderer?: 'recharts' | 'canvas';
}

const noMarks: readonly ChartMark[] = [];
const noDots: readonly ChartDot[] = [];

export function Chart(props: ChartProps): ReactNode {
  const { title, group, grid, series, marks = noMarks, axisFor, format, height = 160 } = props;
  const { note, actions, empty, children, onZoom, onReset, dots = noDots, onPng } = props;
  const [box, width] = useWidth(props.onWidth);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const colors = useMemo(() => {
    let next = 0;
    const known = new Map<string, number>();
    for (const one of series) if (one.role === 'series') known.set(one.id, next++);
    // What has no line any more still gets a colour of its own.
    return series.map((one) =>
      one.role === 'series'
        ? (known.get(one.id) ?? 0)
        : one.role === 'earlier'
          ? (known.get(one.of ?? '') ?? next++)
          : 0,
    );
  }, [series]);
  const shown = useMemo(() => {
    const kept = series.flatMap((one, i) => (hidden.has(one.id) ? [] : [{ one, color: colors[i] ?? 0 }]));
    return { series: kept.map((entry) => entry.one), colors: kept.map((entry) => entry.color) };
  }, [series, colors, hidden]);
  const axis = useMemo(() => {
    const { min, max } = extent(shown.series);
    return axisFor(min, max);
  }, [shown, axisFor]);
  const toggle = (id: string, only: boolean): void =>
    setHidden((now) => {
      if (!only) {
        const next = new Set(now);
        if (!next.delete(id)) next.add(id);
        return next;
      }
      const others = series.filter((one) => one.id !== id).map((one) => one.id);
      const isOnly = !now.has(id) && others.every((other) => now.has(other));
      return isOnly ? new Set() : new Set(others);
    });
  const points = (grid?.points ?? 0) * shown.series.length;
  const useCanvas = props.renderer === undefined ? points > CANVAS_FROM : props.renderer === 'canvas';
  const picture = grid && width > 0 ? { grid, axis, ...shown, width, height } : undefined;
  return (
    <figure className={styles.chart} aria-label={title}>
      <figcaption className={styles.head}>
        <span className={styles.title}>{title}</span>
        {axis.label !== '' && series.length > 0 && <span className={styles.unit}>{axis.label}</span>}
        <span className={styles.note}>{note}</span>
        {onPng && picture && series.length > 0 && (
          <IconButton
            label="Save as PNG"
            onClick={({ currentTarget }) =>
              onPng(() => chartPng(currentTarget, { ...picture, title, format, dots }))
            }
          >
            <IconPhotoDown />
          </IconButton>
        )}
        {actions}
      </figcaption>
      <div ref={box} className={styles.plot} style={{ height }}>
        {series.length === 0 || !picture ? (
          <div className={styles.empty}>{empty}</div>
        ) : (
          <>
            {useCanvas ? <CanvasPlot {...picture} /> : <RechartsPlot {...picture} />}
            <Overlay
              group={group}
              label={title}
              grid={picture.grid}
              width={width}
              height={height}
              marks={marks}
              onZoom={onZoom}
              onReset={onReset}
            />
            <Dots dots={dots} grid={picture.grid} axis={axis} width={width} height={height} />
          </>
        )}
      </div>
      {grid && series.length > 0 && (
        <Legend
          group={group}
          grid={grid}
          series={series}
          colors={colors}
          hidden={hidden}
          format={format}
          onToggle={toggle}
        />
      )}
      {children}
    </figure>
  );
}
