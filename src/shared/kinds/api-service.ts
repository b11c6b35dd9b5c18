import { clusterColumns, status, terminating, type Status } from './columns';
import { defineKind } from './define';
import type { KubeObject } from '../k8s/meta';
import { condition, num, str } from '../k8s/read';
import type { Condition } from '../k8s/types';

interface APIService extends KubeObject {
  readonly spec?: {
    readonly group?: string;
    readonly version?: string;
    readonly insecureSkipTLSVerify?: boolean;
    readonly groupPriorityMinimum?: number;
    readonly service?: { readonly namespace?: string; readonly name?: string; readonly port?: number } | null;
  };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

const reasons = new Map([
  ['ServiceNotFound', 'no such service'],
  ['MissingEndpoints', 'service has no endpoints'],
  ['EndpointsNotFound', 'service has no endpoints'],
  ['ServicePortError', 'service lacks the port'],
  ['FailedDiscoveryCheck', 'does not answer'],
  ['ServiceAccessError', 'service cannot be read'],
]);

/** D100. */
function apiServiceStatus(o: APIService): Status {
  const deleting = terminating(o);
  if (deleting) return deleting;
  const available = condition(o.status?.conditions, 'Available');
  if (!available) return status('progress', 'Not checked yet');
  if (available.status === 'True') return status('ok', 'Available');
  const reason = str(available.reason);
  return status('bad', `Unavailable: ${reasons.get(reason) ?? reason}`);
}

export const apiService = defineKind<APIService>({
  group: 'apiregistration.k8s.io',
  resource: 'apiservices',
  kind: 'APIService',
  versions: ['v1'],
  namespaced: false,
  title: 'API services',
  singular: 'API service',
  tag: 'apisvc',
  aliases: ['apisvc'],
  section: 'cluster',
  order: 50,
  mask: {
    spec: {
      group: true,
      version: true,
      insecureSkipTLSVerify: true,
      groupPriorityMinimum: true,
      service: { namespace: true, name: true, port: true },
    },
    status: { conditions: { type: true, status: true, reason: true } },
  },
  columns: clusterColumns<APIService>(
    { id: 'status', title: 'Status', type: 'status', width: 220, get: apiServiceStatus },
    { id: 'group', title: 'Group', type: 'text', width: 200, get: (o) => str(o.spec?.group) || 'core' },
    { id: 'version', title: 'Version', type: 'text', width: 80, get: (o) => o.spec?.version },
    {
      id: 'service',
      title: 'Service',
      type: 'text',
      width: 200,
      hint: 'Local: the API server serves it itself',
      get: (o) => {
        const service = o.spec?.service;
        if (!service) return 'Local';
        const port = num(service.port);
        const name = `${str(service.namespace)}/${str(service.name)}`;
        return port === undefined || port === 443 ? name : `${name}:${port}`;
      },
    },
    {
      id: 'insecure',
      title: 'TLS checked',
      type: 'text',
      width: 90,
      optional: true,
      get: (o) => (o.spec?.insecureSkipTLSVerify === true ? 'no' : 'yes'),
    },
    {
      id: 'priority',
      title: 'Priority',
      type: 'number',
      width: 80,
      optional: true,
      get: (o) => o.spec?.groupPriorityMinimum,
    },
  ),
});
