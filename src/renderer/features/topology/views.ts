/** The views a person can choose, in words. */
import type { GroupBy, MapTone, MapView } from '#shared/domain/topology/map/types';
import { VIEWS } from '#shared/domain/topology/map/views';

export const viewTitles: Readonly<Record<MapView, string>> = {
  overview: 'Overview',
  apps: 'Applications',
  traffic: 'Traffic',
  placement: 'Placement',
  storage: 'Storage',
  access: 'Access',
  object: 'Neighbourhood',
  dependants: 'What breaks',
};

/** Views of namespaces; the other two are of one object. */
export const WIDE: readonly MapView[] = ['overview', 'apps', 'traffic', 'placement', 'storage', 'access'];
export const NARROW: readonly MapView[] = ['object', 'dependants'];

export const groupTitles: Readonly<Record<GroupBy, string>> = {
  app: 'application',
  owner: 'owner',
  namespace: 'namespace',
  node: 'node',
  zone: 'zone',
};

export function groupsOf(view: MapView): readonly GroupBy[] {
  return VIEWS[view].groups;
}

export function firstGroup(view: MapView): GroupBy {
  return VIEWS[view].groupBy;
}

export const toneTitles: readonly (readonly [MapTone, string])[] = [
  ['bad', 'failing'],
  ['warn', 'warning'],
  ['progress', 'in progress'],
  ['ok', 'healthy'],
];
