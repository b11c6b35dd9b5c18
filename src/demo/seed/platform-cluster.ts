/** The cluster's own objects: storage, admission, priorities, flow control, API services. */
import type { Draft, Fields } from '../model';
import type { Registry } from '../store/kinds';
import { object } from './builders';

export function storage(nodes: readonly string[]): Draft[] {
  const sc = 'storage.k8s.io/v1';
  return [
    object(sc, 'StorageClass', 'gp3', undefined, {
      annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' },
      provisioner: 'ebs.csi.aws.com',
      parameters: { type: 'gp3', encrypted: 'true' },
      reclaimPolicy: 'Delete',
      allowVolumeExpansion: true,
      volumeBindingMode: 'WaitForFirstConsumer',
    }),
    object(sc, 'StorageClass', 'efs', undefined, {
      provisioner: 'efs.csi.aws.com',
      reclaimPolicy: 'Retain',
      volumeBindingMode: 'Immediate',
    }),
    object(sc, 'CSIDriver', 'ebs.csi.aws.com', undefined, {
      spec: {
        attachRequired: true,
        podInfoOnMount: false,
        fsGroupPolicy: 'ReadWriteOnceWithFSType',
        volumeLifecycleModes: ['Persistent'],
      },
    }),
    object(sc, 'VolumeAttributesClass', 'fast', undefined, {
      driverName: 'ebs.csi.aws.com',
      parameters: { iops: '6000' },
    }),
    object(sc, 'CSIStorageCapacity', 'ebs-zone-a', 'kube-system', {
      storageClassName: 'gp3',
      capacity: '4Ti',
      nodeTopology: { matchLabels: { 'topology.kubernetes.io/zone': 'eu-central-1a' } },
    }),
    ...nodes.map((node) =>
      object(sc, 'CSINode', node, undefined, {
        spec: { drivers: [{ name: 'ebs.csi.aws.com', nodeID: node, allocatable: { count: 26 } }] },
      }),
    ),
    object(sc, 'VolumeAttachment', 'csi-3f1c9a', undefined, {
      spec: {
        attacher: 'ebs.csi.aws.com',
        nodeName: nodes[0],
        source: { persistentVolumeName: 'pvc-postgres' },
      },
      status: { attached: true },
    }),
    object('v1', 'PersistentVolumeClaim', 'media-cache', 'shop', {
      spec: {
        accessModes: ['ReadWriteMany'],
        resources: { requests: { storage: '20Gi' } },
        storageClassName: 'fast-nfs',
        volumeMode: 'Filesystem',
      },
      status: { phase: 'Pending' },
    }),
  ];
}

