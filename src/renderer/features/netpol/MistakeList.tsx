/** Mistakes of a policy: what, where, why it matters. */
import type { ReactNode } from 'react';
import type { Mistake } from '#shared/domain/netpol/mistakes';
import { visible } from '#shared/util/text';
import { StatusMark, type MarkTone } from '../../ui/StatusMark';
import styles from './netpol.module.css';

const tones: Readonly<Record<Mistake['severity'], MarkTone>> = {
  error: 'bad',
  warning: 'warn',
  note: 'idle',
};

export function MistakeList({ mistakes }: { readonly mistakes: readonly Mistake[] }): ReactNode {
  return (
    <ul className={styles.lines} aria-label="Mistakes">
      {mistakes.map((one, index) => (
        <li key={index} className={styles.line}>
          <StatusMark tone={tones[one.severity]} label={one.severity} />
          <div>
            {visible(one.text)} <code className={styles.place}>{visible(one.at)}</code>{' '}
            <span className={styles.rule}>{one.rule}</span>
          </div>
        </li>
      ))}
    </ul>
  );
}
