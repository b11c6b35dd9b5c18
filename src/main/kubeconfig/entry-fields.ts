/**
 * Reading single fields of an entry the way kubectl takes them: empty texts are absent,
 * data wins over files, relative paths start at the file that holds the entry.
 */
import { dirname, resolve, sep } from 'node:path';
import { AppFailure } from '#shared/util/app-error';
import type { Entry } from './load';
import type { Material } from './types';

/** Data wins over the file; a relative file starts at the kubeconfig that names it. */
export function material(entry: Entry, field: string): Material | undefined {
  const data = textIn(entry.value, `${field}-data`);
  if (data !== undefined) return { data: Buffer.from(data, 'base64').toString('utf8') };
  const file = textIn(entry.value, field);
  return file === undefined ? undefined : { file: besideFile(entry, file) };
}

export function besideFile(entry: Entry, path: string): string {
  return resolve(dirname(entry.file), path);
}

/** Commands with a separator are paths beside the file; others are looked up on PATH. */
export function commandOf(entry: Entry, command: string): string {
  return command.includes(sep) ? besideFile(entry, command) : command;
}

/** Empty texts count as absent, as in Go. */
export function textIn(value: Readonly<Record<string, unknown>>, field: string): string | undefined {
  const found = value[field];
  return typeof found === 'string' && found !== '' ? found : undefined;
}

export function entryFailure(entry: Entry, text: string, hint?: string): AppFailure {
  return new AppFailure({
    code: 'kubeconfig',
    message: `${entry.file}:${entry.line}: ${text}`,
    ...(hint === undefined ? {} : { hint }),
  });
}
