/** State as shape: 8 px, drawn, so that it reads without colour. Words stand beside it, not in it. */
import type { ReactNode } from 'react';
import styles from './status-mark.module.css';

/** Same names as the tones of table cells. */
export type MarkTone = 'ok' | 'progress' | 'warn' | 'bad' | 'idle' | 'done';

const shapes: Readonly<Record<MarkTone, ReactNode>> = {
  ok: <circle cx="4" cy="4" r="3.4" fill="currentColor" />,
  progress: (
    <>
      <circle cx="4" cy="4" r="3.1" fill="none" stroke="currentColor" strokeWidth="1.3" />
      <path d="M4 .9a3.1 3.1 0 0 1 0 6.2z" fill="currentColor" />
    </>
  ),
  warn: <path d="M4 .5 7.8 7.4H.2z" fill="currentColor" />,
  bad: <rect x=".7" y=".7" width="6.6" height="6.6" rx="1" fill="currentColor" />,
  idle: <circle cx="4" cy="4" r="3.1" fill="none" stroke="currentColor" strokeWidth="1.3" />,
  done: <path d="m.9 4.3 2.1 2.2L7.1 1.5" fill="none" stroke="currentColor" strokeWidth="1.5" />,
};

export interface StatusMarkProps {
  readonly tone: MarkTone;
  /** Only where no words stand beside it. */
  readonly label?: string;
}

export function StatusMark({ tone, label }: StatusMarkProps): ReactNode {
  return (
    <svg
      className={`${styles.mark} ${styles[tone]}`}
      viewBox="0 0 8 8"
      role={label === undefined ? undefined : 'img'}
      aria-label={label}
      aria-hidden={label === undefined ? true : undefined}
    >
      {shapes[tone]}
    </svg>
  );
}
