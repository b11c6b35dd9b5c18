/** What removing a binding takes away: who loses what, and what they keep by other ways. */
import { useMemo, type ReactNode } from 'react';
import type { ObjectName } from '#shared/contract/rbac';
import { useClusterId } from '../../data/connections';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import styles from './access.module.css';
import { setAccess, useAccess } from './access-store';
import type { ViewProps } from './AccessPage';
import { AtomTable } from './AtomTable';
import { Pick } from './Fields';
import { Notes, ObjectLink, SubjectName } from './Links';
import { useAnswer } from './use-rbac';

/** `RoleBinding shop/jane-one-secret`. */
export function nameText({ kind, namespace, name }: ObjectName): string {
  return `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`;
}

export function parseName(text: string): ObjectName | undefined {
  const parts = /^(\w+) (?:([^/]+)\/)?([^/]+)$/.exec(text.trim());
  return parts ? { kind: parts[1] ?? '', namespace: parts[2] ?? '', name: parts[3] ?? '' } : undefined;
}

export function RemoveView({ version, visible: shown, names }: ViewProps): ReactNode {
  const clusterId = useClusterId();
  const { binding: text } = useAccess(clusterId);
  const options = useMemo(() => names?.bindings.map(nameText).sort() ?? [], [names]);
  const known = useMemo(() => new Set(options), [options]);
  const binding = known.has(text.trim()) ? parseName(text) : undefined;
  const { data, error, retry } = useAnswer('removal', binding && { binding }, version, shown);
  return (
    <>
      <div className={styles.form}>
        <Pick
          label="Binding to remove"
          value={text}
          options={options}
          className={styles.wideField}
          placeholder="RoleBinding shop/jane-one-secret"
          onChange={(next) => setAccess(clusterId, { binding: next })}
        />
      </div>
      {!binding && (
        <EmptyState>Choose a RoleBinding or ClusterRoleBinding. Nothing is removed here.</EmptyState>
      )}
      {error && <ErrorState title="It was not worked out" error={error} onRetry={retry} />}
      {binding && data && (
        <>
          <p className={styles.headline} role="status" aria-label="Answer">
            {data.missing
              ? `Nobody loses anything: ${data.role.kind} ${data.role.name} does not exist.`
              : `${data.subjects.filter((one) => one.lost.length > 0).length} of ${data.subjects.length} subjects lose something.`}
          </p>
          <p>
            <ObjectLink of={data.binding} /> grants <ObjectLink of={data.role} />
          </p>
          <div role="list" aria-label="Who loses what" className={styles.list}>
            {data.subjects.map(({ subject, lost, kept }) => (
              <div role="listitem" key={nameText(subject)} className={styles.line}>
                <SubjectName of={subject} />
                <div>
                  <h3 className={styles.label}>loses</h3>
                  <AtomTable rows={lost} label={`Lost by ${subject.name}`} />
                  {kept.length > 0 && (
                    <details>
                      <summary>keeps {kept.length} by other bindings</summary>
                      <AtomTable rows={kept} label={`Kept by ${subject.name}`} />
                    </details>
                  )}
                </div>
              </div>
            ))}
          </div>
          {data.more > 0 && <p className={styles.muted}>and {data.more} more subjects</p>}
          <Notes notes={data.notes} />
        </>
      )}
    </>
  );
}
