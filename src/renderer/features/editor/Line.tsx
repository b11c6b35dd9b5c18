/** One sentence with its mark, across the page. */
import type { ReactNode } from 'react';
import { formatAge, parseTime } from '#shared/util/age';
import { StatusMark } from '../../ui/StatusMark';
import styles from './editor.module.css';

interface LineProps {
  readonly tone: 'ok' | 'warn' | 'bad' | 'info';
  readonly children: ReactNode;
}

export function Line({ tone, children }: LineProps): ReactNode {
  const mark = tone === 'info' ? 'idle' : tone;
  return (
    <p className={styles.line} role={tone === 'bad' ? 'alert' : 'status'}>
      <StatusMark tone={mark} />
      <span>{children}</span>
    </p>
  );
}

export function ageOf(time: string, now: number): string {
  const at = parseTime(time);
  return at === null ? '' : `${formatAge(at, now)} ago`;
}
