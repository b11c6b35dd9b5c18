/**
 * From a container into a folder the person chose.
 * Guarantees (rules/security.md: kubectl cp): everything is first written into a fresh folder
 * beside its destination and moved there when it is whole; no existing file is overwritten; no link
 * is made or followed; a cancelled or failed download leaves nothing.
 */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, stat, statfs } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { extract, type Header } from 'tar-stream';
import { Transform, type Readable } from 'node:stream';
import { ArchiveGuard, usualLimits } from '#shared/domain/files/archive-guard';
import { fail } from '#shared/util/app-error';
import { visible } from '#shared/util/text';
import type { Dialler } from '../../k8s/channel-socket';
import type { ContainerTarget } from '../../k8s/exec-stream';
import { verify } from './checksums';
import { readProgram } from './exec-io';
import type { Progress } from './progress';
import { hasNone, noTools, tryExec } from './remote';

export interface DownloadRequest {
  readonly api: Dialler;
  readonly target: ContainerTarget;
  readonly directory: string;
  readonly names: readonly string[];
  /** A folder the person chose. */
  readonly into: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

const RESERVE = 256 * 1024 * 1024;

export async function download(request: DownloadRequest): Promise<void> {
  const { names, into, progress, signal, api, target, directory } = request;
  for (const name of names) {
    if (name === '' || name === '.' || name === '..' || /[/\0]/.test(name))
      throw fail('invalid-input', `${JSON.stringify(name)} is no name.`);
  }
  const fresh = await mkdtemp(join(into, '.binnacle-download-'));
  try {
    progress.set({ phase: 'preparing', ...(await sizeOf(request)) });
    progress.set({ phase: 'copying' });
    const sums = await readArchive(request, fresh);
    progress.set({ phase: 'verifying', current: undefined });
    const verified = await verify(api, target, directory, names, sums, signal);
    const written: string[] = [];
    for (const name of names) {
      const from = join(fresh, name);
      if (!(await exists(from))) continue;
      const to = await freeName(into, name);
      await rename(from, to);
      written.push(to);
    }
    progress.set({ phase: 'done', verified, written });
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

/** Bytes to come, where the container can tell. */
async function sizeOf({
  api,
  target,
  directory,
  names,
  signal,
}: DownloadRequest): Promise<{ total?: number }> {
  const script = 'cd "$1" || exit 66; shift; exec du -sk "$@"';
  const found = await tryExec(
    api,
    target,
    ['sh', '-c', script, 'sh', directory, ...names.map((name) => `./${name}`)],
    signal,
  );
  const blocks = found?.stdout.toString('utf8').match(/^\d+(?=\s)/gm);
  return blocks ? { total: blocks.reduce((sum, text) => sum + Number(text) * 1024, 0) } : {};
}

/** Sums by path of all files written. */
async function readArchive(request: DownloadRequest, fresh: string): Promise<Map<string, string>> {
  const { api, target, directory, names, signal, progress } = request;
  const command = ['tar', 'cf', '-', '-C', directory, ...names.map((name) => `./${name}`)];
  let program;
  try {
    program = await readProgram(api, target, command, signal);
    const sums = await unpack(request, program.output, fresh);
    const { code, stderr } = await program.done;
    // 1: a file changed while it was read. It is compared below like all others.
    if (code > 1) throw tarFailure(code, stderr);
    if (code === 1 && stderr !== '')
      progress.skip(visible(stderr.split('\n')[0] ?? '').slice(0, 200), 'tar says');
    return sums;
  } catch (thrown) {
    const isMissing = hasNone(thrown) || (program && (await program.done.then(() => false, hasNone)));
    if (!isMissing) throw thrown;
    return readPlain(request, fresh);
  }
}

function tarFailure(code: number, stderr: string): Error {
  const said = visible(stderr.split('\n')[0] ?? '').slice(0, 300);
  return fail('server', `tar in the container ended with ${code}${said === '' ? '' : `: ${said}`}.`);
}

async function unpack(
  request: DownloadRequest,
  output: Readable,
  fresh: string,
): Promise<Map<string, string>> {
  const { names, progress, signal } = request;
  const guard = new ArchiveGuard(names, usualLimits, process.platform === 'win32');
  const sums = new Map<string, string>();
  const { bavail, bsize } = await statfs(fresh);
  let room = bavail * bsize - RESERVE;
  const archive = extract();
  const reading = (async () => {
    for await (const entry of archive) {
      const { name, type, size = 0, mode = 0o644 } = entry.header as Header;
      const judged = guard.judge({ name: name.replace(/^(\.\/)+/, ''), type: type ?? 'file', size });
      if (judged.kind === 'refuse')
        throw fail('invalid-input', `The archive of the container is refused. ${judged.why}`);
      if (judged.kind === 'skip') {
        if (name !== './' && name !== '.') progress.skip(visible(name).slice(0, 300), judged.why);
        entry.resume();
        continue;
      }
      const path = join(fresh, ...judged.parts);
      if (judged.kind === 'directory') {
        await mkdir(path, { recursive: true, mode: 0o755 });
        entry.resume();
        continue;
      }
      room -= size;
      if (room < 0) throw fail('too-large', 'There is not enough room on this disk.');
      progress.set({ current: visible(judged.parts.join('/')) });
      await mkdir(join(path, '..'), { recursive: true });
      const sum = await writeFile(entry as unknown as Readable, path, mode, progress, signal);
      if (sum === undefined) progress.skip(visible(name).slice(0, 300), 'this system already has that name');
      else sums.set(judged.parts.join('/'), sum);
    }
  })();
  await Promise.all([pipeline(output, archive, { signal }), reading]);
  return sums;
}

/** The sum, or undefined when the name is taken (systems that know no upper and lower case). */
async function writeFile(
  source: Readable,
  path: string,
  mode: number,
  progress: Progress,
  signal: AbortSignal,
): Promise<string | undefined> {
  const hash = createHash('sha256');
  const count = new Transform({
    transform: (chunk: Buffer, _encoding, callback) => {
      hash.update(chunk);
      progress.add(chunk.length);
      callback(null, chunk);
    },
  });
  // No set-uid, nothing others can write; `wx` never follows or overwrites.
  const file = createWriteStream(path, { flags: 'wx', mode: (mode & 0o111) === 0 ? 0o644 : 0o755 });
  try {
    await pipeline(source, count, file, { signal });
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
    source.resume();
    return undefined;
  }
  progress.fileDone();
  return hash.digest('hex');
}

/** Without tar: single files through `cat`. */
async function readPlain(request: DownloadRequest, fresh: string): Promise<Map<string, string>> {
  const { api, target, directory, names, signal, progress } = request;
  const sums = new Map<string, string>();
  for (const name of names) {
    progress.set({ current: visible(name) });
    let program;
    let sum;
    try {
      program = await readProgram(api, target, ['cat', `${directory}/${name}`], signal);
      sum = await writeFile(program.output, join(fresh, name), 0o644, progress, signal);
    } catch (thrown) {
      throw hasNone(thrown) ? noTools(target) : thrown;
    }
    const { code, stderr } = await program.done;
    if (code !== 0) {
      await rm(join(fresh, name), { force: true });
      const why = /directory/i.test(stderr)
        ? 'a folder, and the container has no tar'
        : visible(stderr).slice(0, 200);
      progress.skip(visible(name), why);
    } else if (sum !== undefined) sums.set(name, sum);
  }
  return sums;
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** `notes.txt`, or `notes (2).txt` where that is taken. */
async function freeName(folder: string, name: string): Promise<string> {
  const ending = extname(name);
  const base = name.slice(0, name.length - ending.length);
  for (let number = 1; ; number += 1) {
    const path = join(folder, number === 1 ? name : `${base} (${number})${ending}`);
    if (!(await exists(path))) return path;
  }
}
