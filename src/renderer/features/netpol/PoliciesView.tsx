/** Every policy with whom it selects now and what is wrong with it; policies of other engines below. */
import { useMemo, useState, type ReactNode } from 'react';
import { netpol, type PolicyRow } from '#shared/contract/netpol';
import { visible } from '#shared/util/text';
import { useCluster, useClusterId, useStream } from '../../data/connections';
import { openDrawer, useBench } from '../../data/workbench';
import { Choice } from '../../ui/Choice';
import { EmptyState } from '../../ui/EmptyState';
import { TextField } from '../../ui/TextField';
import { MistakeList } from './MistakeList';
import styles from './netpol.module.css';
import { PolicyLink } from './PolicyLink';

const MOST = 1_000;
const shownOptions = [
  { value: 'all' as const, label: 'All' },
  { value: 'mistakes' as const, label: 'With mistakes' },
];

export function PoliciesView({ shown }: { readonly shown: boolean }): ReactNode {
  const clusterId = useClusterId();
  const client = useCluster();
  const { namespaces } = useBench(clusterId);
  const [text, setText] = useState('');
  const [which, setWhich] = useState<'all' | 'mistakes'>('all');
  const input = useMemo(() => ({ namespaces: [...namespaces] }), [namespaces]);
  const { data } = useStream(shown ? client : undefined, netpol, 'policies', input);
  if (!data) return <EmptyState>Reading pods and policies.</EmptyState>;
  const wanted = text.trim().toLowerCase();
  const wrong = data.rows.filter((row) => row.mistakes.length > 0);
  const rows = (which === 'all' ? data.rows : wrong).filter((row) =>
    `${row.ref.namespace}/${row.ref.name} ${row.subject}`.toLowerCase().includes(wanted),
  );
  return (
    <div className={styles.scroll}>
      <div className={styles.question}>
        <TextField label="Filter" value={text} onChange={(event) => setText(event.target.value)} />
        <div className={styles.protocol}>
          <Choice label="Policies shown" value={which} options={shownOptions} onChange={setWhich} />
        </div>
        <p className={styles.summary} role="status" aria-label="Policies">
          {data.rows.length} policies, {wrong.length} with mistakes or notes.
        </p>
      </div>
      {data.rows.length === 0 && (
        <EmptyState>No network policies here: every connection is allowed.</EmptyState>
      )}
      {rows.length > 0 && (
        <table className={styles.table} aria-label="Policies">
          <thead>
            <tr>
              <th>Policy</th>
              <th>Selects</th>
              <th className={styles.number}>Pods</th>
              <th>Ingress allows</th>
              <th>Egress allows</th>
            </tr>
          </thead>
          {rows.slice(0, MOST).map((row) => (
            <Row key={`${row.ref.group} ${row.ref.kind} ${row.ref.namespace}/${row.ref.name}`} row={row} />
          ))}
        </table>
      )}
      {rows.length > MOST && <p className={styles.muted}>{rows.length - MOST} more. Filter to see them.</p>}
      {data.others.length > 0 && (
        <>
          <h2 className={styles.head}>Of other engines, not evaluated (S30)</h2>
          <ul className={styles.lines} aria-label="Policies of other engines">
            {data.others.map((one) => (
              <li key={`${one.kindId} ${one.namespace}/${one.name}`}>
                <button
                  type="button"
                  className={styles.link}
                  onClick={() =>
                    openDrawer(clusterId, { kind: one.kindId, namespace: one.namespace, name: one.name })
                  }
                >
                  {visible(one.name)}
                </button>
                <span className={styles.muted}>
                  {one.namespace === '' ? '' : ` in ${visible(one.namespace)}`} {one.kind} ({one.group})
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

function Row({ row }: { readonly row: PolicyRow }): ReactNode {
  return (
    <tbody>
      <tr>
        <td>
          <PolicyLink policy={row.ref} />
        </td>
        <td>{visible(row.subject)}</td>
        <td className={styles.number}>{row.pods}</td>
        <td className={row.ingress === '' ? styles.muted : undefined}>{row.ingress || 'not isolated'}</td>
        <td className={row.egress === '' ? styles.muted : undefined}>{row.egress || 'not isolated'}</td>
      </tr>
      {row.mistakes.length > 0 && (
        <tr className={styles.under}>
          <td colSpan={5}>
            <MistakeList mistakes={row.mistakes} />
          </td>
        </tr>
      )}
    </tbody>
  );
}
