/** Actions on objects: every verb a command, its dialog, its results; drains in the dock. */
import type { ReactNode } from 'react';
import type { Feature, PageProps } from '../../data/feature';
import { lazy } from '../../ui/lazy';
import { actionCommands } from './commands';
import { ActionsOverlay } from './Overlay';

const LazyDrain = lazy(() => import('./DrainPanel').then((module) => ({ default: module.DrainPanel })));

function Drain(props: PageProps): ReactNode {
  return <LazyDrain {...props} />;
}

export const actionsFeature: Feature = {
  id: 'actions',
  pages: [],
  docks: [{ id: 'drain', component: Drain }],
  overlays: [ActionsOverlay],
  commands: actionCommands,
};
