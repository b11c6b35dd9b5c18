import { expect, it } from 'vitest';
import { TableNavigator } from '../../ui/table/navigator';
import { TableSelection } from '../../ui/table/selection';
import type { RowSource, ShownColumn, TableRow } from '../../ui/table/types';
import { countWord, rowsAsText } from './rows-text';

const columns: readonly ShownColumn[] = [
  { id: 'name', title: 'Name', type: 'text', cell: 'name', px: 100, grows: true },
  { id: 'restarts', title: 'Restarts', type: 'restarts', cell: 0, px: 100, grows: false },
];
const rows: TableRow[] = ['a', 'b', 'c'].map((name, at) => ({
  id: name,
  name,
  namespace: 'shop',
  cells: [[at, null]],
}));

function table(count = rows.length): { nav: TableNavigator; view: Parameters<typeof rowsAsText>[1] } {
  const source: RowSource = {
    count: () => count,
    rowAt: (index) => rows[index],
    indexOf: (id) => rows.findIndex((one) => one.id === id),
    subscribe: () => () => undefined,
    subscribeRow: () => () => undefined,
    setVisible: () => undefined,
  };
  const view = { count: () => count, range: () => Promise.resolve(rows) as never };
  return { nav: new TableNavigator(source, new TableSelection()), view };
}

it('copies the chosen rows as they are shown, and all of the query but the exceptions', async () => {
  const { nav, view } = table();
  nav.click(1, { range: false, add: false });
  expect(await rowsAsText(nav, view, columns)).toEqual({ text: 'b\t1', count: 1 });
  nav.selection.chooseAll();
  nav.toggle(1);
  expect(await rowsAsText(nav, view, columns)).toEqual({ text: 'a\t0\nc\t2', count: 2 });
});

it('says how many are too many', async () => {
  const { nav, view } = table(10_002);
  nav.selection.chooseAll();
  await expect(rowsAsText(nav, view, columns)).rejects.toThrow(
    '10,002 rows are selected; at most 5,000 can be copied at once.',
  );
});

it('counts in words', () => {
  expect([countWord(1, 'row'), countWord(2, 'row')]).toEqual(['1 row', '2 rows']);
});
