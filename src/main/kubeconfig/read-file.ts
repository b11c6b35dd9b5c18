/**
 * Reads one small regular file of the user: kubeconfigs, certificates, keys, token files.
 * Guarantees: at most `maxBytes` are read; directories, pipes and devices are refused
 * before they are opened; failures say what is wrong in words and never show content.
 */
import { open, stat } from 'node:fs/promises';
import { constants, openSync, closeSync, fstatSync, readSync } from 'node:fs';

export class FileProblem extends Error {
  readonly reason: 'missing' | 'denied' | 'not-a-file' | 'too-large' | 'unreadable';
  constructor(reason: FileProblem['reason'], message: string) {
    super(message);
    this.name = 'FileProblem';
    this.reason = reason;
  }
}

const megabyte = 1024 * 1024;
const CHUNK = 64 * 1024;

/** Reads the whole file; FileProblem when it cannot be had. */
export async function readSmallFile(path: string, maxBytes: number): Promise<Buffer> {
  try {
    // Before opening: opening a pipe would wait for a writer.
    refuse(path, await stat(path), maxBytes);
    const handle = await open(path, constants.O_RDONLY | nonBlock());
    try {
      refuse(path, await handle.stat(), maxBytes);
      const chunks: Buffer[] = [];
      let length = 0;
      for (;;) {
        const chunk = Buffer.allocUnsafe(CHUNK);
        const { bytesRead } = await handle.read(chunk, 0, CHUNK, null);
        if (bytesRead === 0) return Buffer.concat(chunks);
        length += bytesRead;
        if (length > maxBytes) throw tooLarge(path, maxBytes);
        chunks.push(chunk.subarray(0, bytesRead));
      }
    } finally {
      await handle.close();
    }
  } catch (thrown) {
    throw asProblem(path, thrown);
  }
}

/** The same, at once: for the few bytes of a key while a socket is being made. */
export function readSmallFileSync(path: string, maxBytes: number): Buffer {
  try {
    const descriptor = openSync(path, constants.O_RDONLY | nonBlock());
    try {
      refuse(path, fstatSync(descriptor), maxBytes);
      const chunks: Buffer[] = [];
      let length = 0;
      for (;;) {
        const chunk = Buffer.allocUnsafe(CHUNK);
        const got = readSync(descriptor, chunk, 0, CHUNK, null);
        if (got === 0) return Buffer.concat(chunks);
        length += got;
        if (length > maxBytes) throw tooLarge(path, maxBytes);
        chunks.push(chunk.subarray(0, got));
      }
    } finally {
      closeSync(descriptor);
    }
  } catch (thrown) {
    throw asProblem(path, thrown);
  }
}

function nonBlock(): number {
  return process.platform === 'win32' ? 0 : constants.O_NONBLOCK;
}

function refuse(
  path: string,
  found: { isFile(): boolean; isDirectory(): boolean; size: number },
  max: number,
): void {
  if (found.isDirectory()) throw new FileProblem('not-a-file', `${path} is a directory, not a file.`);
  if (!found.isFile()) throw new FileProblem('not-a-file', `${path} is not a regular file.`);
  if (found.size > max) throw tooLarge(path, max);
}

function tooLarge(path: string, max: number): FileProblem {
  const limit = max >= megabyte ? `${max / megabyte} MiB` : `${max / 1024} KiB`;
  return new FileProblem('too-large', `${path} is larger than ${limit}.`);
}

function asProblem(path: string, thrown: unknown): FileProblem {
  if (thrown instanceof FileProblem) return thrown;
  const code = (thrown as NodeJS.ErrnoException).code ?? 'unknown';
  if (code === 'ENOENT' || code === 'ENOTDIR') return new FileProblem('missing', `${path} does not exist.`);
  if (code === 'EACCES' || code === 'EPERM')
    return new FileProblem('denied', `You have no right to read ${path}.`);
  if (code === 'ELOOP')
    return new FileProblem('unreadable', `${path} is a symbolic link that leads to itself.`);
  return new FileProblem('unreadable', `${path} cannot be read (${code}).`);
}
