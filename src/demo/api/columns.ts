/** Which columns a kind's Table has. */
import { at, type KObject } from '../model';
import type { Kind } from '../store/kinds';
import { duration } from './duration';

export interface TableColumn {
  readonly name: string;
  readonly type: string;
  readonly format?: string;
  readonly description?: string;
  readonly priority?: number;
  readonly cell: (object: KObject, now: number) => string | number | boolean | null | undefined;
}

export const ageOf = (object: KObject, now: number): string =>
  duration(now - Date.parse(object.metadata.creationTimestamp));

export const nameColumn: TableColumn = { name: 'Name', type: 'string', cell: (o) => o.metadata.name };
export const ageColumn: TableColumn = { name: 'Age', type: 'string', cell: ageOf };

const plain: readonly TableColumn[] = [
  nameColumn,
  { name: 'Created At', type: 'date', cell: (o) => String(at(o, 'metadata', 'creationTimestamp') ?? '') },
];

export function columnsOf(kind: Kind): readonly TableColumn[] {
  void kind;
  return plain;
}
