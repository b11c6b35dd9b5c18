/** Tables of any kind and the detail drawer. Both load on first use. */
import { lazy, Suspense, useEffect, type ReactNode } from 'react';
import type { DrawerProps, Feature, PageProps } from '../../data/feature';
import { RESOURCES_PAGE } from '../../data/kind-tab';
import { resourceCommands } from './commands';

const LazyPage = lazy(() => import('./ResourcePage').then((module) => ({ default: module.ResourcePage })));
const LazyDrawer = lazy(() => import('./drawer/Drawer').then((module) => ({ default: module.Drawer })));

/** Who looks at a table opens details next: their code comes in an idle moment. */
function Page(props: PageProps): ReactNode {
  useEffect(() => {
    if (typeof requestIdleCallback !== 'function') return undefined;
    const handle = requestIdleCallback(() => void import('./drawer/Drawer').catch(() => undefined));
    return () => cancelIdleCallback(handle);
  }, []);
  return (
    <Suspense fallback={null}>
      <LazyPage {...props} />
    </Suspense>
  );
}

function Drawer(props: DrawerProps): ReactNode {
  return (
    <Suspense fallback={null}>
      <LazyDrawer {...props} />
    </Suspense>
  );
}

export const resourcesFeature: Feature = {
  id: 'resources',
  pages: [{ id: RESOURCES_PAGE, component: Page }],
  drawer: Drawer,
  commands: resourceCommands,
};
