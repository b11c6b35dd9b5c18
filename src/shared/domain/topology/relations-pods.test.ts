/** T1, T17-T19, T22-T27, T51, T52: each with what it finds and what it must not. */
import { expect, it } from 'vitest';
import { edges, graphOf, labels, notes, o, ownedBy, told } from './test-help';

const pod = (path: string, spec: Record<string, unknown> = {}, meta = {}): Record<string, unknown> =>
  o('Pod', path, { spec }, meta);

it('T1 finds owners by uid and takes another uid for another object', () => {
  const rs = o('ReplicaSet.apps', 'a/web', {}, { uid: 'u1' });
  expect(edges('T1', rs, pod('a/p', {}, ownedBy('ReplicaSet.apps', 'web', 'u1')))).toEqual([
    'Pod/a/p owner ReplicaSet/a/web',
  ]);
  const graph = graphOf(rs, pod('a/p', {}, ownedBy('ReplicaSet.apps', 'web', 'u2')));
  const [edge] = [...graph.edges()].filter((one) => one.rule === 'T1');
  expect(edge?.to.state).toBe('missing');
  expect(edge?.to.uid).toBe('u2');
  expect(graph.byUid('u1')?.in).toHaveLength(0);
});

it('T1 shows owners of another namespace as invalid, cluster-scoped ones as owners', () => {
  const rs = o('ReplicaSet.apps', 'b/web', {}, { uid: 'u1' });
  expect(edges('T1', rs, pod('a/p', {}, ownedBy('ReplicaSet.apps', 'web', 'u1')))).toEqual([
    'Pod/a/p owner ReplicaSet/b/web (invalid)',
  ]);
  expect(edges('T1', o('Node', 'n', {}, { uid: 'n1' }), pod('a/p', {}, ownedBy('Node', 'n', 'n1')))).toEqual([
    'Pod/a/p owner Node//n',
  ]);
  expect(edges('T1', o('Node', 'n', {}, ownedBy('ReplicaSet.apps', 'web', 'u1')), rs)).toEqual([
    'Node//n owner ReplicaSet/b/web (invalid)',
  ]);
});

it('T1 matches manifests by name only when neither side has a uid', () => {
  const child = pod('a/p', {}, ownedBy('ReplicaSet.apps', 'web', ''));
  expect(edges('T1', o('ReplicaSet.apps', 'a/web'), child)).toEqual(['Pod/a/p owner ReplicaSet/a/web']);
  expect(edges('T1', o('ReplicaSet.apps', 'b/web'), child)).toEqual([
    'Pod/a/p owner ReplicaSet/a/web (missing)',
  ]);
  const withUid = pod('a/p', {}, ownedBy('ReplicaSet.apps', 'web', 'u9'));
  expect(graphOf(o('ReplicaSet.apps', 'a/web'), withUid).get('apps/ReplicaSet/a/web')?.in).toHaveLength(0);
});

it('T1 survives owners in a circle', () => {
  const a = o('ConfigMap', 'a/x', {}, { uid: 'x', ...ownedBy('ConfigMap', 'y', 'y') });
  const b = o('ConfigMap', 'a/y', {}, { uid: 'y', ...ownedBy('ConfigMap', 'x', 'x') });
  expect(edges('T1', a, b)).toEqual([
    'ConfigMap/a/x owner ConfigMap/a/y',
    'ConfigMap/a/y owner ConfigMap/a/x',
  ]);
});

const USES = {
  volumes: [
    { name: 'v', configMap: { name: 'c1', optional: true } },
    { name: 's', secret: { secretName: 's1' } },
    { name: 'p', projected: { sources: [{ configMap: { name: 'c2' } }, { secret: { name: 's2' } }] } },
    { name: 'i', csi: { driver: 'd', nodePublishSecretRef: { name: 's3' } } },
    { name: 'f', azureFile: { secretName: 's4' } },
    { name: 'r', rbd: { secretRef: { name: 's5' } } },
    { name: 'd', persistentVolumeClaim: { claimName: 'claim' } },
  ],
  containers: [
    {
      env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'c3', key: 'k' } } }],
      envFrom: [{ secretRef: { name: 's6' } }],
    },
  ],
  initContainers: [{ envFrom: [{ configMapRef: { name: 'c4', optional: true } }] }],
  ephemeralContainers: [{ env: [{ valueFrom: { secretKeyRef: { name: 's7', key: 'k' } } }] }],
  imagePullSecrets: [{ name: 's8' }],
};
const HOLDERS: [string, (spec: unknown) => Record<string, unknown>][] = [
  ['Pod', (spec) => ({ spec })],
  ...[
    'Deployment.apps',
    'ReplicaSet.apps',
    'StatefulSet.apps',
    'DaemonSet.apps',
    'Job.batch',
    'ReplicationController',
  ].map((kind): [string, (spec: unknown) => Record<string, unknown>] => [
    kind,
    (spec) => ({ spec: { template: { spec } } }),
  ]),
  ['CronJob.batch', (spec) => ({ spec: { jobTemplate: { spec: { template: { spec } } } } })],
  ['PodTemplate', (spec) => ({ template: { spec } })],
];

