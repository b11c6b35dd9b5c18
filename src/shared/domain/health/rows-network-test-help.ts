/** Rows of the table of diagnosis; `diagnose.test.ts` runs them. */
import {
  type Row,
  ago,
  backend,
  brief,
  claim,
  classes,
  conditions,
  endpoint,
  event,
  ingress,
  nginx,
  service,
  svc,
} from './diagnose-test-help';

export const networkRows: readonly Row[] = [
  ['D41', /no default/, 'persistentvolumeclaims', claim({}), classes({ name: 'slow' })],
  [
    'D42',
    /no storage class fast/,
    'persistentvolumeclaims',
    claim({ storageClassName: 'fast' }),
    classes({ name: 'slow' }),
  ],
  [
    'D43',
    /first pod/,
    'persistentvolumeclaims',
    claim({ storageClassName: 'late' }),
    classes({ name: 'late', mode: 'WaitForFirstConsumer' }),
  ],
  [
    'D44',
    /cannot be made/,
    'persistentvolumeclaims',
    claim({ storageClassName: 'slow' }),
    classes({ name: 'slow' }),
    [event('ProvisioningFailed', 'quota')],
  ],
  ['D45', /volume is gone/, 'persistentvolumeclaims', claim({}, { phase: 'Lost' })],
  [
    'D45',
    /Released/,
    'persistentvolumes',
    { spec: { claimRef: { name: 'data', namespace: 'shop' } }, status: { phase: 'Released' } },
  ],
  [
    'D46',
    /waits for a pod/,
    'persistentvolumeclaims',
    claim({}, { phase: 'Bound', ...conditions('FileSystemResizePending', 'True', '') }),
  ],
  [
    'D47',
    /no pod uses it/,
    'persistentvolumeclaims',
    {
      metadata: { deletionTimestamp: ago(3), finalizers: ['kubernetes.io/pvc-protection'] },
      status: { phase: 'Bound' },
    },
  ],
  ['D49', /matches no pod/, 'services', service(), { pods: [], endpoints: [] }],
  [
    'D50',
    /2 pods match, none is ready/,
    'services',
    service(),
    {
      pods: [
        brief('a', { tone: 'warn', words: 'Not ready' }),
        brief('b', { tone: 'warn', words: 'Not ready' }),
      ],
      endpoints: [endpoint(false), endpoint(false, 'b')],
    },
  ],
  [
    'D51',
    /Port 80 goes to web/,
    'services',
    service({ ports: [{ port: 80, targetPort: 'web' }] }),
    { pods: [brief('a')], endpoints: [] },
  ],
  ['D52', /No selector/, 'services', service({ selector: undefined }), { endpoints: [] }],
  ['D53', /no address yet/, 'services', service({ type: 'LoadBalancer' })],
  [
    'D54',
    /Only node-1 answers/,
    'services',
    service({ externalTrafficPolicy: 'Local' }),
    { pods: [brief('a')], endpoints: [endpoint(true)] },
  ],
  ['D55', /no service web/, 'ingresses.networking.k8s.io', ingress(backend('web', 80)), svc(false)],
  ['D55', /no port 81/, 'ingresses.networking.k8s.io', ingress(backend('web', 81)), svc(true)],
  [
    'D56',
    /no ingress class other/,
    'ingresses.networking.k8s.io',
    ingress({ ingressClassName: 'other' }),
    nginx,
  ],
  ['D57', /no address/, 'ingresses.networking.k8s.io', ingress({}, []), nginx],
  [
    'D58',
    /no TLS secret cert/,
    'ingresses.networking.k8s.io',
    ingress(),
    { ...nginx, secrets: [{ name: 'cert', exists: false, type: '' }] },
  ],
  [
    'D60',
    /Not programmed/,
    'gateways.gateway.networking.k8s.io',
    { status: conditions('Programmed', 'False', 'AddressNotAssigned') },
  ],
  [
    'D61',
    /Listener https: InvalidCertificateRef/,
    'gateways.gateway.networking.k8s.io',
    {
      status: {
        listeners: [{ name: 'https', ...conditions('ResolvedRefs', 'False', 'InvalidCertificateRef') }],
      },
    },
  ],
  ['D62', /No gateway/, 'httproutes.gateway.networking.k8s.io', { spec: { parentRefs: [{ name: 'gw' }] } }],
  [
    'D63',
    /BackendNotFound/,
    'httproutes.gateway.networking.k8s.io',
    {
      status: {
        parents: [{ parentRef: { name: 'gw' }, ...conditions('ResolvedRefs', 'False', 'BackendNotFound') }],
      },
    },
  ],
  [
    'D64',
    /no metrics/,
    'horizontalpodautoscalers.autoscaling',
    { status: conditions('ScalingActive', 'False', 'FailedGetResourceMetric', 'missing request for cpu') },
  ],
  [
    'D65',
    /target does not exist: Deployment gone/,
    'horizontalpodautoscalers.autoscaling',
    {
      spec: { scaleTargetRef: { kind: 'Deployment', name: 'gone' } },
      status: conditions('AbleToScale', 'False', 'FailedGetScale'),
    },
    {
      target: {
        kind: 'deployments.apps',
        namespace: 'shop',
        name: 'gone',
        words: '',
        tone: 'bad',
        exists: false,
      },
    },
  ],
  [
    'D66',
    /same pods/,
    'horizontalpodautoscalers.autoscaling',
    { status: conditions('ScalingActive', 'False', 'AmbiguousSelector') },
  ],
  [
    'D67',
    /maximum of 4/,
    'horizontalpodautoscalers.autoscaling',
    {
      spec: { maxReplicas: 4 },
      status: { currentReplicas: 4, ...conditions('ScalingLimited', 'True', 'TooManyReplicas') },
    },
  ],
  [
    'D68',
    /Off/,
    'horizontalpodautoscalers.autoscaling',
    { status: conditions('ScalingActive', 'False', 'ScalingDisabled') },
  ],
];
