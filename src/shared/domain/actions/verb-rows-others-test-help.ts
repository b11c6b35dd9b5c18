/** Rows of the table of verbs; `verbs.test.ts` runs them. */
import { claim, csr, deploy, hpa, node, owned, pod, row, target, uid, type Row } from './verb-test-help';

export const otherRows: readonly Row[] = [
  row({
    name: 'cordon',
    verb: 'cordon',
    object: { spec: {} },
    options: {},
    target: node,
    changes: [['spec.unschedulable', 'false', 'true']],
    request: { body: { ...uid, spec: { unschedulable: true } } },
    kubectl: 'cordon node-1',
    undo: { verb: 'uncordon', options: {} },
    warns: /new ones go elsewhere/,
  }),
  row({
    name: 'uncordon',
    verb: 'uncordon',
    object: { spec: { unschedulable: true } },
    options: {},
    target: node,
    changes: [['spec.unschedulable', 'true', 'false']],
    request: { body: { ...uid, spec: { unschedulable: null } } },
    kubectl: 'uncordon node-1',
    undo: { verb: 'cordon', options: {} },
  }),
  row({
    name: 'taints: one changed, one gone, one kept with its time',
    verb: 'taint',
    object: {
      metadata: { resourceVersion: '7' },
      spec: {
        taints: [
          { key: 'a', value: '1', effect: 'NoSchedule' },
          { key: 'b', effect: 'NoExecute', timeAdded: 't' },
          { key: 'c', effect: 'NoSchedule' },
        ],
      },
    },
    options: {
      taints: [
        { key: 'a', value: '2', effect: 'NoSchedule' },
        { key: 'b', effect: 'NoExecute' },
      ],
    },
    target: node,
    changes: [
      ['spec.taints[c:NoSchedule]', 'c:NoSchedule', null],
      ['spec.taints[a:NoSchedule]', 'a=1:NoSchedule', 'a=2:NoSchedule'],
    ],
    request: {
      body: {
        metadata: { uid: 'u1', resourceVersion: '7' },
        spec: {
          taints: [
            { key: 'a', value: '2', effect: 'NoSchedule' },
            { key: 'b', effect: 'NoExecute', timeAdded: 't' },
          ],
        },
      },
    },
    kubectl: 'taint nodes node-1 c:NoSchedule- a=2:NoSchedule --overwrite',
    undo: {
      verb: 'taint',
      options: {
        taints: [
          { key: 'a', value: '1', effect: 'NoSchedule' },
          { key: 'b', effect: 'NoExecute', timeAdded: 't' },
          { key: 'c', effect: 'NoSchedule' },
        ],
      },
    },
  }),
  row({
    name: 'labels: set, change, remove',
    verb: 'label',
    object: { metadata: { ...owned, labels: { app: 'web', tier: 'front' } } },
    options: { values: { app: 'shop', tier: null, 'team/owner': 'x', gone: null } },
    target: pod,
    changes: [
      ['metadata.labels[app]', 'web', 'shop'],
      ['metadata.labels[tier]', 'front', null],
      ['metadata.labels[team/owner]', null, 'x'],
    ],
    request: { body: { metadata: { uid: 'u1', labels: { app: 'shop', tier: null, 'team/owner': 'x' } } } },
    kubectl: 'label pods web --overwrite app=shop tier- team/owner=x',
    undo: { verb: 'label', options: { values: { app: 'web', tier: 'front', 'team/owner': null } } },
    warns: /ReplicaSet web-5d may find it by its labels/,
  }),
  row({
    name: 'annotations may hold any text',
    verb: 'annotate',
    object: {},
    options: { values: { note: 'two words, "quoted"' } },
    target: deploy,
    changes: [['metadata.annotations[note]', null, 'two words, "quoted"']],
    request: { body: { metadata: { uid: 'u1', annotations: { note: 'two words, "quoted"' } } } },
    kubectl: 'annotate deployments.apps web --overwrite note=two words, "quoted"',
    undo: { verb: 'annotate', options: { values: { note: null } } },
  }),
  row({
    name: 'remove the last finalizer of a deleted object',
    verb: 'remove-finalizer',
    object: {
      metadata: {
        finalizers: ['example.com/cleanup'],
        deletionTimestamp: '2026-03-01T11:00:00Z',
        resourceVersion: '9',
      },
    },
    options: { finalizers: ['example.com/cleanup'] },
    target: target('configmaps', 'ConfigMap', ''),
    changes: [['metadata.finalizers[example.com/cleanup]', 'example.com/cleanup', null]],
    request: { body: { metadata: { uid: 'u1', finalizers: null, resourceVersion: '9' } } },
    kubectl: 'patch configmaps web --type=merge -p {"metadata":{"finalizers":null}}',
    warns:
      /the controller of example\.com.*never happens.*\nIt is being deleted: without finalizers it is gone at once\./,
  }),
  row({
    name: 'evict',
    verb: 'evict',
    object: { metadata: owned },
    options: { grace: 10 },
    target: pod,
    changes: [['pods/web', 'there', null]],
    request: {
      method: 'POST',
      subresource: 'eviction',
      body: {
        apiVersion: 'policy/v1',
        kind: 'Eviction',
        metadata: { name: 'web', namespace: 'shop' },
        deleteOptions: { preconditions: { uid: 'u1' }, gracePeriodSeconds: 10 },
      },
    },
    kubectl: 'create --raw /api/v1/namespaces/shop/pods/web/eviction -f -',
    warns: /ReplicaSet web-5d makes another one/,
  }),
  row({
    name: 'delete',
    verb: 'delete',
    object: { metadata: { finalizers: ['a/b'] } },
    options: { propagation: 'Orphan', grace: null },
    target: deploy,
    changes: [['deployments.apps/web', 'there', null]],
    request: {
      method: 'DELETE',
      body: {
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        propagationPolicy: 'Orphan',
        preconditions: { uid: 'u1' },
      },
    },
    kubectl: 'delete deployments.apps web --cascade=orphan',
    warns: /only after a\/b is taken away/,
  }),
  row({
    name: 'delete a bare pod at once',
    verb: 'delete',
    object: {},
    options: { propagation: 'Background', grace: 0 },
    target: pod,
    changes: [['pods/web', 'there', null]],
    request: {
      body: {
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        propagationPolicy: 'Background',
        preconditions: { uid: 'u1' },
        gracePeriodSeconds: 0,
      },
    },
    kubectl: 'delete pods web --grace-period=0 --force',
    warns: /gone for good.\nGrace period 0/,
  }),
  row({
    name: 'expand a claim',
    verb: 'expand',
    object: { spec: { resources: { requests: { storage: '1Gi' } } }, status: { phase: 'Bound' } },
    options: { size: '2Gi' },
    target: claim,
    extras: { storageClass: { metadata: { name: 'fast' }, allowVolumeExpansion: true } },
    changes: [['spec.resources.requests.storage', '1Gi', '2Gi']],
    request: { body: { ...uid, spec: { resources: { requests: { storage: '2Gi' } } } } },
    kubectl:
      'patch persistentvolumeclaims web --type=merge -p {"spec":{"resources":{"requests":{"storage":"2Gi"}}}}',
    warns: /cannot shrink/,
  }),
  row({
    name: 'bounds of an autoscaler',
    verb: 'bounds',
    object: { spec: { minReplicas: 2, maxReplicas: 5 }, status: { currentReplicas: 2 } },
    options: { min: 3, max: 8 },
    target: hpa,
    changes: [
      ['spec.minReplicas', '2', '3'],
      ['spec.maxReplicas', '5', '8'],
    ],
    request: { body: { ...uid, spec: { minReplicas: 3, maxReplicas: 8 } } },
    kubectl:
      'patch horizontalpodautoscalers.autoscaling web --type=merge -p {"spec":{"minReplicas":3,"maxReplicas":8}}',
    undo: { verb: 'bounds', options: { min: 2, max: 5 } },
    warns: /It has 2 now and goes to 3/,
  }),
  row({
    name: 'approve a signing request',
    verb: 'approve',
    object: { spec: { username: 'jane', signerName: 'kubernetes.io/kube-apiserver-client' } },
    options: {},
    target: csr,
    changes: [['status.conditions', null, 'Approved']],
    request: {
      method: 'PUT',
      subresource: 'approval',
      body: {
        spec: { username: 'jane', signerName: 'kubernetes.io/kube-apiserver-client' },
        status: {
          conditions: [
            {
              type: 'Approved',
              status: 'True',
              reason: 'ApprovedByUser',
              message: 'Approved by hand.',
              lastUpdateTime: '2026-03-01T12:00:00Z',
            },
          ],
        },
      },
    },
    kubectl: 'certificate approve web',
    warns: /jane gets a certificate of kubernetes\.io\/kube-apiserver-client/,
  }),
  row({
    name: 'deny a signing request',
    verb: 'deny',
    object: { spec: {} },
    options: {},
    target: csr,
    changes: [['status.conditions', null, 'Denied']],
    request: { method: 'PUT', subresource: 'approval' },
    kubectl: 'certificate deny web',
    warns: /stays denied/,
  }),
];
