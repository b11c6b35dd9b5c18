/** Access: who can do what and why, over the cluster's own roles and bindings. */
import type { Feature } from '../../data/feature';
import { useWorkbench } from '../../data/workbench';
import { lazy } from '../../ui/lazy';
import { accessTab, openAccess } from './access-store';
import { PrivilegeDialog } from './PrivilegeDialog';
import { askViewAs, ViewAsDialog } from './ViewAs';

const AccessPage = lazy(async () => ({ default: (await import('./AccessPage')).AccessPage }));

const RisksPage = lazy(async () => ({ default: (await import('./RisksPage')).RisksPage }));

const AdmissionPage = lazy(async () => ({ default: (await import('./AdmissionPage')).AdmissionPage }));

const AuthenticationPage = lazy(async () => ({
  default: (await import('./AuthenticationPage')).AuthenticationPage,
}));

const authenticationTab = {
  id: 'authentication',
  page: 'authentication',
  title: 'Authentication',
  params: {},
};
const admissionTab = { id: 'admission', page: 'admission', title: 'Admission', params: {} };
const risksTab = { id: 'access-risks', page: 'access-risks', title: 'Risks', params: {} };

export const rbacFeature: Feature = {
  id: 'rbac',
  pages: [
    { id: 'access', component: AccessPage },
    { id: 'access-risks', component: RisksPage },
    { id: 'admission', component: AdmissionPage },
    { id: 'authentication', component: AuthenticationPage },
  ],
  nav: [
    { id: 'access', title: 'Who can what', section: 'access', order: 1, tab: accessTab },
    { id: 'access-risks', title: 'Risks', section: 'access', order: 2, tab: risksTab },
    { id: 'admission', title: 'Admission', section: 'access', order: 3, tab: admissionTab },
    {
      id: 'authentication',
      title: 'Authentication',
      section: 'access',
      order: 4,
      tab: authenticationTab,
    },
  ],
  overlays: [PrivilegeDialog, ViewAsDialog],
  commands: [
    {
      id: 'access.view-as',
      title: 'View this cluster as somebody else',
      group: 'Cluster',
      disabled: ({ clusterId }) => (clusterId === null ? 'hidden' : undefined),
      run: ({ clusterId }) => {
        if (clusterId !== null) askViewAs(clusterId, { kind: 'User', name: '', namespace: '', groups: [] });
      },
    },
    {
      id: 'access.who-can',
      title: 'Ask who can do something',
      group: 'Cluster',
      disabled: ({ clusterId }) => (clusterId === null ? 'hidden' : undefined),
      run: ({ clusterId }) => {
        if (clusterId === null) return;
        useWorkbench.getState().showAppPage(null);
        openAccess(clusterId, { view: 'who-can' });
      },
    },
    {
      id: 'access.can-i',
      title: 'Ask what you or others can do',
      group: 'Cluster',
      disabled: ({ clusterId }) => (clusterId === null ? 'hidden' : undefined),
      run: ({ clusterId }) => {
        if (clusterId === null) return;
        useWorkbench.getState().showAppPage(null);
        openAccess(clusterId, { view: 'can' });
      },
    },
  ],
};
