/** Server-side Tables: the columns of `kubectl get`, for every kind. */
import type { Fields, KObject } from '../model';
import type { Kind } from '../store/kinds';
import { columnsOf } from './columns';
import { partial } from './wire';

export type IncludeObject = 'None' | 'Metadata' | 'Object';

/** A Table without rows. */
export function tableHead(kind: Kind, resourceVersion: string): Fields {
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: { resourceVersion },
    columnDefinitions: columnsOf(kind).map((column) => ({
      name: column.name,
      type: column.type,
      format: column.format ?? (column.name === 'Name' ? 'name' : ''),
      description: column.description ?? '',
      priority: column.priority ?? 0,
    })),
    rows: [],
  };
}

export function tableRow(kind: Kind, object: KObject, include: IncludeObject, now: number): Fields {
  return {
    cells: columnsOf(kind).map((column) => column.cell(object, now) ?? null),
    ...(include === 'None' ? {} : { object: include === 'Object' ? object : partial(object) }),
  };
}
