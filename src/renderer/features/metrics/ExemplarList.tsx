/** The dots of the chart as a table: time, value, trace; the whole of their labels can be read and copied. */
import { useState, type ReactNode } from 'react';
import { traceOf, type Exemplar } from '#shared/domain/prom/exemplars';
import { seriesTitle } from '#shared/domain/prom/answer';
import { formatValue } from '#shared/domain/prom/units';
import { visible } from '#shared/util/text';
import { copyText } from '../../data/clipboard';
import { Button } from '../../ui/Button';
import { timeWords } from '../../ui/chart/model';
import styles from './explorer.module.css';

export interface ExemplarListProps {
  readonly found: readonly Exemplar[];
  readonly total: number;
}

export function ExemplarList({ found, total }: ExemplarListProps): ReactNode {
  const [copied, setCopied] = useState('');
  return (
    <details className={styles.exemplars}>
      <summary>
        {total.toLocaleString('en')} {total === 1 ? 'exemplar' : 'exemplars'}
        {total > found.length && `, the newest ${found.length} are here`}
      </summary>
      <table className={styles.table} aria-label="Exemplars">
        <thead>
          <tr>
            <th>Time</th>
            <th className={styles.number}>Value</th>
            <th>Trace</th>
            <th>Series</th>
          </tr>
        </thead>
        <tbody>
          {[...found].reverse().map((one, i) => {
            const trace = traceOf(one);
            return (
              <tr key={i}>
                <td>{timeWords(one.at)}</td>
                <td className={styles.number}>{formatValue('none', one.value)}</td>
                <td>
                  {trace === undefined ? (
                    visible(seriesTitle(one.labels, undefined))
                  ) : (
                    <>
                      <span className="mono">{visible(trace)}</span>{' '}
                      <Button
                        look="quiet"
                        aria-label={`Copy trace ${visible(trace)}`}
                        onClick={() => void copyText(trace).then((done) => done && setCopied(trace))}
                      >
                        {copied === trace ? 'Copied' : 'Copy'}
                      </Button>
                    </>
                  )}
                </td>
                <td data-tip={seriesTitle(one.series, undefined)}>
                  {visible(seriesTitle(one.series, undefined))}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </details>
  );
}
