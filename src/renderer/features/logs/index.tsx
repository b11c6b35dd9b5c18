/** Logs of pods, of whatever has pods, and of nodes. Loads on first use. */
import type { Command, CommandContext, Feature } from '../../data/feature';
import { chosenNow, chosenObjects } from '../../data/chosen';
import { hasLogs, LOGS_PAGE } from '../../data/log-tab';
import { openDock, openTab, useWorkbench, type TabSpec } from '../../data/workbench';
import { lazy } from '../../ui/lazy';
import { logPanel } from './params';

const LogsPanel = lazy(async () => ({ default: (await import('./LogsPanel')).LogsPanel }));
const OpenLogsPage = lazy(async () => ({ default: (await import('./OpenLogsPage')).OpenLogsPage }));

const OPEN_PAGE = 'logs-open';
const openPage: TabSpec = { id: OPEN_PAGE, page: OPEN_PAGE, title: 'Logs', params: {} };

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
      disabled(context) ?? (chosenNow(context).kinds[0] === 'nodes' ? 'hidden' : undefined),
    run: (context) => show(context, true),
  },
  {
    id: 'logs.node',
    title: 'Show log files of the node',
    group: 'Object',
    disabled: (context) => {
      const { kinds, count } = chosenNow(context);
      if (context.clusterId === null || kinds[0] !== 'nodes' || kinds.length > 1) return 'hidden';
      return count > 1 ? 'Choose one node' : undefined;
    },
    run: async (context) => {
      const [node] = await chosenObjects(context);
      if (context.clusterId === null || !node) return;
      const { name } = node;
      openTab(context.clusterId, {
        ...openPage,
        id: `${OPEN_PAGE}:${name}`,
        title: `Logs of ${name}`,
        params: { node: name },
      });
    },
  },
  {
    id: 'logs.open',
    title: 'Go to logs by labels, pods or node',
    group: 'Go to',
    keys: ['g l'],
    disabled: ({ clusterId }) => (clusterId === null ? 'hidden' : undefined),
    run: ({ clusterId }) => {
      if (clusterId === null) return;
      useWorkbench.getState().showAppPage(null);
      openTab(clusterId, openPage);
    },
  },
];

export const logsFeature: Feature = {
  id: 'logs',
  pages: [
    { id: LOGS_PAGE, component: LogsPanel },
    { id: OPEN_PAGE, component: OpenLogsPage },
  ],
  docks: [{ id: LOGS_PAGE, component: LogsPanel }],
  nav: [{ id: OPEN_PAGE, title: 'Logs', section: 'top', order: 55, tab: openPage }],
  commands,
};
