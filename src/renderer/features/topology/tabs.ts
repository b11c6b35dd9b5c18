/** Tabs that show a map: of the chosen namespaces, or of one object. */
import type { MapView } from '#shared/domain/topology/map/types';
import type { SelectedObject } from '../../data/feature';
import type { TabSpec } from '../../data/workbench';

export const TOPOLOGY_PAGE = 'topology';

export const mapTab: TabSpec = { id: 'topology', page: TOPOLOGY_PAGE, title: 'Topology', params: {} };

export function objectTab(object: SelectedObject, view: MapView = 'object'): TabSpec {
  const { kind, namespace, name } = object;
  return {
    id: `topology:${kind}/${namespace}/${name}`,
    page: TOPOLOGY_PAGE,
    title: `${name} · topology`,
    params: { kind, namespace, name, view },
  };
}
