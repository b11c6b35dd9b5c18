/** The API server as it measures itself: request rates, latency, errors, fairness queues, etcd. No Prometheus needed. */
import { useMemo, type ReactNode } from 'react';
import { controlPlane, type ControlPlaneChart, type ControlPlaneState } from '#shared/contract/control-plane';
import { axisFor, formatValue } from '#shared/domain/prom/units';
import { formatBytes } from '#shared/util/quantity';
import { visible } from '#shared/util/text';
import { useCluster, useClusterId, useStream } from '../../data/connections';
import type { PageProps } from '../../data/feature';
import { Age } from '../../ui/Age';
import { Chart } from '../../ui/chart/Chart';
import type { ChartSeries } from '../../ui/chart/model';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import styles from './metrics.module.css';
import sizes from './sizing.module.css';

export function ControlPlanePage({ visible: shown }: PageProps): ReactNode {
  const client = useCluster();
  const { data } = useStream(shown ? client : undefined, controlPlane, 'watch', undefined);
  return (
    <div className={styles.page}>
      <h1 className={styles.pageTitle}>Control plane</h1>
      {data && data.phase !== 'reading' && (
        <p className={styles.muted} role="status" aria-label="Reading">
          From the API server’s own /metrics, {formatBytes(data.bytes)} each {data.step} s while this page is
          seen.
          {data.started > 0 && (
            <>
              {' '}
              It began <Age at={data.started * 1000} offset={0} /> ago.
            </>
          )}
          {data.changed > 0 &&
            ` ${data.changed} readings came from another server than the one before, or it restarted: there are gaps.`}
        </p>
      )}
      {data?.error && (
        <ErrorState
          title={
            data.phase === 'denied'
              ? 'No right to the control plane’s metrics'
              : 'The control plane does not tell'
          }
          error={data.error}
        />
      )}
      {(!data || data.phase === 'reading') && <EmptyState>Reading the metrics of the API server.</EmptyState>}
      {data && data.charts.length > 0 && <Charts state={data} />}
    </div>
  );
}

function Charts({ state }: { readonly state: ControlPlaneState }): ReactNode {
  const filled = state.charts.filter((chart) => chart.lines.length > 0);
  const quiet = state.charts.filter((chart) => chart.lines.length === 0);
  return (
    <>
      <div className={styles.grid}>
        {filled.map((chart) => (
          <OneChart key={chart.id} chart={chart} state={state} />
        ))}
      </div>
      {quiet.length > 0 && state.points > 1 && (
        <p className={styles.missing}>
          Nothing to draw in this time: {quiet.map((one) => one.title).join('; ')}.
        </p>
      )}
      {state.objects.length > 0 && (
        <>
          <h2 className={sizes.title}>Objects stored</h2>
          <table className={`${sizes.table} ${styles.objects}`} aria-label="Objects stored">
            <tbody>
              {state.objects.slice(0, 25).map(([resource, count]) => (
                <tr key={resource}>
                  <td className={sizes.left}>{visible(resource)}</td>
                  <td>{count.toLocaleString('en')}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </>
  );
}

interface OneChartProps {
  readonly chart: ControlPlaneChart;
  readonly state: ControlPlaneState;
}

function OneChart({ chart, state }: OneChartProps): ReactNode {
  const clusterId = useClusterId();
  const { title, unit, lines } = chart;
  const series = useMemo(
    () =>
      [...lines]
        .sort((a, b) => (a.title < b.title ? -1 : 1))
        .map((line): ChartSeries => ({
          id: line.title,
          title: visible(line.title),
          role: 'series',
          values: line.values,
        })),
    [lines],
  );
  const axis = useMemo(() => (min: number, max: number) => axisFor(unit, min, max), [unit]);
  const format = useMemo(() => (value: number) => formatValue(unit, value), [unit]);
  const { start, step, points } = state;
  return (
    <div className={styles.box}>
      <Chart
        title={title}
        group={`${clusterId} control plane`}
        grid={{ start, step, points: Math.max(2, points) }}
        series={series}
        axisFor={axis}
        format={format}
      />
    </div>
  );
}
