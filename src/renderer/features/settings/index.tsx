/** Settings: looks, kubeconfig files, and what one may set per context. */
import type { Feature } from '../../data/feature';
import { lazy } from '../../ui/lazy';

const SettingsPage = lazy(async () => ({ default: (await import('./SettingsPage')).SettingsPage }));

export const settings: Feature = {
  id: 'settings',
  pages: [],
  appPages: [{ id: 'settings', title: 'Settings', component: SettingsPage }],
};
