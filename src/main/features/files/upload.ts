/**
 * From this machine into a container.
 * Guarantees: only what was granted is read; links are not followed but left out and named; both
 * sides' sums are compared; a file that changes while it is read fails the upload instead of
 * shifting what comes after it.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pack, type Pack } from 'tar-stream';
import { AppFailure, fail } from '#shared/util/app-error';
import { visible } from '#shared/util/text';
import type { Dialler } from '../../k8s/channel-socket';
import type { ContainerTarget } from '../../k8s/exec-stream';
import { verify } from './checksums';
import { writeProgram } from './exec-io';
import type { Progress } from './progress';
import { hasNone, noTools, tryExec } from './remote';

export interface UploadRequest {
  readonly api: Dialler;
  readonly target: ContainerTarget;
  readonly directory: string;
  /** Files and folders the person chose. */
  readonly paths: readonly string[];
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

interface Local {
  readonly path: string;
  /** Below the directory, with `/`. */
  readonly name: string;
  readonly size: number;
  readonly mode: number;
  readonly modified: Date;
  readonly isFolder: boolean;
}

const MOST_FILES = 100_000;

export async function upload(request: UploadRequest): Promise<void> {
  const { paths, progress, api, target, directory, signal } = request;
  const all: Local[] = [];
  for (const path of paths) await walk(path, basename(path), all, progress, signal);
  const total = all.reduce((sum, { size }) => sum + size, 0);
  progress.set({ phase: 'copying', total });
  await checkWritable(request);
  let sums = await withTar(request, all);
  if (!sums) {
    progress.set({ files: 0, bytes: 0 });
    sums = await withCat(request, all);
  }
  progress.set({ phase: 'verifying', current: undefined });
  const names = paths.map((path) => basename(path));
  progress.set({ phase: 'done', verified: await verify(api, target, directory, names, sums, signal) });
}

/** A program that cannot write stops reading, and then nobody hears why: ask before. */
async function checkWritable({ api, target, directory, signal }: UploadRequest): Promise<void> {
  const script = 't="$1/.binnacle-$$"; mkdir "$t" && rmdir "$t"';
  const found = await tryExec(api, target, ['sh', '-c', script, 'sh', directory], signal);
  if (!found || found.code === 0) return;
  const said = visible(found.stderr.toString('utf8').split('\n')[0] ?? '').slice(0, 300);
  throw fail('forbidden', `The container cannot write to ${directory}.`, said === '' ? {} : { hint: said });
}

async function walk(
  path: string,
  name: string,
  all: Local[],
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  if (signal.aborted) throw fail('cancelled', 'Cancelled.');
  if (all.length >= MOST_FILES)
    throw fail('too-large', `More than ${MOST_FILES.toLocaleString('en')} files at once.`);
  const info = await lstat(path);
  if (!info.isFile() && !info.isDirectory()) {
    progress.skip(visible(name), info.isSymbolicLink() ? 'symbolic link' : 'neither a file nor a folder');
    return;
  }
  const isFolder = info.isDirectory();
  all.push({
    path,
    name,
    size: isFolder ? 0 : info.size,
    mode: info.mode & 0o777,
    modified: info.mtime,
    isFolder,
  });
  if (!isFolder) return;
  for (const child of (await readdir(path)).sort())
    await walk(join(path, child), `${name}/${child}`, all, progress, signal);
}

/** Undefined when the container has no tar. */
async function withTar(
  { api, target, directory, progress, signal }: UploadRequest,
  all: readonly Local[],
): Promise<Map<string, string> | undefined> {
  let program;
  try {
    program = await writeProgram(api, target, ['tar', 'xmf', '-', '-C', directory], signal);
  } catch (thrown) {
    if (hasNone(thrown)) return undefined;
    throw thrown;
  }
  const archive = pack();
  const sums = new Map<string, string>();
  const filling = (async () => {
    for (const local of all) await addEntry(archive, local, sums, progress, signal);
    archive.finalize();
  })();
  filling.catch((thrown: unknown) => archive.destroy(thrown as Error));
  try {
    await pipeline(archive, program.input, { signal });
    await filling;
  } catch (thrown) {
    if (signal.aborted) throw fail('cancelled', 'Cancelled.');
    // What went wrong on this side (a file that changed, a server too old) ended the program, too.
    if (thrown instanceof AppFailure && thrown.error.code !== 'cancelled' && !hasNone(thrown)) throw thrown;
    // The program's own end says more than the pipe that broke.
    const end = await program.done.catch((why: unknown) => why);
    if (hasNone(end)) {
      // What was on its way must not be counted for the way that comes next.
      archive.destroy();
      await filling.catch(() => undefined);
      return undefined;
    }
    if (end instanceof Error) throw end;
    throwIfFailed(end as { code: number; stderr: string }, directory);
    throw thrown;
  }
  const end = await program.done.catch((thrown: unknown) => {
    // So little to send that it was sent before anybody said that there is no tar.
    if (hasNone(thrown)) return undefined;
    throw thrown;
  });
  if (!end) return undefined;
  throwIfFailed(end, directory);
  return sums;
}

