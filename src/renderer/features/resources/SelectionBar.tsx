import { useSyncExternalStore, type ReactNode } from 'react';
import { Button } from '../../ui/Button';
import type { TableNavigator } from '../../ui/table/navigator';
import styles from './resources.module.css';
import { number } from './table-words';

export interface SelectionBarProps {
  readonly nav: TableNavigator;
  readonly matched: number;
  readonly filter: string;
  readonly title: string;
}

/** How many rows are chosen, once more than one is. All rows of the query are a query, not a list. */
export function SelectionBar({ nav, matched, filter, title }: SelectionBarProps): ReactNode {
  const { selection } = nav;
  useSyncExternalStore(selection.subscribe, selection.snapshot);
  const size = selection.size(matched);
  if (!selection.all && size < 2) return null;
  const left = selection.exceptions.size;
  const all =
    left === 0 ? `All ${number(size)} selected` : `All but ${number(left)}: ${number(size)} selected`;
  return (
    <div className={styles.selection} role="status" aria-label={`Selected ${title}`}>
      <span>{selection.all ? all : `${number(size)} selected`}</span>
      {selection.all && filter.trim() !== '' && <span className={styles.count}>by the filter</span>}
      {!selection.all && size < matched && (
        <Button look="quiet" onClick={() => selection.chooseAll()}>
          Select all {number(matched)}
        </Button>
      )}
      <Button look="quiet" onClick={() => selection.clear()}>
        Clear
      </Button>
    </div>
  );
}
