/**
 * Disconnects clusters nobody looks at, when the person wants that. Guarantees: never the one on
 * screen, never one with a panel in the dock (a shell, logs, a forward) or an open question; the
 * list says it was hibernated and why; showing it connects it again.
 */
import type { HostState, Settings } from '#shared/contract/app';
import { useAppData } from './app-data';
import { disconnect } from './session';
import { useWorkbench, type ClusterBench } from './workbench';

export const hibernateChoices = [
  { value: '0', label: 'never' },
  { value: '15', label: 'after 15 minutes' },
  { value: '60', label: 'after 1 hour' },
  { value: '240', label: 'after 4 hours' },
  { value: '1440', label: 'after a day' },
] as const;

const LOOK_MS = 30_000;
const MINUTE = 60_000;

export interface IdleInput {
  readonly hosts: Iterable<HostState>;
  readonly settings: Settings;
  readonly benches: Readonly<Record<string, ClusterBench>>;
  readonly active: string | null;
  /** When each was on screen last, epoch ms; updated here. */
  readonly looked: Map<string, number>;
  readonly now: number;
}

/** Clusters to disconnect now, with the minutes they were idle. */
export function idleClusters({
  hosts,
  settings,
  benches,
  active,
  looked,
  now,
}: IdleInput): [string, number][] {
  const idle: [string, number][] = [];
  for (const { contextId, phase } of hosts) {
    if (phase !== 'running') {
      looked.delete(contextId);
      continue;
    }
    const isBusy = contextId === active || (benches[contextId]?.dock.length ?? 0) > 0;
    const last = looked.get(contextId);
    if (isBusy || last === undefined) {
      looked.set(contextId, now);
      continue;
    }
    const minutes = settings.contexts[contextId]?.hibernateAfter ?? settings.hibernateAfter;
    if (minutes > 0 && now - last >= minutes * MINUTE) idle.push([contextId, minutes]);
  }
  return idle;
}

/** Looks every 30 s until the returned function is called. */
export function keepHibernating(): () => void {
  const looked = new Map<string, number>();
  const look = (): void => {
    const { hosts, settings } = useAppData.getState();
    if (!settings) return;
    const { benches, clusterId } = useWorkbench.getState();
    const input = { hosts: hosts.values(), settings, benches, active: clusterId, looked, now: Date.now() };
    for (const [contextId, minutes] of idleClusters(input)) {
      looked.delete(contextId);
      disconnect(
        contextId,
        `Hibernated: nobody looked at it for ${minutes} minutes. Open it to connect again.`,
      );
    }
  };
  const timer = setInterval(look, LOOK_MS);
  return () => clearInterval(timer);
}
