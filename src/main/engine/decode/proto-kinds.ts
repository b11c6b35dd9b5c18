/**
 * The built-in kinds we read as protobuf: field numbers of the generated.proto files of Kubernetes
 * 1.34, only of fields that some mask may name. Held against the JSON of a real server by
 * test/integration/engine-real.test.ts.
 */
import {
  container,
  message,
  objectMeta,
  podSpec,
  podStatus,
  resources,
  wholeMessage,
  type Message,
} from './proto-schema';

const labelSelector = wholeMessage({
  1: ['matchLabels', 'strings'],
  2: [
    'matchExpressions',
    wholeMessage({ 1: ['key', 'string'], 2: ['operator', 'string'], 3: ['values', 'string', 'repeated'] }),
    'repeated',
  ],
});
const objectReference = message({
  1: ['kind', 'string?'],
  2: ['namespace', 'string?'],
  3: ['name', 'string?'],
  4: ['uid', 'string?'],
  5: ['apiVersion', 'string?'],
  6: ['resourceVersion', 'string?'],
  7: ['fieldPath', 'string?'],
});
const localReference = message({ 1: ['name', 'string?'] });
const template = message({
  1: ['metadata', objectMeta],
  2: ['spec', message({ 2: ['containers', container, 'repeated'], 7: ['nodeSelector', 'strings'] })],
});

/** Conditions of apps, batch, nodes: the same fields at other numbers. */
const condition = (reason: number, transition: number): Message =>
  message({
    1: ['type', 'string'],
    2: ['status', 'string'],
    [transition]: ['lastTransitionTime', 'time'],
    [reason]: ['reason', 'string?'],
    [reason + 1]: ['message', 'string?'],
  });

const kind = (spec: Message, status: Message): Message =>
  message({ 1: ['metadata', objectMeta], 2: ['spec', spec], 3: ['status', status] });

