/** What a table keeps of an object's metadata beside its cells: label sets and the owner, as words. */
import type { OwnerReference } from '#shared/kinds/define';

const SEPARATOR = '\u0000';

/** A label set as one word: pairs of key and value between NULs, in the object's order. */
export function joinLabels(labels: unknown): string {
  if (typeof labels !== 'object' || labels === null) return '';
  let text = '';
  for (const key of Object.keys(labels)) {
    const value = (labels as Record<string, unknown>)[key];
    text += `${SEPARATOR}${key}${SEPARATOR}${typeof value === 'string' ? value : ''}`;
  }
  return text === '' ? '' : text + SEPARATOR;
}

/** The labels of one entry of `Table.labels`. */
export function readLabels(text: string): ReadonlyMap<string, string> {
  const map = new Map<string, string>();
  const parts = text.split(SEPARATOR);
  for (let i = 1; i + 1 < parts.length; i += 2) map.set(parts[i]!, parts[i + 1]!);
  return map;
}

/** uid of the controlling owner, else of the first one, else ''. */
export function ownerUid(owners: unknown): string {
  if (!Array.isArray(owners)) return '';
  const list = owners as (Partial<OwnerReference> | null)[];
  const owner = list.find((o) => o?.controller === true) ?? list[0];
  return typeof owner?.uid === 'string' ? owner.uid : '';
}
