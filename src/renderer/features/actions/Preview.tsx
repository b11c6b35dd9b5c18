/** What would become different: exactly for one object, line by line for several. */
import { IconCopy } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Change, Plan } from '#shared/domain/actions/types';
import { visible } from '#shared/util/text';
import { copyText } from '../../data/clipboard';
import { IconButton } from '../../ui/Button';
import { StatusMark } from '../../ui/StatusMark';
import styles from './actions.module.css';

const MOST_LINES = 60;

export interface Planned {
  readonly name: string;
  readonly namespace: string;
  readonly plan?: Plan;
  /** It could not be read. */
  readonly problem?: string;
}

export function OnePreview({ plan }: { readonly plan: Plan }): ReactNode {
  if (plan.refused !== undefined) return <p className={styles.muted}>{plan.refused}</p>;
  return <Changes changes={plan.changes} />;
}

function Changes({ changes }: { readonly changes: readonly Change[] }): ReactNode {
  return (
    <table className={styles.changes} aria-label="What changes">
      <tbody>
        {changes.slice(0, MOST_LINES).map(({ path, before, after }) => (
          <tr key={path}>
            <td className={styles.path}>{visible(path)}</td>
            <td className={styles.before}>
              {before === null ? <span className={styles.muted}>none</span> : visible(before)}
            </td>
            <td className={styles.muted}>to</td>
            <td className={styles.after}>
              {after === null ? <span className={styles.muted}>none</span> : visible(after)}
            </td>
          </tr>
        ))}
        {changes.length > MOST_LINES && (
          <tr>
            <td colSpan={4} className={styles.muted}>
              and {changes.length - MOST_LINES} more fields
            </td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

/** Several objects: what each would change, those that would not first told. */
export function ManyPreview({
  planned,
  total,
}: {
  readonly planned: readonly Planned[];
  readonly total: number;
}): ReactNode {
  return (
    <ul className={styles.many} aria-label="Objects">
      {planned.map(({ name, namespace, plan, problem }) => (
        <li key={`${namespace}/${name}`}>
          <span className={styles.grow}>
            {namespace !== '' && <span className={styles.muted}>{visible(namespace)}/</span>}
            {visible(name)}
          </span>
          <span className={problem === undefined ? styles.muted : styles.bad}>
            {problem ?? plan?.refused ?? summary(plan?.changes ?? [])}
          </span>
        </li>
      ))}
      {total > planned.length && (
        <li className={styles.muted}>and {(total - planned.length).toLocaleString('en')} more</li>
      )}
    </ul>
  );
}

function summary(changes: readonly Change[]): string {
  const [first] = changes;
  if (!first) return '';
  if (first.before === 'there') return '';
  const rest = changes.length > 1 ? `, ${changes.length - 1} more` : '';
  return `${visible(first.before ?? 'none')} to ${visible(first.after ?? 'none')}${rest}`;
}

export function Warnings({ warnings }: { readonly warnings: readonly string[] }): ReactNode {
  if (warnings.length === 0) return null;
  return (
    <ul className={styles.warnings} aria-label="Consequences">
      {warnings.map((warning) => (
        <li key={warning}>
          <StatusMark tone="warn" />
          <span>{visible(warning)}</span>
        </li>
      ))}
    </ul>
  );
}

/** The same by kubectl, to read and to copy. */
export function CommandLine({ text }: { readonly text: string }): ReactNode {
  return (
    <div className={styles.command}>
      <code>{visible(text)}</code>
      <IconButton label="Copy kubectl command" onClick={() => void copyText(text)}>
        <IconCopy />
      </IconButton>
    </div>
  );
}
