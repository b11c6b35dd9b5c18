/** Permissions as lines: resource, names, verbs. */
import type { ReactNode } from 'react';
import type { AtomRow } from '#shared/domain/rbac/atoms';
import { visible } from '#shared/util/text';
import styles from './access.module.css';
import { rowTarget } from './words';

const MOST = 300;

export function AtomTable({
  rows,
  label,
}: {
  readonly rows: readonly AtomRow[];
  readonly label: string;
}): ReactNode {
  if (rows.length === 0) return <p className={styles.muted}>nothing</p>;
  return (
    <table className={styles.table} aria-label={label}>
      <tbody>
        {rows.slice(0, MOST).map((row, index) => (
          <tr key={index}>
            <td>
              {visible(rowTarget(row))}
              {row.names.length > 0 && (
                <span className={styles.muted}> named {row.names.map(visible).join(', ')}</span>
              )}
            </td>
            <td>{row.verbs.map(visible).join(', ')}</td>
          </tr>
        ))}
        {rows.length > MOST && (
          <tr>
            <td className={styles.muted}>and {rows.length - MOST} more</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}
