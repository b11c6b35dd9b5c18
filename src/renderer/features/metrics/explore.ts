/** The explorer as a tab; what it is to show arrives in the tab's parameters. */
import { openTab } from '../../data/workbench';

export const EXPLORER_PAGE = 'metrics-explorer';
export const ALERTS_PAGE = 'metrics-alerts';

export const explorerTab = {
  id: 'metrics-explorer',
  page: EXPLORER_PAGE,
  title: 'Metrics explorer',
  params: {},
};
export const alertsTab = { id: 'metrics-alerts', page: ALERTS_PAGE, title: 'Alerts', params: {} };

let count = 0;

/** Each query gets a tab of its own, so that none in work is lost. */
export function explore(clusterId: string, expr: string): void {
  count += 1;
  openTab(clusterId, {
    ...explorerTab,
    id: `metrics-explorer:${Date.now().toString(36)}-${count}`,
    params: { expr },
  });
}
