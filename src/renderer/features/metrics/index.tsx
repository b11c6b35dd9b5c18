/** Charts, explorer, alerts. Everything heavy loads on first use. */
import type { Feature } from '../../data/feature';
import { openTab, useWorkbench, type TabSpec } from '../../data/workbench';
import { lazy } from '../../ui/lazy';
import { ALERTS_PAGE, alertsTab, EXPLORER_PAGE, explorerTab } from './explore';

const capacityTab = { id: 'capacity', page: 'capacity', title: 'Capacity', params: {} };
const controlPlaneTab = { id: 'control-plane', page: 'control-plane', title: 'Control plane', params: {} };
const rightsizingTab = { id: 'rightsizing', page: 'rightsizing', title: 'Rightsizing', params: {} };

const MetricsTab = lazy(async () => ({ default: (await import('./MetricsTab')).MetricsTab }));
const ClusterMetrics = lazy(async () => ({ default: (await import('./ClusterMetrics')).ClusterMetrics }));
const ClusterPage = lazy(async () => ({ default: (await import('./ClusterMetrics')).ClusterMetricsPage }));
const ExplorerPage = lazy(async () => ({ default: (await import('./ExplorerPage')).ExplorerPage }));
const RightsizingPage = lazy(async () => ({
  default: (await import('./RightsizingPage')).RightsizingPage,
}));
const ControlPlanePage = lazy(async () => ({
  default: (await import('./ControlPlanePage')).ControlPlanePage,
}));
const CapacityPage = lazy(async () => ({ default: (await import('./CapacityPage')).CapacityPage }));
const AlertsPage = lazy(async () => ({ default: (await import('./AlertsPage')).AlertsPage }));

const kinds = new Set([
  'pods',
  'nodes',
  'namespaces',
  'deployments.apps',
  'replicasets.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'jobs.batch',
  'cronjobs.batch',
  'replicationcontrollers',
  'persistentvolumeclaims',
  'ingresses.networking.k8s.io',
]);

const go = (tab: TabSpec): Pick<NonNullable<Feature['commands']>[number], 'disabled' | 'run'> => ({
  disabled: ({ clusterId }) => (clusterId === null ? 'hidden' : undefined),
  run: ({ clusterId }) => {
    if (clusterId === null) return;
    useWorkbench.getState().showAppPage(null);
    openTab(clusterId, tab);
  },
});

export const metricsFeature: Feature = {
  id: 'metrics',
  pages: [
    { id: EXPLORER_PAGE, component: ExplorerPage },
    { id: ALERTS_PAGE, component: AlertsPage },
    { id: 'metrics-cluster', component: ClusterPage },
    { id: rightsizingTab.page, component: RightsizingPage },
    { id: controlPlaneTab.page, component: ControlPlanePage },
    { id: capacityTab.page, component: CapacityPage },
  ],
  drawerTabs: [
    {
      id: 'metrics',
      title: 'Metrics',
      applies: (kindId) => kinds.has(kindId),
      component: MetricsTab,
    },
  ],
  overviewSections: [{ id: 'metrics', component: ClusterMetrics }],
  nav: [
    { id: 'alerts', title: 'Alerts', section: 'top', order: 60, tab: alertsTab },
    { id: 'metrics-explorer', title: 'Metrics explorer', section: 'top', order: 61, tab: explorerTab },
    { id: 'capacity', title: 'Capacity', section: 'top', order: 62, tab: capacityTab },
    { id: 'rightsizing', title: 'Rightsizing', section: 'top', order: 63, tab: rightsizingTab },
    { id: 'control-plane', title: 'Control plane', section: 'top', order: 64, tab: controlPlaneTab },
  ],
  commands: [
    {
      id: 'metrics.explorer',
      title: 'Go to metrics explorer',
      group: 'Go to',
      keys: ['g shift+m'],
      ...go(explorerTab),
    },
    { id: 'metrics.alerts', title: 'Go to alerts', group: 'Go to', keys: ['g shift+a'], ...go(alertsTab) },
    { id: 'metrics.capacity', title: 'Go to capacity', group: 'Go to', ...go(capacityTab) },
    { id: 'metrics.control-plane', title: 'Go to control plane', group: 'Go to', ...go(controlPlaneTab) },
    { id: 'metrics.rightsizing', title: 'Go to rightsizing', group: 'Go to', ...go(rightsizingTab) },
  ],
};
