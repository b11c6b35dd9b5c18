/** Network policies: can A reach B and why, who reaches whom, what a change would do. */
import type { Place } from '#shared/domain/netpol/places';
import { chosenNow, chosenObjects } from '../../data/chosen';
import type { Command, CommandContext, Feature, SelectedObject } from '../../data/feature';
import { lazy } from '../../ui/lazy';
import { netpolTab, showNetpol } from './page-state';
import { POLICY_KINDS } from './policy-kinds';

const NetpolPage = lazy(async () => ({ default: (await import('./NetpolPage')).NetpolPage }));

const PolicyTab = lazy(async () => ({ default: (await import('./PolicyTab')).PolicyTab }));

/** Kinds whose pods one may ask about, and what the evaluator calls them. */
const workloads: Readonly<Record<string, string>> = {
  'deployments.apps': 'Deployment',
  'statefulsets.apps': 'StatefulSet',
  'daemonsets.apps': 'DaemonSet',
  'jobs.batch': 'Job',
  'cronjobs.batch': 'CronJob',
  replicationcontrollers: 'ReplicationController',
};

function placeOf({ kind, namespace, name }: SelectedObject): Place | undefined {
  if (kind === 'pods') return { type: 'pod', namespace, name };
  if (kind === 'namespaces') return { type: 'namespace', name };
  const owner = workloads[kind];
  return owner === undefined ? undefined : { type: 'workload', id: `${namespace}/${name}[${owner}]` };
}

function onePlace(context: CommandContext): string | 'hidden' | undefined {
  if (context.clusterId === null) return 'hidden';
  const { kinds, count } = chosenNow(context);
  const [kind = ''] = kinds;
  const fits = kind === 'pods' || kind === 'namespaces' || workloads[kind] !== undefined;
  if (kinds.length !== 1 || !fits) return 'hidden';
  return count > 1 ? 'Choose one object' : undefined;
}

const reachTo: Command = {
  id: 'netpol.who-can-reach',
  title: 'Who can reach this',
  group: 'Object',
  disabled: (context) => onePlace(context),
  run: async (context) => {
    const [object] = await chosenObjects(context);
    const to = object && placeOf(object);
    if (to && context.clusterId !== null)
      showNetpol(context.clusterId, { view: 'reach', place: to, direction: 'ingress' });
  },
};

const reachFrom: Command = {
  id: 'netpol.what-can-this-reach',
  title: 'What can this reach',
  group: 'Object',
  disabled: (context) => onePlace(context),
  run: async (context) => {
    const [object] = await chosenObjects(context);
    const from = object && placeOf(object);
    if (from && context.clusterId !== null)
      showNetpol(context.clusterId, { view: 'reach', place: from, direction: 'egress' });
  },
};

const askService: Command = {
  id: 'netpol.ask-service',
  title: 'Ask who can reach this service',
  group: 'Object',
  disabled: (context) => {
    const { kinds, count } = chosenNow(context);
    if (context.clusterId === null || kinds.length !== 1 || kinds[0] !== 'services') return 'hidden';
    return count > 1 ? 'Choose one object' : undefined;
  },
  run: async (context) => {
    const [object] = await chosenObjects(context);
    if (!object || context.clusterId === null) return;
    const { namespace, name } = object;
    showNetpol(context.clusterId, { view: 'ask', to: { type: 'service', namespace, name }, port: '' });
  },
};

export const netpolFeature: Feature = {
  id: 'netpol',
  pages: [{ id: 'netpol', component: NetpolPage }],
  drawerTabs: [
    {
      id: 'netpol',
      title: 'Effect',
      applies: (kindId) => POLICY_KINDS.includes(kindId),
      component: PolicyTab,
    },
  ],
  nav: [{ id: 'netpol', title: 'Can A reach B', section: 'network', order: 5, tab: netpolTab }],
  commands: [
    {
      id: 'netpol.open',
      title: 'Go to network policies: can A reach B',
      group: 'Go to',
      keys: ['g shift+n'],
      disabled: ({ clusterId }) => (clusterId === null ? 'hidden' : undefined),
      run: ({ clusterId }) => {
        if (clusterId !== null) showNetpol(clusterId, {});
      },
    },
    askService,
    reachTo,
    reachFrom,
  ],
};
