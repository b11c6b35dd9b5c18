import type { TabSpec } from './workbench';

/** The tab a cluster opens with. Its page is registered by the overview feature. */
export const homeTab: TabSpec = { id: 'overview', page: 'overview', title: 'Overview', params: {} };
