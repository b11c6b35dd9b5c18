/** Port-forwards: a dialog to start them, a dock tab that shows them as they are. */
import type { ReactNode } from 'react';
import { forwardKinds } from '#shared/contract/forward';
import { chosenNow, chosenObjects } from '../../data/chosen';
import { readOnlyReason } from '../../data/confirm';
import type { Command, Feature } from '../../data/feature';
import { lazy } from '../../ui/lazy';
import { FORWARD_DOCK, openForwards, openForwardDialog, useForwardDialog } from './open';

const ForwardDock = lazy(async () => ({ default: (await import('./ForwardDock')).ForwardDock }));
const ForwardDialog = lazy(async () => ({ default: (await import('./ForwardDialog')).ForwardDialog }));

function Overlay(): ReactNode {
  const asked = useForwardDialog((state) => state.asked);
  return asked && <ForwardDialog key={asked.id} asked={asked} />;
}

const forwardPort: Command = {
  id: 'object.forward',
  title: 'Forward port',
  group: 'Object',
  keys: ['shift+f'],
  disabled: (context) => {
    if (context.clusterId === null) return 'hidden';
    const { kinds, count } = chosenNow(context);
    const [kind] = kinds;
    if (kinds.length !== 1 || kind === undefined || !forwardKinds.includes(kind)) return 'hidden';
    if (count > 1) return 'One object at a time';
    return readOnlyReason(context.clusterId);
  },
  run: async (context) => {
    const { clusterId } = context;
    const [object] = await chosenObjects(context);
    if (clusterId === null || !object) return;
    const { kind, namespace, name } = object;
    openForwardDialog(clusterId, { kind, namespace, name });
  },
};

const showForwards: Command = {
  id: 'cluster.forwards',
  title: 'Show port-forwards',
  group: 'Cluster',
  disabled: ({ clusterId }) => (clusterId === null ? 'hidden' : undefined),
  run: ({ clusterId }) => {
    if (clusterId !== null) openForwards(clusterId);
  },
};

export const forwardFeature: Feature = {
  id: 'forward',
  pages: [],
  docks: [{ id: FORWARD_DOCK, component: ForwardDock }],
  overlays: [Overlay],
  commands: [forwardPort, showForwards],
};
