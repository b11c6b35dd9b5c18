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

/** No letter of the table's type is wider on average (px): a text that fits by this fits. */
const WIDEST = 8.5;
const PADDING = 24;

/** `room`: width of the cell at least, px. A text that surely fits is one element, not three. */
export function middleText(text: string, room: number): ReactNode {
  const shown = visible(text);
  if (shown.length * WIDEST + PADDING <= room) return shown;
  const [head, tail] = splitName(shown);
  if (tail === '') return <span className={styles.cut}>{head}</span>;
  return (
    <span className={styles.middle}>
      <span className={styles.cut}>{head}</span>
      <span className={styles.tail}>{tail}</span>
    </span>
  );
}
