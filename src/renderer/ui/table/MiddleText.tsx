/** Text that is cut in its middle when it does not fit: the start and the telling end stay. No measuring. */
import type { ReactNode } from 'react';
import { nameEnd, visible } from '#shared/util/text';
import styles from './table.module.css';

/** A text without a telling end keeps this many characters. */
const TAIL = 6;
const SHORTEST = 14;

/** Where to cut: the first part may shrink, the second stays whole. */
export function splitName(name: string): readonly [head: string, tail: string] {
  if (name.length < SHORTEST) return [name, ''];
  const end = nameEnd(name).length;
  let cut = name.length - (end > 0 && end <= 24 ? end : TAIL);
  // Never between the halves of one character.
  const code = name.charCodeAt(cut);
  if (code >= 0xdc00 && code <= 0xdfff) cut -= 1;
  return [name.slice(0, cut), name.slice(cut)];
}

export function MiddleText({ text }: { readonly text: string }): ReactNode {
  const [head, tail] = splitName(visible(text));
  if (tail === '') return <span className={styles.cut}>{head}</span>;
  return (
    <span className={styles.middle}>
      <span className={styles.cut}>{head}</span>
      <span className={styles.tail}>{tail}</span>
    </span>
  );
}
