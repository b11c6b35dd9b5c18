import type { ReactNode } from 'react';
import { formatStatus } from '#shared/util/age';
import { clip, visible } from '#shared/util/text';
import { useClockText } from '../../../ui/clock';
import { StatusMark } from '../../../ui/StatusMark';
import { containersOf } from './containers';
import styles from './drawer.module.css';
import { causes, statusWords, type PlainObject } from './facts';

export interface SentenceProps {
  readonly kind: string;
  readonly object: PlainObject;
  readonly clockOffset: number;
}

/** The state in a sentence, and what the object itself says about the cause. */
export function Sentence({ kind, object, clockOffset }: SentenceProps): ReactNode {
  const status = statusWords(kind, object);
  const words = useClockText((now) =>
    status ? formatStatus(status.text, status.at, now + clockOffset) : '',
  );
  if (!status) return null;
  const trouble = status.tone === 'warn' || status.tone === 'bad';
  const failing = trouble
    ? containersOf(object, Date.now() + clockOffset)
        .filter((one) => one.tone === 'bad' || (one.tone === 'warn' && one.last !== ''))
        .map((one) => `Container ${one.name}: ${[one.state, one.last].filter(Boolean).join('; ')}.`)
    : [];
  const why = failing.length > 0 ? failing.slice(0, 3) : trouble ? causes(object) : [];
  return (
    <div className={styles.sentence} data-tone={status.tone === 'done' ? 'ok' : status.tone}>
      <p className={styles.words}>
        <StatusMark tone={status.tone} />
        {trouble ? <b>{visible(words)}</b> : <span>{visible(words)}</span>}
      </p>
      {why.map((message) => (
        <p key={message}>{visible(clip(message, 600))}</p>
      ))}
    </div>
  );
}
