/**
 * Judges what a container's tar wants to write here (rules/security.md: kubectl cp). Pure.
 * Guarantees: what passes is a plain relative path below one of the names that were asked for, a
 * file or a directory, of a name this system can keep; counts and sizes have limits that are
 * checked before anything is written. Links, devices and pipes never pass.
 */
export interface ArchiveEntry {
  readonly name: string;
  /** As tar names it: `file`, `directory`, `symlink`, `link`, `character-device`, ... */
  readonly type: string;
  readonly size: number;
}

export interface ArchiveLimits {
  readonly entries: number;
  readonly bytes: number;
}

export type Judged =
  | { readonly kind: 'file' | 'directory'; readonly parts: readonly string[] }
  | { readonly kind: 'skip'; readonly why: string }
  /** The whole archive is refused. */
  | { readonly kind: 'refuse'; readonly why: string };

export const usualLimits: ArchiveLimits = { entries: 100_000, bytes: 20 * 1024 ** 3 };
const MOST_DEPTH = 64;
const LONGEST = 4_000;
const LONGEST_PART = 255;

export class ArchiveGuard {
  private entries = 0;
  private bytes = 0;
  private readonly asked: ReadonlySet<string>;

  constructor(
    asked: readonly string[],
    private readonly limits: ArchiveLimits,
    private readonly windows: boolean,
  ) {
    this.asked = new Set(asked);
  }

  judge({ name, type, size }: ArchiveEntry): Judged {
    this.entries += 1;
    if (this.entries > this.limits.entries)
      return refuse(`It holds more than ${this.limits.entries.toLocaleString('en')} files and folders.`);
    if (!Number.isFinite(size) || size < 0) return refuse(`The size of ${short(name)} makes no sense.`);
    if (type === 'file' || type === 'contiguous-file') this.bytes += size;
    if (this.bytes > this.limits.bytes)
      return refuse(`It holds more than ${Math.round(this.limits.bytes / 1024 ** 3)} GiB.`);
    if (name.length > LONGEST) return skip('its path is too long');
    if (name.includes('\0')) return refuse('A path holds a NUL.');
    if (name.startsWith('/') || /^[a-z]:/i.test(name)) return refuse(`${short(name)} is an absolute path.`);
    const parts = name.split('/').filter((part) => part !== '' && part !== '.');
    if (parts.includes('..')) return refuse(`${short(name)} leads out of the folder.`);
    const [first] = parts;
    if (first === undefined) return skip('it is the folder itself');
    if (!this.asked.has(first)) return refuse(`${short(name)} was not asked for.`);
    const why = linkWords(type) ?? (parts.length > MOST_DEPTH ? 'it lies too deep' : undefined);
    if (why !== undefined) return skip(why);
    const bad = parts.map((part) => badPart(part, this.windows)).find((one) => one !== undefined);
    if (bad !== undefined) return skip(bad);
    return { kind: type === 'directory' ? 'directory' : 'file', parts };
  }
}

function linkWords(type: string): string | undefined {
  switch (type) {
    case 'file':
    case 'contiguous-file':
    case 'directory':
      return undefined;
    case 'symlink':
      return 'symbolic link';
    case 'link':
      return 'hard link';
    case 'character-device':
    case 'block-device':
      return 'device';
    case 'fifo':
      return 'pipe';
    default:
      return `entry of type ${type}`;
  }
}

/** Why a system cannot keep a name; undefined when it can. */
function badPart(part: string, windows: boolean): string | undefined {
  if (new TextEncoder().encode(part).length > LONGEST_PART) return 'its name is too long';
  if (!windows) return undefined;
  // A backslash or a colon would be another path on Windows.

  if (/[<>:"\\|?*\u0000-\u001f]/.test(part) || /[ .]$/.test(part)) return 'Windows has no such name';
  if (/^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$/i.test(part)) return 'its name belongs to Windows';
  return undefined;
}

function short(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 77)}...` : name);
}

function skip(why: string): Judged {
  return { kind: 'skip', why };
}

function refuse(why: string): Judged {
  return { kind: 'refuse', why };
}