export function cluster(registry: Registry): Draft[] {
  const webhook = (name: string, kind: string, path: string, fields: Fields): Draft =>
    object('admissionregistration.k8s.io/v1', kind, name, undefined, {
      webhooks: [
        {
          name: `${name}.example.com`,
          admissionReviewVersions: ['v1'],
          sideEffects: 'None',
          failurePolicy: 'Fail',
          timeoutSeconds: 10,
          clientConfig: {
            service: { name: 'cert-manager-webhook', namespace: 'cert-manager', path, port: 443 },
          },
          rules: [
            {
              apiGroups: ['cert-manager.io'],
              apiVersions: ['v1'],
              resources: ['*/*'],
              operations: ['CREATE', 'UPDATE'],
              scope: '*',
            },
          ],
          ...fields,
        },
      ],
    });
  const adm = 'admissionregistration.k8s.io';
  const flow = 'flowcontrol.apiserver.k8s.io/v1';
  const versions = [...new Set(registry.all().map((kind) => `${kind.version}.${kind.group}`))];
  const local = (name: string): Draft => {
    const [version = '', ...rest] = name.split('.');
    const remote = rest[0] === 'metrics';
    return object('apiregistration.k8s.io/v1', 'APIService', name, undefined, {
      spec: {
        group: rest.join('.'),
        version,
        groupPriorityMinimum: remote ? 100 : 17_000,
        versionPriority: 15,
        ...(remote
          ? {
              service: { name: 'metrics-server', namespace: 'kube-system', port: 443 },
              insecureSkipTLSVerify: true,
            }
          : {}),
      },
      status: {
        conditions: [
          {
            type: 'Available',
            status: 'True',
            reason: remote ? 'Passed' : 'Local',
            message: remote ? 'all checks passed' : 'Local APIServices are always available',
          },
        ],
      },
    });
  };
  return [
    webhook('cert-manager-webhook', 'ValidatingWebhookConfiguration', '/validate', {}),
    webhook('cert-manager-defaults', 'MutatingWebhookConfiguration', '/mutate', {
      reinvocationPolicy: 'Never',
    }),
    object(`${adm}/v1`, 'ValidatingAdmissionPolicy', 'require-team-label', undefined, {
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: {
          resourceRules: [
            { apiGroups: ['apps'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['deployments'] },
          ],
        },
        validations: [
          {
            expression:
              "has(object.metadata.labels) && 'app.kubernetes.io/part-of' in object.metadata.labels",
            message: 'part-of label is required',
          },
        ],
      },
    }),
    object(`${adm}/v1`, 'ValidatingAdmissionPolicyBinding', 'require-team-label', undefined, {
      spec: { policyName: 'require-team-label', validationActions: ['Warn', 'Audit'] },
    }),
    object(`${adm}/v1beta1`, 'MutatingAdmissionPolicy', 'default-tolerations', undefined, {
      spec: {
        failurePolicy: 'Ignore',
        reinvocationPolicy: 'Never',
        matchConstraints: {
          resourceRules: [
            { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] },
          ],
        },
        mutations: [{ patchType: 'ApplyConfiguration', applyConfiguration: { expression: 'Object{}' } }],
      },
    }),
    object(`${adm}/v1beta1`, 'MutatingAdmissionPolicyBinding', 'default-tolerations', undefined, {
      spec: { policyName: 'default-tolerations' },
    }),
    object('certificates.k8s.io/v1', 'CertificateSigningRequest', 'csr-kx7q2', undefined, {
      spec: {
        signerName: 'kubernetes.io/kubelet-serving',
        username: 'system:node:ip-10-2-31-7',
        usages: ['digital signature', 'server auth'],
        groups: ['system:nodes'],
        request: '',
      },
      status: {},
    }),
    object('certificates.k8s.io/v1', 'CertificateSigningRequest', 'csr-8vbn4', undefined, {
      spec: {
        signerName: 'kubernetes.io/kubelet-serving',
        username: 'system:node:ip-10-2-32-10',
        usages: ['digital signature', 'server auth'],
        groups: ['system:nodes'],
        request: '',
      },
      status: {
        conditions: [{ type: 'Approved', status: 'True', reason: 'AutoApproved', message: '' }],
        certificate: 'LS0t',
      },
    }),
    object('node.k8s.io/v1', 'RuntimeClass', 'gvisor', undefined, { handler: 'runsc' }),
    ...[
      ['system-node-critical', 2_000_001_000],
      ['system-cluster-critical', 2_000_000_000],
      ['shop-critical', 100_000],
    ].map(([name, value]) =>
      object('scheduling.k8s.io/v1', 'PriorityClass', String(name), undefined, {
        value,
        preemptionPolicy: 'PreemptLowerPriority',
        description: `Priority of ${String(name)} pods.`,
      }),
    ),
    ...['system', 'workload-high', 'global-default'].map((name, i) =>
      object(flow, 'PriorityLevelConfiguration', name, undefined, {
        spec: {
          type: 'Limited',
          limited: {
            nominalConcurrencyShares: 30 - i * 5,
            limitResponse: { type: 'Queue', queuing: { queues: 64, handSize: 6, queueLengthLimit: 50 } },
          },
        },
        status: {},
      }),
    ),
    ...['system-nodes', 'service-accounts', 'global-default'].map((name, i) =>
      object(flow, 'FlowSchema', name, undefined, {
        spec: {
          priorityLevelConfiguration: { name: ['system', 'workload-high', 'global-default'][i] },
          matchingPrecedence: 500 * (i + 1),
          distinguisherMethod: { type: 'ByUser' },
        },
        status: { conditions: [{ type: 'Dangling', status: 'False', reason: 'Found' }] },
      }),
    ),
    ...versions.map(local),
  ];
}
