/** Which columns a kind's Table has: those of kubectl for built-in kinds, the CRD's own for custom ones. */
import { text, type KObject } from '../model';
import type { Kind } from '../store/kinds';
import type { TableColumn } from './column';
import { clusterColumns } from './columns-cluster';
import { workloadColumns } from './columns-workloads';
import { duration } from './duration';
import { jsonPath } from './json-path';

export const ageOf = (object: KObject, now: number): string =>
  duration(now - Date.parse(object.metadata.creationTimestamp));

const nameColumn: TableColumn = {
  name: 'Name',
  type: 'string',
  format: 'name',
  cell: (o) => o.metadata.name,
};
const ageColumn: TableColumn = { name: 'Age', type: 'string', cell: ageOf };

const cache = new WeakMap<Kind, readonly TableColumn[]>();

export function columnsOf(kind: Kind): readonly TableColumn[] {
  let columns = cache.get(kind);
  if (!columns) {
    const own = kind.columns ?? [];
    const builtIn = workloadColumns()[kind.storage] ?? clusterColumns()[kind.storage];
    if (own.length > 0) columns = [nameColumn, ...own.map(customColumn)];
    else if (kind.storage === 'events') columns = builtIn ?? [];
    else {
      const shown = (builtIn ?? []).filter((column) => !column.priority);
      columns = [nameColumn, ...shown, ageColumn, ...(builtIn ?? []).filter((column) => column.priority)];
    }
    cache.set(kind, columns);
  }
  return columns;
}

function customColumn(column: NonNullable<Kind['columns']>[number]): TableColumn {
  return {
    name: column.name,
    type: column.type,
    priority: column.priority ?? 0,
    description: column.description,
    cell: (object, now) => {
      const values = jsonPath(object, column.jsonPath);
      const [value] = values;
      if (value === undefined || value === null) return null;
      if (column.type === 'date') return duration(now - Date.parse(text(value)));
      if (column.type === 'integer' || column.type === 'number') return Number(value);
      if (column.type === 'boolean') return Boolean(value);
      return values.length > 1 ? values.map(text).join(',') : text(value);
    },
  };
}