const deployment = kind(
  message({
    1: ['replicas', 'int'],
    2: ['selector', labelSelector],
    3: ['template', template],
    4: ['strategy', message({ 1: ['type', 'string?'] })],
    7: ['paused', 'bool?'],
  }),
  message({
    1: ['observedGeneration', 'int?'],
    2: ['replicas', 'int?'],
    3: ['updatedReplicas', 'int?'],
    4: ['availableReplicas', 'int?'],
    6: ['conditions', condition(4, 7), 'repeated'],
    7: ['readyReplicas', 'int?'],
  }),
);
const statefulSet = kind(
  message({
    1: ['replicas', 'int'],
    2: ['selector', labelSelector],
    3: ['template', template],
    5: ['serviceName', 'string?'],
    6: ['podManagementPolicy', 'string?'],
    7: [
      'updateStrategy',
      message({ 1: ['type', 'string?'], 2: ['rollingUpdate', message({ 1: ['partition', 'int'] })] }),
    ],
  }),
  message({
    1: ['observedGeneration', 'int?'],
    2: ['replicas', 'int'],
    3: ['readyReplicas', 'int?'],
    5: ['updatedReplicas', 'int?'],
    6: ['currentRevision', 'string?'],
    7: ['updateRevision', 'string?'],
    10: ['conditions', condition(4, 3), 'repeated'],
  }),
);
const daemonSet = kind(
  message({
    1: ['selector', labelSelector],
    2: ['template', template],
    3: ['updateStrategy', message({ 1: ['type', 'string?'] })],
  }),
  message({
    1: ['currentNumberScheduled', 'int'],
    2: ['numberMisscheduled', 'int'],
    3: ['desiredNumberScheduled', 'int'],
    4: ['numberReady', 'int'],
    5: ['observedGeneration', 'int?'],
    6: ['updatedNumberScheduled', 'int?'],
    7: ['numberAvailable', 'int?'],
  }),
);
const replicaSet = kind(
  message({ 1: ['replicas', 'int'], 2: ['selector', labelSelector], 3: ['template', template] }),
  message({
    1: ['replicas', 'int'],
    4: ['readyReplicas', 'int?'],
    6: ['conditions', condition(4, 3), 'repeated'],
  }),
);
const jobSpec = message({
  1: ['parallelism', 'int'],
  2: ['completions', 'int'],
  4: ['selector', labelSelector],
  6: ['template', template],
  9: ['completionMode', 'string'],
  10: ['suspend', 'bool'],
});
const job = kind(
  jobSpec,
  message({
    1: ['conditions', condition(5, 4), 'repeated'],
    2: ['startTime', 'time'],
    3: ['completionTime', 'time'],
    4: ['active', 'int?'],
    5: ['succeeded', 'int?'],
    6: ['failed', 'int?'],
    9: ['ready', 'int'],
  }),
);
const cronJob = kind(
  message({
    1: ['schedule', 'string'],
    3: ['concurrencyPolicy', 'string?'],
    4: ['suspend', 'bool'],
    5: ['jobTemplate', message({ 1: ['metadata', objectMeta], 2: ['spec', jobSpec] })],
    8: ['timeZone', 'string'],
  }),
  message({
    1: ['active', objectReference, 'repeated'],
    4: ['lastScheduleTime', 'time'],
    5: ['lastSuccessfulTime', 'time'],
  }),
);
const ingressPoint = message({ 1: ['ip', 'string?'], 2: ['hostname', 'string?'] });
const service = kind(
  message({
    1: [
      'ports',
      message({
        1: ['name', 'string?'],
        2: ['protocol', 'string?'],
        3: ['port', 'int'],
        4: ['targetPort', 'int-or-string'],
        5: ['nodePort', 'int?'],
      }),
      'repeated',
    ],
    2: ['selector', 'strings'],
    3: ['clusterIP', 'string?'],
    4: ['type', 'string?'],
    5: ['externalIPs', 'string', 'repeated'],
    7: ['sessionAffinity', 'string?'],
    10: ['externalName', 'string?'],
    11: ['externalTrafficPolicy', 'string?'],
    18: ['clusterIPs', 'string', 'repeated'],
  }),
  message({ 1: ['loadBalancer', message({ 1: ['ingress', ingressPoint, 'repeated'] })] }),
);
const endpointSlice = message({
  1: ['metadata', objectMeta],
  2: [
    'endpoints',
    message({
      1: ['addresses', 'string', 'repeated'],
      2: [
        'conditions',
        message({ 1: ['ready', 'bool'], 2: ['serving', 'bool'], 3: ['terminating', 'bool'] }),
      ],
    }),
    'repeated',
  ],
  3: ['ports', message({ 1: ['name', 'string'], 2: ['protocol', 'string'], 3: ['port', 'int'] }), 'repeated'],
  4: ['addressType', 'string'],
});
const node = kind(
  message({
    1: ['podCIDR', 'string?'],
    4: ['unschedulable', 'bool?'],
    5: [
      'taints',
      message({ 1: ['key', 'string'], 2: ['value', 'string?'], 3: ['effect', 'string'] }),
      'repeated',
    ],
  }),
  message({
    1: ['capacity', 'quantities'],
    2: ['allocatable', 'quantities'],
    4: ['conditions', condition(5, 4), 'repeated'],
    5: ['addresses', wholeMessage({ 1: ['type', 'string'], 2: ['address', 'string'] }), 'repeated'],
    7: [
      'nodeInfo',
      message({
        4: ['kernelVersion', 'string'],
        5: ['osImage', 'string'],
        6: ['containerRuntimeVersion', 'string'],
        7: ['kubeletVersion', 'string'],
        10: ['architecture', 'string'],
      }),
    ],
  }),
);
const namespace = kind(
  message({ 1: ['finalizers', 'string', 'repeated'] }),
  message({
    1: ['phase', 'string?'],
    2: ['conditions', message({ 1: ['type', 'string'], 2: ['status', 'string'] }), 'repeated'],
  }),
);
const event = message({
  1: ['metadata', objectMeta],
  2: ['involvedObject', objectReference],
  3: ['reason', 'string?'],
  4: ['message', 'string?'],
  5: ['source', message({ 1: ['component', 'string?'], 2: ['host', 'string?'] })],
  6: ['firstTimestamp', 'time'],
  7: ['lastTimestamp', 'time'],
  8: ['count', 'int?'],
  9: ['type', 'string?'],
  10: ['eventTime', 'micro'],
  11: ['series', message({ 1: ['count', 'int?'], 2: ['lastObservedTime', 'micro'] })],
  14: ['reportingComponent', 'string'],
  15: ['reportingInstance', 'string'],
});
const claim = kind(
  message({
    1: ['accessModes', 'string', 'repeated'],
    2: ['resources', resources],
    3: ['volumeName', 'string?'],
    5: ['storageClassName', 'string'],
    6: ['volumeMode', 'string'],
  }),
  message({
    1: ['phase', 'string?'],
    3: ['capacity', 'quantities'],
    4: ['conditions', message({ 1: ['type', 'string'], 2: ['status', 'string'] }), 'repeated'],
    7: ['allocatedResourceStatuses', 'strings'],
  }),
);
const rule = message({
  1: ['verbs', 'string', 'repeated'],
  2: ['apiGroups', 'string', 'repeated'],
  3: ['resources', 'string', 'repeated'],
  4: ['resourceNames', 'string', 'repeated'],
  5: ['nonResourceURLs', 'string', 'repeated'],
});
const aggregation = wholeMessage({ 1: ['clusterRoleSelectors', labelSelector, 'repeated'] });
const role = message({ 1: ['metadata', objectMeta], 2: ['rules', rule, 'repeated'] });
const clusterRole = message({
  1: ['metadata', objectMeta],
  2: ['rules', rule, 'repeated'],
  3: ['aggregationRule', aggregation],
});
const binding = message({
  1: ['metadata', objectMeta],
  2: [
    'subjects',
    message({
      1: ['kind', 'string'],
      2: ['apiGroup', 'string?'],
      3: ['name', 'string'],
      4: ['namespace', 'string?'],
    }),
    'repeated',
  ],
  3: ['roleRef', message({ 1: ['apiGroup', 'string'], 2: ['kind', 'string'], 3: ['name', 'string'] })],
});

