/**
 * The table's head: sorts on click, resizes at a cell's right edge (double click resets),
 * reorders by dragging. Quiet: an arrow stands only at the sorted column.
 */
import { useRef, useState, type DragEvent, type MouseEvent, type PointerEvent, type ReactNode } from 'react';
import { clampWidth } from './columns';
import styles from './table.module.css';
import { firstDirection, isRightAligned, type ShownColumn, type TableSort } from './types';

export interface HeadProps {
  readonly columns: readonly ShownColumn[];
  readonly sort: TableSort | null;
  readonly onSort: (sort: TableSort) => void;
  /** While the edge is dragged; `done` when it was let go. undefined: back to the first width. */
  readonly onWidth: (id: string, px: number | undefined, done: boolean) => void;
  /** Dropped in front of `before`, or at the end. */
  readonly onMove: (id: string, before: string | undefined) => void;
}

const DRAG_TYPE = 'application/x-table-column';

export function Head({ columns, sort, onSort, onWidth, onMove }: HeadProps): ReactNode {
  const [over, setOver] = useState<string | undefined>(undefined);
  const dragged = useRef<string | undefined>(undefined);
  const drop = (event: DragEvent, target: number): void => {
    const id = dragged.current;
    setOver(undefined);
    if (id === undefined) return;
    event.preventDefault();
    const from = columns.findIndex((column) => column.id === id);
    if (from === target) return;
    onMove(id, columns[from < target ? target + 1 : target]?.id);
  };
  return (
    <div role="rowgroup" className={styles.headGroup}>
      <div role="row" aria-rowindex={1} className={styles.head}>
        {columns.map((column, at) => (
          <div
            key={column.id}
            role="columnheader"
            aria-sort={sort?.column === column.id ? (sort.desc ? 'descending' : 'ascending') : 'none'}
            className={isRightAligned(column.type) ? styles.headRight : styles.headCell}
            data-over={over === column.id ? '' : undefined}
            draggable
            onDragStart={(event) => {
              dragged.current = column.id;
              event.dataTransfer.setData(DRAG_TYPE, column.id);
              event.dataTransfer.effectAllowed = 'move';
            }}
            onDragEnd={() => {
              dragged.current = undefined;
              setOver(undefined);
            }}
            onDragOver={(event) => {
              if (dragged.current === undefined) return;
              event.preventDefault();
              setOver(column.id);
            }}
            onDrop={(event) => drop(event, at)}
          >
            <button
              type="button"
              tabIndex={-1}
              className={styles.sorter}
              data-tip={column.hint}
              onClick={() =>
                onSort({
                  column: column.id,
                  desc: sort?.column === column.id ? !sort.desc : firstDirection(column.type),
                })
              }
            >
              <span className={styles.headText}>{column.title}</span>
              {sort?.column === column.id && (
                <svg viewBox="0 0 10 10" className={styles.arrow} aria-hidden>
                  <path
                    d={sort.desc ? 'M5 1v8M1.5 5.5 5 9l3.5-3.5' : 'M5 9V1M1.5 4.5 5 1l3.5 3.5'}
                    fill="none"
                    stroke="currentColor"
                    strokeWidth="1.3"
                  />
                </svg>
              )}
            </button>
            <Edge column={column} onWidth={onWidth} />
          </div>
        ))}
      </div>
    </div>
  );
}

function Edge({
  column,
  onWidth,
}: {
  readonly column: ShownColumn;
  readonly onWidth: HeadProps['onWidth'];
}): ReactNode {
  const drag = useRef<{ x: number; width: number; last: number } | undefined>(undefined);
  const down = (event: PointerEvent<HTMLElement>): void => {
    if (event.button !== 0) return;
    event.preventDefault();
    event.stopPropagation();
    event.currentTarget.setPointerCapture(event.pointerId);
    const width = event.currentTarget.parentElement?.getBoundingClientRect().width ?? column.px;
    drag.current = { x: event.clientX, width, last: width };
  };
  const move = (event: PointerEvent): void => {
    if (!drag.current) return;
    drag.current.last = clampWidth(drag.current.width + event.clientX - drag.current.x);
    onWidth(column.id, drag.current.last, false);
  };
  const up = (): void => {
    if (!drag.current) return;
    const { last, width } = drag.current;
    drag.current = undefined;
    if (last !== width) onWidth(column.id, last, true);
  };
  const stop = (event: MouseEvent): void => event.stopPropagation();
  return (
    <span
      className={styles.edge}
      aria-hidden
      draggable
      onDragStart={(event) => {
        event.preventDefault();
        event.stopPropagation();
      }}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
      onPointerCancel={up}
      onClick={stop}
      onDoubleClick={() => onWidth(column.id, undefined, true)}
    />
  );
}
