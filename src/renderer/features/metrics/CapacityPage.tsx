/**
 * What nodes offer, what is requested of it and used, by node, zone and namespace; what losing a node
 * would do; where a pod fits. Read when asked, not live.
 */
import { useMemo, useState, type ReactNode } from 'react';
import { sizing, type CapacityAnswer } from '#shared/contract/sizing';
import type { CapacityNodeRow, CapacityRow } from '#shared/domain/capacity/types';
import { formatBytes, formatCpu } from '#shared/util/quantity';
import { visible } from '#shared/util/text';
import { useCluster, useClusterId } from '../../data/connections';
import type { PageProps } from '../../data/feature';
import { openDrawer } from '../../data/workbench';
import { Age } from '../../ui/Age';
import { Button } from '../../ui/Button';
import { Choice } from '../../ui/Choice';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { FitForm } from './FitForm';
import { LossView } from './LossView';
import styles from './sizing.module.css';
import { UseBar } from './UseBar';
import { useAsked } from './use-asked';

type View = 'there' | 'loss' | 'fit';
const MOST = 1000;

export function CapacityPage({ visible: shown }: PageProps): ReactNode {
  const client = useCluster();
  const [view, setView] = useState<View>('there');
  const asked = useAsked(
    client && shown
      ? (signal, again) => client.call(sizing, 'capacity', { fresh: again }, signal)
      : undefined,
    'capacity',
  );
  const { data, error, busy } = asked;
  return (
    <div className={styles.page}>
      <div className={styles.tool}>
        <Choice
          label="Question"
          value={view}
          options={[
            { value: 'there', label: 'What is there' },
            { value: 'loss', label: 'One node lost' },
            { value: 'fit', label: 'Does it fit' },
          ]}
          onChange={setView}
        />
        <Button onClick={asked.again} disabled={busy}>
          {busy ? 'Reading' : 'Read again'}
        </Button>
        <span className={styles.grow} />
        {data && (
          <span className={styles.muted}>
            read <Age at={data.at} offset={0} /> ago
          </span>
        )}
      </div>
      {error && !data && <ErrorState title="Capacity cannot be read" error={error} onRetry={asked.again} />}
      {!data && !error && <EmptyState>Reading nodes and pods.</EmptyState>}
      {data && (data.notes.length > 0 || data.usage || error) && (
        <div className={styles.notes}>
          {error && <p>Not read again: {visible(error.message)}</p>}
          {data.usage && (
            <p>
              Use is not known: {visible(data.usage.message)} {data.usage.hint}
            </p>
          )}
          {data.notes.map((note) => (
            <p key={note}>{visible(note)}</p>
          ))}
        </div>
      )}
      {data && view === 'there' && <There data={data} />}
      {data && view === 'loss' && <LossView nodes={data.nodes} at={data.at} />}
      {data && view === 'fit' && <FitForm at={data.at} />}
    </div>
  );
}

function There({ data }: { readonly data: CapacityAnswer }): ReactNode {
  const { totals, nodes, zones, namespaces } = data;
  const isZoned = zones.some((zone) => zone.name !== '');
  const share = (of: number, all: number): string => (all > 0 ? `${Math.round((of / all) * 100)}%` : '–');
  return (
    <>
      <div className={styles.facts} role="status" aria-label="Summary">
        <span>
          <b>{totals.nodes}</b> {totals.nodes === 1 ? 'node' : 'nodes'}, <b>{totals.pods}</b> of {totals.room}{' '}
          pods
          {totals.pending > 0 && <b className={styles.over}>, {totals.pending} waiting for a node</b>}
        </span>
        <span>
          CPU: <b>{formatCpu(totals.requested.cpu)}</b> of {formatCpu(totals.allocatable.cpu)} requested (
          {share(totals.requested.cpu, totals.allocatable.cpu)})
          {totals.used && <>, {formatCpu(totals.used.cpu)} used</>}
        </span>
        <span>
          Memory: <b>{formatBytes(totals.requested.memory)}</b> of {formatBytes(totals.allocatable.memory)}{' '}
          requested ({share(totals.requested.memory, totals.allocatable.memory)})
          {totals.used && <>, {formatBytes(totals.used.memory)} used</>}
        </span>
        {totals.closed.cpu > 0 && (
          <span className={styles.over}>
            {formatCpu(totals.closed.cpu)} cores and {formatBytes(totals.closed.memory)} are on nodes that
            take no new pods
          </span>
        )}
      </div>
      <div className={styles.scroll}>
        <h2 className={styles.title}>Nodes</h2>
        <Rows title="Nodes" rows={nodes} kind="nodes" nodes={nodes} zoned={isZoned} />
        {isZoned && (
          <>
            <h2 className={styles.title}>Zones</h2>
            <Rows title="Zones" rows={zones} />
          </>
        )}
        <h2 className={styles.title}>Namespaces</h2>
        <p className={styles.muted}>Shares are of the whole cluster. Pods that wait for a node count too.</p>
        <Rows title="Namespaces" rows={namespaces} kind="namespaces" whole={totals.allocatable} />
      </div>
    </>
  );
}

