/** Where the drawer came from by its own links, per cluster: the way back. A choice in a table starts anew. */
import { create } from 'zustand';
import { openDrawer, useWorkbench, type DrawerTarget } from '../../../data/workbench';

interface Trail {
  /** The drawer's target after the last step; another one means that somebody else moved it. */
  readonly at: DrawerTarget | null;
  readonly back: readonly DrawerTarget[];
}

const MOST = 50;
const none: Trail = { at: null, back: [] };

const useTrails = create<{ readonly byCluster: Readonly<Record<string, Trail>> }>()(() => ({
  byCluster: {},
}));

function set(clusterId: string, trail: Trail): void {
  useTrails.setState((state) => ({ byCluster: { ...state.byCluster, [clusterId]: trail } }));
}

function trailOf(clusterId: string, shown: DrawerTarget | null): Trail {
  const trail = useTrails.getState().byCluster[clusterId] ?? none;
  return trail.at === shown ? trail : none;
}

/** Follows a link of the drawer. */
export function goTo(clusterId: string, to: DrawerTarget): void {
  const shown = useWorkbench.getState().benches[clusterId]?.drawer ?? null;
  const { back } = trailOf(clusterId, shown);
  const target = { kind: to.kind, namespace: to.namespace, name: to.name };
  openDrawer(clusterId, target);
  set(clusterId, { at: target, back: shown ? [...back, shown].slice(-MOST) : back });
}

/** The object before; false when there is none. */
export function goBack(clusterId: string): boolean {
  const shown = useWorkbench.getState().benches[clusterId]?.drawer ?? null;
  const { back } = trailOf(clusterId, shown);
  const before = back[back.length - 1];
  if (!before) return false;
  openDrawer(clusterId, before);
  set(clusterId, { at: before, back: back.slice(0, -1) });
  return true;
}

/** Name of the object one came from. */
export function useBefore(clusterId: string, shown: DrawerTarget): DrawerTarget | undefined {
  const trail = useTrails((state) => state.byCluster[clusterId] ?? none);
  return trail.at === shown ? trail.back[trail.back.length - 1] : undefined;
}

/** The drawer came here by its own link, or back. */
export function useArrived(clusterId: string, shown: DrawerTarget): boolean {
  return useTrails((state) => state.byCluster[clusterId]?.at === shown);
}
