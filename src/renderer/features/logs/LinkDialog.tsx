/** A link out of a log, shown in full before anything is opened: the text around it may lie. */
import type { ReactNode } from 'react';
import { visible } from '#shared/util/text';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import styles from './logs-panel.module.css';

export interface LinkDialogProps {
  readonly url: string;
  readonly onOpen: () => void;
  readonly onClose: () => void;
}

export function LinkDialog({ url, onOpen, onClose }: LinkDialogProps): ReactNode {
  const host = /^https?:\/\/([^/?#]+)/i.exec(url)?.[1] ?? '';
  return (
    <Dialog
      label="Open this link?"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" onClick={onOpen}>
            Open in the browser
          </Button>
        </>
      }
    >
      <p>It comes from a log and leads to {visible(host)}:</p>
      <p className={styles.url}>{visible(url)}</p>
    </Dialog>
  );
}
