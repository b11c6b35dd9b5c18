/** The frame's own commands: go somewhere, change the view, the cluster, the app. */
import { railIds } from '../data/use-rail';
import { cluster, type KindInfo } from '#shared/contract/cluster';
import type { Settings } from '#shared/contract/app';
import { defaultSettings, patchSettings, useAppData } from '../data/app-data';
import { clusterData } from '../data/cluster-data';
import type { Command, CommandContext } from '../data/feature';
import { homeTab } from '../data/home';
import { addKubeconfig } from '../data/kubeconfig';
import { kindTab } from '../data/kind-tab';
import { pageActions } from '../data/page-actions';
import { focusTab, moveTabToNewPane, splitTab, tabsOfPane } from '../data/panes';
import { connect, disconnect, openCluster, openDemo, setNamespaces } from '../data/session';
import {
  closeDrawer,
  closeTab,
  openTab,
  useWorkbench,
  type ClusterBench,
  type TabSpec,
} from '../data/workbench';
import { setLayoutFlag } from './layout';
import { openKeys, openNamespaces, openPalette } from './overlay-state';

const noCluster = (context: CommandContext): 'hidden' | undefined =>
  context.clusterId === null ? 'hidden' : undefined;
const noTab = (context: CommandContext): string | undefined =>
  context.tab === null ? 'No tab is open.' : undefined;

function settings(): Settings {
  return useAppData.getState().settings ?? defaultSettings;
}

function onBench(context: CommandContext, change: (bench: ClusterBench) => ClusterBench): void {
  if (context.clusterId !== null) useWorkbench.getState().update(context.clusterId, change);
}

function show(context: CommandContext, tab: TabSpec): void {
  if (context.clusterId === null) return;
  useWorkbench.getState().showAppPage(null);
  openTab(context.clusterId, tab);
}

function goKind(id: string, title: string, keys: string): Command {
  const kindOf = (context: CommandContext): KindInfo | undefined =>
    context.clusterId === null ? undefined : clusterData(context.clusterId).kindById.get(id);
  return {
    id: `go.${id}`,
    title: `Go to ${title}`,
    group: 'Go to',
    keys: [keys],
    disabled: (context) => (kindOf(context) ? undefined : 'hidden'),
    run: (context) => {
      const kind = kindOf(context);
      if (kind) show(context, kindTab(kind));
    },
  };
}

const goTo: readonly Command[] = [
  {
    id: 'palette',
    title: 'Open command palette',
    group: 'Go to',
    keys: ['mod+k'],
    quiet: true,
    run: () => openPalette(),
  },
  {
    id: 'jump',
    title: 'Jump by kind, context or namespace',
    group: 'Go to',
    keys: [':'],
    quiet: true,
    run: () => openPalette(':'),
  },
  {
    id: 'go.overview',
    title: 'Go to overview',
    group: 'Go to',
    keys: ['g o'],
    disabled: noCluster,
    run: (context) => show(context, homeTab),
  },
  goKind('pods', 'pods', 'g p'),
  goKind('deployments.apps', 'deployments', 'g d'),
  goKind('statefulsets.apps', 'stateful sets', 'g t'),
  goKind('jobs.batch', 'jobs', 'g j'),
  goKind('services', 'services', 'g s'),
  goKind('ingresses.networking.k8s.io', 'ingresses', 'g i'),
  goKind('configmaps', 'config maps', 'g c'),
  goKind('nodes', 'nodes', 'g n'),
  goKind('events', 'events', 'g e'),
  goKind('namespaces', 'namespaces', 'g m'),
  {
    id: 'go.clusters',
    title: 'Go to all clusters',
    group: 'Go to',
    keys: ['g k'],
    run: () => useWorkbench.getState().showAppPage('clusters'),
  },
  {
    id: 'go.settings',
    title: 'Open settings',
    group: 'Go to',
    keys: ['mod+,'],
    run: () => useWorkbench.getState().showAppPage('settings'),
  },
];

