/** A failure in its own place: what, why, what next; the technical part folded away. */
import { useContext, useState, type ReactNode } from 'react';
import type { AppError } from '#shared/util/app-error';
import { Button } from './Button';
import { StatusMark } from './StatusMark';
import { DeniedContext, isAboutRights } from './denied-context';
import styles from './error-state.module.css';

export interface ErrorStateProps {
  /** What could not be done: "Pods cannot be listed". */
  readonly title: string;
  readonly error: AppError;
  /** Shown as "Try again". */
  readonly onRetry?: () => void;
  /** More buttons, or what still works. */
  readonly children?: ReactNode;
}

export function ErrorState({ title, error, onRetry, children }: ErrorStateProps): ReactNode {
  const [open, setOpen] = useState(false);
  const explain = useContext(DeniedContext);
  const { denied: refused } = error;
  const denied = error.code === 'forbidden' || error.code === 'unauthorized';
  return (
    <div className={styles.error} role="alert" data-tone={denied ? 'warn' : 'bad'}>
      <h2 className={styles.title}>
        <StatusMark tone={denied ? 'warn' : 'bad'} />
        {title}
      </h2>
      <p>{error.message}</p>
      {error.denied && <p className={styles.muted}>{deniedText(error.denied)}</p>}
      {error.hint !== undefined && <p className={styles.muted}>{error.hint}</p>}
      <div className={styles.actions}>
        {onRetry && <Button onClick={onRetry}>Try again</Button>}
        {children}
        {explain && refused && isAboutRights(error.message) && (
          <Button onClick={() => explain(refused)}>What would allow it</Button>
        )}
        <Button look="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? 'Hide details' : 'Details'}
        </Button>
      </div>
      {open && <pre className={styles.details}>{details(error)}</pre>}
    </div>
  );
}

/** "You may not list pods in shop. A role with this rule would allow it." */
export function deniedText(denied: NonNullable<AppError['denied']>): string {
  const group = denied.group === '' ? '' : `.${denied.group}`;
  const what = `${denied.verb} ${denied.resource}${group}${denied.name === undefined ? '' : ` ${denied.name}`}`;
  const where =
    denied.namespace === undefined || denied.namespace === ''
      ? 'for the whole cluster'
      : `in namespace ${denied.namespace}`;
  return `Missing right: ${what}, ${where}. Whoever manages roles there can grant it.`;
}

function details(error: AppError): string {
  const lines = [`code: ${error.code}`];
  if (error.status !== undefined) lines.push(`status: ${error.status}`);
  if (error.reason !== undefined) lines.push(`reason: ${error.reason}`);
  if (error.retryAfter !== undefined) lines.push(`retry after: ${error.retryAfter} s`);
  lines.push(`message: ${error.message}`);
  return lines.join('\n');
}
