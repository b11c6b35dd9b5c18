/**
 * Key names of the command list: `mod+k`, `shift+arrowdown`, `g p` (a sequence), `?`.
 * `mod` is Cmd on macOS and Ctrl elsewhere. A printable key is named by what it types.
 */

export const isMac = typeof navigator !== 'undefined' && /Mac|iPhone/.test(navigator.platform);

export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** Name of a key press, as it is written in `keys`; undefined for a bare modifier. */
export function pressName(event: KeyPress, mac = isMac): string | undefined {
  const key = event.key === ' ' ? 'space' : event.key.toLowerCase();
  if (['control', 'shift', 'alt', 'meta', 'altgraph', 'dead', 'unidentified'].includes(key)) return undefined;
  const mod = mac ? event.metaKey : event.ctrlKey;
  const other = mac ? event.ctrlKey : event.metaKey;
  // A printable key already says whether shift was held (`?`, `:`); letters keep their shift.
  const shift = event.shiftKey && (key.length > 1 || /^[a-z]$/.test(key) || mod);
  return [mod && 'mod', other && (mac ? 'ctrl' : 'meta'), event.altKey && 'alt', shift && 'shift', key]
    .filter(Boolean)
    .join('+');
}

const words: Readonly<Record<string, string>> = {
  mod: isMac ? '⌘' : 'Ctrl',
  shift: isMac ? '⇧' : 'Shift',
  alt: isMac ? '⌥' : 'Alt',
  ctrl: 'Ctrl',
  meta: 'Meta',
  arrowup: '↑',
  arrowdown: '↓',
  arrowleft: '←',
  arrowright: '→',
  escape: 'Esc',
  enter: 'Enter',
  space: 'Space',
  delete: 'Del',
  pageup: 'PgUp',
  pagedown: 'PgDn',
  home: 'Home',
  end: 'End',
  tab: 'Tab',
};

/** How a key is printed: `mod+k` is `Ctrl K` (`⌘ K` on macOS), `g p` stays `g p`. */
export function keyLabel(keys: string): string {
  return keys
    .split(' ')
    .map((press) => {
      const parts = press === '+' ? ['+'] : press.split('+');
      const modified = parts.length > 1;
      return parts
        .map((part) => words[part] ?? (modified && part.length === 1 ? part.toUpperCase() : part))
        .join(' ');
    })
    .join(' ');
}
