/** Everybody who can reach a place, or whom it can reach, with the ports; a click asks why. */
import { useMemo, useState, type ReactNode } from 'react';
import { netpol } from '#shared/contract/netpol';
import { visible } from '#shared/util/text';
import { useCluster, useClusterId, useStream } from '../../data/connections';
import { Choice } from '../../ui/Choice';
import { EmptyState } from '../../ui/EmptyState';
import { StatusMark } from '../../ui/StatusMark';
import { TextField } from '../../ui/TextField';
import styles from './netpol.module.css';
import { setNetpolPage, useNetpolPage } from './page-state';
import { PlacePicker } from './PlacePicker';
import { openWords } from './words';

const directions = [
  { value: 'ingress' as const, label: 'Who can reach it' },
  { value: 'egress' as const, label: 'What it can reach' },
];

export function ReachView({ shown }: { readonly shown: boolean }): ReactNode {
  const clusterId = useClusterId();
  const client = useCluster();
  const { place, direction } = useNetpolPage(clusterId);
  const [text, setText] = useState('');
  const input = useMemo(
    () => ({ place: place ?? { type: 'internet' as const }, direction }),
    [place, direction],
  );
  const { data } = useStream(shown && place ? client : undefined, netpol, 'reach', input);
  const wanted = text.trim().toLowerCase();
  const rows = (data?.rows ?? []).filter(({ label, kind }) =>
    `${label} ${kind}`.toLowerCase().includes(wanted),
  );
  const open = rows.filter((row) => row.open !== '');
  const closed = rows.length - open.length;
  return (
    <div className={styles.scroll}>
      <form className={styles.question} aria-label="Place" onSubmit={(event) => event.preventDefault()}>
        <PlacePicker
          label="Pod, workload, namespace or address"
          placeholder="Type a part of its name"
          services={false}
          value={place}
          onChange={(next) => setNetpolPage(clusterId, { place: next })}
        />
        <div className={styles.protocol}>
          <Choice
            label="Direction"
            value={direction}
            options={directions}
            onChange={(value) => setNetpolPage(clusterId, { direction: value })}
          />
        </div>
        <TextField label="Filter" value={text} onChange={(event) => setText(event.target.value)} />
      </form>
      {!place && <EmptyState>Choose a pod, workload, namespace or address.</EmptyState>}
      {data?.problem !== undefined && <p className={styles.problem}>{visible(data.problem)}</p>}
      {place && data && data.problem === undefined && (
        <>
          <p className={styles.muted} role="status" aria-label="Reach">
            {open.length} of {rows.length} {direction === 'ingress' ? 'can reach it' : 'can be reached'}
            {closed > 0 ? `, ${closed} cannot on any port` : ''}.
          </p>
          <table className={styles.table}>
            <thead>
              <tr>
                <th>{direction === 'ingress' ? 'From' : 'To'}</th>
                <th>Kind</th>
                <th>Ports</th>
              </tr>
            </thead>
            <tbody>
              {[...open, ...rows.filter((row) => row.open === '')].map((row) => (
                <tr key={`${row.kind} ${row.label}`}>
                  <td>
                    <button
                      type="button"
                      className={styles.link}
                      onClick={() =>
                        setNetpolPage(clusterId, {
                          view: 'ask',
                          port: '',
                          from: direction === 'ingress' ? row.place : place,
                          to: direction === 'ingress' ? place : row.place,
                        })
                      }
                    >
                      {visible(row.label)}
                    </button>
                  </td>
                  <td className={styles.muted}>{visible(row.kind)}</td>
                  <td>
                    <span className={row.open === '' ? styles.muted : undefined}>
                      <StatusMark tone={row.open === '' ? 'idle' : row.open === 'All' ? 'ok' : 'progress'} />{' '}
                      {openWords(row.open)}
                    </span>
                    {row.uneven && <span className={styles.warn}> not between all pods</span>}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </div>
  );
}
