/** Table columns of everything that is not a workload. */
import { at, list, text, type Fields, type KObject } from '../model';
import { col, wide, type TableColumn } from './column';
import { keys } from './columns-workloads';
import { duration } from './duration';

const get =
  (...path: (string | number)[]) =>
  (object: KObject): string =>
    text(at(object, ...path));
const orNone =
  (...path: (string | number)[]) =>
  (object: KObject): string =>
    text(at(object, ...path)) || '<none>';
const size =
  (...path: string[]) =>
  (object: KObject): number => {
    const value = at(object, ...path);
    return Array.isArray(value) ? value.length : Object.keys((value ?? {}) as Fields).length;
  };
const names = (entries: readonly Fields[], field = 'name'): string =>
  entries.map((entry) => text(entry[field])).join(',') || '<none>';
const yesNo =
  (...path: string[]) =>
  (object: KObject): boolean =>
    at(object, ...path) === true;

function nodeStatus(node: KObject): string {
  const ready = list(at(node, 'status', 'conditions')).find((entry) => entry['type'] === 'Ready');
  return `${ready?.['status'] === 'True' ? 'Ready' : 'NotReady'}${at(node, 'spec', 'unschedulable') === true ? ',SchedulingDisabled' : ''}`;
}

const address =
  (type: string) =>
  (node: KObject): string =>
    text(list(at(node, 'status', 'addresses')).find((entry) => entry['type'] === type)?.['address']) ||
    '<none>';

const roleOf = (node: KObject): string =>
  Object.keys(node.metadata.labels ?? {})
    .filter((label) => label.startsWith('node-role.kubernetes.io/'))
    .map((label) => label.split('/')[1])
    .join(',') || '<none>';

function servicePorts(service: KObject): string {
  const ports = list(at(service, 'spec', 'ports')).map(
    (port) =>
      `${text(port['port'])}${port['nodePort'] ? `:${text(port['nodePort'])}` : ''}/${text(port['protocol'] ?? 'TCP')}`,
  );
  return ports.join(',') || '<none>';
}

const balancer = (object: KObject): string =>
  list(at(object, 'status', 'loadBalancer', 'ingress'))
    .map((entry) => text(entry['hostname'] ?? entry['ip']))
    .join(',');

function externalIP(service: KObject): string {
  if (at(service, 'spec', 'type') === 'LoadBalancer') return balancer(service) || '<pending>';
  return text(at(service, 'spec', 'externalName')) || '<none>';
}

const endpointList = (object: KObject): string =>
  list(at(object, 'subsets'))
    .flatMap((subset) =>
      list(subset['addresses']).flatMap((entry) =>
        list(subset['ports']).map((port) => `${text(entry['ip'])}:${text(port['port'])}`),
      ),
    )
    .slice(0, 3)
    .join(',') || '<none>';

const roleRef: TableColumn = col('Role', (o) => `${get('roleRef', 'kind')(o)}/${get('roleRef', 'name')(o)}`);
const webhooks = [col('Webhooks', size('webhooks'), 'integer')];
const conditionIs =
  (type: string) =>
  (object: KObject): string =>
    text(
      list(at(object, 'status', 'conditions')).find((entry) => entry['type'] === type)?.['status'] ??
        'Unknown',
    );

function quota(part: string) {
  return (object: KObject): string =>
    Object.entries((at(object, 'spec', 'hard') ?? {}) as Fields)
      .filter(([key]) => key.startsWith('limits') === (part === 'limits'))
      .map(([key, hard]) => `${key}: ${text(at(object, 'status', 'used', key) ?? 0)}/${text(hard)}`)
      .join(', ');
}

function csrCondition(object: KObject): string {
  const types = list(at(object, 'status', 'conditions')).map((entry) => text(entry['type']));
  return [
    ...(types.length ? types : ['Pending']),
    ...(at(object, 'status', 'certificate') ? ['Issued'] : []),
  ].join(',');
}

const eventTime = (event: KObject, now: number): string => {
  const last = text(event['lastTimestamp']) || text(event['eventTime']) || event.metadata.creationTimestamp;
  return duration(now - Date.parse(last));
};

