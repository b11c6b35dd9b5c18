/**
 * Times inside cells, written straight into their text nodes: a tick costs no drawing of
 * rows. An element with `data-at` (epoch ms) and `data-form` gets its words from here and
 * from nowhere else, so React must not put children into it.
 */
import { formatAge, formatShort, formatStatus } from '#shared/util/age';

export type TimeForm = 'age' | 'status' | 'restarts';

/** Words of one element; `text` is what stands before or around the time. */
export function timeText(form: TimeForm, text: string, at: number, now: number): string {
  switch (form) {
    case 'age':
      return formatAge(at, now);
    case 'status':
      return formatStatus(text, at, now);
    case 'restarts':
      return `${text}, ${formatShort(now - at)} ago`;
  }
}

/** Writes all times under `root`; returns how many changed. */
export function paintTimes(root: ParentNode, now: number): number {
  let changed = 0;
  for (const element of root.querySelectorAll<HTMLElement>('[data-at]')) {
    const { at, form, text } = element.dataset;
    const words = timeText(form as TimeForm, text ?? '', Number(at), now);
    if (element.textContent === words) continue;
    const node = element.firstChild;
    if (node instanceof Text && element.childNodes.length === 1) node.data = words;
    else element.textContent = words;
    changed += 1;
  }
  return changed;
}
