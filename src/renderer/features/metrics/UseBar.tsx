/** Requested (pale) and used (full) as shares of what is there. Words stand beside it: it is not read out. */
import type { ReactNode } from 'react';
import styles from './sizing.module.css';

interface UseBarProps {
  readonly requested: number;
  readonly used: number | null;
  readonly of: number;
}

export function UseBar({ requested, used, of }: UseBarProps): ReactNode {
  const share = (value: number): string => `${of > 0 ? Math.min(100, Math.max(0, (value / of) * 100)) : 0}%`;
  return (
    <span className={styles.bar} aria-hidden="true">
      <span style={{ width: share(requested) }} data-full={requested > of * 0.9 || undefined} />
      {used !== null && <span data-what="used" style={{ width: share(used) }} />}
    </span>
  );
}
