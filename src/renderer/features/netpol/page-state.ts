/** What the network policy page shows, per cluster: kept while the app runs, set by commands. */
import { create } from 'zustand';
import type { Place } from '#shared/domain/netpol/places';
import type { Protocol } from '#shared/domain/netpol/ports';
import { openTab, useWorkbench, type TabSpec } from '../../data/workbench';

export type NetpolView =
  'ask' | 'reach' | 'graph' | 'matrix' | 'coverage' | 'policies' | 'what-if' | 'changes';

export interface RefOf {
  readonly kind: string;
  readonly group?: string;
  readonly namespace: string;
  readonly name: string;
}

export interface LabelChange {
  readonly target: 'workload' | 'namespace';
  readonly id: string;
  readonly labels: Readonly<Record<string, string | null>>;
}

/** A change that is thought through, not made. */
export interface Draft {
  readonly text: string;
  readonly remove: readonly RefOf[];
  readonly labels: readonly LabelChange[];
}

export interface NetpolPageState {
  readonly view: NetpolView;
  readonly from: Place | null;
  readonly to: Place | null;
  /** As typed; empty: which ports. */
  readonly port: string;
  readonly protocol: Protocol;
  /** Of the reach view. */
  readonly place: Place | null;
  readonly direction: 'ingress' | 'egress';
  /** In the middle of the graph; null: the chosen namespaces are drawn. */
  readonly focus: Place | null;
  readonly draft: Draft;
}

export const emptyDraft: Draft = { text: '', remove: [], labels: [] };

const first: NetpolPageState = {
  view: 'ask',
  from: null,
  to: null,
  port: '',
  protocol: 'TCP',
  place: null,
  direction: 'ingress',
  focus: null,
  draft: emptyDraft,
};

interface Pages {
  readonly byId: Readonly<Record<string, NetpolPageState>>;
}

const usePages = create<Pages>()(() => ({ byId: {} }));

export function useNetpolPage(clusterId: string): NetpolPageState {
  return usePages((state) => state.byId[clusterId] ?? first);
}

export function setNetpolPage(clusterId: string, change: Partial<NetpolPageState>): void {
  usePages.setState(({ byId }) => ({
    byId: { ...byId, [clusterId]: { ...(byId[clusterId] ?? first), ...change } },
  }));
}

export const netpolTab: TabSpec = { id: 'netpol', page: 'netpol', title: 'Can A reach B', params: {} };

/** Opens the page with that shown. */
export function showNetpol(clusterId: string, change: Partial<NetpolPageState>): void {
  setNetpolPage(clusterId, change);
  useWorkbench.getState().showAppPage(null);
  openTab(clusterId, netpolTab);
}
