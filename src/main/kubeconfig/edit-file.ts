/**
 * Reads a kubeconfig for an edit and writes the edited text back. Guarantees: the file is
 * replaced whole or not at all (temporary file, fsync, rename); it is refused when it is not
 * the one that was read (time, size, hash); kubectl's `FILE.lock` is held meanwhile; the mode
 * stays (0600 for a new file); a link stays a link; the version before is in
 * `FILE.binnacle-backup` (0600, newest only).
 */
import { createHash, randomBytes } from 'node:crypto';
import { lstat, mkdir, open, realpath, rename, stat, unlink } from 'node:fs/promises';
import { dirname, join, basename } from 'node:path';
import { AppFailure, fail } from '#shared/util/app-error';
import { changeText, unusedWith, type KubeconfigEdit } from './edit';
import { planAdd, type AddPlan, type AddSource } from './edit-add';
import { readTree } from './edit-tree';
import { decode, MAX_KUBECONFIG_BYTES } from './load';
import { FileProblem, readSmallFile } from './read-file';

/** A kubeconfig as it was when it was read. */
export interface EditableFile {
  readonly path: string;
  /** The file behind links. */
  readonly target: string;
  /** Without byte order mark; empty for a file that does not exist yet. */
  readonly text: string;
  readonly bom: boolean;
  /** Null: there was no file. */
  readonly seen: Seen | null;
}

interface Seen {
  readonly mtimeNs: bigint;
  readonly size: bigint;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly hash: string;
}

/** AppFailure `kubeconfig` when it cannot be read or is not text. */
export async function readForEdit(path: string): Promise<EditableFile> {
  const target = await targetOf(path);
  const read = await readSeen(target);
  if (read === null) return { path, target, text: '', bom: false, seen: null };
  const text = decode(read.bytes);
  if (text === null)
    throw fail('kubeconfig', `${path} is not UTF-8 text.`, { hint: 'Save it as UTF-8 first.' });
  const bom = read.bytes.subarray(0, 3).equals(BOM);
  return { path, target, text, bom, seen: read.seen };
}

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/** Follows links, also one whose target does not exist yet. */
async function targetOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (thrown) {
    if (codeOf(thrown) !== 'ENOENT') throw words(path, thrown);
    const link = await lstat(path).catch(() => null);
    if (link?.isSymbolicLink()) throw fail('kubeconfig', `${path} is a link to a file that does not exist.`);
    return join(await realpath(dirname(path)).catch(() => dirname(path)), basename(path));
  }
}

async function readSeen(target: string): Promise<{ bytes: Buffer; seen: Seen } | null> {
  try {
    const before = await stat(target, { bigint: true });
    const bytes = await readSmallFile(target, MAX_KUBECONFIG_BYTES);
    const { mtimeNs, size, mode, uid, gid } = before;
    const hash = createHash('sha256').update(bytes).digest('hex');
    return {
      bytes,
      seen: { mtimeNs, size, mode: Number(mode) & 0o777, uid: Number(uid), gid: Number(gid), hash },
    };
  } catch (thrown) {
    if (thrown instanceof FileProblem && thrown.reason !== 'missing')
      throw fail('kubeconfig', thrown.message);
    if (codeOf(thrown) === 'ENOENT' || thrown instanceof FileProblem) return null;
    throw words(target, thrown);
  }
}

/** What a removal offers to take along; `elsewhere`: contexts of the other files of the list. */
export function planRemoval(
  file: EditableFile,
  context: string,
  elsewhere: readonly { readonly cluster?: string | undefined; readonly user?: string | undefined }[] = [],
): { cluster?: string; user?: string; isCurrent: boolean } {
  const { model } = readTree(file.path, file.text);
  return { ...unusedWith(model, context, elsewhere), isCurrent: model['current-context'] === context };
}

/** What a paste or a dropped file would add; give its `edit` to `saveEdit`. */
export function planAddTo(file: EditableFile, source: AddSource): AddPlan {
  return planAdd(file.path, file.text, source);
}

/**
 * Makes the edit and writes. AppFailure `conflict` when the file changed since `file` was read
 * or kubectl holds the lock; resolves false when the edit changes nothing. `backup` false: the
 * backup of an earlier edit stays.
 */
