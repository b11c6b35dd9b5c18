/** Pod Security by namespace: what labels set, and which running pods a stricter level would turn away. */
import { useState, type ReactNode } from 'react';
import type { NamespaceSecurity } from '#shared/contract/rbac';
import { visible as visibleText } from '#shared/util/text';
import { useBench } from '../../data/workbench';
import { useClusterId } from '../../data/connections';
import { Choice } from '../../ui/Choice';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import styles from './access.module.css';
import { Lacks } from './AccessPage';
import { ObjectLink } from './Links';
import { useAnswer, useRbacState } from './use-rbac';

type Target = 'baseline' | 'restricted';

export function PodSecurityView({ visible }: { readonly visible: boolean }): ReactNode {
  const { namespaces } = useBench(useClusterId());
  const [target, setTarget] = useState<Target>('baseline');
  const state = useRbacState(visible, true);
  const { data, error, retry } = useAnswer(
    'podSecurity',
    {},
    state?.ready ? state.version : undefined,
    visible,
  );
  const rows = (data?.namespaces ?? []).filter(
    ({ name }) => namespaces.length === 0 || namespaces.includes(name),
  );
  const beyond = (one: NamespaceSecurity): number =>
    target === 'baseline' ? one.beyondBaseline : one.beyondRestricted;
  // What would be turned away stands first.
  const sorted = [...rows].sort(
    (a, b) => Number(beyond(a) === 0) - Number(beyond(b) === 0) || (a.name < b.name ? -1 : 1),
  );
  const total = rows.reduce((sum, one) => sum + beyond(one), 0);
  return (
    <>
      <div className={styles.form}>
        <Choice
          label="Level"
          options={[
            { value: 'baseline', label: 'Against baseline' },
            { value: 'restricted', label: 'Against restricted' },
          ]}
          value={target}
          onChange={setTarget}
        />
      </div>
      <Lacks state={state} />
      {error && <ErrorState title="Pods were not checked" error={error} onRetry={retry} />}
      {data?.labelError && <ErrorState title="Labels of namespaces cannot be read" error={data.labelError} />}
      {data && (
        <p className={styles.headline} role="status" aria-label="Answer">
          {total === 0
            ? `Every running pod meets ${target}.`
            : `${total.toLocaleString('en')} running ${total === 1 ? 'pod' : 'pods'} would violate ${target}.`}
        </p>
      )}
      {data && rows.length === 0 && <EmptyState>No namespace is chosen that can be read.</EmptyState>}
      {data && rows.length > 0 && (
        <table className={styles.table} aria-label="Pod Security by namespace">
          <thead>
            <tr>
              <th>Namespace</th>
              <th>Enforced</th>
              <th>Warn</th>
              <th>Audit</th>
              <th>Pods</th>
              <th>Would violate</th>
              <th>Default account’s token</th>
            </tr>
          </thead>
          <tbody>
            {sorted.map((one) => (
              <Namespace key={one.name} one={one} target={target} count={beyond(one)} />
            ))}
          </tbody>
        </table>
      )}
      <p className={styles.notes}>
        By the published Pod Security Standards. A namespace without labels takes what the API server’s own
        default is, mostly privileged. Labels hold for new pods only: pods that run already stay.
      </p>
    </>
  );
}

interface NamespaceProps {
  readonly one: NamespaceSecurity;
  readonly target: Target;
  readonly count: number;
}

function Namespace({ one, target, count }: NamespaceProps): ReactNode {
  const [open, setOpen] = useState(false);
  const pods = one.violating.filter((pod) => target === 'restricted' || pod.meets === 'privileged');
  return (
    <>
      <tr>
        <td>
          <ObjectLink of={{ kind: 'Namespace', namespace: '', name: one.name }} />
        </td>
        <td>{one.enforce ?? <span className={styles.muted}>not set</span>}</td>
        <td className={styles.muted}>{one.warn ?? ''}</td>
        <td className={styles.muted}>{one.audit ?? ''}</td>
        <td>{one.pods.toLocaleString('en')}</td>
        <td>
          {count === 0 ? (
            <span className={styles.muted}>none</span>
          ) : (
            <button type="button" className={styles.link} aria-expanded={open} onClick={() => setOpen(!open)}>
              {count.toLocaleString('en')} {count === 1 ? 'pod' : 'pods'}
            </button>
          )}
        </td>
        <td>
          <Mounts one={one} />
        </td>
      </tr>
      {open && (
        <tr>
          <td colSpan={7}>
            <ul className={styles.paths} aria-label={`Violations in ${one.name}`}>
              {pods.map((pod) => (
                <li key={pod.name}>
                  <ObjectLink of={{ kind: 'Pod', namespace: one.name, name: pod.name }} short />{' '}
                  <span className={styles.muted}>
                    {pod.violations
                      .filter((violation) => target === 'restricted' || violation.level === 'baseline')
                      .map(({ control, field, value }) => visibleText(`${control}: ${field} is ${value}`))
                      .join('; ')}
                  </span>
                </li>
              ))}
            </ul>
          </td>
        </tr>
      )}
    </>
  );
}

/** Pods that carry the default account's token though most need none. */
function Mounts({ one }: { readonly one: NamespaceSecurity }): ReactNode {
  const { defaultMounts, defaultAutomount } = one;
  if (defaultMounts.count === 0)
    return <span className={styles.muted}>{defaultAutomount === false ? 'off' : 'in no pod'}</span>;
  const { count, first } = defaultMounts;
  return (
    <span data-tip={first.join(', ')}>
      in {count.toLocaleString('en')} {count === 1 ? 'pod' : 'pods'}
    </span>
  );
}
