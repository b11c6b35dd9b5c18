/**
 * State as shape: 8 px, drawn, so that it reads without colour. Words stand beside it, not in it.
 * One element and no picture: a table holds one for each of its rows.
 */
import type { ReactNode } from 'react';
import styles from './status-mark.module.css';

/** Same names as the tones of table cells. */
export type MarkTone = 'ok' | 'progress' | 'warn' | 'bad' | 'idle' | 'done';

export interface StatusMarkProps {
  readonly tone: MarkTone;
  /** Only where no words stand beside it. */
  readonly label?: string;
}

export function StatusMark({ tone, label }: StatusMarkProps): ReactNode {
  return (
    <span
      className={`${styles.mark} ${styles[tone]}`}
      role={label === undefined ? undefined : 'img'}
      aria-label={label}
      aria-hidden={label === undefined ? true : undefined}
    />
  );
}
