import type { ReactNode } from 'react';
import styles from './empty-state.module.css';

export interface EmptyStateProps {
  /** One sentence: "No pods in shop." */
  readonly children: ReactNode;
  /** One action, a button or link. */
  readonly action?: ReactNode;
}

/** Nothing is here, and what to do about it. Sits where the content would start, not in the middle. */
export function EmptyState({ children, action }: EmptyStateProps): ReactNode {
  return (
    <div className={styles.empty}>
      <p>{children}</p>
      {action}
    </div>
  );
}
