/** Keeps a selection to objects that exist: deleted ones leave it, also those out of sight. */
import { useEffect } from 'react';
import type { LiveView } from '../../data/live-view';
import type { TableSelection } from '../../ui/table/selection';

/** The window hears of rows outside of it by their number only, so it asks now and then. */
const ASK_MS = 3_000;

/** `total`: rows of the table; fewer than before is asked about at once. */
export function useForgetGone(
  view: Pick<LiveView, 'gone'>,
  selection: TableSelection,
  total: number,
  visible: boolean,
): void {
  useEffect(() => {
    if (!visible) return undefined;
    let over = false;
    const ask = (): void => {
      const ids = [...selection.rows().map((row) => row.id), ...selection.exceptions];
      if (ids.length === 0) return;
      view.gone(ids).then(
        (gone) => {
          if (!over) selection.forget(gone);
        },
        // A table that is lost or denied says so itself; what is chosen stays until it is back.
        () => undefined,
      );
    };
    ask();
    const timer = setInterval(ask, ASK_MS);
    return () => {
      over = true;
      clearInterval(timer);
    };
  }, [view, selection, total, visible]);
}
