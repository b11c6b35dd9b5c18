/** Everything a subject may do in one namespace, merged by resource or by where it comes from. */
import { useState, type ReactNode } from 'react';
import type { EffectiveAnswer } from '#shared/contract/rbac';
import { visible } from '#shared/util/text';
import { useClusterId } from '../../data/connections';
import { Choice } from '../../ui/Choice';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { TextField } from '../../ui/TextField';
import styles from './access.module.css';
import { setAccess, useAccess } from './access-store';
import type { ViewProps } from './AccessPage';
import { NamespaceField, WhoFields } from './Fields';
import { Notes, ObjectLink, PathLine } from './Links';
import { useAnswer } from './use-rbac';
import { ViewAsButton } from './ViewAs';
import { isComplete, rowTarget, whoText } from './words';

export function EffectiveView({ version, visible: shown, names }: ViewProps): ReactNode {
  const clusterId = useClusterId();
  const { who, namespace } = useAccess(clusterId);
  const [how, setHow] = useState<'merged' | 'source'>('merged');
  const [filter, setFilter] = useState('');
  const input = isComplete(who) ? { who, namespace } : undefined;
  const { data, error, retry } = useAnswer('effective', input, version, shown);
  const place = namespace === '' ? 'in the whole cluster' : `in ${namespace}`;
  return (
    <>
      <div className={styles.form}>
        <WhoFields value={who} names={names} onChange={(next) => setAccess(clusterId, { who: next })} />
        <NamespaceField
          value={namespace}
          all="Cluster-wide grants only"
          onChange={(next) => setAccess(clusterId, { namespace: next })}
        />
        <ViewAsButton who={who} />
      </div>
      <div className={styles.form}>
        <Choice
          label="Order"
          options={[
            { value: 'merged', label: 'Merged' },
            { value: 'source', label: 'By source' },
          ]}
          value={how}
          onChange={setHow}
        />
        <TextField
          hideLabel
          label="Filter rules"
          placeholder="Filter by resource or verb"
          className={styles.field}
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
        />
      </div>
      {error && <ErrorState title="The rules were not read" error={error} onRetry={retry} />}
      {!input && <EmptyState>Name a subject.</EmptyState>}
      {input && data && (
        <>
          <p className={styles.headline} role="status" aria-label="Answer">
            {data.rows.length === 0
              ? `RBAC grants ${whoText(who)} nothing ${place}.`
              : `${data.rows.length} permissions of ${whoText(who)} ${place}, from ${data.sources.length} rules.`}
          </p>
          {namespace === '' && data.namespaces.length > 0 && (
            <p className={styles.muted}>
              Further rights in{' '}
              {data.namespaces.slice(0, 20).map((name) => (
                <button
                  key={name}
                  type="button"
                  className={styles.linkSpaced}
                  onClick={() => setAccess(clusterId, { namespace: name })}
                >
                  {visible(name)}
                </button>
              ))}
              {data.namespaces.length > 20 && `and ${data.namespaces.length - 20} more namespaces`}
            </p>
          )}
          {how === 'merged' ? (
            <Merged answer={data} filter={filter.trim().toLowerCase()} />
          ) : (
            <BySource answer={data} filter={filter.trim().toLowerCase()} />
          )}
          <Notes notes={data.notes} />
        </>
      )}
    </>
  );
}

interface PartProps {
  readonly answer: EffectiveAnswer;
  readonly filter: string;
}

function Merged({ answer, filter }: PartProps): ReactNode {
  const rows = answer.rows.filter(
    (row) => filter === '' || `${rowTarget(row)} ${row.verbs.join(' ')}`.toLowerCase().includes(filter),
  );
  return (
    <table className={styles.table} aria-label="Effective rules">
      <thead>
        <tr>
          <th>Resource</th>
          <th>Names</th>
          <th>Verbs</th>
          <th>From</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <tr key={index}>
            <td>{visible(rowTarget(row))}</td>
            <td className={row.names.length > 0 ? undefined : styles.muted}>
              {row.urls.length > 0 ? '' : row.names.length > 0 ? row.names.map(visible).join(', ') : 'all'}
            </td>
            <td>{row.verbs.map(visible).join(', ')}</td>
            <td>
              {row.from.slice(0, 3).map((at) => {
                const source = answer.sources[at];
                return source ? (
                  <span key={at} className={styles.from}>
                    <ObjectLink of={source.binding} /> → <ObjectLink of={source.role} />
                  </span>
                ) : null;
              })}
              {row.from.length > 3 && <span className={styles.muted}>and {row.from.length - 3} more</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function BySource({ answer, filter }: PartProps): ReactNode {
  return (
    <ul className={styles.paths} aria-label="Rules by source">
      {answer.sources
        .filter((path) => filter === '' || JSON.stringify(path).toLowerCase().includes(filter))
        .map((path, index) => (
          <li key={index}>
            <PathLine path={path} />
          </li>
        ))}
    </ul>
  );
}
