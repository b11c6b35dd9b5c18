/**
 * Remembers per context which tabs and panes were open, in this window's own storage.
 * Not the drawer and the dock: objects and sessions of yesterday are gone today. Only a page that is
 * loaded anew (it crashed, or was reloaded) finds the shells and forwards of before: their hosts went
 * on, and the storage of a window's session ends with the app (fault 67).
 * Whatever cannot be read is dropped; it never stops the app.
 */
import { emptyBench, useWorkbench, type ClusterBench, type Pane, type TabSpec } from './workbench';
import { normal } from './panes';

const KEY = 'binnacle.benches';
const DOCK_KEY = 'binnacle.docks';
const DELAY = 500;
/** Dock pages whose work goes on without the page. */
const comesBack: ReadonlySet<string> = new Set(['shell', 'forwards']);
/** Contexts whose tabs are remembered; the longest unused go first. */
const MOST = 50;

function readAll(storage: Storage = localStorage, key = KEY): Map<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(storage.getItem(key) ?? '{}');
    return new Map(typeof parsed === 'object' && parsed !== null ? Object.entries(parsed) : []);
  } catch {
    return new Map();
  }
}

/** What was open in a context when it was last seen. */
export function storedBench(contextId: string): ClusterBench | undefined {
  const bench = parseBench(readAll().get(contextId));
  const kept = readAll(sessionStorage, DOCK_KEY).get(contextId);
  const dock = (Array.isArray(kept) ? kept : []).filter(isTab).filter((one) => comesBack.has(one.page));
  if (dock.length === 0) return bench;
  return {
    ...(bench ?? emptyBench),
    dock: dock.map((one) => ({ ...one, params: { ...one.params, again: 'yes' } })),
    activeDock: dock[0]?.id ?? null,
  };
}

/** A stored bench, or undefined when it is none (older version, edited by hand). */
export function parseBench(raw: unknown): ClusterBench | undefined {
  if (!isRecord(raw) || !Array.isArray(raw['tabs']) || !Array.isArray(raw['panes'])) return undefined;
  const tabs = raw['tabs'].filter(isTab);
  const panes = raw['panes'].filter(isPane);
  const { direction, focusedPane, paneOf } = raw;
  if (tabs.length === 0 || panes.length === 0) return undefined;
  const known = new Set(tabs.map((tab) => tab.id));
  const bench: ClusterBench = {
    ...emptyBench,
    tabs,
    panes: panes.map((pane) => ({
      ...pane,
      active: pane.active !== null && known.has(pane.active) ? pane.active : null,
    })),
    direction: direction === 'column' ? 'column' : 'row',
    focusedPane: typeof focusedPane === 'string' ? focusedPane : (panes[0]?.id ?? ''),
    paneOf: isRecord(paneOf) && Object.values(paneOf).every(isText) ? (paneOf as Record<string, string>) : {},
  };
  return normal(bench);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isTab(value: unknown): value is TabSpec {
  return (
    isRecord(value) &&
    isText(value['id']) &&
    isText(value['page']) &&
    isText(value['title']) &&
    isRecord(value['params']) &&
    Object.values(value['params']).every(isText)
  );
}

function isPane(value: unknown): value is Pane {
  return (
    isRecord(value) &&
    isText(value['id']) &&
    (value['active'] === null || isText(value['active'])) &&
    typeof value['size'] === 'number' &&
    value['size'] > 0
  );
}

/** Keeps the storage in step with the workbench until the returned function is called. */
export function keepBenches(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const write = (): void => {
    timer = undefined;
    const all = readAll();
    const docks: Record<string, readonly TabSpec[]> = {};
    for (const [id, bench] of Object.entries(useWorkbench.getState().benches)) {
      const dock = bench.dock.filter((one) => comesBack.has(one.page));
      if (dock.length > 0) docks[id] = dock;
      const { tabs, panes, direction, focusedPane, paneOf, activeTab } = bench;
      all.delete(id);
      all.set(id, { tabs, panes, direction, focusedPane, paneOf, activeTab });
    }
    try {
      localStorage.setItem(KEY, JSON.stringify(Object.fromEntries([...all].slice(-MOST))));
      sessionStorage.setItem(DOCK_KEY, JSON.stringify(docks));
    } catch {
      // A full or forbidden storage costs the memory of tabs, nothing else.
    }
  };
  const stop = useWorkbench.subscribe((state, before) => {
    if (state.benches === before.benches || timer !== undefined) return;
    timer = setTimeout(write, DELAY);
  });
  return () => {
    stop();
    if (timer !== undefined) {
      clearTimeout(timer);
      write();
    }
  };
}