export function clusterColumns(): Readonly<Record<string, readonly TableColumn[]>> {
  const policyColumns = (group: string): Record<string, readonly TableColumn[]> => ({
    [`validatingadmissionpolicies.${group}`]: [
      col('Validations', size('spec', 'validations'), 'integer'),
      col('ParamKind', orNone('spec', 'paramKind', 'kind')),
    ],
    [`validatingadmissionpolicybindings.${group}`]: [
      col('PolicyName', get('spec', 'policyName')),
      col('ParamRef', orNone('spec', 'paramRef', 'name')),
    ],
    [`mutatingadmissionpolicies.${group}`]: [
      col('Mutations', size('spec', 'mutations'), 'integer'),
      col('ParamKind', orNone('spec', 'paramKind', 'kind')),
    ],
    [`mutatingadmissionpolicybindings.${group}`]: [
      col('PolicyName', get('spec', 'policyName')),
      col('ParamRef', orNone('spec', 'paramRef', 'name')),
    ],
    [`mutatingwebhookconfigurations.${group}`]: webhooks,
    [`validatingwebhookconfigurations.${group}`]: webhooks,
  });
  return {
    nodes: [
      col('Status', nodeStatus),
      col('Roles', roleOf),
      col('Version', get('status', 'nodeInfo', 'kubeletVersion')),
      wide('Internal-IP', address('InternalIP')),
      wide('External-IP', address('ExternalIP')),
      wide('OS-Image', get('status', 'nodeInfo', 'osImage')),
      wide('Kernel-Version', get('status', 'nodeInfo', 'kernelVersion')),
      wide('Container-Runtime', get('status', 'nodeInfo', 'containerRuntimeVersion')),
    ],
    namespaces: [col('Status', get('status', 'phase'))],
    events: [
      col('Last Seen', eventTime),
      col('Type', get('type')),
      col('Reason', get('reason')),
      col('Object', (o) => {
        const about = (o['involvedObject'] ?? o['regarding']) as Fields | undefined;
        return `${text(about?.['kind']).toLowerCase()}/${text(about?.['name'])}`;
      }),
      col('Message', (o) => text(o['message'] ?? o['note']).trim()),
      wide('Count', (o) => text(o['count'] ?? o['deprecatedCount'] ?? 1)),
      wide('Name', (o) => o.metadata.name),
    ],
    services: [
      col('Type', get('spec', 'type')),
      col('Cluster-IP', orNone('spec', 'clusterIP')),
      col('External-IP', externalIP),
      col('Port(s)', servicePorts),
      wide('Selector', (o) => keys(at(o, 'spec', 'selector'))),
    ],
    endpoints: [col('Endpoints', endpointList)],
    'endpointslices.discovery.k8s.io': [
      col('AddressType', get('addressType')),
      col('Ports', (o) => names(list(o['ports']), 'port')),
      col(
        'Endpoints',
        (o) =>
          list(o['endpoints'])
            .flatMap((entry) => entry['addresses'] as string[])
            .slice(0, 3)
            .join(',') || '<unset>',
      ),
    ],
    configmaps: [col('Data', (o) => size('data')(o) + size('binaryData')(o), 'string')],
    secrets: [col('Type', get('type')), col('Data', size('data'), 'integer')],
    serviceaccounts: [col('Secrets', size('secrets'), 'integer')],
    persistentvolumeclaims: [
      col('Status', get('status', 'phase')),
      col('Volume', get('spec', 'volumeName')),
      col('Capacity', get('status', 'capacity', 'storage')),
      col('Access Modes', (o) => modes(at(o, 'spec', 'accessModes'))),
      col('StorageClass', get('spec', 'storageClassName')),
      wide('VolumeMode', get('spec', 'volumeMode')),
    ],
    persistentvolumes: [
      col('Capacity', get('spec', 'capacity', 'storage')),
      col('Access Modes', (o) => modes(at(o, 'spec', 'accessModes'))),
      col('Reclaim Policy', get('spec', 'persistentVolumeReclaimPolicy')),
      col('Status', get('status', 'phase')),
      col('Claim', (o) => `${get('spec', 'claimRef', 'namespace')(o)}/${get('spec', 'claimRef', 'name')(o)}`),
      col('StorageClass', get('spec', 'storageClassName')),
    ],
    resourcequotas: [col('Request', quota('requests')), col('Limit', quota('limits'))],
    'ingresses.networking.k8s.io': [
      col('Class', orNone('spec', 'ingressClassName')),
      col('Hosts', (o) => names(list(at(o, 'spec', 'rules')), 'host')),
      col('Address', balancer),
      col('Ports', (o) => (size('spec', 'tls')(o) ? '80, 443' : '80')),
    ],
    'ingressclasses.networking.k8s.io': [
      col('Controller', get('spec', 'controller')),
      col('Parameters', orNone('spec', 'parameters', 'name')),
    ],
    'networkpolicies.networking.k8s.io': [
      col('Pod-Selector', (o) => keys(at(o, 'spec', 'podSelector', 'matchLabels'))),
    ],
    'servicecidrs.networking.k8s.io': [
      col('CIDRs', (o) => ((at(o, 'spec', 'cidrs') ?? []) as string[]).join(',')),
    ],
    'ipaddresses.networking.k8s.io': [
      col(
        'ParentRef',
        (o) =>
          `${get('spec', 'parentRef', 'resource')(o)}/${get('spec', 'parentRef', 'namespace')(o)}/${get('spec', 'parentRef', 'name')(o)}`,
      ),
    ],
    'clusterrolebindings.rbac.authorization.k8s.io': [roleRef],
    'rolebindings.rbac.authorization.k8s.io': [roleRef],
    'storageclasses.storage.k8s.io': [
      col('Provisioner', get('provisioner')),
      col('ReclaimPolicy', get('reclaimPolicy')),
      col('VolumeBindingMode', get('volumeBindingMode')),
      col('AllowVolumeExpansion', yesNo('allowVolumeExpansion'), 'boolean'),
    ],
    'csidrivers.storage.k8s.io': [
      col('AttachRequired', yesNo('spec', 'attachRequired'), 'boolean'),
      col('PodInfoOnMount', yesNo('spec', 'podInfoOnMount'), 'boolean'),
    ],
    'csinodes.storage.k8s.io': [col('Drivers', size('spec', 'drivers'), 'integer')],
    'csistoragecapacities.storage.k8s.io': [
      col('StorageClassName', get('storageClassName')),
      col('Capacity', get('capacity')),
    ],
    'volumeattachments.storage.k8s.io': [
      col('Attacher', get('spec', 'attacher')),
      col('PV', get('spec', 'source', 'persistentVolumeName')),
      col('Node', get('spec', 'nodeName')),
      col('Attached', yesNo('status', 'attached'), 'boolean'),
    ],
    'volumeattributesclasses.storage.k8s.io': [col('DriverName', get('driverName'))],
    ...policyColumns('admissionregistration.k8s.io'),
    'customresourcedefinitions.apiextensions.k8s.io': [
      col('Created At', (o) => o.metadata.creationTimestamp, 'date'),
    ],
    'apiservices.apiregistration.k8s.io': [
      col('Service', (o) =>
        at(o, 'spec', 'service')
          ? `${get('spec', 'service', 'namespace')(o)}/${get('spec', 'service', 'name')(o)}`
          : 'Local',
      ),
      col('Available', conditionIs('Available')),
    ],
    'certificatesigningrequests.certificates.k8s.io': [
      col('SignerName', get('spec', 'signerName')),
      col('Requestor', get('spec', 'username')),
      col('Condition', csrCondition),
    ],
    'priorityclasses.scheduling.k8s.io': [
      col('Value', (o) => Number(o['value']), 'integer'),
      col('Global-Default', yesNo('globalDefault'), 'boolean'),
      col('PreemptionPolicy', get('preemptionPolicy')),
    ],
    'leases.coordination.k8s.io': [col('Holder', get('spec', 'holderIdentity'))],
    'runtimeclasses.node.k8s.io': [col('Handler', get('handler'))],
    'flowschemas.flowcontrol.apiserver.k8s.io': [
      col('PriorityLevel', get('spec', 'priorityLevelConfiguration', 'name')),
      col('MatchingPrecedence', (o) => Number(at(o, 'spec', 'matchingPrecedence')), 'integer'),
      col('DistinguisherMethod', orNone('spec', 'distinguisherMethod', 'type')),
      col('MissingPL', conditionIs('Dangling')),
    ],
    'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io': [
      col('Type', get('spec', 'type')),
      col(
        'NominalConcurrencyShares',
        (o) => Number(at(o, 'spec', 'limited', 'nominalConcurrencyShares')),
        'integer',
      ),
    ],
    'nodes.metrics.k8s.io': [col('CPU', get('usage', 'cpu')), col('Memory', get('usage', 'memory'))],
    'pods.metrics.k8s.io': [
      col('CPU', get('containers', 0, 'usage', 'cpu')),
      col('Memory', get('containers', 0, 'usage', 'memory')),
    ],
  };
}

const short: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};
const modes = (value: unknown): string =>
  ((value ?? []) as string[]).map((mode) => short[mode] ?? mode).join(',');
