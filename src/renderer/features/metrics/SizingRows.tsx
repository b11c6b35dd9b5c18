/** The table of rightsizing: a line for each container, its reasons below on demand, one review for each workload. */
import { useState, type ReactNode } from 'react';
import type { SizedContainer } from '#shared/contract/sizing';
import type { SetField, Suggestion, UseLevels } from '#shared/domain/prom/rightsizing';
import { formatBytes, formatCpu } from '#shared/util/quantity';
import { visible } from '#shared/util/text';
import { useThisCluster } from '../../data/cluster-data';
import { useClusterId } from '../../data/connections';
import { openProposal } from '../../data/edit-tab';
import { openDrawer } from '../../data/workbench';
import { Button } from '../../ui/Button';
import styles from './sizing.module.css';
import { changesOf, type SizingOrder, type SizingRow } from './sizing-rows';

export interface SizingRowsProps {
  readonly rows: readonly SizingRow[];
  readonly order: { readonly by: SizingOrder; readonly desc: boolean };
  readonly onOrder: (by: SizingOrder) => void;
}

const columns = ['p50', 'p95', 'max', 'request', 'limit'] as const;

export function SizingRows({ rows, order, onOrder }: SizingRowsProps): ReactNode {
  const head = (by: SizingOrder, title: string, first = false): ReactNode => (
    <th
      className={by === 'name' ? styles.object : undefined}
      data-first={first || undefined}
      aria-sort={order.by === by ? (order.desc ? 'descending' : 'ascending') : 'none'}
    >
      <button type="button" className={styles.head} onClick={() => onOrder(by)}>
        {title}
      </button>
    </th>
  );
  return (
    <table className={styles.table} aria-label="Rightsizing">
      <thead>
        <tr>
          <th className={styles.object} data-group />
          <th data-group />
          <th data-group data-first colSpan={5}>
            CPU
          </th>
          <th data-group data-first colSpan={5}>
            Memory
          </th>
          <th data-group data-first colSpan={2}>
            Reserved, not used
          </th>
          <th data-group />
        </tr>
        <tr>
          {head('name', 'Workload')}
          <th className={styles.left}>Container</th>
          {['cpu', 'memory'].map((resource) =>
            columns.map((title, i) => (
              <th key={`${resource} ${title}`} data-first={i === 0 || undefined}>
                {title}
              </th>
            )),
          )}
          {head('cpu', 'Cores', true)}
          {head('memory', 'Memory')}
          <th className={styles.actions} />
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <WorkloadRows key={row.id} row={row} />
        ))}
      </tbody>
    </table>
  );
}

function WorkloadRows({ row }: { readonly row: SizingRow }): ReactNode {
  const clusterId = useClusterId();
  const { kindById } = useThisCluster();
  const [open, setOpen] = useState(false);
  const { workload, containers, waste, changes } = row;
  const { kind, namespace, name, replicas, pods } = workload;
  const reasons = containers.flatMap(({ container, suggestion }) =>
    (suggestion?.reasons ?? [unknownWords(container, pods)]).map((reason) =>
      containers.length > 1 ? `${visible(container.name)}: ${reason}` : reason,
    ),
  );
  if (workload.whole)
    reasons.unshift(
      'The metrics do not tell its containers apart: use is of whole pods, so no container is judged alone.',
    );
  if (workload.vertical)
    reasons.unshift('A VerticalPodAutoscaler sets its requests: a change here would be overwritten.');
  const tag = kindById.get(kind)?.tag ?? kind;
  return (
    <>
      {containers.map(({ container, suggestion }, i) => (
        <tr key={container.name} data-inner={i < containers.length - 1 || open || undefined}>
          <td className={styles.object}>
            {i === 0 && (
              <>
                <button
                  type="button"
                  className={styles.link}
                  data-tip={`${namespace}/${name}`}
                  onClick={() => openDrawer(clusterId, { kind, namespace, name })}
                >
                  <span className="mono">{tag}</span> {visible(name)}
                </button>
                <span className={styles.below}>
                  {visible(namespace)}, {replicas} {replicas === 1 ? 'pod' : 'pods'}
                </span>
              </>
            )}
          </td>
          <td className={styles.left}>{visible(container.name)}</td>
          <Levels levels={container.use?.cpu} format={formatCpu} />
          <Amount of={container} suggestion={suggestion} field="cpuRequest" format={formatCpu} />
          <Amount of={container} suggestion={suggestion} field="cpuLimit" format={formatCpu} />
          <Levels levels={container.use?.memory} format={formatBytes} />
          <Amount of={container} suggestion={suggestion} field="memoryRequest" format={formatBytes} />
          <Amount of={container} suggestion={suggestion} field="memoryLimit" format={formatBytes} />
          <td data-first>{i === 0 && <Left value={waste.cpu} format={formatCpu} />}</td>
          <td>{i === 0 && <Left value={waste.memory} format={formatBytes} />}</td>
          <td className={styles.actions}>
            {i === 0 && (
              <>
                <Button look="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
                  Why
                </Button>
                <Button
                  disabled={changes === 0}
                  aria-label={`Review change of ${name}`}
                  data-tip={
                    changes === 0 ? 'Nothing to change' : 'Opens in the editor; nothing is written yet'
                  }
                  onClick={() => openProposal(clusterId, { kind, namespace, name }, changesOf(row))}
                >
                  Review
                </Button>
              </>
            )}
          </td>
        </tr>
      ))}
      {open && (
        <tr>
          <td colSpan={15} className={styles.left}>
            <ul className={styles.reasons} aria-label={`Reasons for ${name}`}>
              {reasons.map((reason) => (
                <li key={reason}>{reason}</li>
              ))}
            </ul>
          </td>
        </tr>
      )}
    </>
  );
}

function unknownWords(container: SizedContainer, pods: number): string {
  if (container.use) return 'Less than ten minutes were measured: nothing is suggested from so little.';
  return pods === 0
    ? 'No pod of it was measured in this time.'
    : 'This container was not measured on its own.';
}

interface LevelsProps {
  readonly levels: UseLevels | null | undefined;
  readonly format: (value: number) => string;
}

function Levels({ levels, format }: LevelsProps): ReactNode {
  return (['p50', 'p95', 'max'] as const).map((key, i) => (
    <td key={key} data-first={i === 0 || undefined} className={levels ? undefined : styles.none}>
      {levels ? format(levels[key]) : '–'}
    </td>
  ));
}

interface AmountProps {
  readonly of: SizedContainer;
  readonly suggestion: Suggestion | undefined;
  readonly field: SetField;
  readonly format: (value: number) => string;
}

function Amount({ of, suggestion, field, format }: AmountProps): ReactNode {
  const now = of[field];
  const next = suggestion?.set[field];
  return (
    <td className={now === null ? styles.none : undefined}>
      {now === null ? 'none' : format(now)}
      {next !== undefined && <span className={styles.next}>→ {format(next)}</span>}
    </td>
  );
}

function Left({
  value,
  format,
}: {
  readonly value: number;
  readonly format: (value: number) => string;
}): ReactNode {
  if (value === 0) return <span className={styles.none}>–</span>;
  return value > 0 ? format(value) : <span className={styles.over}>{format(value)}</span>;
}
