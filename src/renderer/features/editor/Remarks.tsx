/** What is odd about a text, below the editor; a click goes there. */
import type { ReactNode } from 'react';
import type { Remark } from '#shared/contract/objects';
import { visible } from '#shared/util/text';
import { StatusMark } from '../../ui/StatusMark';
import styles from './editor.module.css';

const MOST = 100;

export interface RemarksProps {
  readonly text: string;
  readonly remarks: readonly Remark[];
  readonly onGo: (offset: number) => void;
}

export function Remarks({ text, remarks, onGo }: RemarksProps): ReactNode {
  if (remarks.length === 0) return null;
  return (
    <ul className={styles.remarks} aria-label="Remarks">
      {remarks.slice(0, MOST).map((one, index) => (
        <li key={index}>
          <button type="button" className={styles.remark} onClick={() => onGo(one.from)}>
            <StatusMark tone={one.severity === 'error' ? 'bad' : 'warn'} label={one.severity} />
            <span className={styles.muted}>line {text.slice(0, one.from).split('\n').length}</span>
            <span>{visible(one.message)}</span>
          </button>
        </li>
      ))}
      {remarks.length > MOST && <li className={styles.muted}>and {remarks.length - MOST} more</li>}
    </ul>
  );
}
