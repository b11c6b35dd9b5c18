/**
 * Tabs and splits of one cluster. All pages live in one grid and only change their cell,
 * so a page that moves to another pane keeps its state; a covered one hears `visible: false`.
 */
import { memo, useEffect, useRef, useState, type CSSProperties, type ReactNode } from 'react';
import { visible as visibleText } from '#shared/util/text';
import { focusPane, paneIdOf, resizePanes, tabsOfPane } from '../data/panes';
import { openTab, useBench, useWorkbench, type Pane, type TabSpec } from '../data/workbench';
import { homeTab } from '../data/home';
import { Button } from '../ui/Button';
import { EmptyState } from '../ui/EmptyState';
import { Kbd } from '../ui/Kbd';
import { Resizer } from '../ui/Resizer';
import { pages } from './features';
import styles from './panes.module.css';
import { tabDomId, TabBar } from './TabBar';

/** Covered pages kept mounted per cluster; the longest unseen is dropped first. */
const KEPT = 8;

export const Panes = memo(function Panes({
  contextId,
  visible,
}: {
  readonly contextId: string;
  readonly visible: boolean;
}): ReactNode {
  const bench = useBench(contextId);
  const box = useRef<HTMLDivElement>(null);
  const row = bench.direction === 'row';
  const onTop = new Set(bench.panes.flatMap((pane) => pane.active ?? []));
  const kept = useKept(
    bench.tabs.map((tab) => tab.id),
    onTop,
  );
  const place = (pane: Pane): number => bench.panes.indexOf(pane);
  useEffect(() => {
    const panel = box.current?.querySelector<HTMLElement>(
      ':scope > [role=tabpanel]:not([hidden])[data-active]',
    );
    if (!visible || !panel || !leavesKeyboard(panel)) return;
    panel.focus({ preventScroll: true });
  }, [bench.activeTab, visible]);
  const paneById = new Map(bench.panes.map((pane) => [pane.id, pane]));
  const focus = (paneId: string): void =>
    useWorkbench.getState().update(contextId, (before) => focusPane(before, paneId));

  return (
    <div ref={box} className={styles.grid} style={template(bench.panes, row)}>
      {bench.panes.map((pane) => (
        <div
          key={pane.id}
          className={styles.head}
          data-later={place(pane) > 0 || undefined}
          style={cell(place(pane), row, true)}
          onPointerDownCapture={() => focus(pane.id)}
        >
          <TabBar
            contextId={contextId}
            pane={pane}
            tabs={tabsOfPane(bench, pane.id)}
            focused={bench.focusedPane === pane.id}
          />
        </div>
      ))}
      {bench.tabs
        .filter((tab) => kept.includes(tab.id))
        .map((tab) => {
          const pane = paneById.get(paneIdOf(bench, tab.id));
          if (!pane) return null;
          const shown = pane.active === tab.id;
          return (
            <div
              key={tab.id}
              role="tabpanel"
              tabIndex={-1}
              data-active={tab.id === bench.activeTab || undefined}
              aria-labelledby={tabDomId(contextId, tab.id)}
              hidden={!shown}
              className={styles.page}
              data-later={place(pane) > 0 || undefined}
              style={cell(place(pane), row, false)}
              onPointerDownCapture={() => focus(pane.id)}
              onFocusCapture={() => focus(pane.id)}
            >
              <Page tab={tab} visible={visible && shown} />
            </div>
          );
        })}
      {bench.panes.slice(1).map((pane, index) => (
        <div key={`edge:${pane.id}`} className={styles.edge} style={edgeCell(index + 1, row)}>
          <Resizer
            label="Resize panes"
            axis={row ? 'x' : 'y'}
            value={share(bench.panes, index)}
            min={100}
            max={900}
            onChange={(next) =>
              useWorkbench.getState().update(contextId, (before) => resizePanes(before, index, next / 1000))
            }
            scale={() => scaleOf(box.current, bench.panes, index, row)}
          />
        </div>
      ))}
      {bench.tabs.length === 0 && (
        <div className={styles.empty}>
          <EmptyState action={<Button onClick={() => openTab(contextId, homeTab)}>Open overview</Button>}>
            No tab is open. Choose a kind on the left, or press <Kbd keys="mod+k" />.
          </EmptyState>
        </div>
      )}
    </div>
  );
});

function Page({ tab, visible }: { readonly tab: TabSpec; readonly visible: boolean }): ReactNode {
  const page = pages.get(tab.page);
  if (!page) {
    return <EmptyState>{`This version has no page for “${visibleText(tab.title)}”.`}</EmptyState>;
  }
  const Component = page.component;
  return <Component tab={tab} visible={visible} />;
}

/** Ids of the pages to keep mounted: those on top, and the ones seen last. */
function useKept(ids: readonly string[], onTop: ReadonlySet<string>): readonly string[] {
  const [seen, setSeen] = useState<readonly string[]>([...onTop]);
  const open = new Set(ids);
  const next = [...onTop, ...seen.filter((id) => !onTop.has(id))]
    .filter((id) => open.has(id))
    .slice(0, Math.max(KEPT, onTop.size));
  if (next.length !== seen.length || next.some((id, at) => id !== seen[at])) setSeen(next);
  return next;
}

/** The keyboard follows to a page that was opened from the navigation, the palette or a closed tab. */
function leavesKeyboard(panel: HTMLElement): boolean {
  const at = document.activeElement;
  return !at || (!panel.contains(at) && !at.closest('[role=tablist], dialog, [role=tabpanel]:not([hidden])'));
}

function template(panes: readonly Pane[], row: boolean): CSSProperties {
  if (row) {
    return {
      gridTemplateColumns: panes.map((pane) => `minmax(0, ${pane.size}fr)`).join(' '),
      gridTemplateRows: 'var(--tabs) minmax(0, 1fr)',
    };
  }
  return {
    gridTemplateColumns: 'minmax(0, 1fr)',
    gridTemplateRows: panes.map((pane) => `var(--tabs) minmax(0, ${pane.size}fr)`).join(' '),
  };
}

function cell(index: number, row: boolean, head: boolean): CSSProperties {
  return row
    ? { gridColumn: index + 1, gridRow: head ? 1 : 2 }
    : { gridColumn: 1, gridRow: index * 2 + (head ? 1 : 2) };
}

function edgeCell(index: number, row: boolean): CSSProperties {
  return row ? { gridColumn: index + 1, gridRow: '1 / span 2' } : { gridColumn: 1, gridRow: index * 2 + 1 };
}

/** Share of the left one of two neighbours, in thousandths. */
function share(panes: readonly Pane[], index: number): number {
  const left = panes[index]?.size ?? 1;
  const right = panes[index + 1]?.size ?? 1;
  return Math.round((left / (left + right)) * 1000);
}

/** Thousandths of the two neighbours per pixel. */
function scaleOf(box: HTMLElement | null, panes: readonly Pane[], index: number, row: boolean): number {
  const whole = (row ? box?.clientWidth : box?.clientHeight) ?? 1;
  const sum = panes.reduce((all, pane) => all + pane.size, 0);
  const both = (panes[index]?.size ?? 1) + (panes[index + 1]?.size ?? 1);
  return 1000 / Math.max(1, (whole * both) / sum);
}
