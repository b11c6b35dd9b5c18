/** Without a Prometheus: what metrics-server says of one pod or node, and said lately while the app looked. */
import { useMemo, type ReactNode } from 'react';
import { metrics, type UsageSample } from '#shared/contract/metrics';
import { axisFor, formatValue, type PromUnit } from '#shared/domain/prom/units';
import { visible } from '#shared/util/text';
import { useCluster, useClusterId, useStream } from '../../data/connections';
import { Chart } from '../../ui/chart/Chart';
import styles from './metrics.module.css';

const STEP = 15;

export interface UsageChartsProps {
  readonly kind: 'pods' | 'nodes';
  readonly namespace: string;
  readonly name: string;
  readonly visible: boolean;
}

export function UsageCharts({ kind, namespace, name, visible: shown }: UsageChartsProps): ReactNode {
  const client = useCluster();
  const { data } = useStream(shown ? client : undefined, metrics, 'usageOf', { kind, namespace, name });
  if (!data) return null;
  if (data.error && data.samples.length === 0)
    return (
      <p role="status">
        {visible(data.error.message)} {data.error.hint}
      </p>
    );
  return (
    <>
      <div className={styles.grid}>
        <Line title="CPU" unit="cores" of={(one) => one.cpu} samples={data.samples} />
        <Line title="Memory" unit="bytes" of={(one) => one.memory} samples={data.samples} />
      </div>
      <p className={styles.muted}>
        From metrics-server, each {STEP} s while it is looked at: the last {data.samples.length} values, kept
        in memory.
      </p>
    </>
  );
}

interface LineProps {
  readonly title: string;
  readonly unit: PromUnit;
  readonly of: (sample: UsageSample) => number;
  readonly samples: readonly UsageSample[];
}

function Line({ title, unit, of, samples }: LineProps): ReactNode {
  const clusterId = useClusterId();
  const { grid, values } = useMemo(() => {
    const slot = (at: number): number => Math.round(at / 1000 / STEP);
    const first = slot(samples[0]?.at ?? 0);
    const points = Math.max(2, slot(samples.at(-1)?.at ?? 0) - first + 1);
    const line = new Float64Array(points).fill(NaN);
    for (const one of samples) line[slot(one.at) - first] = of(one);
    return { grid: { start: first * STEP, step: STEP, points }, values: line };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- `of` reads the same field each time
  }, [samples]);
  const axis = useMemo(() => (min: number, max: number) => axisFor(unit, min, max), [unit]);
  const format = useMemo(() => (value: number) => formatValue(unit, value), [unit]);
  const series = useMemo(() => [{ id: 'used', title: 'in use', role: 'series' as const, values }], [values]);
  return (
    <div className={styles.box}>
      <Chart
        title={title}
        group={`${clusterId} usage`}
        grid={grid}
        series={series}
        axisFor={axis}
        format={format}
        height={110}
      />
    </div>
  );
}
