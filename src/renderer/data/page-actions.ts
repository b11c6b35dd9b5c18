/**
 * What the page under the keyboard can do for the frame: `/` focuses its filter, Esc
 * clears filter and selection, commands ask for its selected rows. A page registers
 * with `usePageActions` while it is visible; the pane that has the focus wins.
 */
import { useEffect, useRef } from 'react';
import type { SelectedObject } from './feature';

export interface PageActions {
  /** Puts the cursor into the page's filter box. */
  focusFilter?(): void;
  /** Empties the filter; false when it was empty already. */
  clearFilter?(): boolean;
  /** Drops the selection; false when there was none. */
  clearSelection?(): boolean;
  /** Rows selected, or the one under the cursor. */
  selection?(): readonly SelectedObject[];
}

interface Registered {
  readonly clusterId: string;
  readonly tabId: string;
  readonly actions: () => PageActions;
}

const registered = new Set<Registered>();

/** Actions of one page, while it is visible. */
export function pageActions(clusterId: string | null, tabId: string | null): PageActions {
  for (const entry of registered) {
    if (entry.clusterId === clusterId && entry.tabId === tabId) return entry.actions();
  }
  return {};
}

/** Registers the page's actions while `visible`; they may change with every render. */
export function usePageActions(
  clusterId: string,
  tabId: string,
  visible: boolean,
  actions: PageActions,
): void {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  useEffect(() => {
    if (!visible) return undefined;
    const entry: Registered = { clusterId, tabId, actions: () => latest.current };
    registered.add(entry);
    return () => {
      registered.delete(entry);
    };
  }, [clusterId, tabId, visible]);
}
