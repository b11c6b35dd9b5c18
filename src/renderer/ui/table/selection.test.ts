import { expect, it, vi } from 'vitest';
import { TableNavigator } from './navigator';
import { TableSelection } from './selection';
import type { RowSource, TableRow } from './types';

const row = (id: string): TableRow => ({ id, name: id, namespace: 'shop', cells: [] });

it('forgets rows that are no more, chosen or excepted, and tells only then', () => {
  const selection = new TableSelection();
  selection.chooseRange([row('a'), row('b'), row('c')], 2, 'c');
  const heard = vi.fn();
  selection.subscribe(heard);
  selection.forget(['x']);
  expect(heard).not.toHaveBeenCalled();
  selection.forget(['a', 'c']);
  expect(selection.rows().map((one) => one.id)).toEqual(['b']);
  expect(heard).toHaveBeenCalledTimes(1);
  selection.chooseAll();
  selection.toggle(0, row('b'));
  expect(selection.size(10)).toBe(9);
  selection.forget(['b']);
  expect(selection.size(9)).toBe(9);
});

it('says why a range out of sight was not chosen, unless another choice came first', async () => {
  const reason = new Error('too many');
  const source: RowSource = {
    count: () => 100,
    rowAt: (index) => (index === 0 ? row('first') : undefined),
    indexOf: () => undefined,
    subscribe: () => () => undefined,
    subscribeRow: () => () => undefined,
    setVisible: () => undefined,
    range: () => Promise.reject(reason),
  };
  const nav = new TableNavigator(source, new TableSelection());
  const failed = vi.fn();
  nav.events = { onRangeFailed: failed };
  nav.click(0, { range: false, add: false });
  nav.extendTo(50);
  await vi.waitFor(() => expect(failed).toHaveBeenCalledWith(reason));
  nav.extendTo(60);
  nav.click(0, { range: false, add: false });
  await Promise.resolve();
  expect(failed).toHaveBeenCalledTimes(1);
});
