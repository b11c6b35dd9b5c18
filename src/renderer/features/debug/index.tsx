/** `kubectl debug` on pods and nodes: dialog, dock tab, what earlier sessions left. */
import { chosenNow, chosenObjects } from '../../data/chosen';
import { readOnlyReason } from '../../data/confirm';
import type { Command, Feature } from '../../data/feature';
import { lazy } from '../../ui/lazy';
import { DebugOverlay } from './DebugOverlay';
import { askDebug, DEBUG_DOCK, showDebugPods } from './sessions';

const DebugDock = lazy(async () => ({ default: (await import('./DebugDock')).DebugDock }));

const debugObject: Command = {
  id: 'object.debug',
  title: 'Debug',
  group: 'Object',
  keys: ['shift+s'],
  disabled: (context) => {
    if (context.clusterId === null) return 'hidden';
    const { kinds, count } = chosenNow(context);
    const [kind] = kinds;
    if (kinds.length !== 1 || (kind !== 'pods' && kind !== 'nodes')) return 'hidden';
    if (count > 1) return kind === 'pods' ? 'One pod at a time.' : 'One node at a time.';
    return readOnlyReason(context.clusterId);
  },
  run: async (context) => {
    const [object] = await chosenObjects(context);
    if (context.clusterId !== null && object) askDebug(context.clusterId, object);
  },
};

const debugPods: Command = {
  id: 'cluster.debug-pods',
  title: 'Show debug pods',
  group: 'Cluster',
  disabled: ({ clusterId }) => (clusterId === null ? 'hidden' : undefined),
  run: ({ clusterId }) => showDebugPods(clusterId),
};

export const debugFeature: Feature = {
  id: 'debug',
  pages: [],
  docks: [{ id: DEBUG_DOCK, component: DebugDock }],
  overlays: [DebugOverlay],
  commands: [debugObject, debugPods],
};
