/** Heads of the field columns, standing over them. */
import type { ReactNode } from 'react';
import { visible } from '#shared/util/text';
import styles from './log-row.module.css';
import type { RowLook } from './LogRow';
import { rowTime } from './time-words';

export interface FieldHeadsProps {
  readonly look: RowLook;
  readonly onRemove: (path: string) => void;
}

export function FieldHeads({ look, onRemove }: FieldHeadsProps): ReactNode {
  // As wide as the times below; relative ones vary, so they get what the widest usual one takes.
  const time = look.times === 'relative' ? '-00m00s' : rowTime(0, look.times, 0);
  return (
    <div className={styles.heads} aria-label="Field columns">
      {look.times !== 'off' && (
        <span className={styles.headTime}>{'time'.padEnd(time.length).slice(0, time.length)}</span>
      )}
      {look.names !== 'off' && <span className={styles.headName}>{'pod'}</span>}
      {look.columns.map((path) => (
        <span key={path} className={styles.head}>
          <span data-tip={visible(path)}>{visible(path)}</span>
          <button type="button" aria-label={`Take the column ${path} away`} onClick={() => onRemove(path)}>
            ×
          </button>
        </span>
      ))}
      <span>line</span>
    </div>
  );
}