const view: readonly Command[] = [
  {
    id: 'filter',
    title: 'Filter the table',
    group: 'Table',
    keys: ['/'],
    quiet: true,
    disabled: (context) => (actions(context).focusFilter ? undefined : 'hidden'),
    run: (context) => actions(context).focusFilter?.(),
  },
  {
    id: 'back',
    title: 'Close details, then clear filter, then selection',
    group: 'View',
    keys: ['escape'],
    quiet: true,
    run: goBack,
  },
  {
    id: 'tab.close',
    title: 'Close tab',
    group: 'View',
    keys: ['mod+w', 'alt+w'],
    disabled: noTab,
    run: ({ clusterId, tab }) => {
      if (clusterId !== null && tab) closeTab(clusterId, tab.id);
    },
  },
  {
    id: 'tab.next',
    title: 'Next tab',
    group: 'View',
    keys: ['mod+tab', 'mod+pagedown'],
    disabled: noTab,
    run: step(1),
  },
  {
    id: 'tab.previous',
    title: 'Previous tab',
    group: 'View',
    keys: ['mod+shift+tab', 'mod+pageup'],
    disabled: noTab,
    run: step(-1),
  },
  {
    id: 'split.right',
    title: 'Split right',
    group: 'View',
    keys: ['mod+\\'],
    disabled: noTab,
    run: (context) => onBench(context, (bench) => splitTab(bench, context.tab?.id ?? '', 'row')),
  },
  {
    id: 'split.down',
    title: 'Split down',
    group: 'View',
    keys: ['mod+shift+\\', 'mod+shift+|'],
    disabled: noTab,
    run: (context) => onBench(context, (bench) => splitTab(bench, context.tab?.id ?? '', 'column')),
  },
  {
    id: 'tab.move',
    title: 'Move tab to a new split',
    group: 'View',
    disabled: noTab,
    run: (context) => onBench(context, (bench) => moveTabToNewPane(bench, context.tab?.id ?? '', 'row')),
  },
  {
    id: 'view.navigation',
    title: 'Show or hide navigation',
    group: 'View',
    keys: ['mod+b'],
    run: () => setLayoutFlag('nav', settings().layout['nav'] === false),
  },
  {
    id: 'view.theme',
    title: 'Switch between light and dark',
    group: 'View',
    run: () => {
      const dark = document.documentElement.dataset['theme'] === 'dark';
      patchSettings({ theme: dark ? 'light' : 'dark' });
    },
  },
  {
    id: 'view.theme.system',
    title: "Use the system's light or dark",
    group: 'View',
    run: () => patchSettings({ theme: 'system' }),
  },
  ...(['compact', 'normal', 'relaxed'] as const).map((density): Command => ({
    id: `view.density.${density}`,
    title: `Use ${density} rows`,
    group: 'View',
    run: () => patchSettings({ density }),
  })),
];

const clusterCommands: readonly Command[] = [
  {
    id: 'namespaces',
    title: 'Choose namespaces',
    group: 'Cluster',
    keys: ['n'],
    disabled: noCluster,
    run: () => openNamespaces(),
  },
  {
    id: 'namespaces.all',
    title: 'Show all namespaces',
    group: 'Cluster',
    keys: ['0'],
    disabled: noCluster,
    run: ({ clusterId }) => {
      if (clusterId !== null) setNamespaces(clusterId, []);
    },
  },
  {
    id: 'cluster.reconnect',
    title: 'Try the connection again',
    group: 'Cluster',
    disabled: noCluster,
    run: async ({ clusterId, cluster: client }) => {
      if (client) await client.call(cluster, 'reconnect', undefined);
      else if (clusterId !== null) connect(clusterId);
    },
  },
  {
    id: 'cluster.disconnect',
    title: 'Disconnect this cluster',
    group: 'Cluster',
    disabled: noCluster,
    run: ({ clusterId }) => {
      if (clusterId !== null) disconnect(clusterId);
    },
  },
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((n): Command => ({
    id: `cluster.${n}`,
    title: n === 1 ? 'Show cluster 1 of the rail (up to 9)' : `Show cluster ${n} of the rail`,
    group: 'Cluster',
    keys: [`mod+${n}`],
    quiet: true,
    disabled: () => (railIds()[n - 1] === undefined ? 'hidden' : undefined),
    run: () => {
      const id = railIds()[n - 1];
      if (id !== undefined) openCluster(id);
    },
  })),
];

const appCommands: readonly Command[] = [
  { id: 'keys', title: 'Show all keys', group: 'App', keys: ['?'], run: () => openKeys() },
  {
    id: 'kubeconfig.add',
    title: 'Add a kubeconfig',
    group: 'App',
    run: () => addKubeconfig(),
  },
  { id: 'demo', title: 'Open the demo cluster', group: 'App', run: () => openDemo() },
];

export const frameCommands: readonly Command[] = [...goTo, ...view, ...clusterCommands, ...appCommands];

function actions(context: CommandContext): ReturnType<typeof pageActions> {
  return pageActions(context.clusterId, context.tab?.id ?? null);
}

/** Esc: page of the app, drawer, filter, selection; the first that is there. */
function goBack(context: CommandContext): void {
  const { appPage, clusterId, benches, showAppPage } = useWorkbench.getState();
  if (appPage !== null && clusterId !== null) return showAppPage(null);
  if (clusterId !== null && benches[clusterId]?.drawer) return closeDrawer(clusterId);
  const page = actions(context);
  if (page.clearFilter?.()) return undefined;
  page.clearSelection?.();
  return undefined;
}

function step(by: 1 | -1): (context: CommandContext) => void {
  return (context) =>
    onBench(context, (bench) => {
      const tabs = tabsOfPane(bench, bench.focusedPane);
      const at = tabs.findIndex((tab) => tab.id === bench.activeTab);
      const next = tabs[(at + by + tabs.length) % tabs.length];
      return next ? focusTab(bench, next.id) : bench;
    });
}
