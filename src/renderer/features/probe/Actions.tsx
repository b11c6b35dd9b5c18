import type { ReactNode } from 'react';
import { Button } from '../../ui/Button';
import styles from './probe.module.css';

export interface ActionsProps {
  readonly busy: boolean;
  readonly ready: boolean;
  readonly onTry: () => void;
  readonly onStop: () => void;
  readonly onClose: () => void;
}

/** Close and try; while a try runs, stop in its place. */
export function Actions({ busy, ready, onTry, onStop, onClose }: ActionsProps): ReactNode {
  return (
    <div className={styles.actions}>
      <Button onClick={onClose}>Close</Button>
      {busy ? (
        <Button onClick={onStop}>Stop</Button>
      ) : (
        <Button look="primary" disabled={!ready} onClick={onTry}>
          Try
        </Button>
      )}
    </div>
  );
}
