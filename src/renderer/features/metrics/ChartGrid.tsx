/** The charts of one target with their time bar; what is not recorded is named, not drawn empty. */
import { useMemo, useState, type ReactNode } from 'react';
import { chartsFor, type MetricsTarget } from '#shared/domain/prom/charts';
import { useClusterId } from '../../data/connections';
import { Button } from '../../ui/Button';
import { ChartBox } from './ChartBox';
import { Links } from './Links';
import { chartMarks, MarksList } from './MarksList';
import styles from './metrics.module.css';
import { SourcePanel } from './SourcePanel';
import { useTime } from './time';
import { TimeBar } from './TimeBar';
import { UsageCharts } from './UsageCharts';
import { useMarks } from './use-marks';
import { useSource } from './use-source';
import { useThere } from './use-there';

export interface ChartGridProps {
  readonly target: MetricsTarget;
  readonly visible: boolean;
  /** Of these only, in their order; default: all. */
  readonly only?: readonly string[];
}

export function ChartGrid({ target, visible, only }: ChartGridProps): ReactNode {
  const clusterId = useClusterId();
  const source = useSource();
  const [details, setDetails] = useState(false);
  const key = JSON.stringify(target);
  const time = useTime(clusterId);
  const happened = useMarks(target, time, source?.clockSkew ?? 0, visible && source?.phase === 'ready');
  const marks = useMemo(() => chartMarks(happened), [happened]);
  const schema = source?.schema;
  const set = useMemo(
    () => (schema ? chartsFor(JSON.parse(key) as MetricsTarget, schema) : undefined),
    [schema, key],
  );
  const there = useThere(set?.charts, visible);
  if (!source) return <p className={styles.quiet}>Reading</p>;
  if (source.phase !== 'ready' || !set)
    return source.phase === 'searching' && source.steps.length === 0 ? (
      <p className={styles.quiet}>Looking for a Prometheus</p>
    ) : (
      <>
        {(target.kind === 'pod' || target.kind === 'node') && (
          <UsageCharts
            kind={target.kind === 'pod' ? 'pods' : 'nodes'}
            namespace={target.kind === 'pod' ? target.namespace : ''}
            name={target.name}
            visible={visible}
          />
        )}
        <SourcePanel source={source} />
      </>
    );
  const charts = set.charts.filter(
    ({ id, onlyIf }) => (!only || only.includes(id)) && (onlyIf === undefined || there?.has(onlyIf) === true),
  );
  return (
    <>
      <TimeBar clusterId={clusterId} compare>
        <Button look="quiet" aria-expanded={details} onClick={() => setDetails(!details)}>
          Source: {source.chosen?.title ?? 'none'}
        </Button>
      </TimeBar>
      {details && <SourcePanel source={source} />}
      {!only && <Links target={target} />}
      <MarksList answer={happened} />
      <div className={styles.grid}>
        {charts.map((def) => (
          <ChartBox key={def.id} def={def} source={source} visible={visible} marks={marks} />
        ))}
      </div>
      {set.missing.length > 0 && !only && (
        <p className={styles.missing}>
          Not recorded by this Prometheus:{' '}
          {set.missing.map(({ title, metrics }) => `${title} (${metrics.join(', ')})`).join('; ')}.
        </p>
      )}
      {schema?.container === null && (target.kind === 'pod' || target.kind === 'container') && (
        <p className={styles.missing}>
          Its container metrics carry no label that names the container: these are values of whole pods.
        </p>
      )}
    </>
  );
}
