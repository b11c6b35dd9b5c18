/** Settings: looks, kubeconfig files, and what one may set per context. */
import { lazy } from 'react';
import type { Feature } from '../../data/feature';

const SettingsPage = lazy(async () => ({ default: (await import('./SettingsPage')).SettingsPage }));

export const settings: Feature = {
  id: 'settings',
  pages: [],
  appPages: [{ id: 'settings', title: 'Settings', component: SettingsPage }],
};
