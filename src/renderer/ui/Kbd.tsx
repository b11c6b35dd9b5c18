import type { ReactNode } from 'react';
import { keyLabel } from './keys';
import styles from './kbd.module.css';

/** A key as people see it; `keys` as in the command list (`mod+k`, `g p`). */
export function Kbd({ keys }: { readonly keys: string }): ReactNode {
  return <kbd className={styles.kbd}>{keyLabel(keys)}</kbd>;
}