it.each(HOLDERS)(
  'T17 T18 T19 read every place of %s that names a ConfigMap, Secret or claim',
  (kind, body) => {
    const holder = o(kind, 'a/w', body(USES));
    const name = `${kind.split('.')[0]}/a/w`;
    const decoys = [o('ConfigMap', 'b/c1'), o('Secret', 'b/s1'), o('PersistentVolumeClaim', 'b/claim')];
    expect(edges('T17', holder, ...decoys)).toEqual([
      `${name} env ConfigMap/a/c3 (missing)`,
      `${name} env-from ConfigMap/a/c4 (missing) (optional)`,
      `${name} mounts ConfigMap/a/c1 (missing) (optional)`,
      `${name} mounts ConfigMap/a/c2 (missing)`,
    ]);
    expect(edges('T18', holder, ...decoys)).toEqual([
      `${name} env Secret/a/s7 (missing)`,
      `${name} env-from Secret/a/s6 (missing)`,
      `${name} mounts Secret/a/s1 (missing)`,
      `${name} mounts Secret/a/s2 (missing)`,
      `${name} pulls-with Secret/a/s8 (missing)`,
      `${name} volume-secret Secret/a/s3 (missing)`,
      `${name} volume-secret Secret/a/s4 (missing)`,
      `${name} volume-secret Secret/a/s5 (missing)`,
    ]);
    expect(edges('T19', holder, ...decoys)).toEqual([
      `${name} mounts PersistentVolumeClaim/a/claim (missing)`,
    ]);
    expect(edges('T27', holder)).toEqual([`${name} csi-driver CSIDriver//d (missing)`]);
  },
);

it('T17 tells field and value of each edge', () => {
  const found = [...graphOf(pod('a/p', USES)).edges()].filter((edge) => edge.rule === 'T17');
  expect(found.map((edge) => [edge.field, edge.value])).toContainEqual([
    'spec.volumes[2].projected.sources[0].configMap.name',
    'c2',
  ]);
  expect(found.map((edge) => edge.field)).toContain(
    'spec.containers[0].env[0].valueFrom.configMapKeyRef.name',
  );
});

it('T19 names claims of ephemeral volumes after pod and volume, owned by the pod', () => {
  const p = pod('a/p', { volumes: [{ name: 'tmp', ephemeral: { volumeClaimTemplate: {} } }] }, { uid: 'p1' });
  expect(edges('T19', p, o('PersistentVolumeClaim', 'a/p-tmp', {}, ownedBy('Pod', 'p', 'p1')))).toEqual([
    'Pod/a/p mounts PersistentVolumeClaim/a/p-tmp',
  ]);
  expect(edges('T19', p, o('PersistentVolumeClaim', 'a/p-tmp'))).toEqual([
    'Pod/a/p mounts PersistentVolumeClaim/a/p-tmp (invalid)',
  ]);
});

it('T22 runs pods as the account they name, else as default', () => {
  expect(edges('T22', pod('a/p', { serviceAccountName: 'robot' }), o('ServiceAccount', 'a/robot'))).toEqual([
    'Pod/a/p runs-as ServiceAccount/a/robot',
  ]);
  expect(
    edges('T22', pod('a/p'), o('ServiceAccount', 'a/default'), o('ServiceAccount', 'b/default')),
  ).toEqual(['Pod/a/p runs-as ServiceAccount/a/default']);
  expect(edges('T22', o('Deployment.apps', 'a/w', { spec: { template: { spec: {} } } }))).toEqual([]);
});

it('T23 links accounts with their Secrets, tokens by type, name and uid', () => {
  const account = o(
    'ServiceAccount',
    'a/robot',
    { secrets: [{ name: 'one' }], imagePullSecrets: [{ name: 'two' }] },
    { uid: 'r1' },
  );
  const token = (type: string, uid: string): unknown =>
    o(
      'Secret',
      'a/token',
      { type },
      notes({ 'kubernetes.io/service-account.name': 'robot', 'kubernetes.io/service-account.uid': uid }),
    );
  const own = [
    'ServiceAccount/a/robot pulls-with Secret/a/two (missing)',
    'ServiceAccount/a/robot token Secret/a/one (missing)',
  ];
  expect(edges('T23', account, token('kubernetes.io/service-account-token', 'r1'))).toEqual([
    ...own,
    'ServiceAccount/a/robot token Secret/a/token',
  ]);
  expect(edges('T23', account, token('Opaque', 'r1'))).toEqual(own);
  expect(edges('T23', account, token('kubernetes.io/service-account-token', 'r0'))).toEqual([
    ...own,
    'ServiceAccount/a/robot token Secret/a/token (missing)',
  ]);
});

