/**
 * What is open where: tabs, drawer, dock. Features ask for pages here and never know
 * the frame that draws them. One workbench per window, its content per cluster.
 */
import { create } from 'zustand';
import type { ObjectRef } from '#shared/contract/resources';

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

export interface ClusterBench {
  readonly tabs: readonly TabSpec[];
  readonly activeTab: string | null;
  readonly dock: readonly DockSpec[];
  readonly activeDock: string | null;
  readonly drawer: DrawerTarget | null;
  /** Empty: all namespaces. */
  readonly namespaces: readonly string[];
}

const emptyBench: ClusterBench = {
  tabs: [],
  activeTab: null,
  dock: [],
  activeDock: null,
  drawer: null,
  namespaces: [],
};

export interface WorkbenchState {
  /** Context id of the cluster on screen. */
  readonly clusterId: string | null;
  readonly benches: Readonly<Record<string, ClusterBench>>;
  showCluster(contextId: string): void;
  update(contextId: string, change: (bench: ClusterBench) => ClusterBench): void;
}

export const useWorkbench = create<WorkbenchState>()((set) => ({
  clusterId: null,
  benches: {},
  showCluster: (contextId) => set({ clusterId: contextId }),
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
  useWorkbench.getState().update(contextId, (bench) => {
    if (bench.tabs.some((other) => other.id === tab.id)) {
      return {
        ...bench,
        activeTab: tab.id,
        tabs: bench.tabs.map((other) => (other.id === tab.id ? tab : other)),
      };
    }
    const at = bench.tabs.findIndex((other) => other.id === bench.activeTab);
    const tabs = [...bench.tabs];
    if (how === 'replace' && at >= 0) tabs.splice(at, 1, tab);
    else tabs.splice(at < 0 ? tabs.length : at + 1, 0, tab);
    return { ...bench, tabs, activeTab: tab.id };
  });
}

export function closeTab(contextId: string, id: string): void {
  useWorkbench.getState().update(contextId, (bench) => {
    const at = bench.tabs.findIndex((tab) => tab.id === id);
    if (at < 0) return bench;
    const tabs = bench.tabs.filter((tab) => tab.id !== id);
    const next = tabs[Math.min(at, tabs.length - 1)]?.id ?? null;
    return { ...bench, tabs, activeTab: bench.activeTab === id ? next : bench.activeTab };
  });
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
