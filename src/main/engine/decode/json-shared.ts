/** Pieces that the list and the watch decoder share. */
import { fail, type AppFailure } from '#shared/util/app-error';
import type { TableRow } from '#shared/kinds/table-row';
import { hasIdentity } from './types';

export function tooLarge(what: string, cap: number): AppFailure {
  return fail('too-large', `${what} is larger than ${cap / 1024 / 1024} MiB.`);
}

export function badAnswer(detail: string): AppFailure {
  return fail('bad-answer', `The server's answer could not be read: ${detail}.`);
}

export function toTableRow(value: unknown): TableRow | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { cells, object } = value as { cells?: unknown; object?: unknown };
  if (!hasIdentity(object)) return undefined;
  return { ...object, cells: Array.isArray(cells) ? cells : [] };
}
