import { expect, it, test } from 'vitest';
import type { KindInfo } from '#shared/contract/cluster';
import type { MapView } from '#shared/domain/topology/map/types';
import { kindsFor, MOST_CUSTOM } from './kinds';

const served = (id: string, more: Partial<KindInfo> = {}): KindInfo =>
  ({ id, verbs: ['list', 'watch', 'get'], section: 'workloads', ...more }) as KindInfo;
const custom = (id: string, more: Partial<KindInfo> = {}): KindInfo =>
  served(id, { section: 'custom', ...more });

const cluster: KindInfo[] = [
  served('pods'),
  served('deployments.apps'),
  served('namespaces'),
  served('nodes'),
  served('roles.rbac.authorization.k8s.io'),
  served('secrets', { verbs: ['get'] }),
  served('events'),
  custom('rollouts.argoproj.io'),
  custom('unwatched.example.com', { verbs: ['list'] }),
];
const ids = (view: MapView, extra?: string): string[] => kindsFor(view, cluster, extra).map(({ id }) => id);

test.each<[MapView, string[]]>([
  ['overview', ['pods', 'deployments.apps', 'namespaces', 'nodes', 'rollouts.argoproj.io']],
  ['apps', ['pods', 'deployments.apps', 'nodes', 'rollouts.argoproj.io']],
  ['traffic', ['pods', 'deployments.apps']],
  ['placement', ['pods', 'deployments.apps', 'nodes']],
  ['access', ['pods', 'deployments.apps', 'roles.rbac.authorization.k8s.io']],
])('%s reads what it shows, of what the cluster serves and lets list', (view, wanted) => {
  expect(ids(view)).toEqual(wanted);
});

it('reads the kind a map is of, whichever it is', () => {
  expect(ids('object', 'events')).toContain('events');
  expect(ids('object')).not.toContain('events');
});

it('reads only so many custom kinds', () => {
  const many = Array.from({ length: MOST_CUSTOM + 20 }, (_, i) => custom(`k${i}.example.com`));
  expect(kindsFor('apps', many, undefined)).toHaveLength(MOST_CUSTOM);
  // The one that is looked at is read besides.
  const last = many.at(-1)!.id;
  expect(kindsFor('object', many, last).map(({ id }) => id)).toContain(last);
});