function throwIfFailed({ code, stderr }: { code: number; stderr: string }, directory: string): void {
  if (code === 0) return;
  const said = visible(stderr.split('\n')[0] ?? '').slice(0, 300);
  if (/permission denied|read-only file system/i.test(said))
    throw fail('forbidden', `The container cannot write to ${directory}: ${said}`);
  if (/no space left/i.test(said)) throw fail('too-large', `There is no room left in the container: ${said}`);
  throw fail('server', `tar in the container ended with ${code}${said === '' ? '' : `: ${said}`}.`);
}

function addEntry(
  archive: Pack,
  local: Local,
  sums: Map<string, string>,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  const { name, path, size, mode, modified, isFolder } = local;
  if (isFolder) {
    return new Promise((resolve, reject) =>
      archive.entry({ name: `${name}/`, type: 'directory', mode: mode | 0o700, mtime: modified }, (error) =>
        error ? reject(error) : resolve(),
      ),
    );
  }
  progress.set({ current: visible(name) });
  return new Promise((resolve, reject) => {
    let stored = (): void => undefined;
    const taken = new Promise<void>((done) => (stored = done));
    const entry = archive.entry({ name, size, mode, mtime: modified }, (error) =>
      error ? reject(error) : stored(),
    );
    // Exactly what was announced: a file that grew is cut there, one that shrank fails.
    const source = createReadStream(path, size === 0 ? { end: 0 } : { end: size - 1 });
    hashed(source, entry, size, progress, signal).then(async (sum) => {
      sums.set(name, sum);
      progress.fileDone();
      // The archive may have it before the sum is known, or after.
      await taken;
      resolve();
    }, reject);
  });
}

async function hashed(
  source: NodeJS.ReadableStream,
  into: NodeJS.WritableStream,
  size: number,
  progress: Progress,
  signal: AbortSignal,
): Promise<string> {
  const hash = createHash('sha256');
  let seen = 0;
  const count = new Transform({
    transform: (chunk: Buffer, _encoding, callback) => {
      const part = chunk.subarray(0, Math.max(0, size - seen));
      seen += part.length;
      hash.update(part);
      progress.add(part.length);
      callback(null, part);
    },
    flush: (callback) =>
      callback(seen === size ? null : fail('conflict', 'A file became shorter while it was read.')),
  });
  await pipeline(source, count, into, { signal });
  return hash.digest('hex');
}

/** Without tar: each file through the shell's `cat`. */
async function withCat(
  { api, target, directory, progress, signal }: UploadRequest,
  all: readonly Local[],
): Promise<Map<string, string>> {
  const sums = new Map<string, string>();
  for (const local of all) {
    const to = `${directory}/${local.name}`;
    const command = local.isFolder ? ['mkdir', '-p', to] : ['sh', '-c', 'cat > "$1"', 'sh', to];
    progress.set({ current: visible(local.name) });
    try {
      const program = await writeProgram(api, target, command, signal);
      if (local.isFolder) program.input.end();
      else {
        const source = createReadStream(local.path, local.size === 0 ? { end: 0 } : { end: local.size - 1 });
        sums.set(local.name, await hashed(source, program.input, local.size, progress, signal));
        progress.fileDone();
      }
      throwIfFailed(await program.done, directory);
    } catch (thrown) {
      throw hasNone(thrown) ? noTools(target) : thrown;
    }
  }
  return sums;
}
