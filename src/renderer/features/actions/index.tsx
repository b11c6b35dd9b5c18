/** Actions on objects: every verb a command, its dialog, its results; drains in the dock. */
import type { Feature } from '../../data/feature';
import { lazy } from '../../ui/lazy';
import { actionCommands } from './commands';
import { ActionsOverlay } from './Overlay';

const Drain = lazy(() => import('./DrainPanel').then((module) => ({ default: module.DrainPanel })));

export const actionsFeature: Feature = {
  id: 'actions',
  pages: [],
  docks: [{ id: 'drain', component: Drain }],
  overlays: [ActionsOverlay],
  commands: actionCommands,
};
