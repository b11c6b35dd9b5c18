/** The list of features: what the frame can show. One line each. */
import { actionsFeature } from '../features/actions';
import { clusters } from '../features/clusters';
import { connectionTestFeature } from '../features/connection-test';
import { debugFeature } from '../features/debug';
import { eventsFeature } from '../features/events';
import { probeFeature } from '../features/probe';
import { filesFeature } from '../features/files';
import { forwardFeature } from '../features/forward';
import { logsFeature } from '../features/logs';
import { editorFeature } from '../features/editor';
import { metricsFeature } from '../features/metrics';
import { netpolFeature } from '../features/netpol';
import { overview } from '../features/overview';
import { rbacFeature } from '../features/rbac';
import { resourcesFeature } from '../features/resources';
import { settings } from '../features/settings';
import { shellFeature } from '../features/shell';
import { topologyFeature } from '../features/topology';
import { setExtensions } from '../data/extensions';
import type { AppPageDef, DrawerProps, Feature, NavEntry, PageDef } from '../data/feature';
import type { ComponentType } from 'react';

export const features: readonly Feature[] = [
  overview,
  topologyFeature,
  resourcesFeature,
  logsFeature,
  actionsFeature,
  eventsFeature,
  metricsFeature,
  editorFeature,
  netpolFeature,
  rbacFeature,
  connectionTestFeature,
  shellFeature,
  debugFeature,
  forwardFeature,
  filesFeature,
  probeFeature,
  clusters,
  settings,
];

function byId<T extends { readonly id: string }>(list: readonly T[]): ReadonlyMap<string, T> {
  return new Map(list.map((entry) => [entry.id, entry]));
}

export const pages: ReadonlyMap<string, PageDef> = byId(features.flatMap((feature) => feature.pages));
export const docks: ReadonlyMap<string, PageDef> = byId(features.flatMap((feature) => feature.docks ?? []));
export const appPages: ReadonlyMap<string, AppPageDef> = byId(
  features.flatMap((feature) => feature.appPages ?? []),
);
export const navEntries: readonly NavEntry[] = features
  .flatMap((feature) => feature.nav ?? [])
  .sort((a, b) => a.order - b.order);
export const drawer: ComponentType<DrawerProps> | undefined = features.find(
  (feature) => feature.drawer,
)?.drawer;
export const overlays: readonly ComponentType[] = features.flatMap((feature) => feature.overlays ?? []);

setExtensions({
  drawerTabs: features.flatMap((feature) => feature.drawerTabs ?? []),
  overviewSections: features.flatMap((feature) => feature.overviewSections ?? []),
});
