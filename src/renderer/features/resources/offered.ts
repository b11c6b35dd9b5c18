/** From a kind's columns to what the table offers. Pure. */
import type { ColumnMeta, KindId } from '#shared/kinds/define';
import { kindById } from '#shared/kinds/registry';
import type { OfferedColumn } from '../../ui/table/columns';

const nameColumn: OfferedColumn = { id: 'name', title: 'Name', type: 'text', cell: 'name' };
const ageColumn: ColumnMeta = { id: 'age', title: 'Age', type: 'time' };

/** Columns of the last visit to kinds that only the server knows; the first paint uses them. */
const seen = new Map<KindId, readonly ColumnMeta[]>();

/** Columns before the first answer: ours for known kinds, else those of the last visit. */
export function firstColumns(kind: KindId): readonly ColumnMeta[] {
  return kindById.get(kind)?.columns ?? seen.get(kind) ?? [nameColumn, ageColumn];
}

export function rememberColumns(kind: KindId, columns: readonly ColumnMeta[]): void {
  seen.set(kind, columns);
}

/** `oneNamespace`: all rows would say the same, so the namespace column is left out. */
export function offeredColumns(
  columns: readonly ColumnMeta[],
  oneNamespace: boolean,
): readonly OfferedColumn[] {
  const offered = columns.map((column, index): OfferedColumn => {
    const { id, title, type, hint, optional, width, ref } = column;
    return {
      id,
      title,
      type,
      hint,
      optional,
      width,
      link: ref !== undefined,
      cell: id === 'name' || id === 'namespace' ? id : index,
    };
  });
  const named = offered.some((column) => column.id === 'name') ? offered : [nameColumn, ...offered];
  const first = named.filter((column) => column.id === 'name');
  const rest = named.filter((column) => column.id !== 'name');
  return [...first, ...rest.filter((column) => !oneNamespace || column.id !== 'namespace')];
}
