/** Opens terminals in the dock. Anybody may ask for one; the shell feature draws them. */
import { useAppData } from './app-data';
import { openDock, useWorkbench } from './workbench';

export const SHELL_DOCK = 'shell';
export const LOCAL_DOCK = 'local-terminal';
/** Setting (a flag of the layout): what is marked in a terminal is copied at once. */
export const COPY_ON_SELECT = 'terminal.copyOnSelect';

export interface ShellTarget {
  readonly namespace: string;
  readonly pod: string;
  readonly container?: string;
}

/** So that each terminal is a tab of its own, beside those of a page before this one. */
let opened = Math.floor(performance.timeOrigin);

/** Shells in one pod, or side by side in several (at most 8), in one dock tab. */
export function openShells(contextId: string, targets: readonly ShellTarget[]): void {
  const [first] = targets;
  if (!first) return;
  opened += 1;
  openDock(contextId, {
    id: `shell:${opened}`,
    page: SHELL_DOCK,
    title: targets.length === 1 ? shortName(first.pod) : `${targets.length} shells`,
    params: { targets: JSON.stringify(targets) },
  });
}

/** A terminal of this machine whose kubectl sees only this context and namespace. */
export function openLocalTerminal(contextId: string, namespace: string | undefined): void {
  opened += 1;
  openDock(contextId, {
    id: `terminal:${opened}`,
    page: LOCAL_DOCK,
    title: 'Terminal',
    params: { kind: 'local', ...(namespace === undefined ? {} : { namespace }) },
  });
}

/** A context can be signed in to in a terminal: it has a plugin, or a login command in its settings. */
export function canSignIn(contextId: string): boolean {
  const { contextById, settings } = useAppData.getState();
  const own = settings?.contexts[contextId]?.loginCommand;
  if (own !== undefined && own.trim() !== '') return true;
  return contextById.get(contextId)?.auth.includes('exec') === true;
}

/** Runs the context's sign-in (plugin or login command) in a terminal and reconnects after it. */
export function openSignIn(contextId: string): void {
  // The dock belongs to the cluster: a page of the whole app would cover it.
  useWorkbench.getState().showAppPage(null);
  opened += 1;
  openDock(contextId, {
    id: `sign-in:${opened}`,
    page: LOCAL_DOCK,
    title: 'Sign in',
    params: { kind: 'sign-in' },
  });
}

/** The end of a pod's name tells replicas apart: the middle goes. */
export function shortName(name: string): string {
  return name.length <= 28 ? name : `${name.slice(0, 14)}…${name.slice(-11)}`;
}
