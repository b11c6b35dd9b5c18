import type { ReactNode } from 'react';
import styles from './chip.module.css';

export interface ChipProps {
  readonly children: ReactNode;
  /** Shows a cross; its name is "Remove TEXT". */
  readonly onRemove?: () => void;
  readonly removeLabel?: string;
}

/** A short word in a frame: a label, a chosen namespace. */
export function Chip({ children, onRemove, removeLabel }: ChipProps): ReactNode {
  return (
    <span className={styles.chip}>
      <span className={styles.text}>{children}</span>
      {onRemove && (
        <button
          type="button"
          className={styles.remove}
          aria-label={removeLabel ?? 'Remove'}
          onClick={onRemove}
        >
          ×
        </button>
      )}
    </span>
  );
}
