/** The tabs of one pane: click, middle click closes, drag to another place or pane. */
import { IconLayoutColumns, IconX } from '@tabler/icons-react';
import { useEffect, useRef, type DragEvent, type KeyboardEvent, type ReactNode } from 'react';
import { visible } from '#shared/util/text';
import { focusTab, moveTab, splitTab } from '../data/panes';
import { closeTab, useWorkbench, type Pane, type TabSpec } from '../data/workbench';
import { IconButton } from '../ui/Button';
import styles from './tab-bar.module.css';

const TYPE = 'application/x-binnacle-tab';

export interface TabBarProps {
  readonly contextId: string;
  readonly pane: Pane;
  readonly tabs: readonly TabSpec[];
  readonly focused: boolean;
}

export function TabBar({ contextId, pane, tabs, focused }: TabBarProps): ReactNode {
  const bar = useRef<HTMLDivElement>(null);
  const { update } = useWorkbench.getState();
  // The tab one looks at is in sight, however little room the drawer leaves.
  useEffect(() => {
    const strip = bar.current;
    if (!strip || typeof ResizeObserver !== 'function') return undefined;
    const reveal = (): void =>
      strip
        .querySelector('[aria-selected=true]')
        ?.parentElement?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    reveal();
    const observer = new ResizeObserver(reveal);
    observer.observe(strip);
    return () => observer.disconnect();
  }, [pane.active, tabs.length]);
  const show = (id: string): void => update(contextId, (bench) => focusTab(bench, id));
  const drop = (event: DragEvent, before: string | null): void => {
    const id = event.dataTransfer.getData(TYPE);
    if (id === '') return;
    event.preventDefault();
    event.stopPropagation();
    update(contextId, (bench) => moveTab(bench, id, pane.id, before));
  };
  const onKeyDown = (event: KeyboardEvent, at: number): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step !== 0) {
      const next = tabs[(at + step + tabs.length) % tabs.length];
      if (!next) return;
      event.preventDefault();
      show(next.id);
      bar.current?.querySelectorAll<HTMLElement>('[role=tab]')[tabs.indexOf(next)]?.focus();
    } else if (event.key === 'Delete') {
      const tab = tabs[at];
      if (tab) closeTab(contextId, tab.id);
    }
  };
  return (
    <div
      className={styles.bar}
      data-focused={focused || undefined}
      onDragOver={(event) => event.dataTransfer.types.includes(TYPE) && event.preventDefault()}
      onDrop={(event) => drop(event, null)}
    >
      <div className={styles.tabs} role="tablist" aria-label="Tabs" ref={bar}>
        {tabs.map((tab, at) => (
          <div
            key={tab.id}
            className={styles.tab}
            data-on={tab.id === pane.active || undefined}
            draggable
            onDragStart={(event) => event.dataTransfer.setData(TYPE, tab.id)}
            onDrop={(event) => drop(event, tab.id)}
            onAuxClick={(event) => event.button === 1 && closeTab(contextId, tab.id)}
          >
            <button
              type="button"
              role="tab"
              id={tabDomId(contextId, tab.id)}
              aria-selected={tab.id === pane.active}
              tabIndex={tab.id === pane.active ? 0 : -1}
              className={styles.title}
              onClick={() => show(tab.id)}
              onKeyDown={(event) => onKeyDown(event, at)}
            >
              {visible(tab.title)}
            </button>
            <button
              type="button"
              tabIndex={-1}
              className={styles.close}
              aria-label={`Close ${tab.title}`}
              onClick={() => closeTab(contextId, tab.id)}
            >
              <IconX />
            </button>
          </div>
        ))}
      </div>
      {pane.active !== null && (
        <IconButton
          label="Split right"
          className={styles.split}
          onClick={() => update(contextId, (bench) => splitTab(bench, pane.active ?? '', 'row'))}
        >
          <IconLayoutColumns />
        </IconButton>
      )}
    </div>
  );
}

/** DOM id of a tab, for `aria-labelledby` of its panel. */
export function tabDomId(contextId: string, tabId: string): string {
  return `tab:${contextId}:${tabId}`.replace(/\s/g, '_');
}
