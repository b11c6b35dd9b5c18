/** All metrics of this Prometheus by name and help text; a find goes to the cursor or becomes a query. */
import { useDeferredValue, useEffect, useMemo, useState, type ReactNode } from 'react';
import {
  firstQuery,
  joinMetrics,
  searchMetrics,
  seriesName,
  type MetricInfo,
} from '#shared/domain/prom/metadata-search';
import { visible } from '#shared/util/text';
import { Button } from '../../ui/Button';
import type { PromqlNames } from '../../ui/chart/PromqlEditor';
import { TextField } from '../../ui/TextField';
import styles from './explorer.module.css';

const MOST = 100;

export interface MetricSearchProps {
  readonly names: PromqlNames;
  readonly onInsert: (text: string) => void;
  readonly onQuery: (expr: string) => void;
}

export function MetricSearch({ names, onInsert, onQuery }: MetricSearchProps): ReactNode {
  const [text, setText] = useState('');
  const [all, setAll] = useState<readonly MetricInfo[] | undefined>(undefined);
  useEffect(() => {
    let over = false;
    void Promise.all([names.metadata(), names.metricNames()]).then(([known, listed]) => {
      if (!over) setAll(joinMetrics(known, listed));
    });
    return () => {
      over = true;
    };
  }, [names]);
  const wanted = useDeferredValue(text);
  const found = useMemo(() => searchMetrics(all ?? [], wanted, MOST), [all, wanted]);
  return (
    <section className={styles.search} aria-label="Find a metric">
      <TextField
        label="Find a metric by name or help"
        hideLabel
        placeholder="Find a metric by name or help, e.g. memory bytes"
        value={text}
        autoFocus
        onChange={(event) => setText(event.target.value)}
      />
      <p className={styles.none} role="status">
        {all === undefined
          ? 'Reading'
          : found.total > found.rows.length
            ? `The first ${found.rows.length} of ${found.total.toLocaleString('en')} metrics; more words find fewer.`
            : `${found.total} ${found.total === 1 ? 'metric' : 'metrics'}`}
      </p>
      <ul className={styles.metrics} aria-label="Metrics">
        {found.rows.map((one) => (
          <li key={one.metric}>
            <div className={styles.cell}>
              <span className="mono">{visible(one.metric)}</span>{' '}
              <span className={styles.type}>{visible(one.type)}</span>
              <div className={styles.help}>{visible(one.help)}</div>
            </div>
            <Button look="quiet" onClick={() => onInsert(seriesName(one))}>
              Insert
            </Button>
            <Button look="quiet" data-tip={firstQuery(one)} onClick={() => onQuery(firstQuery(one))}>
              New query
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
