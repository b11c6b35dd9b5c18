/** Logs of pods and of whatever has pods. Loads on first use. */
import { lazy } from 'react';
import type { Command, CommandContext, Feature } from '../../data/feature';
import { chosenNow, chosenObjects } from '../../data/chosen';
import { openDock } from '../../data/workbench';
import { hasLogs, logPanel, LOGS_PAGE } from './params';

const LogsPanel = lazy(async () => ({ default: (await import('./LogsPanel')).LogsPanel }));

function disabled(context: CommandContext): string | 'hidden' | undefined {
  const { kinds, count } = chosenNow(context);
  const [kind] = kinds;
  if (context.clusterId === null || kind === undefined) return 'hidden';
  if (kinds.some((one) => !hasLogs(one))) return 'hidden';
  if (kind !== 'pods' && count > 1) return 'Choose one, or choose pods';
  return undefined;
}

async function show(context: CommandContext, previous: boolean): Promise<void> {
  const { clusterId } = context;
  if (clusterId === null) return;
  const panel = logPanel(await chosenObjects(context), previous);
  if (panel) openDock(clusterId, panel);
}

const commands: readonly Command[] = [
  {
    id: 'logs.show',
    title: 'Show logs',
    group: 'Object',
    keys: ['l'],
    disabled,
    run: (context) => show(context, false),
  },
  {
    id: 'logs.previous',
    title: 'Show logs before the last restart',
    group: 'Object',
    keys: ['shift+l'],
    disabled: (context) =>
      disabled(context) ?? (chosenNow(context).kinds[0] === 'pods' ? undefined : 'hidden'),
    run: (context) => show(context, true),
  },
];

export const logsFeature: Feature = {
  id: 'logs',
  pages: [{ id: LOGS_PAGE, component: LogsPanel }],
  docks: [{ id: LOGS_PAGE, component: LogsPanel }],
  commands,
};
