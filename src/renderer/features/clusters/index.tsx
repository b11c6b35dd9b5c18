/** All contexts of all kubeconfig files, usable or not. */
import type { Feature } from '../../data/feature';
import { lazy } from '../../ui/lazy';

const ClustersPage = lazy(async () => ({ default: (await import('./ClustersPage')).ClustersPage }));

export const clusters: Feature = {
  id: 'clusters',
  pages: [],
  appPages: [{ id: 'clusters', title: 'Clusters', component: ClustersPage }],
};
