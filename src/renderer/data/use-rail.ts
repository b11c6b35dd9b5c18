/** The contexts of the rail, in its order: for the rail itself and for the keys 1 to 9. */
import { useMemo } from 'react';
import type { ContextSummary, HostState } from '#shared/contract/app';
import { defaultSettings, useAppData, useSettings } from './app-data';
import { railGroups, type ContextGroup } from './context-order';
import { ownTitle, tileLetters } from './context-title';
import { useWorkbench } from './workbench';

const none: readonly ContextSummary[] = [];

/** Ids of living hosts in one text, so that a host's other news draw nothing. */
function openIds(hosts: ReadonlyMap<string, HostState>): string {
  const ids: string[] = [];
  for (const host of hosts.values()) if (host.phase !== 'stopped') ids.push(host.contextId);
  return ids.join('\n');
}

export function useRailGroups(): readonly ContextGroup[] {
  const contexts = useAppData((state) => state.contexts?.contexts) ?? none;
  const opened = useAppData((state) => openIds(state.hosts));
  const active = useWorkbench((state) => state.clusterId);
  const settings = useSettings();
  return useMemo(
    () => railGroups({ contexts, settings, opened: new Set(opened.split('\n')), active }),
    [contexts, settings, opened, active],
  );
}

/** The letters of every context's tile, by the title it has on screen. */
export function useTileLetters(): ReadonlyMap<string, string> {
  const contexts = useAppData((state) => state.contexts?.contexts) ?? none;
  const own = useSettings().contexts;
  return useMemo(() => tileLetters(contexts.map((one) => ownTitle(one, own).title)), [contexts, own]);
}

/** Ids as they stand in the rail now. */
export function railIds(): readonly string[] {
  const { contexts, settings, hosts } = useAppData.getState();
  return railGroups({
    contexts: contexts?.contexts ?? none,
    settings: settings ?? defaultSettings,
    opened: new Set(openIds(hosts).split('\n')),
    active: useWorkbench.getState().clusterId,
  }).flatMap((group) => group.contexts.map(({ id }) => id));
}
