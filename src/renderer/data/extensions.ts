/**
 * What features add to the pages of others: tabs of the drawer, sections of the overview. The
 * app fills it once from its list of features; pages read it and know no feature.
 */
import type { DrawerTabDef, OverviewSectionDef } from './feature';

export interface Extensions {
  readonly drawerTabs: readonly DrawerTabDef[];
  readonly overviewSections: readonly OverviewSectionDef[];
}

let extensions: Extensions = { drawerTabs: [], overviewSections: [] };

export function setExtensions(all: Extensions): void {
  extensions = all;
}

export function drawerTabsOf(kindId: string): readonly DrawerTabDef[] {
  return extensions.drawerTabs.filter((tab) => tab.applies(kindId));
}

export function overviewSections(): readonly OverviewSectionDef[] {
  return extensions.overviewSections;
}
