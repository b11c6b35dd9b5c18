/**
 * Text of clusters made fit for a line on screen: names cut in the middle so that their end
 * survives, and characters that would hide or reorder text shown as escapes (fault 30).
 * Neither changes what is copied or sent: callers keep the original.
 */

const ellipsis = '…';

/** C0, C1, soft hyphen, zero width, bidi marks and overrides, line separators, BOM, tags, lone surrogates. */
const hidden =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|\udb40[\udc00-\udc7f]/g;

const named = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\0', '\\0'],
]);

/** The text with every character that hides or reorders others as an escape: `a\u202eb` (fault 30). */
export function visible(text: string): string {
  return text.replace(hidden, (found) => {
    const short = named.get(found);
    if (short !== undefined) return short;
    const code = found.codePointAt(0) ?? 0;
    return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/** Whether `visible` would change the text. */
export function hasHidden(text: string): boolean {
  hidden.lastIndex = 0;
  const found = hidden.test(text);
  hidden.lastIndex = 0;
  return found;
}

/** First `max` UTF-16 units, ended by `…` when something was cut; never half a character. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text;
  return head(text, Math.max(0, max - 1)) + ellipsis;
}

/** Letters and digits Kubernetes makes random names of: no vowels, no 0, 1, 3. */
const random = '[bcdfghjklmnpqrstvwxz2456789]';
const ofDeployment = new RegExp(`^(.+)-(${random}{6,10})(-${random}{5})$`);
const ofController = new RegExp(`^(.+?)(-\\d{1,10})?(-${random}{5})$`);
const ofStatefulSet = /^(.+)(-\d{1,6})$/;

/** The end of a name that tells it from its siblings: `-7xc9p`, `-28391040-x2x9b`, `-0`; '' when none is seen. */
export function nameEnd(name: string): string {
  const deployment = ofDeployment.exec(name);
  if (deployment) return deployment[3] ?? '';
  const controller = ofController.exec(name);
  if (controller) return `${controller[2] ?? ''}${controller[3] ?? ''}`;
  return ofStatefulSet.exec(name)?.[2] ?? '';
}

/**
 * The name in at most `max` characters, cut in the middle: `frontend-69c5…-7xc9p`. The end that
 * tells siblings apart always stays whole while it fits; the hash of a revision goes first.
 */
export function truncateMiddle(name: string, max: number): string {
  if (name.length <= max) return name;
  if (max <= 1) return max === 1 ? ellipsis : '';
  const room = max - 1;
  const end = nameEnd(name).length;
  // Names without a telling end: two thirds front, one third end.
  const want = end > 0 ? end : Math.floor(room / 3);
  const back = Math.max(1, Math.min(want, end > 0 ? room : Math.floor(room / 2)));
  return head(name, room - back) + ellipsis + tail(name, back);
}

function head(text: string, length: number): string {
  const cut = text.slice(0, length);
  const last = cut.charCodeAt(cut.length - 1);
  return last >= 0xd800 && last <= 0xdbff ? cut.slice(0, -1) : cut;
}

function tail(text: string, length: number): string {
  const cut = text.slice(text.length - length);
  const first = cut.charCodeAt(0);
  return first >= 0xdc00 && first <= 0xdfff ? cut.slice(1) : cut;
}

/** `1 pod`, `3 pods`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
