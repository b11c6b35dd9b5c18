/** Verdicts between workloads that changed, newest first, with what changed before them. */
import type { ReactNode } from 'react';
import { netpol } from '#shared/contract/netpol';
import { visible } from '#shared/util/text';
import { useThisCluster } from '../../data/cluster-data';
import { useCluster, useClusterId, useStream } from '../../data/connections';
import { Age } from '../../ui/Age';
import { EmptyState } from '../../ui/EmptyState';
import styles from './netpol.module.css';
import { setNetpolPage } from './page-state';
import { openWords, shortId } from './words';

export function ChangesView({ shown }: { readonly shown: boolean }): ReactNode {
  const clusterId = useClusterId();
  const client = useCluster();
  const { status } = useThisCluster();
  const { data } = useStream(shown ? client : undefined, netpol, 'changes', undefined);
  if (!data) return <EmptyState>Reading pods and policies.</EmptyState>;
  return (
    <div className={styles.scroll}>
      <p className={styles.muted} role="status" aria-label="Verdicts changed">
        Verdicts between workloads that changed while this view was open.
        {data.dropped > 0 ? ` ${data.dropped} older or further ones are not kept.` : ''}
      </p>
      {data.changes.length === 0 && <EmptyState>No verdict has changed yet.</EmptyState>}
      {data.changes.length > 0 && (
        <table className={styles.table} aria-label="Changed verdicts">
          <thead>
            <tr>
              <th>Age</th>
              <th>From</th>
              <th>To</th>
              <th>Before</th>
              <th>Now</th>
              <th>After</th>
            </tr>
          </thead>
          <tbody>
            {data.changes.map((one, index) => (
              <tr key={`${one.at} ${index}`}>
                <td className={styles.muted}>
                  <Age at={one.at} offset={status?.clockOffset ?? 0} />
                </td>
                <td>
                  <button
                    type="button"
                    className={styles.link}
                    onClick={() =>
                      setNetpolPage(clusterId, {
                        view: 'ask',
                        from: { type: 'workload', id: one.from },
                        to: { type: 'workload', id: one.to },
                        port: '',
                      })
                    }
                  >
                    {visible(shortId(one.from))}
                  </button>
                </td>
                <td>{visible(shortId(one.to))}</td>
                <td className={styles.muted}>{openWords(one.before)}</td>
                <td>{openWords(one.after)}</td>
                <td className={styles.muted}>{visible(one.cause)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}
