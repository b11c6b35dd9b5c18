/**
 * The private folder of one terminal: 0700, its files 0600, gone when the terminal is.
 * What a crash leaves is removed by `clearFolder` at the next start.
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export function makeFolder(folder: string, files: Readonly<Record<string, string>>): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, name), text, { mode: 0o600, flag: 'wx' });
  }
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 2 });
}

/** Removes everything in it; returns how many terminals had left something. Never throws. */
export function clearFolder(folder: string): number {
  let left = 0;
  try {
    for (const name of readdirSync(folder)) {
      removeFolder(join(folder, name));
      left += 1;
    }
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // Not there, or not ours: nothing to clear.
  }
  return left;
}
