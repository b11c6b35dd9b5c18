/** Rows of a table as text to copy: those that are chosen, all of the query, or the cursor's. */
import type { LiveView } from '../../data/live-view';
import { copyText as cellText } from '../../ui/table/cells';
import type { TableNavigator } from '../../ui/table/navigator';
import type { ShownColumn, TableRow } from '../../ui/table/types';
import { number } from './table-words';

/** As many as a view hands out at once. */
const MOST_ROWS = 5_000;

export interface RowsText {
  readonly text: string;
  readonly count: number;
}

/** Tab-separated, in the order of `columns`. Rejects with words where there are too many or they cannot be read. */
export async function rowsAsText(
  nav: TableNavigator,
  view: Pick<LiveView, 'range' | 'count'>,
  columns: readonly ShownColumn[],
): Promise<RowsText> {
  const rows = await rowsToCopy(nav, view);
  const now = Date.now();
  const text = rows.map((row) => columns.map((column) => cellText(column, row, now)).join('\t')).join('\n');
  return { text, count: rows.length };
}

async function rowsToCopy(
  nav: TableNavigator,
  view: Pick<LiveView, 'range' | 'count'>,
): Promise<readonly TableRow[]> {
  const { selection } = nav;
  if (!selection.all) {
    const chosen = selection.rows();
    const cursor = nav.cursorRow();
    return chosen.length > 0 ? chosen : cursor ? [cursor] : [];
  }
  const count = view.count();
  if (count > MOST_ROWS) {
    throw new Error(
      `${number(count)} rows are selected; at most ${number(MOST_ROWS)} can be copied at once.`,
    );
  }
  const rows = count === 0 ? [] : await view.range(0, count - 1);
  return rows.filter((row) => !selection.exceptions.has(row.id));
}

export function countWord(count: number, one: string): string {
  return `${number(count)} ${one}${count === 1 ? '' : 's'}`;
}
