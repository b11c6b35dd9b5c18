/**
 * Manifests out of files and folders that were dropped or chosen: .yaml, .yml and .json, in
 * the order of their names, one text. Size and number are capped; what is left out is said.
 */

const MOST_FILES = 500;
const MOST_BYTES = 4 * 1024 * 1024;
const isManifest = (name: string): boolean => /\.(?:ya?ml|json)$/i.test(name) && !name.startsWith('.');

interface Found {
  readonly path: string;
  readonly file: File;
}

export interface DroppedText {
  readonly text: string;
  readonly files: number;
  /** Why some were left out; empty: none was. */
  readonly left: string;
}

/** Entries must be taken in the event's own turn; reading goes on after it. */
export function entriesOf(items: DataTransferItemList): readonly FileSystemEntry[] {
  return [...items].flatMap((item) => {
    const entry = item.kind === 'file' ? item.webkitGetAsEntry() : null;
    return entry ? [entry] : [];
  });
}

export async function readEntries(entries: readonly FileSystemEntry[]): Promise<DroppedText> {
  const found: Found[] = [];
  for (const entry of entries) await walk(entry, found);
  return join(found);
}

export function readFiles(files: Iterable<File>): Promise<DroppedText> {
  return join([...files].map((file) => ({ path: file.webkitRelativePath || file.name, file })));
}

async function walk(entry: FileSystemEntry, found: Found[]): Promise<void> {
  if (found.length >= MOST_FILES) return;
  if (entry.isFile) {
    if (!isManifest(entry.name)) return;
    const file = await new Promise<File>((done, reject) => (entry as FileSystemFileEntry).file(done, reject));
    found.push({ path: entry.fullPath.replace(/^\//, ''), file });
    return;
  }
  if (!entry.isDirectory || entry.name.startsWith('.')) return;
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  // A folder is told in parts until an empty one.
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((done, reject) => reader.readEntries(done, reject));
    if (part.length === 0) return;
    for (const inner of part) await walk(inner, found);
  }
}

async function join(list: readonly Found[]): Promise<DroppedText> {
  const files = list.filter(({ path }) => isManifest(path.slice(path.lastIndexOf('/') + 1)));
  const sorted = [...files].sort((a, b) => a.path.localeCompare(b.path)).slice(0, MOST_FILES);
  const parts: string[] = [];
  let bytes = 0;
  let left = list.length - sorted.length;
  for (const { path, file } of sorted) {
    bytes += file.size;
    if (bytes > MOST_BYTES) {
      left += 1;
      continue;
    }
    const text = (await file.text())
      .replace(/^\uFEFF/, '')
      .replace(/\r\n/g, '\n')
      .trim();
    const safe = path.replace(/[^\x20-\x7e]/g, '?');
    if (text !== '') parts.push(`# ${safe}\n${text.replace(/^---[^\S\n]*\n/, '')}\n`);
  }
  return {
    text: parts.join('---\n'),
    files: parts.length,
    left:
      left === 0 ? '' : `${left} files were left out: no .yaml, .yml or .json, or more than 4 MiB together.`,
  };
}
