/**
 * Who listens on a port of this machine, as far as the system tells without more rights.
 * Guarantees: never throws and gives up after 2 s; undefined where nothing is known.
 */
import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { PortHolder } from '#shared/contract/forward';

const run = promisify(execFile);
const LIMIT = { timeout: 2_000, maxBuffer: 4 * 1024 * 1024, windowsHide: true } as const;

export async function portHolder(port: number): Promise<PortHolder | undefined> {
  try {
    if (process.platform === 'linux') return await linux(port);
    if (process.platform === 'win32') return await windows(port);
    return await lsof(port);
  } catch {
    return undefined;
  }
}

async function linux(port: number): Promise<PortHolder | undefined> {
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((file) => readFile(file, 'utf8').catch(() => '')),
  );
  const inodes = new Set(tables.flatMap((table) => listeningInodes(table, port)));
  if (inodes.size === 0) return undefined;
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const fds = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const fd of fds) {
      const link = await readlink(`/proc/${pid}/fd/${fd}`).catch(() => '');
      const inode = /^socket:\[(\d+)\]$/.exec(link)?.[1];
      if (inode === undefined || !inodes.has(inode)) continue;
      const name = (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')).trim();
      return { pid: Number(pid), ...(name === '' ? {} : { name }) };
    }
  }
  // It belongs to somebody else: the system does not say whom.
  return undefined;
}

/** Inodes of sockets in state LISTEN (0A) on `port`, from the text of /proc/net/tcp. */
export function listeningInodes(table: string, port: number): string[] {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  return table.split('\n').flatMap((line) => {
    const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
    return state === '0A' && local?.endsWith(`:${wanted}`) && inode ? [inode] : [];
  });
}

async function lsof(port: number): Promise<PortHolder | undefined> {
  const { stdout } = await run('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'], LIMIT);
  const pid = /^p(\d+)$/m.exec(stdout)?.[1];
  const name = /^c(.+)$/m.exec(stdout)?.[1];
  return pid === undefined ? undefined : { pid: Number(pid), ...(name === undefined ? {} : { name }) };
}

async function windows(port: number): Promise<PortHolder | undefined> {
  const { stdout } = await run('netstat', ['-ano', '-p', 'TCP'], LIMIT);
  const pid = new RegExp(`^\\s*TCP\\s+\\S+:${port}\\s+\\S+\\s+LISTENING\\s+(\\d+)`, 'm').exec(stdout)?.[1];
  if (pid === undefined) return undefined;
  const list = await run('tasklist', ['/FI', `PID eq ${pid}`, '/FO', 'CSV', '/NH'], LIMIT);
  const name = /^"([^"]+)"/.exec(list.stdout)?.[1];
  return { pid: Number(pid), ...(name === undefined ? {} : { name }) };
}
