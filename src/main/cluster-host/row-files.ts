/**
 * Rows of tables as encrypted files in the app's own folder. Guarantees: what is written can be read
 * with this key only and for this identity only (another user or server has other names and other
 * additional data); a reader sees the old file or the new one; files end after 14 days or beyond
 * 200 MB, the oldest first; nothing here ever fails a table.
 */
import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RowKeeper } from '../engine/caches';

export interface RowFilesOptions {
  readonly folder: string;
  /** 32 bytes, base64; from the key store of the system. */
  readonly key: string;
  /** Who looks at which cluster: rows of one are never shown to another. */
  readonly identity: string;
}

const DAYS = 14 * 86_400_000;
const BUDGET = 200 * 1024 * 1024;
const MAX_FILE = 64 * 1024 * 1024;
const NONCE = 12;
const TAG = 16;
const SUFFIX = '.rows';

export function rowFiles({ folder, key, identity }: RowFilesOptions): RowKeeper {
  const secret = Buffer.from(key, 'base64');
  const fileOf = (name: string): string =>
    join(
      folder,
      createHmac('sha256', secret).update(`${identity}\0${name}`).digest('hex').slice(0, 40) + SUFFIX,
    );
  const bound = (name: string): Buffer => Buffer.from(`${identity}\0${name}`);
  void tidy(folder);
  return {
    load: async (name) => {
      try {
        const file = fileOf(name);
        if ((await stat(file)).size > MAX_FILE) return undefined;
        const bytes = await readFile(file);
        const decipher = createDecipheriv('aes-256-gcm', secret, bytes.subarray(0, NONCE));
        decipher.setAAD(bound(name));
        decipher.setAuthTag(bytes.subarray(NONCE, NONCE + TAG));
        return Buffer.concat([decipher.update(bytes.subarray(NONCE + TAG)), decipher.final()]).toString(
          'utf8',
        );
      } catch {
        // No file, or one of another key: nothing is kept under this name.
        return undefined;
      }
    },
    save: async (name, text) => {
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv('aes-256-gcm', secret, nonce);
      cipher.setAAD(bound(name));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      if (body.length > MAX_FILE) return;
      const file = fileOf(name);
      const temporary = `${file}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await writeFile(temporary, Buffer.concat([nonce, cipher.getAuthTag(), body]), { mode: 0o600 });
        await rename(temporary, file);
      } catch {
        // A full disk or a read-only home: the rows of next time are read from the server (fault 69).
        await rm(temporary, { force: true }).catch(() => undefined);
      }
    },
  };
}

/** Removes what is old, what is too much and what a crash left half written. */
async function tidy(folder: string): Promise<void> {
  const now = Date.now();
  const names = await readdir(folder).catch(() => [] as string[]);
  const files = await Promise.all(
    names
      .filter((name) => name.endsWith(SUFFIX) || name.endsWith('.tmp'))
      .map(async (name) => {
        const path = join(folder, name);
        const found = await stat(path).catch(() => undefined);
        return { path, at: found?.mtimeMs ?? 0, size: found?.size ?? 0, half: name.endsWith('.tmp') };
      }),
  );
  let sum = 0;
  for (const { path, at, size, half } of files.sort((a, b) => b.at - a.at)) {
    sum += size;
    const over = half ? now - at > 60_000 : now - at > DAYS || sum > BUDGET;
    if (over) await rm(path, { force: true }).catch(() => undefined);
  }
}
