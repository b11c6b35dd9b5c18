/** One chart: asks, draws, says why there is nothing, shows its PromQL and opens it in the explorer. */
import { IconCode } from '@tabler/icons-react';
import { useMemo, useState, type ReactNode } from 'react';
import type { SourceState } from '#shared/contract/metrics';
import type { ChartDef } from '#shared/domain/prom/charts';
import { axisFor, formatValue } from '#shared/domain/prom/units';
import { visible } from '#shared/util/text';
import { useClusterId } from '../../data/connections';
import { Button, IconButton } from '../../ui/Button';
import { Chart } from '../../ui/chart/Chart';
import type { ChartMark } from '../../ui/chart/model';
import { explore } from './explore';
import styles from './metrics.module.css';
import { setTime, useTime, zoomTo } from './time';
import { toChart } from './to-chart';
import { useRange, useSeen } from './use-range';

export interface ChartBoxProps {
  readonly def: ChartDef;
  readonly source: SourceState;
  readonly visible: boolean;
  readonly height?: number;
  /** What happened to its object, beside the marks of its own queries. */
  readonly marks?: readonly ChartMark[];
}

export function ChartBox({ def, source, visible: shown, height, marks }: ChartBoxProps): ReactNode {
  const clusterId = useClusterId();
  const time = useTime(clusterId);
  const [box, seen] = useSeen();
  const [width, setWidth] = useState(0);
  const [open, setOpen] = useState(false);
  const exprs = useMemo(() => def.queries.map((query) => query.expr), [def]);
  const { unit } = def;
  const state = useRange({
    exprs,
    width,
    scrape: source.schema?.scrape ?? 30,
    skew: source.clockSkew ?? 0,
    time,
    shown: shown && seen,
  });
  const { range, answers, error, loading } = state;
  const chart = useMemo(() => toChart(def.queries, answers, state.earlier), [def, answers, state.earlier]);
  const all = useMemo(() => [...chart.marks, ...(marks ?? [])], [chart, marks]);
  const grid = useMemo(() => {
    const first = answers.find((one) => one !== undefined);
    return (
      first && {
        start: first.start,
        step: first.step,
        points: Math.floor((first.end - first.start) / first.step + 1e-9) + 1,
      }
    );
  }, [answers]);
  const axis = useMemo(() => (min: number, max: number) => axisFor(unit, min, max), [unit]);
  const format = useMemo(() => (value: number) => formatValue(unit, value), [unit]);
  const problem = answers.find((one) => one?.problem !== undefined)?.problem?.message ?? error?.message;
  const lines = chart.series.filter((one) => one.role === 'series' || one.role === 'earlier');
  const empty =
    problem !== undefined
      ? visible(problem)
      : range === undefined
        ? 'Reading'
        : 'No samples in this time: nothing ran, or it is not scraped.';
  const note = [
    chart.cut > 0 ? `${chart.cut} more series not drawn` : '',
    error && lines.length > 0 ? `not refreshed: ${visible(error.message)}` : '',
  ]
    .filter((one) => one !== '')
    .join(', ');
  return (
    <div ref={box} className={styles.box} data-loading={loading || undefined}>
      <Chart
        title={def.title}
        group={clusterId}
        grid={grid}
        series={lines.length === 0 ? [] : chart.series}
        marks={all}
        axisFor={axis}
        format={format}
        {...(height === undefined ? {} : { height })}
        note={note}
        empty={empty}
        onWidth={setWidth}
        onZoom={(from, to) => zoomTo(clusterId, from, to)}
        onReset={() => setTime(clusterId, { zoom: null })}
        actions={
          <IconButton label={`PromQL of ${def.title}`} pressed={open} onClick={() => setOpen(!open)}>
            <IconCode />
          </IconButton>
        }
      >
        {open && (
          <div className={styles.promql} role="group" aria-label={`PromQL of ${def.title}`}>
            {def.queries.map((query, i) => (
              <div key={query.expr} className={styles.query}>
                <code>{visible(state.exprs[i] ?? query.expr)}</code>
                <Button
                  look="quiet"
                  disabled={state.exprs[i] === undefined}
                  onClick={() => explore(clusterId, state.exprs[i] ?? query.expr)}
                >
                  Open in explorer
                </Button>
              </div>
            ))}
            {range && (
              <p className={styles.muted}>
                start={range.start} end={range.end} step={range.step}
              </p>
            )}
          </div>
        )}
      </Chart>
    </div>
  );
}
