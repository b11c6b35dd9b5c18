/** Why the server refused, and the ways out that fit. */
import type { ReactNode } from 'react';
import { visible } from '#shared/util/text';
import { Button } from '../../ui/Button';
import { ErrorState } from '../../ui/ErrorState';
import styles from './editor.module.css';
import type { No } from './use-edit';

export interface RefusalPanelProps {
  readonly result: No;
  readonly dryRun: boolean;
  readonly onForce?: () => void;
  readonly onUpdate?: () => void;
  /** Deletes and creates it anew, after a preview. */
  readonly onRecreate?: (() => void) | undefined;
}

const titles: Readonly<Record<No['refusal'], string>> = {
  changed: 'Changed meanwhile',
  owners: 'Fields belong to others',
  immutable: 'A field cannot be changed',
  webhook: 'An admission webhook stands against it',
  policy: 'A policy stands against it',
  quota: 'Over the quota',
  gone: 'Gone meanwhile',
  replaced: 'Replaced meanwhile',
  exists: 'It exists already',
  'no-namespace': 'No such namespace',
  invalid: 'Not accepted',
  other: 'Refused',
};

export function RefusalPanel({
  result,
  dryRun,
  onForce,
  onUpdate,
  onRecreate,
}: RefusalPanelProps): ReactNode {
  const { refusal, error, owners } = result;
  const causes = (error.causes ?? []).filter((cause) => cause.field !== '' && refusal !== 'owners');
  return (
    <section className={styles.refusal} aria-label="Refused">
      <ErrorState
        title={`${titles[refusal]}${dryRun ? '' : ': not saved'}`}
        error={{ ...error, message: visible(error.message) }}
      >
        {refusal === 'owners' && onUpdate && <Button onClick={onUpdate}>Save as update instead</Button>}
        {refusal === 'owners' && onForce && (
          <Button look="danger" onClick={onForce}>
            Take over and review
          </Button>
        )}
        {refusal === 'immutable' && onRecreate && (
          <Button onClick={onRecreate}>Delete and create anew…</Button>
        )}
      </ErrorState>
      {owners && (
        <table className={styles.facts}>
          <thead>
            <tr>
              <th scope="col">Field</th>
              <th scope="col">Owner</th>
            </tr>
          </thead>
          <tbody>
            {owners.map((one) => (
              <tr key={`${one.field} ${one.manager}`}>
                <td className="mono">{visible(one.field)}</td>
                <td>{visible(one.manager)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {causes.length > 0 && (
        <table className={styles.facts}>
          <tbody>
            {causes.map((cause, index) => (
              <tr key={index}>
                <td className="mono">{visible(cause.field)}</td>
                <td>{visible(cause.message)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
