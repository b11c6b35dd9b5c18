/** Custom resource definitions at work: their kinds are served as soon as they are stored. */
import { clone, type Condition, type Fields } from '../model';
import type { Sim } from '../sim/sim';
import { kindsOfDefinition } from './kinds';

export const definitionStorage = 'customresourcedefinitions.apiextensions.k8s.io';

export function serveDefinitions(sim: Sim): void {
  const { store, registry } = sim;
  store.subscribe(definitionStorage, ({ type, object }) => {
    const [first, ...others] = kindsOfDefinition(object);
    if (!first) return;
    registry.remove(first.storage);
    if (type === 'DELETED') {
      for (const item of [...store.list(first.storage)])
        store.remove(first.storage, item.metadata.namespace, item.metadata.name);
      return;
    }
    for (const kind of [first, ...others]) registry.add(kind);
    if (type === 'ADDED') sim.change(definitionStorage, undefined, object.metadata.name, establish);
  });

  function establish(draft: Fields): void {
    const spec = draft['spec'] as {
      group: string;
      names: Fields & { plural: string };
      versions: { name: string; storage: boolean }[];
    };
    const names = clone(spec.names);
    const kind = String(names['kind']);
    names['listKind'] ??= `${kind}List`;
    names['singular'] ??= kind.toLowerCase();
    spec.names = names as typeof spec.names;
    const condition = (name: string, reason: string, message: string): Condition => ({
      type: name,
      status: 'True',
      reason,
      message,
      lastTransitionTime: sim.now,
    });
    draft['status'] = {
      conditions: [
        condition('NamesAccepted', 'NoConflicts', 'no conflicts found'),
        condition('Established', 'InitialNamesAccepted', 'the initial names have been accepted'),
      ],
      acceptedNames: names,
      storedVersions: spec.versions.filter((version) => version.storage).map((version) => version.name),
    };
  }
}
