/** Maps of how objects hang together. The page loads on first use. */
import { chosenNow, chosenObjects } from '../../data/chosen';
import type { Command, CommandContext, Feature } from '../../data/feature';
import { openTab, useWorkbench } from '../../data/workbench';
import { lazy } from '../../ui/lazy';
import type { MapView } from '#shared/domain/topology/map/types';
import { mapTab, objectTab, TOPOLOGY_PAGE } from './tabs';

const TopologyPage = lazy(async () => ({ default: (await import('./TopologyPage')).TopologyPage }));

const needsOne = (context: CommandContext): string | 'hidden' | undefined => {
  if (context.clusterId === null) return 'hidden';
  const { count } = chosenNow(context);
  if (count === 0) return 'hidden';
  return count > 1 ? 'Choose one object' : undefined;
};

async function show(context: CommandContext, view: MapView): Promise<void> {
  const [object] = await chosenObjects(context);
  if (context.clusterId !== null && object) openTab(context.clusterId, objectTab(object, view));
}

const commands: readonly Command[] = [
  {
    id: 'topology.open',
    title: 'Go to topology',
    group: 'Go to',
    keys: ['g t'],
    disabled: ({ clusterId }) => (clusterId === null ? 'hidden' : undefined),
    run: ({ clusterId }) => {
      if (clusterId === null) return;
      useWorkbench.getState().showAppPage(null);
      openTab(clusterId, mapTab);
    },
  },
  {
    id: 'topology.object',
    title: 'Show in topology',
    group: 'Object',
    keys: ['t'],
    disabled: needsOne,
    run: (context) => show(context, 'object'),
  },
  {
    id: 'topology.dependants',
    title: 'Show what breaks without it',
    group: 'Object',
    disabled: needsOne,
    run: (context) => show(context, 'dependants'),
  },
];

export const topologyFeature: Feature = {
  id: 'topology',
  pages: [{ id: TOPOLOGY_PAGE, component: TopologyPage }],
  nav: [{ id: 'topology', title: 'Topology', section: 'top', order: 20, tab: mapTab }],
  commands,
};
