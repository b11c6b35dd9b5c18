/**
 * What is open where: tabs, drawer, dock. Features ask for pages here and never know
 * the frame that draws them. One workbench per window, its content per cluster.
 */
import { create } from 'zustand';
import type { ObjectRef } from '#shared/contract/resources';
import { withoutTab, withTab } from './panes';

/** A page in the centre. `id` says which tab it is: opening it again focuses that tab. */
export interface TabSpec {
  readonly id: string;
  /** A page id that a feature registered. */
  readonly page: string;
  readonly title: string;
  /** Plain JSON; survives a restart. */
  readonly params: Readonly<Record<string, string>>;
}

/** A panel in the bottom dock (logs, shells, forwards). */
export type DockSpec = TabSpec;

export interface DrawerTarget extends ObjectRef {
  /** Title of the kind, for the head while loading. */
  readonly tab?: string;
}

/** One part of the split centre. */
export interface Pane {
  readonly id: string;
  /** Tab on top in this pane. */
  readonly active: string | null;
  /** Share of the centre, in parts of the sum. */
  readonly size: number;
}

export interface ClusterBench {
  readonly tabs: readonly TabSpec[];
  /** The tab that has the keyboard: the active one of the focused pane. */
  readonly activeTab: string | null;
  /** Always at least one; side by side (`row`) or stacked (`column`). */
  readonly panes: readonly Pane[];
  readonly direction: 'row' | 'column';
  readonly focusedPane: string;
  /** Pane id by tab id; a tab without an entry is in the first pane. */
  readonly paneOf: Readonly<Record<string, string>>;
  readonly dock: readonly DockSpec[];
  readonly activeDock: string | null;
  readonly drawer: DrawerTarget | null;
  /** Empty: all namespaces. */
  readonly namespaces: readonly string[];
}

export const emptyBench: ClusterBench = {
  tabs: [],
  activeTab: null,
  panes: [{ id: 'p1', active: null, size: 1 }],
  direction: 'row',
  focusedPane: 'p1',
  paneOf: {},
  dock: [],
  activeDock: null,
  drawer: null,
  namespaces: [],
};

export interface WorkbenchState {
  /** Context id of the cluster on screen. */
  readonly clusterId: string | null;
  /** Page of the whole app (settings, clusters) shown instead of a cluster. */
  readonly appPage: string | null;
  readonly benches: Readonly<Record<string, ClusterBench>>;
  showCluster(contextId: string): void;
  showAppPage(id: string | null): void;
  update(contextId: string, change: (bench: ClusterBench) => ClusterBench): void;
}

export const useWorkbench = create<WorkbenchState>()((set) => ({
  clusterId: null,
  appPage: null,
  benches: {},
  showCluster: (contextId) => set({ clusterId: contextId, appPage: null }),
  showAppPage: (id) => set({ appPage: id }),
  update: (contextId, change) =>
    set((state) => ({
      benches: { ...state.benches, [contextId]: change(state.benches[contextId] ?? emptyBench) },
    })),
}));

export function useBench(contextId: string): ClusterBench {
  return useWorkbench((state) => state.benches[contextId] ?? emptyBench);
}

/** Opens a tab, or focuses the one with the same id. `replace` puts it in the active tab's place. */
export function openTab(contextId: string, tab: TabSpec, how: 'focus' | 'replace' = 'focus'): void {
  useWorkbench.getState().update(contextId, (bench) => withTab(bench, tab, how));
}

export function closeTab(contextId: string, id: string): void {
  useWorkbench.getState().update(contextId, (bench) => withoutTab(bench, id));
}

export function openDrawer(contextId: string, target: DrawerTarget): void {
  useWorkbench.getState().update(contextId, (bench) => ({ ...bench, drawer: target }));
}

export function closeDrawer(contextId: string): void {
  useWorkbench.getState().update(contextId, (bench) => (bench.drawer ? { ...bench, drawer: null } : bench));
}

export function openDock(contextId: string, panel: DockSpec): void {
  useWorkbench.getState().update(contextId, (bench) => ({
    ...bench,
    dock: bench.dock.some((other) => other.id === panel.id) ? bench.dock : [...bench.dock, panel],
    activeDock: panel.id,
  }));
}

/** What a dock panel needs to come back after the page was loaded anew. */
export function setDockParams(contextId: string, id: string, params: Readonly<Record<string, string>>): void {
  useWorkbench.getState().update(contextId, (bench) => {
    const panel = bench.dock.find((one) => one.id === id);
    if (!panel || JSON.stringify(panel.params) === JSON.stringify(params)) return bench;
    return { ...bench, dock: bench.dock.map((one) => (one.id === id ? { ...one, params } : one)) };
  });
}

export function closeDock(contextId: string, id: string): void {
  useWorkbench.getState().update(contextId, (bench) => {
    const dock = bench.dock.filter((panel) => panel.id !== id);
    return {
      ...bench,
      dock,
      activeDock: bench.activeDock === id ? (dock[dock.length - 1]?.id ?? null) : bench.activeDock,
    };
  });
}

export function chooseNamespaces(contextId: string, namespaces: readonly string[]): void {
  useWorkbench.getState().update(contextId, (bench) => ({ ...bench, namespaces }));
}
