/** Writes measured use into the columns that show it; tells of each cell that changed. */
import { UseColumn } from './column';
import type { Table } from './table';

export type UseOf = Readonly<Record<string, (row: number) => number | null>>;

export function applyUse(table: Table, columns: UseOf, changed: (row: number, column: number) => void): void {
  for (const [id, useOf] of Object.entries(columns)) {
    const at = table.columnAt(id);
    const column = table.columns[at];
    if (!(column instanceof UseColumn)) continue;
    for (let row = 0; row < table.top; row++) {
      if (table.alive[row] === 1 && column.setUse(row, useOf(row))) changed(row, at);
    }
  }
}
