/** A column of a Table, and how to write one in a line. */
import type { KObject } from '../model';

export type CellValue = string | number | boolean | null | undefined;

export interface TableColumn {
  readonly name: string;
  readonly type: string;
  readonly format?: string;
  readonly description?: string;
  readonly priority?: number;
  readonly cell: (object: KObject, now: number) => CellValue;
}

/** A column in one line: `wide` ones are shown only by `-o wide`. */
export const col = (name: string, cell: TableColumn['cell'], type = 'string'): TableColumn => ({
  name,
  type,
  cell,
});
export const wide = (name: string, cell: TableColumn['cell']): TableColumn => ({
  name,
  type: 'string',
  priority: 1,
  cell,
});