it('T24 places pods on nodes', () => {
  const p = o(
    'Pod',
    'a/p',
    { spec: { nodeName: 'n1' }, status: { nominatedNodeName: 'n2' } },
    notes({ 'kubernetes.io/config.mirror': 'hash' }),
  );
  expect(edges('T24', p, o('Node', 'n1'), o('Node', 'n3'))).toEqual([
    'Pod/a/p mirrors Node//n1',
    'Pod/a/p nominated-to Node//n2 (missing)',
    'Pod/a/p runs-on Node//n1',
  ]);
  expect(edges('T24', pod('a/p', { nodeName: '' }), o('Node', 'n1'))).toEqual([]);
});

it('T25 links priority, runtime and scheduler', () => {
  const p = pod('a/p', { priorityClassName: 'high', runtimeClassName: 'gvisor', schedulerName: 'mine' });
  expect(
    edges(
      'T25',
      p,
      o('PriorityClass.scheduling.k8s.io', 'high'),
      o('PriorityClass.scheduling.k8s.io', 'low'),
    ),
  ).toEqual([
    'Pod/a/p priority PriorityClass//high',
    'Pod/a/p runtime RuntimeClass//gvisor (missing)',
    'Pod/a/p scheduled-by Scheduler//mine',
  ]);
});

it('T26 follows device claims to their class', () => {
  const p = o('Pod', 'a/p', {
    spec: {
      resourceClaims: [
        { name: 'x', resourceClaimName: 'gpu' },
        { name: 'y', resourceClaimTemplateName: 'tpl' },
      ],
    },
    status: { resourceClaimStatuses: [{ name: 'y', resourceClaimName: 'p-y-1' }] },
  });
  const claim = o('ResourceClaim.resource.k8s.io', 'a/gpu', {
    spec: { devices: { requests: [{ exactly: { deviceClassName: 'big' } }] } },
  });
  const slice = o('ResourceSlice.resource.k8s.io', 's', {
    spec: { driver: 'd', nodeName: 'n', pool: { name: 'pool' } },
  });
  expect(edges('T26', p, claim, slice, o('ResourceClaim.resource.k8s.io', 'b/gpu'))).toEqual([
    'Pod/a/p claims ResourceClaim/a/gpu',
    'Pod/a/p claims ResourceClaim/a/p-y-1 (missing)',
    'Pod/a/p claims-from ResourceClaimTemplate/a/tpl (missing)',
    'ResourceClaim/a/gpu device-class DeviceClass//big (missing)',
    'ResourceSlice//s driver DeviceDriver//d',
    'ResourceSlice//s on-node Node//n (missing)',
    'ResourceSlice//s pool DevicePool//pool',
  ]);
});

it('T27 finds drivers of inline volumes only', () => {
  expect(
    edges(
      'T27',
      pod('a/p', { volumes: [{ name: 'x', csi: { driver: 'd' } }] }),
      o('CSIDriver.storage.k8s.io', 'd'),
    ),
  ).toEqual(['Pod/a/p csi-driver CSIDriver//d']);
  expect(
    edges(
      'T27',
      pod('a/p', { volumes: [{ name: 'd', flexVolume: { driver: 'd' } }] }),
      o('CSIDriver.storage.k8s.io', 'd'),
    ),
  ).toEqual([]);
});

it('T51 runs Jobs from CronJobs by owner, never by name', () => {
  const cron = o('CronJob.batch', 'a/report', {}, { uid: 'c1' });
  const manual = {
    ...ownedBy('CronJob.batch', 'report', 'c1'),
    ...notes({ 'cronjob.kubernetes.io/instantiate': 'manual' }),
  };
  const graph = graphOf(cron, o('Job.batch', 'a/now', {}, manual), o('Job.batch', 'a/report-123'));
  const found = [...graph.edges()].filter((edge) => edge.rule === 'T51');
  expect(found.map(told)).toEqual(['CronJob/a/report runs Job/a/now']);
  expect(found[0]?.note).toBe('manual run');
});

it('T52 knows revisions by owner and annotation', () => {
  const revision = notes({ 'deployment.kubernetes.io/revision': '3' });
  const web = o('Deployment.apps', 'a/web', {}, { uid: 'd1' });
  const rs = o('ReplicaSet.apps', 'a/web-1', {}, { ...ownedBy('Deployment.apps', 'web', 'd1'), ...revision });
  const decoy = o('ReplicaSet.apps', 'a/web-2', {}, { ...revision, ...labels({ 'pod-template-hash': '1' }) });
  const history = o(
    'ControllerRevision.apps',
    'a/db-1',
    { revision: 1 },
    ownedBy('StatefulSet.apps', 'db', 's1'),
  );
  const db = o('StatefulSet.apps', 'a/db', { status: { updateRevision: 'db-1' } }, { uid: 's1' });
  expect(edges('T52', web, rs, decoy, history, db)).toEqual([
    'Deployment/a/web revision ReplicaSet/a/web-1',
    'StatefulSet/a/db revision ControllerRevision/a/db-1',
    'StatefulSet/a/db update-revision ControllerRevision/a/db-1',
  ]);
});
