/** Tries a port over HTTP, and names and connections from inside a pod. */
import type { ReactNode } from 'react';
import { forwardKinds } from '#shared/contract/forward';
import { chosenNow, chosenObjects } from '../../data/chosen';
import { readOnlyReason } from '../../data/confirm';
import type { Command, Feature } from '../../data/feature';
import { lazy } from '../../ui/lazy';
import { openProbe, useProbe } from './open';

const ProbeDialog = lazy(async () => ({ default: (await import('./ProbeDialog')).ProbeDialog }));

function Overlay(): ReactNode {
  const asked = useProbe((state) => state.asked);
  return asked && <ProbeDialog key={asked.id} asked={asked} />;
}

const probePort: Command = {
  id: 'object.probe',
  title: 'Probe: HTTP, DNS, TCP',
  group: 'Object',
  disabled: (context) => {
    if (context.clusterId === null) return 'hidden';
    const { kinds, count } = chosenNow(context);
    const [kind] = kinds;
    if (kinds.length !== 1 || kind === undefined || !forwardKinds.includes(kind)) return 'hidden';
    return count > 1 ? 'One object at a time' : readOnlyReason(context.clusterId);
  },
  run: async (context) => {
    const { clusterId } = context;
    const [object] = await chosenObjects(context);
    if (clusterId === null || !object) return;
    const { kind, namespace, name } = object;
    openProbe(clusterId, { kind, namespace, name });
  },
};

export const probeFeature: Feature = { id: 'probe', pages: [], overlays: [Overlay], commands: [probePort] };