interface RowsProps {
  readonly title: string;
  readonly rows: readonly CapacityRow[];
  readonly kind?: 'nodes' | 'namespaces';
  /** The same rows, where they are nodes. */
  readonly nodes?: readonly CapacityNodeRow[];
  readonly zoned?: boolean;
  /** What bars are shares of, where the rows have nothing of their own. */
  readonly whole?: { readonly cpu: number; readonly memory: number };
}

type By = 'name' | 'cpu' | 'memory';

function Rows({ title, rows, kind, nodes, zoned = false, whole }: RowsProps): ReactNode {
  const clusterId = useClusterId();
  const [sort, setSort] = useState<{ by: By; desc: boolean }>({
    by: whole ? 'cpu' : 'name',
    desc: whole !== undefined,
  });
  const nodeOf = useMemo(() => new Map(nodes?.map((node) => [node.name, node])), [nodes]);
  const sorted = useMemo(() => {
    const sign = sort.desc ? -1 : 1;
    const value = (row: CapacityRow): number =>
      sort.by === 'name'
        ? 0
        : whole
          ? row.requested[sort.by]
          : row.requested[sort.by] / Math.max(1e-9, row.allocatable[sort.by]);
    return [...rows].sort(
      (a, b) => (value(a) - value(b)) * sign || (a.name < b.name ? -1 : 1) * (sort.by === 'name' ? sign : 1),
    );
  }, [rows, sort, whole]);
  const head = (by: By, words: string): ReactNode => (
    <th
      className={by === 'name' ? styles.object : undefined}
      aria-sort={sort.by === by ? (sort.desc ? 'descending' : 'ascending') : 'none'}
    >
      <button
        type="button"
        className={styles.head}
        onClick={() => setSort((now) => ({ by, desc: now.by === by ? !now.desc : by !== 'name' }))}
      >
        {words}
      </button>
    </th>
  );
  return (
    <table className={styles.table} aria-label={title}>
      <thead>
        <tr>
          {head('name', title.replace(/s$/, ''))}
          {zoned && <th className={styles.left}>Zone</th>}
          <th>Pods</th>
          {head('cpu', 'CPU requested')}
          <th>used</th>
          {!whole && <th>of</th>}
          {head('memory', 'Memory requested')}
          <th>used</th>
          {!whole && <th>of</th>}
          {kind === 'nodes' && <th className={styles.left}>New pods</th>}
        </tr>
      </thead>
      <tbody>
        {sorted.slice(0, MOST).map((row) => {
          const node = nodeOf.get(row.name);
          const of = whole ?? row.allocatable;
          return (
            <tr key={row.name}>
              <td className={styles.object}>
                {kind ? (
                  <button
                    type="button"
                    className={styles.link}
                    onClick={() => openDrawer(clusterId, { kind, namespace: '', name: row.name })}
                  >
                    {visible(row.name)}
                  </button>
                ) : (
                  visible(row.name === '' ? 'no zone' : row.name)
                )}
              </td>
              {zoned && <td className={styles.left}>{visible(node?.zone ?? '')}</td>}
              <td>
                {row.pods}
                {node ? ` of ${node.room}` : ''}
              </td>
              <Part row={row} of={of} what="cpu" format={formatCpu} own={!whole} />
              <Part row={row} of={of} what="memory" format={formatBytes} own={!whole} />
              {kind === 'nodes' && (
                <td className={styles.left}>
                  {node && node.closed !== '' ? (
                    <span className={styles.over}>no: {node.closed}</span>
                  ) : (
                    'yes'
                  )}
                </td>
              )}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

interface PartProps {
  readonly row: CapacityRow;
  readonly of: { readonly cpu: number; readonly memory: number };
  readonly what: 'cpu' | 'memory';
  readonly format: (value: number) => string;
  readonly own: boolean;
}

function Part({ row, of, what, format, own }: PartProps): ReactNode {
  const requested = row.requested[what];
  const used = row.used?.[what] ?? null;
  return (
    <>
      <td>
        {format(requested)}
        <span className={styles.muted}>
          {' '}
          {of[what] > 0 ? `${Math.round((requested / of[what]) * 100)}%` : ''}
        </span>
        <UseBar requested={requested} used={used} of={of[what]} />
      </td>
      <td className={used === null ? styles.none : undefined}>{used === null ? '–' : format(used)}</td>
      {own && <td className={styles.muted}>{format(row.allocatable[what])}</td>}
    </>
  );
}
