/** Connection: tests the way to the API server step by step, also where no other page can be shown. */
import type { Feature } from '../../data/feature';
import { useWorkbench } from '../../data/workbench';
import { lazy } from '../../ui/lazy';

const ConnectionPage = lazy(async () => ({ default: (await import('./ConnectionPage')).ConnectionPage }));

const tab = { id: 'connection', page: 'connection', title: 'Connection', params: {} };

export const connectionTestFeature: Feature = {
  id: 'connection-test',
  pages: [{ id: 'connection', component: ConnectionPage }],
  appPages: [{ id: 'connection', title: 'Connection test', component: ConnectionPage }],
  nav: [{ id: 'connection', title: 'Connection', section: 'top', order: 90, tab }],
  commands: [
    {
      id: 'connection.test',
      title: 'Test connection',
      group: 'Cluster',
      disabled: ({ clusterId }) => (clusterId === null ? 'No cluster is open' : undefined),
      run: ({ clusterId }) => {
        if (clusterId === null) return;
        // A page of the app: it shows even when the cluster's own pages cannot.
        useWorkbench.getState().showAppPage('connection');
      },
    },
  ],
};
