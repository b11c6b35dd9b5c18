import type { ReactNode } from 'react';
import { StatusMark, type MarkTone } from './StatusMark';
import styles from './badge.module.css';

export interface BadgeProps {
  readonly tone: MarkTone;
  readonly children: ReactNode;
  /** Shown on hover. */
  readonly tip?: string;
  /** Announced when it changes (`role=status`); give it a name. */
  readonly live?: string;
}

/** Shape, word and colour of a state in one line of text. No box, no fill. */
export function Badge({ tone, children, tip, live }: BadgeProps): ReactNode {
  return (
    <span
      className={`${styles.badge} ${styles[tone]}`}
      data-tip={tip}
      {...(live === undefined ? {} : { role: 'status', 'aria-label': live })}
    >
      <StatusMark tone={tone} />
      <span>{children}</span>
    </span>
  );
}
