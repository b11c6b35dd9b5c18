/** The values of one moment as a table: a column for each label, the value exact. */
import { useMemo, type ReactNode } from 'react';
import type { InstantAnswer } from '#shared/contract/metrics';
import { visible } from '#shared/util/text';
import styles from './explorer.module.css';

/** Rows in the document; more says so and can be copied. */
const MOST_ROWS = 500;
const MOST_COLUMNS = 12;

export function ResultTable({ answer }: { readonly answer: InstantAnswer }): ReactNode {
  const names = useMemo(() => {
    const counts = new Map<string, number>();
    for (const row of answer.rows)
      for (const name of Object.keys(row.labels)) counts.set(name, (counts.get(name) ?? 0) + 1);
    const all = [...counts.keys()];
    return all
      .sort((a, b) => Number(b === '__name__') - Number(a === '__name__') || (a < b ? -1 : 1))
      .slice(0, MOST_COLUMNS);
  }, [answer]);
  const rows = useMemo(
    () =>
      [...answer.rows].sort(
        (a, b) => (b.value === b.value ? b.value : -Infinity) - (a.value === a.value ? a.value : -Infinity),
      ),
    [answer],
  );
  if (rows.length === 0) return <p className={styles.none}>The query has no values at this moment.</p>;
  return (
    <div className={styles.scroll}>
      <table className={styles.table} aria-label="Values">
        <thead>
          <tr>
            {names.map((name) => (
              <th key={name}>{name === '__name__' ? 'metric' : visible(name)}</th>
            ))}
            <th className={styles.number}>Value</th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, MOST_ROWS).map((row, i) => (
            <tr key={i}>
              {names.map((name) => (
                <td key={name} data-tip={row.labels[name]}>
                  {visible(row.labels[name] ?? '')}
                </td>
              ))}
              <td className={styles.number}>{visible(row.text)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > MOST_ROWS && (
        <p className={styles.none}>
          {(rows.length - MOST_ROWS).toLocaleString('en')} more rows are in the copy.
        </p>
      )}
    </div>
  );
}
