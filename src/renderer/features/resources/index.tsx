/** Tables of any kind and the detail drawer. Both load on first use. */
import { useEffect, type ReactNode } from 'react';
import type { Feature, PageProps } from '../../data/feature';
import { RESOURCES_PAGE } from '../../data/kind-tab';
import { lazy } from '../../ui/lazy';
import { resourceCommands } from './commands';

const LazyPage = lazy(() => import('./ResourcePage').then((module) => ({ default: module.ResourcePage })));
const Drawer = lazy(() => import('./drawer/Drawer').then((module) => ({ default: module.Drawer })));

/** Who looks at a table opens details next: their code comes in an idle moment. */
function Page(props: PageProps): ReactNode {
  useEffect(() => {
    if (typeof requestIdleCallback !== 'function') return undefined;
    const handle = requestIdleCallback(() => void import('./drawer/Drawer').catch(() => undefined));
    return () => cancelIdleCallback(handle);
  }, []);
  return <LazyPage {...props} />;
}

export const resourcesFeature: Feature = {
  id: 'resources',
  pages: [{ id: RESOURCES_PAGE, component: Page }],
  drawer: Drawer,
  commands: resourceCommands,
};
