/** Overview of a cluster: version, nodes, counts of what runs, recent warnings. */
import type { Feature } from '../../data/feature';
import { homeTab } from '../../data/home';
import { lazy } from '../../ui/lazy';

const OverviewPage = lazy(async () => ({ default: (await import('./OverviewPage')).OverviewPage }));

export const overview: Feature = {
  id: 'overview',
  pages: [{ id: homeTab.page, component: OverviewPage }],
  nav: [{ id: 'overview', title: 'Overview', section: 'top', order: 0, tab: homeTab }],
};
