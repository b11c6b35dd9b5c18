/** Flows that would appear, go, or have other ports. */
import type { ReactNode } from 'react';
import type { WhatIf } from '#shared/contract/netpol';
import { visible } from '#shared/util/text';
import { StatusMark } from '../../ui/StatusMark';
import styles from './what-if.module.css';
import { openWords, shortId } from './words';

const MOST = 500;

interface Line {
  readonly sign: '+' | '-' | '~';
  readonly src: string;
  readonly dst: string;
  readonly text: string;
}

export function DiffList({ result }: { readonly result: WhatIf }): ReactNode {
  const { added, removed, changed } = result.diff;
  const lines: Line[] = [
    ...removed.map(({ src, dst, conn }): Line => ({ sign: '-', src, dst, text: openWords(conn) })),
    ...changed.map(({ src, dst, before, after }): Line => {
      return { sign: '~', src, dst, text: `${openWords(before)}, then ${openWords(after)}` };
    }),
    ...added.map(({ src, dst, conn }): Line => ({ sign: '+', src, dst, text: openWords(conn) })),
  ];
  if (lines.length === 0) return <p className={styles.muted}>No flow would change.</p>;
  return (
    <ul className={styles.diff} aria-label="Flows that would change">
      {lines.slice(0, MOST).map((line) => (
        <li key={`${line.sign} ${line.src} ${line.dst}`} className={styles.flow}>
          <span className={styles.sign} data-sign={line.sign}>
            <StatusMark tone={line.sign === '+' ? 'ok' : line.sign === '-' ? 'bad' : 'progress'} />{' '}
            {line.sign === '+' ? 'added' : line.sign === '-' ? 'removed' : 'changed'}
          </span>
          <span className={styles.ends}>
            {visible(shortId(line.src))} to {visible(shortId(line.dst))}
          </span>
          <span className={styles.muted}>{line.text}</span>
        </li>
      ))}
      {lines.length > MOST && <li className={styles.muted}>{lines.length - MOST} more</li>}
    </ul>
  );
}
