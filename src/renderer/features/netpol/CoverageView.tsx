/** What is isolated and what stands open, by namespace and by workload; internet and DNS beside it. */
import { useMemo, useState, type ReactNode } from 'react';
import { netpol } from '#shared/contract/netpol';
import type { NamespaceCoverage, Reach, WorkloadCoverage } from '#shared/domain/netpol/coverage';
import { visible } from '#shared/util/text';
import { useCluster, useClusterId, useStream } from '../../data/connections';
import { useBench } from '../../data/workbench';
import { EmptyState } from '../../ui/EmptyState';
import { StatusMark } from '../../ui/StatusMark';
import { TextField } from '../../ui/TextField';
import styles from './netpol.module.css';
import { setNetpolPage } from './page-state';
import { openWords, shortId } from './words';

const MOST = 2_000;

export function CoverageView({ shown }: { readonly shown: boolean }): ReactNode {
  const clusterId = useClusterId();
  const client = useCluster();
  const { namespaces } = useBench(clusterId);
  const [text, setText] = useState('');
  const input = useMemo(() => ({ namespaces: [...namespaces] }), [namespaces]);
  const { data } = useStream(shown ? client : undefined, netpol, 'coverage', input);
  if (!data) return <EmptyState>Reading pods and policies.</EmptyState>;
  const wanted = text.trim().toLowerCase();
  const spaces = data.namespaces.filter(({ name, pods }) => pods > 0 && name.toLowerCase().includes(wanted));
  const workloads = data.workloads.filter(({ id }) => id.toLowerCase().includes(wanted));
  const open = spaces.filter(({ denyIngress }) => denyIngress === null).length;
  return (
    <div className={styles.scroll}>
      <div className={styles.question}>
        <TextField label="Filter" value={text} onChange={(event) => setText(event.target.value)} />
        <p className={styles.summary} role="status" aria-label="Coverage">
          {open} of {spaces.length} namespaces with pods have no default deny for ingress.
          {data.dns === undefined
            ? ' No DNS server is seen, so DNS is not judged.'
            : ` DNS is served by ${visible(data.dns)}.`}
        </p>
      </div>
      <h2 className={styles.head}>Namespaces</h2>
      <table className={styles.table} aria-label="Coverage of namespaces">
        <thead>
          <tr>
            <th>Namespace</th>
            <th className={styles.number}>Pods</th>
            <th className={styles.number}>Open</th>
            <th className={styles.number}>Ingress only</th>
            <th className={styles.number}>Egress only</th>
            <th className={styles.number}>Both</th>
            <th className={styles.number}>Host network</th>
            <th>Default deny</th>
            <th className={styles.number}>Without DNS</th>
          </tr>
        </thead>
        <tbody>
          {spaces.map((one) => (
            <NamespaceRow key={one.name} row={one} />
          ))}
        </tbody>
      </table>
      <h2 className={styles.head}>Workloads</h2>
      <table className={styles.table} aria-label="Coverage of workloads">
        <thead>
          <tr>
            <th>Workload</th>
            <th className={styles.number}>Pods</th>
            <th>Ingress judged by</th>
            <th>Egress judged by</th>
            <th>From internet</th>
            <th>To internet</th>
            <th>DNS</th>
          </tr>
        </thead>
        <tbody>
          {workloads.slice(0, MOST).map((one) => (
            <WorkloadRow
              key={one.id}
              row={one}
              onReach={() =>
                setNetpolPage(clusterId, {
                  view: 'reach',
                  place: { type: 'workload', id: one.id },
                  direction: 'ingress',
                })
              }
            />
          ))}
        </tbody>
      </table>
      {workloads.length > MOST && (
        <p className={styles.muted}>
          {workloads.length - MOST} more workloads. Filter, or choose namespaces above.
        </p>
      )}
    </div>
  );
}

function NamespaceRow({ row }: { readonly row: NamespaceCoverage }): ReactNode {
  const deny = [
    row.denyIngress && `ingress by ${row.denyIngress}`,
    row.denyEgress && `egress by ${row.denyEgress}`,
  ];
  const words = deny.filter(Boolean).join(', ');
  return (
    <tr>
      <td>{visible(row.name)}</td>
      <td className={styles.number}>{row.pods}</td>
      <td className={styles.number}>{row.none || ''}</td>
      <td className={styles.number}>{row.ingressOnly || ''}</td>
      <td className={styles.number}>{row.egressOnly || ''}</td>
      <td className={styles.number}>{row.both || ''}</td>
      <td className={styles.number}>{row.host || ''}</td>
      <td className={words === '' ? styles.muted : undefined}>{words === '' ? 'none' : visible(words)}</td>
      <td className={`${styles.number} ${row.noDns > 0 ? styles.warn : ''}`}>{row.noDns || ''}</td>
    </tr>
  );
}

function WorkloadRow({
  row,
  onReach,
}: {
  readonly row: WorkloadCoverage;
  readonly onReach: () => void;
}): ReactNode {
  return (
    <tr>
      <td>
        <button type="button" className={styles.link} onClick={onReach} data-tip={row.id}>
          {visible(shortId(row.id))}
        </button>
      </td>
      <td className={styles.number}>{row.pods}</td>
      <td>{judged(row.ingress, row.host)}</td>
      <td>{judged(row.egress, row.host)}</td>
      <td>
        <Internet reach={row.fromInternet} />
      </td>
      <td>
        <Internet reach={row.toInternet} />
      </td>
      <td>
        {row.dns === 'denied' || row.dns === 'udp only' ? (
          <span className={styles.warn}>
            <StatusMark tone="warn" /> {row.dns}
          </span>
        ) : (
          <span className={styles.muted}>{row.dns}</span>
        )}
      </td>
    </tr>
  );
}

function judged(names: readonly string[], host: boolean): ReactNode {
  if (host) return <span className={styles.muted}>host network, not judged (S23)</span>;
  if (names.length === 0) return <span className={styles.muted}>nothing, open</span>;
  return visible(
    names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', '),
  );
}

function Internet({ reach }: { readonly reach: Reach }): ReactNode {
  return (
    <span className={reach.open === '' ? styles.muted : undefined}>
      {openWords(reach.open)}
      {reach.uneven && reach.open !== '' ? ', some addresses' : ''}
    </span>
  );
}
