/**
 * The one list of commands that palette, menus, keys and the `?` overlay read, and what
 * a command may look at when it runs. The frame fills it; anybody below may read it.
 */
import { createContext, useContext } from 'react';
import type { Command, CommandContext } from './feature';
import { useAppData } from './app-data';
import type { Connections } from './connections';
import { pageActions } from './page-actions';
import { useWorkbench } from './workbench';

export interface CommandList {
  readonly all: readonly Command[];
  readonly context: () => CommandContext;
}

export const CommandListContext = createContext<CommandList>({
  all: [],
  context: () => ({
    clusterId: null,
    app: undefined,
    cluster: undefined,
    selection: [],
    tab: null,
  }),
});

export function useCommandList(): CommandList {
  return useContext(CommandListContext);
}

/** What the person looks at now: cluster, tab and selected rows. */
export function currentContext(connections: Connections): CommandContext {
  const { clusterId, benches, appPage } = useWorkbench.getState();
  const bench = clusterId === null || appPage !== null ? undefined : benches[clusterId];
  const tabId = bench?.activeTab ?? null;
  return {
    clusterId,
    app: useAppData.getState().client,
    cluster: clusterId === null ? undefined : connections.cluster(clusterId),
    selection: pageActions(clusterId, tabId).selection?.() ?? [],
    tab: bench?.tabs.find((tab) => tab.id === tabId) ?? null,
  };
}

/** Applies: undefined. Shown disabled: the reason. Not shown: `hidden`. */
export function commandState(command: Command, context: CommandContext): string | undefined {
  return command.disabled?.(context);
}
