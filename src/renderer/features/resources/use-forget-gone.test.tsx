// @vitest-environment jsdom
import { cleanup, render } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, expect, it, vi } from 'vitest';
import { TableSelection } from '../../ui/table/selection';
import { useForgetGone } from './use-forget-gone';

afterEach(cleanup);

function Page(props: {
  readonly view: Parameters<typeof useForgetGone>[0];
  readonly selection: TableSelection;
  readonly total: number;
  readonly visible: boolean;
}): ReactNode {
  useForgetGone(props.view, props.selection, props.total, props.visible);
  return null;
}

it('asks when there are fewer rows, and takes deleted ones out of the selection', async () => {
  const selection = new TableSelection();
  const rows = ['a', 'b'].map((id) => ({ id, name: id, namespace: '', cells: [] }));
  selection.chooseRange(rows, 1, 'b');
  const gone = vi.fn((_ids: readonly string[]) => Promise.resolve<readonly string[]>([]));
  const page = (total: number, visible = true): ReactNode => (
    <Page view={{ gone }} selection={selection} total={total} visible={visible} />
  );
  const { rerender } = render(page(10));
  expect(gone).toHaveBeenLastCalledWith(['a', 'b']);
  gone.mockResolvedValueOnce(['a']);
  rerender(page(9));
  await vi.waitFor(() => expect(selection.rows().map((row) => row.id)).toEqual(['b']));
  gone.mockClear();
  rerender(page(8, false));
  expect(gone).not.toHaveBeenCalled();
});

it('asks for nothing while nothing is chosen, and keeps the choice when nobody answers', async () => {
  const selection = new TableSelection();
  const gone = vi.fn((_ids: readonly string[]) => Promise.reject<readonly string[]>(new Error('away')));
  const { rerender } = render(<Page view={{ gone }} selection={selection} total={2} visible />);
  expect(gone).not.toHaveBeenCalled();
  selection.choose(0, { id: 'a', name: 'a', namespace: '', cells: [] });
  rerender(<Page view={{ gone }} selection={selection} total={1} visible />);
  await vi.waitFor(() => expect(gone).toHaveBeenCalledTimes(1));
  expect(selection.rows()).toHaveLength(1);
});
