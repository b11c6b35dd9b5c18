/**
 * Reads what a container's `find`, `stat` and `ls` say of a directory. Pure.
 * Guarantees: names come from NUL-separated lists wherever the container has `find`; lists that do
 * not fit together are refused rather than paired wrongly; a name with `/` is never returned.
 */
export interface ListedEntry {
  readonly name: string;
  readonly type: 'file' | 'directory' | 'link' | 'device' | 'socket' | 'pipe' | 'other';
  readonly opens: boolean;
  readonly size: number;
  readonly modified: number | null;
  readonly mode: number;
  readonly owner: string;
  readonly group: string;
}

export interface Listed {
  readonly entries: readonly ListedEntry[];
  /** Lines nobody could read. */
  readonly unread: number;
}

/**
 * `$1` is the directory. Three lists, each ended by an empty name: names; one line of facts for
 * each; names of those that are directories once links are followed.
 */
export const LIST_SCRIPT = [
  'cd "$1" || exit 66',
  'find . -mindepth 1 -maxdepth 1 -print0 || exit 67',
  "printf '\\000'",
  "find . -mindepth 1 -maxdepth 1 -exec stat -c '%f %s %Y %U %G' {} + || exit 67",
  "printf '\\000'",
  'find -L . -mindepth 1 -maxdepth 1 -type d -print0 2>/dev/null',
  'exit 0',
].join('\n');

/** Undefined: the lists do not belong together (the directory changed while it was read). */
export function parseLists(output: string): Listed | undefined {
  const end = output.startsWith('\0') ? 0 : output.indexOf('\0\0') + 1;
  if (end === 0 && !output.startsWith('\0')) return undefined;
  const names = output
    .slice(0, end)
    .split('\0')
    .filter((one) => one !== '')
    .map(bare);
  const rest = output.slice(end + 1);
  const factsEnd = rest.indexOf('\0');
  if (factsEnd < 0) return undefined;
  const facts = rest
    .slice(0, factsEnd)
    .split('\n')
    .filter((one) => one !== '');
  if (facts.length !== names.length) return undefined;
  const directories = new Set(
    rest
      .slice(factsEnd + 1)
      .split('\0')
      .map(bare),
  );
  let unread = 0;
  const entries = names.flatMap((name, index): ListedEntry[] => {
    const [raw = '', size = '', time = '', owner = '', group = ''] = (facts[index] ?? '').split(' ');
    const mode = /^[0-9a-f]+$/i.test(raw) ? parseInt(raw, 16) : NaN;
    if (!isName(name) || Number.isNaN(mode)) {
      unread += 1;
      return [];
    }
    const type = typeOf(mode);
    return [
      {
        name,
        type,
        opens: type === 'link' && directories.has(name),
        size: Number(size) || 0,
        modified: /^-?\d+$/.test(time) ? Number(time) * 1000 : null,
        mode: mode & 0o7777,
        owner,
        group,
      },
    ];
  });
  return { entries, unread };
}

const line =
  /^([bcdlpsh-])([rwxsStT-]{9})\S*\s+\d+\s+(\S+)\s+(\S+)\s+(?:(\d+)|\d+,\s*\d+)\s+(?:\w{3}\s+\d{1,2}\s+[\d:]{4,5}|\d{4}-\d{2}-\d{2}\s+[\d:.]+(?:\s+[+-]\d{4})?)\s(.+)$/;

/** `ls -lAn`: for containers without find or stat. A name with a line break is counted as unread. */
export function parseLs(output: string): Listed {
  let unread = 0;
  const entries = output.split('\n').flatMap((text): ListedEntry[] => {
    if (text === '' || /^total \d+$/.test(text)) return [];
    const [, letter = '', bits = '', owner = '', group = '', size = '0', rest = ''] = line.exec(text) ?? [];
    const type = letters[letter];
    const name = type === 'link' ? (rest.split(' -> ')[0] ?? '') : rest;
    if (type === undefined || !isName(name)) {
      unread += 1;
      return [];
    }
    // `ls` does not say where a link leads: let the person try.
    const opens = type === 'link';
    return [{ name, type, opens, size: Number(size), modified: null, mode: bitsOf(bits), owner, group }];
  });
  return { entries, unread };
}

const letters: Readonly<Record<string, ListedEntry['type']>> = {
  '-': 'file',
  h: 'file',
  d: 'directory',
  l: 'link',
  b: 'device',
  c: 'device',
  p: 'pipe',
  s: 'socket',
};

function bitsOf(bits: string): number {
  let mode = 0;
  for (let at = 0; at < 9; at += 1) {
    const char = bits[at] ?? '-';
    if (char !== '-' && char !== 'S' && char !== 'T') mode |= 0o400 >> at;
  }
  return mode;
}

function typeOf(mode: number): ListedEntry['type'] {
  switch (mode & 0o170000) {
    case 0o100000:
      return 'file';
    case 0o040000:
      return 'directory';
    case 0o120000:
      return 'link';
    case 0o060000:
    case 0o020000:
      return 'device';
    case 0o140000:
      return 'socket';
    case 0o010000:
      return 'pipe';
    default:
      return 'other';
  }
}

function bare(name: string): string {
  return name.startsWith('./') ? name.slice(2) : name;
}

function isName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !name.includes('/') && !name.includes('\0');
}
