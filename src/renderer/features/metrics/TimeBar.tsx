/** Time range and refresh, the same strip above every set of charts. */
import { IconRefresh } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Button, IconButton } from '../../ui/Button';
import { timeWords } from '../../ui/chart/model';
import styles from './metrics.module.css';
import { compares, refreshes, setTime, spans, useTime } from './time';

export function TimeBar({
  clusterId,
  compare = false,
  children,
}: {
  readonly clusterId: string;
  /** Offers a second picture of another time behind the first. */
  readonly compare?: boolean;
  readonly children?: ReactNode;
}): ReactNode {
  const time = useTime(clusterId);
  return (
    <div className={styles.bar} role="toolbar" aria-label="Time">
      <label className={styles.pick}>
        Last
        <select
          aria-label="Time range"
          value={time.span}
          onChange={(event) => setTime(clusterId, { span: Number(event.target.value), zoom: null })}
        >
          {spans.map(([seconds, title]) => (
            <option key={seconds} value={seconds}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <label className={styles.pick}>
        Refresh
        <select
          aria-label="Refresh every"
          value={time.every}
          onChange={(event) => setTime(clusterId, { every: Number(event.target.value) })}
        >
          {refreshes.map(([seconds, title]) => (
            <option key={seconds} value={seconds}>
              {title}
            </option>
          ))}
        </select>
      </label>
      {compare && (
        <label className={styles.pick}>
          Compare with
          <select
            aria-label="Compare with"
            value={time.compare}
            onChange={(event) => setTime(clusterId, { compare: Number(event.target.value) })}
          >
            {compares.map(([seconds, title]) => (
              <option key={seconds} value={seconds}>
                {title}
              </option>
            ))}
          </select>
        </label>
      )}
      <IconButton label="Refresh now" onClick={() => setTime(clusterId, { asked: time.asked + 1 })}>
        <IconRefresh />
      </IconButton>
      {time.zoom && (
        <span className={styles.zoom}>
          {timeWords(time.zoom.from)} to {timeWords(time.zoom.to)}
          <Button look="quiet" onClick={() => setTime(clusterId, { zoom: null })}>
            Reset zoom
          </Button>
        </span>
      )}
      <span className={styles.grow} />
      {children}
    </div>
  );
}
