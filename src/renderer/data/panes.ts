/**
 * Tabs in split panes, as pure steps from one bench to the next.
 * Guarantees: there is always a pane; every pane but a single one has a tab; `activeTab`
 * is the active tab of the focused pane. Does not know what a tab shows.
 */
import type { ClusterBench, Pane, TabSpec } from './workbench';

/** More panes than this are of no use on a screen. */
export const MAX_PANES = 4;

export function paneIdOf(bench: ClusterBench, tabId: string): string {
  const id = bench.paneOf[tabId];
  if (id !== undefined && bench.panes.some((pane) => pane.id === id)) return id;
  return firstPane(bench).id;
}

export function tabsOfPane(bench: ClusterBench, paneId: string): readonly TabSpec[] {
  return bench.tabs.filter((tab) => paneIdOf(bench, tab.id) === paneId);
}

/** Opens a tab in the focused pane beside its active one, or focuses it where it is. */
export function withTab(bench: ClusterBench, tab: TabSpec, how: 'focus' | 'replace'): ClusterBench {
  if (bench.tabs.some((other) => other.id === tab.id)) {
    const tabs = bench.tabs.map((other) => (other.id === tab.id ? tab : other));
    return focusTab({ ...bench, tabs }, tab.id);
  }
  const at = bench.tabs.findIndex((other) => other.id === bench.activeTab);
  const tabs = [...bench.tabs];
  if (how === 'replace' && at >= 0) tabs.splice(at, 1, tab);
  else tabs.splice(at < 0 ? tabs.length : at + 1, 0, tab);
  const paneOf = { ...bench.paneOf, [tab.id]: bench.focusedPane };
  return focusTab(prune({ ...bench, tabs, paneOf }), tab.id);
}

export function withoutTab(bench: ClusterBench, id: string): ClusterBench {
  const gone = bench.tabs.find((tab) => tab.id === id);
  if (!gone) return bench;
  const paneId = paneIdOf(bench, id);
  const before = tabsOfPane(bench, paneId);
  const at = before.indexOf(gone);
  const left = before.filter((tab) => tab.id !== id);
  const next = left[Math.min(at, left.length - 1)]?.id ?? null;
  const panes = bench.panes.map((pane) =>
    pane.id === paneId && pane.active === id ? { ...pane, active: next } : pane,
  );
  return settle(prune({ ...bench, tabs: bench.tabs.filter((tab) => tab.id !== id), panes }));
}

export function focusTab(bench: ClusterBench, id: string): ClusterBench {
  const paneId = paneIdOf(bench, id);
  const panes = bench.panes.map((pane) => (pane.id === paneId ? { ...pane, active: id } : pane));
  return settle({ ...bench, panes, focusedPane: paneId });
}

export function focusPane(bench: ClusterBench, paneId: string): ClusterBench {
  if (bench.focusedPane === paneId || !bench.panes.some((pane) => pane.id === paneId)) return bench;
  return settle({ ...bench, focusedPane: paneId });
}

/** Shows the tab once more in a new pane after its own; both then live on their own. */
export function splitTab(bench: ClusterBench, id: string, direction: 'row' | 'column'): ClusterBench {
  const tab = bench.tabs.find((other) => other.id === id);
  if (!tab || bench.panes.length >= MAX_PANES) return bench;
  const copy: TabSpec = { ...tab, id: freshId(bench, tab.id) };
  return moveToNewPane({ ...bench, tabs: [...bench.tabs, copy] }, copy.id, paneIdOf(bench, id), direction);
}

/** Moves a tab into a pane, before another tab of it or at its end. */
export function moveTab(
  bench: ClusterBench,
  id: string,
  paneId: string,
  before: string | null = null,
): ClusterBench {
  const tab = bench.tabs.find((other) => other.id === id);
  if (!tab || id === before || !bench.panes.some((pane) => pane.id === paneId)) return bench;
  const from = withoutActive(bench, id);
  const tabs = from.tabs.filter((other) => other.id !== id);
  const at = before === null ? -1 : tabs.findIndex((other) => other.id === before);
  tabs.splice(at < 0 ? tabs.length : at, 0, tab);
  const moved = { ...from, tabs, paneOf: { ...from.paneOf, [id]: paneId } };
  return dropEmpty(focusTab(moved, id));
}

