/** Finds rows by name in the tables that are loaded anyway; names that start with the text come first. */
import type { KindInfo } from '#shared/contract/cluster';
import type { LiveTable } from '../../engine/view';

export interface Found {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

export function search(
  loaded: Iterable<{ readonly kind: KindInfo; readonly live: LiveTable }>,
  text: string,
  limit: number,
): Found[] {
  const needle = text.trim().toLowerCase();
  if (needle === '') return [];
  const starts: Found[] = [];
  const holds: Found[] = [];
  for (const { kind, live } of loaded) {
    const { table } = live;
    for (let row = 0; row < table.top && starts.length < limit; row += 1) {
      if (table.alive[row] !== 1) continue;
      const name = table.name(row);
      const at = name.toLowerCase().indexOf(needle);
      if (at < 0 || (at > 0 && holds.length >= limit)) continue;
      const found = { kind: kind.id, namespace: table.namespace(row), name, uid: table.uid(row) };
      (at === 0 ? starts : holds).push(found);
    }
  }
  return [...starts, ...holds].slice(0, limit);
}
