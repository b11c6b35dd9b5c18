/**
 * Text that is cut in its middle when it does not fit: the start and the telling end stay,
 * close together. The whole text stays in the document, for copying and for screen readers.
 */
import type { ReactNode } from 'react';
import { nameEnd, visible } from '#shared/util/text';
import styles from './table.module.css';
import { charWidth, fitting, widthOf, type Font, type Measure } from './text-width';

/** A text without a telling end keeps this many characters. */
const TAIL = 6;
const SHORTEST = 14;
/** Fewer letters than this before the cut say nothing. */
const HEAD_LEAST = 3;

/** Where to cut: the first part may shrink, the second stays whole. */
export function splitName(name: string): readonly [head: string, tail: string] {
  const end = nameEnd(name).length;
  if (name.length < SHORTEST && end === 0) return [name, ''];
  let cut = name.length - (end > 0 && end <= 24 ? end : TAIL);
  // Never between the halves of one character.
  const code = name.charCodeAt(cut);
  if (code >= 0xdc00 && code <= 0xdfff) cut -= 1;
  return [name.slice(0, cut), name.slice(cut)];
}

/** Start, hidden middle and end of a text in this room, px; undefined when all of it fits. */
export function cutMiddle(
  text: string,
  room: number,
  measure: Measure,
): readonly [start: string, hidden: string, end: string] | undefined {
  if (widthOf(text, measure) <= room) return undefined;
  const left = room - measure('…');
  const [head, tail] = splitName(text);
  const tailWidth = widthOf(tail, measure);
  const shown = fitting(head, left - tailWidth, measure);
  if (tail !== '' && shown >= HEAD_LEAST) return [head.slice(0, shown), head.slice(shown), tail];
  // Not even the end fits beside the start: the start alone.
  const start = fitting(text, left, measure);
  return [text.slice(0, start), text.slice(start), ''];
}

/** Paddings of the widest cell, and what kerning may add, px. */
export const PADDING = 24;
const measures = {
  plain: (char: string) => charWidth(char, 'plain'),
  mono: (char: string) => charWidth(char, 'mono'),
} as const;

/** `room`: width of the cell, px. */
export function middleText(text: string, room: number, font: Font = 'plain'): ReactNode {
  const shown = visible(text);
  const parts = cutMiddle(shown, room - PADDING, measures[font]);
  if (!parts) return shown;
  const [start, hidden, end] = parts;
  return (
    <>
      {start}
      <span className={styles.hidden} data-cut="">
        {hidden}
      </span>
      {end}
    </>
  );
}
