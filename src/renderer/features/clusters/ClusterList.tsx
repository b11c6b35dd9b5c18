/**
 * The list of contexts: grouped, drawn only where it is looked at, moved in with arrows. Rows are
 * put in order by dragging or with Alt and the arrows; dropped on a row of another group they
 * join it.
 */
import { useEffect, useRef, useState, type DragEvent, type KeyboardEvent, type ReactNode } from 'react';
import { visible } from '#shared/util/text';
import { patchSettings, useSettings } from '../../data/app-data';
import { movePatch } from '../../data/context-order';
import { openCluster } from '../../data/session';
import { ClusterRow } from './ClusterRow';
import { ContextMenu } from './ContextMenu';
import styles from './clusters.module.css';
import { openContextDialog } from '../../data/cluster-dialogs';
import type { ContextRow, ListRow } from './list-model';

const ROW = 34;
/** Rows drawn beyond the edge. */
const MORE = 8;

export interface ClusterListProps {
  readonly rows: readonly ListRow[];
  readonly total: number;
}

export function ClusterList({ rows, total }: ClusterListProps): ReactNode {
  const own = useSettings().contexts;
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 600 });
  const [cursor, setCursor] = useState<string>();
  const [menu, setMenu] = useState<{ readonly id: string; readonly x: number; readonly y: number }>();
  const [dragged, setDragged] = useState<ContextRow>();
  const [over, setOver] = useState<string>();

  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const measure = (): void => setView({ top: element.scrollTop, height: element.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    element.addEventListener('scroll', measure, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', measure);
    };
  }, []);

  const list = rows.filter((row): row is ContextRow => row.type === 'context');
  const current = list.find((row) => row.context.id === cursor) ?? list[0];
  const first = Math.max(0, Math.floor(view.top / ROW) - MORE);
  const last = Math.min(rows.length, Math.ceil((view.top + view.height) / ROW) + MORE);

  const show = (id: string): void => {
    setCursor(id);
    const at = rows.findIndex((row) => row.type === 'context' && row.context.id === id);
    const element = box.current;
    if (!element || at < 0) return;
    if (at * ROW < element.scrollTop) element.scrollTop = Math.max(0, at * ROW - ROW);
    else if ((at + 1) * ROW > element.scrollTop + element.clientHeight)
      element.scrollTop = (at + 1) * ROW - element.clientHeight;
    // After it is drawn.
    requestAnimationFrame(() =>
      element.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"]`)?.focus({ preventScroll: true }),
    );
  };

  const move = (row: ContextRow, to: number): void => {
    const patch = movePatch(row.group, own, row.context.id, to);
    if (Object.keys(patch).length > 0) patchSettings({ contexts: patch });
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (!current || menu) return;
    if (event.target instanceof HTMLElement && event.target.closest('[data-id]') !== event.target) return;
    const at = list.indexOf(current);
    const step = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1, PageDown: 15, PageUp: -15 }[event.key];
    if (event.altKey && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault();
      move(current, current.place + (event.key === 'ArrowDown' ? 1 : -1));
      show(current.context.id);
    } else if (step !== undefined && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      const next = list[Math.max(0, Math.min(list.length - 1, at + step))];
      if (next) show(next.context.id);
    } else if (event.key === 'Home' || event.key === 'End') {
      event.preventDefault();
      const next = event.key === 'Home' ? list[0] : list[list.length - 1];
      if (next) show(next.context.id);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      openCluster(current.context.id);
    } else if (event.key === 'F2') {
      event.preventDefault();
      openContextDialog('settings', current.context.id);
    } else if (event.key === 'ContextMenu' || (event.shiftKey && event.key === 'F10')) {
      event.preventDefault();
      const at = event.target instanceof HTMLElement ? event.target.getBoundingClientRect() : undefined;
      setMenu({ id: current.context.id, x: (at?.left ?? 0) + 24, y: at?.bottom ?? 0 });
    } else return;
    event.stopPropagation();
  };

  const drop = (row: ContextRow): void => {
    setOver(undefined);
    setDragged(undefined);
    if (!dragged || dragged.context.id === row.context.id) return;
    if (dragged.group === row.group) return move(dragged, row.place);
    const group = own[row.context.id]?.group ?? null;
    const { id } = dragged.context;
    const joined = [...row.group, dragged.context];
    const orders = movePatch(joined, own, id, row.place);
    patchSettings({ contexts: { ...orders, [id]: { ...orders[id], group } } });
  };

  const dragging = (row: ContextRow) => ({
    draggable: true,
    onDragStart: (event: DragEvent) => {
      event.dataTransfer.effectAllowed = 'move';
      event.dataTransfer.setData('text/plain', row.context.name);
      setDragged(row);
    },
    onDragOver: (event: DragEvent) => {
      if (!dragged) return;
      event.preventDefault();
      if (over !== row.context.id) setOver(row.context.id);
    },
    onDragEnd: () => {
      setDragged(undefined);
      setOver(undefined);
    },
    onDrop: (event: DragEvent) => {
      if (!dragged) return;
      event.preventDefault();
      drop(row);
    },
  });

  return (
    <div className={styles.table} role="table" aria-label="Clusters" aria-rowcount={total}>
      <div role="rowgroup" className={styles.headGroup}>
        <div role="row" className={styles.head}>
          {['Name', 'State', 'API server', 'Signs in with', 'Kubeconfig', 'Actions'].map((title) => (
            <span
              key={title}
              role="columnheader"
              className={title === 'Actions' ? styles.actions : undefined}
            >
              {title === 'Actions' ? <span className="srOnly">{title}</span> : title}
            </span>
          ))}
        </div>
      </div>
      <div ref={box} role="rowgroup" className={styles.scroll} onKeyDown={onKeyDown}>
        <div style={{ height: rows.length * ROW, position: 'relative' }} role="presentation">
          {rows.slice(first, last).map((row, at) => {
            const top = (first + at) * ROW;
            if (row.type === 'group')
              return (
                <div key={`group ${row.name}`} className={styles.groupRow} style={{ top }} role="row">
                  <span role="cell">
                    {row.name === '' ? 'No group' : visible(row.name)}{' '}
                    <span className="muted tabular">{row.count}</span>
                  </span>
                </div>
              );
            const { id } = row.context;
            return (
              <ClusterRow
                key={id}
                row={row}
                top={top}
                isCursor={row === current}
                isOver={over === id && dragged !== undefined && dragged.context.id !== id}
                isDragged={dragged?.context.id === id}
                drag={dragging(row)}
                onFocus={() => setCursor(id)}
                onMenu={(x, y) => setMenu({ id, x, y })}
              />
            );
          })}
        </div>
      </div>
      {menu && <ContextMenu contextId={menu.id} at={menu} onClose={() => setMenu(undefined)} />}
    </div>
  );
}
