/** Events of the whole cluster as a page of its own, beside the plain table of the kind. */
import type { Feature } from '../../data/feature';
import { openTab, useWorkbench } from '../../data/workbench';
import { lazy } from '../../ui/lazy';

const EventsPage = lazy(async () => ({ default: (await import('./EventsPage')).EventsPage }));

const tab = { id: 'events', page: 'events', title: 'Event stream', params: {} };

export const eventsFeature: Feature = {
  id: 'events',
  pages: [{ id: 'events', component: EventsPage }],
  nav: [{ id: 'events', title: 'Event stream', section: 'top', order: 50, tab }],
  commands: [
    {
      id: 'events.open',
      title: 'Go to event stream',
      group: 'Go to',
      keys: ['g shift+e'],
      disabled: ({ clusterId }) => (clusterId === null ? 'hidden' : undefined),
      run: ({ clusterId }) => {
        if (clusterId === null) return;
        useWorkbench.getState().showAppPage(null);
        openTab(clusterId, tab);
      },
    },
  ],
};
