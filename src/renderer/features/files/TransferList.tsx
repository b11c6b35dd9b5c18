/** The transfers of one container, with progress, cancel and what became of them. */
import { IconX } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { visible } from '#shared/util/text';
import { Button, IconButton } from '../../ui/Button';
import { StatusMark } from '../../ui/StatusMark';
import styles from './files.module.css';
import { dismiss, isOver, useTransfers, type Transfer } from './transfers';
import { transferWords } from './words';

export function TransferList({ at }: { readonly at: string }): ReactNode {
  const all = useTransfers((state) => state.all);
  const mine = all.filter((one) => one.at === at);
  if (mine.length === 0) return null;
  return (
    <ul className={styles.transfers} aria-label="Transfers">
      {mine.map((one) => (
        <Line key={one.id} transfer={one} />
      ))}
    </ul>
  );
}

function Line({ transfer }: { readonly transfer: Transfer }): ReactNode {
  const [open, setOpen] = useState(false);
  const { state, title } = transfer;
  const { tone, text } = transferWords(state);
  const over = isOver(transfer);
  const share = state.total ? Math.min(1, state.bytes / state.total) : undefined;
  return (
    <li className={styles.transfer}>
      <div className={styles.transferLine}>
        <StatusMark tone={tone} />
        <span className={styles.transferTitle}>{visible(title)}</span>
        <span className={styles.transferWords} role="status">
          {visible(text)}
          {!over && state.current !== undefined && <span className={styles.muted}> {state.current}</span>}
          {state.error?.hint !== undefined && (
            <span className={styles.muted}> {visible(state.error.hint)}</span>
          )}
          {state.written && <span className={styles.muted}> In {visible(state.written.join(', '))}</span>}
        </span>
        {state.skippedCount > 0 && (
          <Button look="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
            Left out
          </Button>
        )}
        {over ? (
          <IconButton label="Dismiss" onClick={() => dismiss(transfer.id)}>
            <IconX />
          </IconButton>
        ) : (
          <Button onClick={transfer.cancel}>Cancel</Button>
        )}
      </div>
      {!over && share !== undefined && (
        <progress className={styles.bar} value={share} max={1} aria-label={`Progress of ${title}`} />
      )}
      {open && (
        <ul className={styles.skipped}>
          {state.skipped.map((one, index) => (
            <li key={index}>
              <span className="mono">{one.name}</span> <span className={styles.muted}>{one.why}</span>
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}
