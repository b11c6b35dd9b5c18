/** Tables of any kind and the detail drawer. Both load on first use. */
import type { ReactNode } from 'react';
import type { Feature, PageProps } from '../../data/feature';
import { RESOURCES_PAGE } from '../../data/kind-tab';
import { lazy, usePreload } from '../../ui/lazy';
import { resourceCommands } from './commands';

const Table = lazy(() => import('./ResourcePage').then((module) => ({ default: module.ResourcePage })));
const Drawer = lazy(() => import('./drawer/Drawer').then((module) => ({ default: module.Drawer })));
const first = [Table];
const next = [Drawer];

/** What everybody opens first: its code is there before. */
function PreloadTable(): ReactNode {
  usePreload(first);
  return null;
}

/** Who looks at a table opens details next: their code comes in an idle moment. */
function Page(props: PageProps): ReactNode {
  usePreload(next);
  return <Table {...props} />;
}

export const resourcesFeature: Feature = {
  id: 'resources',
  pages: [{ id: RESOURCES_PAGE, component: Page }],
  overlays: [PreloadTable],
  drawer: Drawer,
  commands: resourceCommands,
};