/** By `group/version/resource`; a kind that is not here is read as JSON. */
export const protoKinds: ReadonlyMap<string, Message> = new Map([
  ['/v1/pods', kind(podSpec, podStatus)],
  ['apps/v1/deployments', deployment],
  ['apps/v1/statefulsets', statefulSet],
  ['apps/v1/daemonsets', daemonSet],
  ['apps/v1/replicasets', replicaSet],
  ['batch/v1/jobs', job],
  ['batch/v1/cronjobs', cronJob],
  ['/v1/services', service],
  ['discovery.k8s.io/v1/endpointslices', endpointSlice],
  ['/v1/nodes', node],
  ['/v1/namespaces', namespace],
  ['/v1/events', event],
  ['/v1/persistentvolumeclaims', claim],
  [
    '/v1/configmaps',
    message({
      1: ['metadata', objectMeta],
      2: ['data', 'strings'],
      3: ['binaryData', 'strings'],
      4: ['immutable', 'bool'],
    }),
  ],
  [
    '/v1/secrets',
    message({
      1: ['metadata', objectMeta],
      2: ['data', 'strings'],
      3: ['type', 'string?'],
      5: ['immutable', 'bool'],
    }),
  ],
  [
    '/v1/serviceaccounts',
    message({
      1: ['metadata', objectMeta],
      2: ['secrets', objectReference, 'repeated'],
      3: ['imagePullSecrets', localReference, 'repeated'],
      4: ['automountServiceAccountToken', 'bool'],
    }),
  ],
  ['rbac.authorization.k8s.io/v1/roles', role],
  ['rbac.authorization.k8s.io/v1/clusterroles', clusterRole],
  ['rbac.authorization.k8s.io/v1/rolebindings', binding],
  ['rbac.authorization.k8s.io/v1/clusterrolebindings', binding],
]);
