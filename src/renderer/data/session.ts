/**
 * Which cluster is on screen and how it gets connected.
 * Guarantees: a cluster is contacted only when it is shown; it keeps its own tabs,
 * namespaces and drawer; the last three shown stay mounted, so that going back is instant.
 */
import { create } from 'zustand';
import { app, baseContext } from '#shared/contract/app';
import { toAppError, type AppError } from '#shared/util/app-error';
import { patchContextSettings, patchSettings, useAppData } from './app-data';
import { chooseNamespaces, emptyBench, useWorkbench } from './workbench';
import { focusTab, withTab } from './panes';
import { withRecent } from './context-order';
import { storedBench } from './bench-storage';
import { homeTab } from './home';

const MOUNTED = 3;

export interface Session {
  /** Clusters kept mounted, newest first. */
  readonly mounted: readonly string[];
  /** Why the process of a cluster could not be started. */
  readonly failures: Readonly<Record<string, AppError | undefined>>;
  /** Why there is nothing to show at all. */
  readonly startError: AppError | undefined;
}

export const useSession = create<Session>()(() => ({ mounted: [], failures: {}, startError: undefined }));

/** Shows a cluster and connects it if it is not. */
export function openCluster(contextId: string): void {
  const { benches, update, showCluster } = useWorkbench.getState();
  if (!benches[contextId]) {
    const kept = useAppData.getState().settings?.contexts[contextId]?.namespaces ?? [];
    const bench = storedBench(contextId) ?? emptyBench;
    const opened = bench.tabs.length > 0 ? bench : withTab(bench, homeTab, 'focus');
    const first = opened.tabs[0];
    update(contextId, () => ({
      ...(opened.activeTab === null && first ? focusTab(opened, first.id) : opened),
      namespaces: kept,
    }));
  }
  showCluster(contextId);
  useSession.setState((state) => ({
    mounted: [contextId, ...state.mounted.filter((id) => id !== contextId)].slice(0, MOUNTED),
  }));
  const { settings } = useAppData.getState();
  if (settings?.lastContext !== contextId && baseContext(contextId) === contextId)
    patchSettings({ lastContext: contextId, recent: withRecent(settings?.recent ?? [], contextId) });
  const phase = useAppData.getState().hosts.get(contextId)?.phase;
  if (phase === undefined || phase === 'stopped') connect(contextId);
}

/** Starts the cluster's process (again). */
export function connect(contextId: string): void {
  const { client } = useAppData.getState();
  setFailure(contextId, undefined);
  client?.call(app, 'connect', { contextId }).catch((thrown: unknown) => {
    setFailure(contextId, toAppError(thrown));
  });
}

/** Stops the cluster's process; its screens stay as they are and say so. */
export function disconnect(contextId: string, reason?: string): void {
  const { client } = useAppData.getState();
  client
    ?.call(app, 'disconnect', { contextId, ...(reason === undefined ? {} : { reason }) })
    .catch((thrown: unknown) => {
      setFailure(contextId, toAppError(thrown));
    });
}

/** A context got another id (it was renamed): what was open moves along. */
export function moveCluster(from: string, to: string): void {
  const { benches, clusterId, appPage, update, showAppPage } = useWorkbench.getState();
  const bench = benches[from];
  if (bench) update(to, () => ({ ...bench, drawer: null, dock: [], activeDock: null }));
  const wasOpen = useSession.getState().mounted.includes(from);
  useSession.setState((state) => ({ mounted: state.mounted.filter((id) => id !== from) }));
  disconnect(from);
  if (clusterId === from) {
    openCluster(to);
    showAppPage(appPage);
  } else if (wasOpen) connect(to);
}

/** Opens the demo cluster, starting it where needed. */
export async function openDemo(): Promise<void> {
  const { client } = useAppData.getState();
  if (!client) return;
  try {
    const { contextId } = await client.call(app, 'startDemo', undefined);
    useSession.setState({ startError: undefined });
    openCluster(contextId);
  } catch (thrown) {
    useSession.setState({ startError: toAppError(thrown) });
  }
}

/** The last context, else the current one of the kubeconfig, else the demo cluster. */
export function openFirstCluster(): void {
  const { contexts, contextById, settings } = useAppData.getState();
  if (!contexts || !settings || useWorkbench.getState().clusterId !== null) return;
  const last = settings.lastContext;
  if (last !== null && contextById.has(last)) openCluster(last);
  else if (contexts.current !== null && contextById.has(contexts.current)) openCluster(contexts.current);
  else void openDemo();
}

function setFailure(contextId: string, error: AppError | undefined): void {
  useSession.setState((state) => ({ failures: { ...state.failures, [contextId]: error } }));
}

/** Chooses the namespaces of a cluster's pages and remembers them; empty: all. */
export function setNamespaces(contextId: string, namespaces: readonly string[]): void {
  chooseNamespaces(contextId, namespaces);
  patchContextSettings(contextId, { namespaces });
}
