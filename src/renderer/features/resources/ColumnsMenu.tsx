/** Which columns are shown and in which order; remembered per kind. */
import { useEffect, useRef, type KeyboardEvent, type ReactNode } from 'react';
import { Button } from '../../ui/Button';
import {
  isShown,
  moveColumn,
  orderedColumns,
  setShown,
  type ColumnSetup,
  type OfferedColumn,
} from '../../ui/table/columns';
import styles from './resources.module.css';

export interface ColumnsMenuProps {
  readonly open: boolean;
  readonly onOpen: (open: boolean) => void;
  readonly offered: readonly OfferedColumn[];
  readonly setup: ColumnSetup;
  readonly onChange: (setup: ColumnSetup) => void;
}

export function ColumnsMenu({ open, onOpen, offered, setup, onChange }: ColumnsMenuProps): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return undefined;
    box.current?.querySelector<HTMLElement>('input')?.focus();
    const outside = (event: Event): void => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) onOpen(false);
    };
    document.addEventListener('pointerdown', outside, true);
    return () => document.removeEventListener('pointerdown', outside, true);
  }, [open, onOpen]);

  const ordered = orderedColumns(offered, setup);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    onOpen(false);
  };
  return (
    <div ref={box} className={styles.chooser} onKeyDown={onKeyDown}>
      <Button look="quiet" aria-expanded={open} aria-haspopup="dialog" onClick={() => onOpen(!open)}>
        Columns
      </Button>
      {open && (
        <div className={styles.popover} role="dialog" aria-label="Columns">
          <ul>
            {ordered.map((column, at) => {
              const first = column.id === offered[0]?.id;
              return (
                <li key={column.id} className={styles.choice}>
                  <label data-tip={column.hint}>
                    <input
                      type="checkbox"
                      checked={isShown(column, setup, first)}
                      disabled={first}
                      onChange={(event) => onChange(setShown(column, setup, event.target.checked))}
                    />
                    {column.title}
                  </label>
                  <button
                    type="button"
                    aria-label={`Move ${column.title} to the left`}
                    disabled={at <= 1}
                    onClick={() => onChange(moveColumn(offered, setup, column.id, ordered[at - 1]?.id))}
                  >
                    ↑
                  </button>
                  <button
                    type="button"
                    aria-label={`Move ${column.title} to the right`}
                    disabled={first || at === ordered.length - 1}
                    onClick={() => onChange(moveColumn(offered, setup, column.id, ordered[at + 2]?.id))}
                  >
                    ↓
                  </button>
                </li>
              );
            })}
          </ul>
          <Button look="quiet" onClick={() => onChange({ order: [], hidden: [], shown: [] })}>
            Back to the first choice
          </Button>
        </div>
      )}
    </div>
  );
}
