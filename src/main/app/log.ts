/**
 * The main process' log: stderr and `logs/main.log` in the app's folder (2 files of 1 MiB).
 * Guarantees: every line is redacted and one line; logging never throws and never waits
 * for the network. Not an audit trail.
 */
import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { visible } from '#shared/util/text';
import { describeThrown, redact } from '../cluster-host/redact';

const MAX_BYTES = 1024 * 1024;
let file: string | undefined;
let size = 0;

/** Until this is called lines go to stderr only. */
export function openLog(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    file = join(folder, 'main.log');
    size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  } catch {
    file = undefined;
  }
}

function write(level: 'info' | 'warn' | 'error', text: string): void {
  const line = `${new Date().toISOString()} ${level} ${visible(redact(text))}\n`;
  process.stderr.write(line, () => undefined);
  if (!file) return;
  try {
    if (size > MAX_BYTES) {
      renameSync(file, `${file}.1`);
      size = 0;
    }
    appendFileSync(file, line, { mode: 0o600 });
    size += line.length;
  } catch {
    // A full disk must not stop the app.
    file = undefined;
  }
}

export const log = {
  info: (text: string): void => write('info', text),
  warn: (text: string): void => write('warn', text),
  error: (text: string, thrown?: unknown): void =>
    write('error', thrown === undefined ? text : `${text}: ${describeThrown(thrown)}`),
};
