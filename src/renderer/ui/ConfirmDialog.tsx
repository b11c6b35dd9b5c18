/**
 * A question before a change: what, where, and a button that says the verb. Enter answers it
 * only where nothing can be lost; a protected place wants its name typed.
 */
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { Button } from './Button';
import styles from './confirm-dialog.module.css';
import { Dialog } from './Dialog';
import { TextField } from './TextField';

export interface ConfirmDialogProps {
  readonly title: string;
  /** Where it happens: the cluster's name. */
  readonly place: string;
  /** Part of it: the namespace. */
  readonly part?: string | undefined;
  readonly verb: string;
  readonly danger?: boolean | undefined;
  /** The verb stays off until this is typed. */
  readonly typeToConfirm?: string | undefined;
  /** Why it cannot be done at all. */
  readonly refused?: string | undefined;
  /** The verb is off for now: a choice is missing, the preview is on its way. */
  readonly notYet?: boolean | undefined;
  readonly wide?: boolean | undefined;
  readonly children?: ReactNode;
  /** Beside the buttons, left. */
  readonly aside?: ReactNode;
  readonly onAnswer: (yes: boolean) => void;
}

export function ConfirmDialog(props: ConfirmDialogProps): ReactNode {
  const {
    title,
    place,
    part,
    verb,
    danger,
    typeToConfirm,
    refused,
    notYet,
    wide,
    children,
    aside,
    onAnswer,
  } = props;
  const [typed, setTyped] = useState('');
  const guarded = typeToConfirm !== undefined;
  const ready = refused === undefined && !notYet && (!guarded || typed === typeToConfirm);
  const field = useRef<HTMLInputElement>(null);
  const act = useRef<HTMLButtonElement>(null);
  const cancel = useRef<HTMLButtonElement>(null);
  // After the dialog itself has put the focus on its first control.
  useEffect(() => {
    (
      field.current ??
      (danger || act.current?.disabled ? cancel.current : act.current) ??
      cancel.current
    )?.focus();
    // eslint-disable-next-line react-hooks/exhaustive-deps -- once, when the question appears
  }, []);
  const onType = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    if (ready && !danger) onAnswer(true);
  };
  // A held-down Enter that opened the dialog must not run on into its button.
  const onVerbKey = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && event.repeat) event.preventDefault();
  };
  return (
    <Dialog
      label={title}
      wide={wide}
      onClose={() => onAnswer(false)}
      actions={
        <>
          {aside !== undefined && <span className={styles.aside}>{aside}</span>}
          <Button ref={cancel} onClick={() => onAnswer(false)}>
            {refused === undefined ? 'Cancel' : 'Close'}
          </Button>
          {refused === undefined && (
            <Button
              look={danger ? 'danger' : 'primary'}
              ref={act}
              disabled={!ready}
              onKeyDown={onVerbKey}
              onClick={() => onAnswer(true)}
            >
              {verb}
            </Button>
          )}
        </>
      }
    >
      <p className={styles.place}>
        in cluster <strong>{place}</strong>
        {part !== undefined && (
          <>
            , namespace <strong>{part}</strong>
          </>
        )}
      </p>
      {children}
      {refused !== undefined && (
        <p className={styles.refused} role="status">
          {refused}
        </p>
      )}
      {guarded && refused === undefined && (
        <TextField
          label={`This cluster is protected. Type ${typeToConfirm} to go on.`}
          value={typed}
          mono
          ref={field}
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={onType}
        />
      )}
    </Dialog>
  );
}
