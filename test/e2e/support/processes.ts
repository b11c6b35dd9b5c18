/** What the operating system says about an app's processes (Linux; elsewhere nothing is known). */
import { readdirSync, readFileSync } from 'node:fs';

interface ProcessInfo {
  readonly pid: number;
  readonly parent: number;
  /** With the pid this names one process for good. */
  readonly started: string;
  readonly command: string;
}

function readProcess(pid: number): ProcessInfo | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z') return undefined;
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return { pid, parent: Number(fields[1]), started: fields[19] ?? '', command };
  } catch {
    return undefined;
  }
}

/** The process and everything it started, directly or not. */
export function processTree(root: number): ProcessInfo[] {
  if (process.platform !== 'linux') return [];
  const all: ProcessInfo[] = [];
  for (const name of readdirSync('/proc')) {
    const info = /^\d+$/.test(name) ? readProcess(Number(name)) : undefined;
    if (info) all.push(info);
  }
  const inside = new Set([root]);
  for (let grown = true; grown;) {
    grown = false;
    for (const info of all) {
      if (inside.has(info.pid) || !inside.has(info.parent)) continue;
      inside.add(info.pid);
      grown = true;
    }
  }
  return all.filter((info) => inside.has(info.pid));
}

/** Those of `before` that still run. */
export function stillAlive(before: readonly ProcessInfo[]): ProcessInfo[] {
  return before.filter((info) => readProcess(info.pid)?.started === info.started);
}
