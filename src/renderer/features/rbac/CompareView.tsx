/** Two subjects, or two roles, side by side: what only one of them may. */
import { useMemo, useState, type ReactNode } from 'react';
import type { Side, SubjectNames, Who } from '#shared/contract/rbac';
import { useClusterId } from '../../data/connections';
import { Choice } from '../../ui/Choice';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import styles from './access.module.css';
import { firstWho, setAccess, useAccess } from './access-store';
import type { ViewProps } from './AccessPage';
import { AtomTable } from './AtomTable';
import { NamespaceField, Pick, WhoFields } from './Fields';
import { Notes } from './Links';
import { nameText, parseName } from './RemoveView';
import { useAnswer } from './use-rbac';
import { isComplete } from './words';

type What = 'subjects' | 'roles';

export function CompareView({ version, visible: shown, names }: ViewProps): ReactNode {
  const clusterId = useClusterId();
  const { namespace, who } = useAccess(clusterId);
  const [what, setWhat] = useState<What>('subjects');
  const [other, setOther] = useState<Who>({ ...firstWho, kind: 'User' });
  const [roleA, setRoleA] = useState('ClusterRole view');
  const [roleB, setRoleB] = useState('ClusterRole edit');
  const a = what === 'subjects' ? sideOfWho(who) : sideOfRole(roleA, names);
  const b = what === 'subjects' ? sideOfWho(other) : sideOfRole(roleB, names);
  const { data, error, retry } = useAnswer('compare', a && b && { a, b, namespace }, version, shown);
  const roles = useMemo(() => names?.roles.map(nameText).sort() ?? [], [names]);
  return (
    <>
      <div className={styles.form}>
        <Choice
          label="Compare"
          options={[
            { value: 'subjects', label: 'Subjects' },
            { value: 'roles', label: 'Roles' },
          ]}
          value={what}
          onChange={setWhat}
        />
        {what === 'subjects' && (
          <NamespaceField
            value={namespace}
            all="Cluster-wide grants only"
            onChange={(next) => setAccess(clusterId, { namespace: next })}
          />
        )}
      </div>
      {what === 'subjects' ? (
        <>
          <div className={styles.form}>
            <WhoFields
              label="First"
              value={who}
              names={names}
              onChange={(next) => setAccess(clusterId, { who: next })}
            />
          </div>
          <div className={styles.form}>
            <WhoFields label="Second" value={other} names={names} onChange={setOther} />
          </div>
        </>
      ) : (
        <div className={styles.form}>
          <Pick
            label="First role"
            value={roleA}
            options={roles}
            className={styles.wideField}
            onChange={setRoleA}
          />
          <Pick
            label="Second role"
            value={roleB}
            options={roles}
            className={styles.wideField}
            onChange={setRoleB}
          />
        </div>
      )}
      {!(a && b) && <EmptyState>Choose two to compare.</EmptyState>}
      {error && <ErrorState title="They were not compared" error={error} onRetry={retry} />}
      {a && b && data && (
        <>
          <div className={styles.sides}>
            <section aria-label="Only the first">
              <h2 className={styles.head}>Only the first may</h2>
              <AtomTable rows={data.onlyA} label="Only the first" />
            </section>
            <section aria-label="Only the second">
              <h2 className={styles.head}>Only the second may</h2>
              <AtomTable rows={data.onlyB} label="Only the second" />
            </section>
          </div>
          <details>
            <summary>Both may: {data.both.length} permissions</summary>
            <AtomTable rows={data.both} label="Both" />
          </details>
          <Notes notes={data.notes} />
        </>
      )}
    </>
  );
}

function sideOfWho(who: Who): Side | undefined {
  return isComplete(who) ? { who } : undefined;
}

/** Only roles that exist: half a name is no question. */
function sideOfRole(text: string, names: SubjectNames | undefined): Side | undefined {
  const role = parseName(text);
  if (!role || !names?.roles.some((one) => nameText(one) === nameText(role))) return undefined;
  return { role };
}