export async function saveEdit(
  file: EditableFile,
  edit: KubeconfigEdit,
  { backup = true }: { readonly backup?: boolean } = {},
): Promise<boolean> {
  const text = changeText(file.path, file.text, edit);
  if (text === file.text) return false;
  const bytes = Buffer.concat([file.bom ? BOM : Buffer.alloc(0), Buffer.from(text, 'utf8')]);
  if (bytes.length > MAX_KUBECONFIG_BYTES)
    throw fail('too-large', `${file.path} would be larger than a kubeconfig may be.`);
  try {
    if (file.seen === null) await mkdir(dirname(file.target), { recursive: true, mode: 0o700 });
    const unlock = await lock([...new Set([file.path, file.target])]);
    try {
      await replace(file, bytes, backup);
    } finally {
      await unlock();
    }
  } catch (thrown) {
    throw words(file.path, thrown);
  }
  return true;
}

/** `FILE.lock` made only where there is none, as kubectl does; both names of a linked file. */
async function lock(paths: readonly string[]): Promise<() => Promise<void>> {
  const held: string[] = [];
  const unlock = async (): Promise<void> => {
    for (const path of held) await unlink(path).catch(() => undefined);
  };
  for (const path of paths) {
    const name = `${path}.lock`;
    try {
      await (await open(name, 'wx', 0o600)).close();
      held.push(name);
    } catch (thrown) {
      await unlock();
      if (codeOf(thrown) !== 'EEXIST') throw thrown;
      throw fail('conflict', `${path} is locked: ${name} exists.`, {
        hint: 'kubectl or another program is writing it. Try again; delete the lock file when none is running.',
      });
    }
  }
  return unlock;
}

async function replace(file: EditableFile, bytes: Buffer, backup: boolean): Promise<void> {
  const { target, seen } = file;
  await unchanged(file);
  const folder = dirname(target);
  if (seen) {
    const before = await readSeen(target);
    if (before?.seen.hash !== seen.hash) throw changed(file.path);
    if (backup)
      await put(folder, `${target}.binnacle-backup`, before.bytes, 0o600, null, () => Promise.resolve());
  }
  await put(folder, target, bytes, seen?.mode ?? 0o600, seen, () => unchanged(file));
  // Makes the rename itself survive a power cut; not every system lets one open a folder.
  const handle = await open(folder, 'r').catch(() => null);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

/** Refuses when the file is not the one that was read. */
async function unchanged(file: EditableFile): Promise<void> {
  if ((await targetOf(file.path)) !== file.target) throw changed(file.path);
  const now = await readSeen(file.target);
  const { seen } = file;
  if (now === null && seen === null) return;
  if (now === null || seen === null) throw changed(file.path);
  const { mtimeNs, size, hash } = now.seen;
  if (mtimeNs !== seen.mtimeNs || size !== seen.size || hash !== seen.hash) throw changed(file.path);
}

function changed(path: string): AppFailure {
  return fail('conflict', `${path} was changed by another program meanwhile.`, {
    hint: 'Nothing was written. Look at the new version and try again.',
  });
}

async function put(
  folder: string,
  to: string,
  bytes: Buffer,
  mode: number,
  owner: { uid: number; gid: number } | null,
  check: () => Promise<void>,
): Promise<void> {
  const name = join(folder, `.${basename(to)}.${randomBytes(6).toString('hex')}.tmp`);
  const handle = await open(name, 'wx', 0o600);
  try {
    try {
      await handle.writeFile(bytes);
      // Root editing another person's file must not take it away from them.
      if (owner && process.getuid?.() === 0) await handle.chown(owner.uid, owner.gid);
      await handle.chmod(mode);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await check();
    await rename(name, to);
  } catch (thrown) {
    await unlink(name).catch(() => undefined);
    throw thrown;
  }
}

function codeOf(thrown: unknown): string | undefined {
  return (thrown as NodeJS.ErrnoException | null)?.code;
}

function words(path: string, thrown: unknown): unknown {
  if (thrown instanceof AppFailure) return thrown;
  switch (codeOf(thrown)) {
    case 'EACCES':
    case 'EPERM':
      return fail('kubeconfig', `You have no right to write ${path} or its folder.`);
    case 'EROFS':
      return fail('kubeconfig', `${path} is on a read-only file system.`);
    case 'ENOSPC':
    case 'EDQUOT':
      return fail('kubeconfig', `There is no space left to write ${path}.`, {
        hint: 'The file is as it was.',
      });
    case 'ELOOP':
      return fail('kubeconfig', `${path} is a symbolic link that leads to itself.`);
    case 'ENOENT':
    case 'ENOTDIR':
      return fail('kubeconfig', `The folder of ${path} does not exist.`);
    default:
      return thrown instanceof Error
        ? fail('kubeconfig', `${path} cannot be written (${codeOf(thrown) ?? 'unknown'}).`)
        : thrown;
  }
}
