/** Network policies: can A reach B and why, who reaches whom, what a change would do. */
import { lazy } from 'react';
import type { Place } from '#shared/domain/netpol/places';
import { chosenNow, chosenObjects } from '../../data/chosen';
import type { Command, CommandContext, Feature, SelectedObject } from '../../data/feature';
import { netpolTab, showNetpol } from './page-state';

const NetpolPage = lazy(async () => ({ default: (await import('./NetpolPage')).NetpolPage }));

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
  if (kind === 'services') return { type: 'service', namespace, name };
  if (kind === 'namespaces') return { type: 'namespace', name };
  const owner = workloads[kind];
  return owner === undefined ? undefined : { type: 'workload', id: `${namespace}/${name}[${owner}]` };
}

function onePlace(context: CommandContext, services: boolean): string | 'hidden' | undefined {
  if (context.clusterId === null) return 'hidden';
  const { kinds, count } = chosenNow(context);
  const [kind = ''] = kinds;
  const fits = kind === 'pods' || kind === 'namespaces' || workloads[kind] !== undefined;
  if (kinds.length !== 1 || !(fits || (services && kind === 'services'))) return 'hidden';
  return count > 1 ? 'Choose one object' : undefined;
}

const reachTo: Command = {
  id: 'netpol.who-can-reach',
  title: 'Who can reach this',
  group: 'Object',
  disabled: (context) => onePlace(context, true),
  run: async (context) => {
    const [object] = await chosenObjects(context);
    const to = object && placeOf(object);
    if (to && context.clusterId !== null)
      showNetpol(context.clusterId, { view: 'ask', from: { type: 'internet' }, to, port: '' });
  },
};

const reachFrom: Command = {
  id: 'netpol.what-can-this-reach',
  title: 'What can this reach',
  group: 'Object',
  disabled: (context) => onePlace(context, false),
  run: async (context) => {
    const [object] = await chosenObjects(context);
    const from = object && placeOf(object);
    if (from && context.clusterId !== null)
      showNetpol(context.clusterId, { view: 'ask', from, to: { type: 'internet' }, port: '' });
  },
};

export const netpolFeature: Feature = {
  id: 'netpol',
  pages: [{ id: 'netpol', component: NetpolPage }],
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
    reachTo,
    reachFrom,
  ],
};
