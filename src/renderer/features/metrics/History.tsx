import type { ReactNode } from 'react';
import { visible } from '#shared/util/text';
import { useHistory } from './history-store';
import styles from './explorer.module.css';

/** Queries of this session; choosing one puts it into the editor. */
export function History({ onChoose }: { readonly onChoose: (expr: string) => void }): ReactNode {
  const { queries } = useHistory();
  return (
    <select
      aria-label="History"
      className={styles.select}
      value=""
      disabled={queries.length === 0}
      onChange={(event) => onChoose(queries[Number(event.target.value)] ?? '')}
    >
      <option value="">History</option>
      {queries.map((expr, i) => (
        <option key={expr} value={i}>
          {visible(expr.length > 100 ? `${expr.slice(0, 100)}…` : expr)}
        </option>
      ))}
    </select>
  );
}