/** Moves a tab into a new pane at the end. The last tab of the last pane stays where it is. */
export function moveTabToNewPane(bench: ClusterBench, id: string, direction: 'row' | 'column'): ClusterBench {
  if (!bench.tabs.some((tab) => tab.id === id) || bench.tabs.length < 2) return bench;
  if (bench.panes.length >= MAX_PANES) return bench;
  const last = bench.panes[bench.panes.length - 1] ?? firstPane(bench);
  return dropEmpty(moveToNewPane(withoutActive(bench, id), id, last.id, direction));
}

/** Gives two neighbours new shares; both keep at least a tenth of what they have together. */
export function resizePanes(bench: ClusterBench, index: number, share: number): ClusterBench {
  const left = bench.panes[index];
  const right = bench.panes[index + 1];
  if (!left || !right) return bench;
  const both = left.size + right.size;
  const part = Math.min(0.9, Math.max(0.1, share)) * both;
  const panes = bench.panes.map((pane, i) => {
    if (i === index) return { ...pane, size: part };
    if (i === index + 1) return { ...pane, size: both - part };
    return pane;
  });
  return { ...bench, panes };
}

/** The same bench with what its rules promise, whatever was stored. */
export function normal(bench: ClusterBench): ClusterBench {
  const pruned = prune(bench);
  const panes = pruned.panes.map((pane) => {
    const own = tabsOfPane(pruned, pane.id);
    const active = own.some((tab) => tab.id === pane.active) ? pane.active : (own[0]?.id ?? null);
    return { ...pane, active };
  });
  return settle({ ...pruned, panes });
}

function moveToNewPane(
  bench: ClusterBench,
  id: string,
  after: string,
  direction: 'row' | 'column',
): ClusterBench {
  const at = bench.panes.findIndex((pane) => pane.id === after);
  const neighbour = bench.panes[at] ?? firstPane(bench);
  let n = bench.panes.length + 1;
  while (bench.panes.some((pane) => pane.id === `p${n}`)) n += 1;
  const fresh: Pane = { id: `p${n}`, active: id, size: neighbour.size };
  const panes = [...bench.panes];
  panes.splice(at + 1, 0, fresh);
  return settle({
    ...bench,
    panes,
    direction: bench.panes.length > 1 ? bench.direction : direction,
    focusedPane: fresh.id,
    paneOf: { ...bench.paneOf, [id]: fresh.id },
  });
}

/** The tab's pane lets go of it as its active one. */
function withoutActive(bench: ClusterBench, id: string): ClusterBench {
  const paneId = paneIdOf(bench, id);
  const rest = tabsOfPane(bench, paneId).filter((tab) => tab.id !== id);
  const panes = bench.panes.map((pane) =>
    pane.id === paneId && pane.active === id ? { ...pane, active: rest[rest.length - 1]?.id ?? null } : pane,
  );
  return { ...bench, panes };
}

function dropEmpty(bench: ClusterBench): ClusterBench {
  const used = bench.panes.filter((pane) => tabsOfPane(bench, pane.id).length > 0);
  if (used.length === bench.panes.length) return settle(bench);
  const panes = used.length > 0 ? used : [{ ...firstPane(bench), active: null }];
  // A tab without an entry belongs to the first pane: pin it before the first pane may go.
  const paneOf = Object.fromEntries(bench.tabs.map((tab) => [tab.id, paneIdOf(bench, tab.id)]));
  return settle({ ...bench, panes, paneOf });
}

/** Forgets places of tabs that are gone, then panes that are empty. */
function prune(bench: ClusterBench): ClusterBench {
  const known = new Set(bench.tabs.map((tab) => tab.id));
  const paneOf = Object.fromEntries(Object.entries(bench.paneOf).filter(([id]) => known.has(id)));
  return dropEmpty({ ...bench, paneOf });
}

function settle(bench: ClusterBench): ClusterBench {
  const focused = bench.panes.find((pane) => pane.id === bench.focusedPane) ?? firstPane(bench);
  return { ...bench, focusedPane: focused.id, activeTab: focused.active };
}

function firstPane(bench: ClusterBench): Pane {
  return bench.panes[0] ?? { id: 'p1', active: null, size: 1 };
}

function freshId(bench: ClusterBench, id: string): string {
  const base = id.replace(/~\d+$/, '');
  let n = 2;
  while (bench.tabs.some((tab) => tab.id === `${base}~${n}`)) n += 1;
  return `${base}~${n}`;
}
