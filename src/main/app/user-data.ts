/**
 * Where the app keeps its own files. Guarantees: a folder that can be written; where the
 * usual one cannot (read-only home, a file in its place) it is a temporary one, and
 * `problem` says so (fault 69). Its removal at the end is an attempt: Chromium writes last.
 */
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface UserData {
  readonly path: string;
  /** For the person. */
  readonly problem?: string;
  /** Removes what is temporary. */
  readonly dispose: () => void;
}

export function openUserData(wanted: string): UserData {
  try {
    // Recursive only where parents are missing: Node loops for ever where the system answers
    // ENOENT for a child of a folder that exists (/proc, some network homes).
    if (!existsSync(dirname(wanted))) mkdirSync(dirname(wanted), { recursive: true, mode: 0o700 });
    if (!existsSync(wanted)) mkdirSync(wanted, { mode: 0o700 });
    accessSync(wanted, constants.W_OK | constants.X_OK);
    // Root may do everything on paper; a read-only file system still refuses.
    const probe = join(wanted, `.probe-${process.pid}`);
    writeFileSync(probe, '');
    rmSync(probe);
    return { path: wanted, dispose: () => undefined };
  } catch (thrown) {
    const code = (thrown as { code?: string }).code ?? String(thrown);
    const path = mkdtempSync(join(tmpdir(), 'binnacle-'));
    return {
      path,
      problem: `${wanted} cannot be written (${code}). Settings last until the app ends.`,
      dispose: () => {
        try {
          rmSync(path, { recursive: true, force: true });
        } catch {
          // Something of Chromium's is still being written: the system cleans its temporary folder.
        }
      },
    };
  }
}
