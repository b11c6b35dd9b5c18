/** Pieces that the list and the watch decoder share. */
import { fail, type AppFailure } from '#shared/util/app-error';
import type { KubeObject } from '#shared/kinds/define';
import type { TableRow } from '#shared/kinds/table-row';
import { hasIdentity } from './types';

export function tooLarge(what: string, cap: number): AppFailure {
  return fail('too-large', `${what} is larger than ${cap / 1024 / 1024} MiB.`);
}

export function badAnswer(detail: string): AppFailure {
  return fail('bad-answer', `The server's answer could not be read: ${detail}.`);
}

/** A row of a Table; undefined for one without a name. */
export function toTableRow(value: unknown): TableRow | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { cells, object } = value as { cells?: unknown; object?: unknown };
  const named = hasIdentity(object) ? object : byName(object);
  return named && { ...named, cells: Array.isArray(cells) ? cells : [] };
}

/** Aggregated APIs (metrics) serve objects without a uid: these go by their namespace and name. */
function byName(value: unknown): KubeObject | undefined {
  const { metadata } = (value ?? {}) as { metadata?: Partial<KubeObject['metadata']> | null };
  if (typeof metadata?.name !== 'string') return undefined;
  const object = { metadata: { ...metadata, uid: `${metadata.namespace ?? ''}/${metadata.name}` } };
  return hasIdentity(object) ? object : undefined;
}
