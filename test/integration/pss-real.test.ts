/**
 * Our Pod Security verdicts against the API server's own admission: random pods, created dry in a
 * namespace that enforces `baseline` and in one that enforces `restricted`. Needs an admin
 * kubeconfig in BINNACLE_TEST_KUBECONFIG, or the test cluster's kit.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { podSecurity } from '#shared/domain/pss/evaluate';
import type { PodSpec } from '#shared/domain/pss/types';
import { Scope } from '#shared/rpc/scope';
import { toAppError } from '#shared/util/app-error';
import type { ClusterApi } from '../../src/main/k8s/open-api';
import { openReal, realKubeconfig } from '../support/real-cluster';

const file = realKubeconfig();
if (!file)
  console.warn(
    'SKIPPED: Pod Security against a real API server: BINNACLE_TEST_KUBECONFIG names no kubeconfig.',
  );

const SPACE = `binnacle-pss-${Date.now().toString(36)}`;
const PODS = 1_500;

const some = <T>(...values: T[]) => fc.constantFrom(...values);
/** Mostly left out, so that pods fail for one reason at a time. */
const rare = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 1, arbitrary: value }, { weight: 9, arbitrary: fc.constant(undefined) });
const often = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 7, arbitrary: value }, { weight: 1, arbitrary: fc.constant(undefined) });

const seccomp = fc.oneof(
  { weight: 5, arbitrary: fc.constant({ type: 'RuntimeDefault' }) },
  { weight: 1, arbitrary: fc.constant({ type: 'Unconfined' }) },
  { weight: 1, arbitrary: fc.constant({ type: 'Localhost', localhostProfile: 'a.json' }) },
);
const appArmor = some(
  { type: 'RuntimeDefault' },
  { type: 'Unconfined' },
  { type: 'Localhost', localhostProfile: 'a' },
);
const selinux = some<object>(
  { type: 'container_t' },
  { type: 'container_init_t' },
  { type: 'container_kvm_t' },
  { type: 'container_engine_t' },
  { type: 'spc_t' },
  { type: 'container_t', user: 'u' },
  { role: 'r' },
  { level: 's0:c123' },
);
const add = some(
  ['NET_BIND_SERVICE'],
  ['CHOWN'],
  ['SYS_ADMIN'],
  ['NET_RAW'],
  ['KILL', 'MKNOD'],
  ['ALL'],
  ['chown'],
  [],
);
const hosts = some(
  { tcpSocket: { port: 1, host: 'x' } },
  { tcpSocket: { port: 1 } },
  { tcpSocket: { port: 1, host: '127.0.0.1' } },
  { httpGet: { port: 1, host: '10.0.0.1' } },
  { httpGet: { port: 1, path: '/' } },
);
const context = fc.record({
  allowPrivilegeEscalation: often(some(false, false, false, true)),
  runAsNonRoot: often(some(true, true, true, false)),
  runAsUser: rare(some(0, 1000)),
  privileged: rare(some(true, false)),
  procMount: rare(some('Default', 'Unmasked')),
  capabilities: often(
    fc.record({ drop: often(some(['ALL'], ['ALL'], ['ALL'], ['NET_RAW'], ['all'], [])), add: rare(add) }),
  ),
  seccompProfile: often(seccomp),
  appArmorProfile: rare(appArmor),
  seLinuxOptions: rare(selinux),
  windowsOptions: rare(some({ hostProcess: true }, { hostProcess: false }, { runAsUserName: 'a' })),
});
const container = (name: string) =>
  fc.record({
    name: fc.constant(name),
    image: fc.constant('a'),
    securityContext: often(context),
    ports: rare(
      some(
        [{ containerPort: 80, hostPort: 80 }],
        [{ containerPort: 80, hostPort: 0 }],
        [{ containerPort: 80 }],
      ),
    ),
  });
const main = container('main').chain((one) =>
  fc
    .record({
      livenessProbe: rare(hosts),
      readinessProbe: rare(hosts),
      startupProbe: rare(hosts),
      lifecycle: rare(fc.record({ preStop: rare(hosts), postStart: rare(hosts) })),
    })
    .map((more) => ({ ...one, ...more })),
);
/** Without `image`: a server whose feature gate is off drops it before it judges. */
const volume = some<object>(
  { emptyDir: {} },
  { configMap: { name: 'a' } },
  { secret: { secretName: 'a' } },
  { projected: { sources: [] } },
  { downwardAPI: {} },
  { persistentVolumeClaim: { claimName: 'a' } },
  { csi: { driver: 'a.b' } },
  {
    ephemeral: {
      volumeClaimTemplate: {
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
      },
    },
  },
  { hostPath: { path: '/' } },
  { nfs: { server: 'a', path: '/' } },
  { iscsi: { targetPortal: '1.1.1.1', iqn: 'iqn.2001-04.com.example:a', lun: 0 } },
  { gitRepo: { repository: 'a' } },
  { awsElasticBlockStore: { volumeID: 'a' } },
  {},
);
const sysctl = some(
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.ip_local_reserved_ports',
  'net.core.somaxconn',
  'kernel.msgmax',
);
const pod = fc.record({
  hostUsers: rare(fc.constant(false)),
  windows: fc.nat(9).map((n) => n === 0),
  host: rare(some('hostNetwork', 'hostPID', 'hostIPC')),
  securityContext: often(
    fc.record({
      runAsNonRoot: rare(some(true, true, false)),
      runAsUser: rare(some(0, 1000)),
      seccompProfile: rare(seccomp),
      appArmorProfile: rare(appArmor),
      seLinuxOptions: rare(selinux),
      windowsOptions: rare(some({ hostProcess: true }, { hostProcess: false })),
      sysctls: rare(
        fc
          .uniqueArray(sysctl, { minLength: 1, maxLength: 2 })
          .map((names) => names.map((name) => ({ name, value: '1' }))),
      ),
    }),
  ),
  containers: main.map((one) => [one]),
  initContainers: rare(container('init').map((one) => [one])),
  volumes: rare(
    fc
      .array(volume, { minLength: 1, maxLength: 2 })
      .map((list) => list.map((one, n) => ({ name: `v${n}`, ...one }))),
  ),
  apparmorNote: rare(some('runtime/default', 'localhost/a', 'unconfined')),
});

describe.skipIf(!file)('Pod Security against the API server', () => {
  const scope = new Scope('pss-real');
  let api: ClusterApi;
  const spaces = { baseline: `${SPACE}-b`, restricted: `${SPACE}-r` };

  beforeAll(async () => {
    api = await openReal(file ?? '', scope);
    for (const [level, name] of Object.entries(spaces)) {
      const labels = { 'pod-security.kubernetes.io/enforce': level };
      const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
      await api.json(
        { method: 'POST', path: '/api/v1/namespaces', body: JSON.stringify(body) },
        scope.signal,
      );
      const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'own' } };
      const path = `/api/v1/namespaces/${name}/serviceaccounts`;
      await api.json({ method: 'POST', path, body: JSON.stringify(account) }, scope.signal);
    }
  });

  afterAll(async () => {
    for (const name of Object.values(spaces)) {
      await api.json({ method: 'DELETE', path: `/api/v1/namespaces/${name}` }, scope.signal);
    }
    scope.dispose();
  });

  /** Undefined: not a pod the server would take at all, whatever the level. */
  async function admitted(namespace: string, body: string): Promise<boolean | undefined> {
    try {
      const path = `/api/v1/namespaces/${namespace}/pods`;
      await api.json({ method: 'POST', path, query: { dryRun: 'All' }, body }, scope.signal);
      return true;
    } catch (thrown) {
      const { message, status } = toAppError(thrown);
      if (status === 403 && message.includes('violates PodSecurity')) return false;
      if (status === 422 || status === 400) return undefined;
      throw thrown;
    }
  }

  it(`equals the admission of ${PODS} random pods`, { timeout: 400_000 }, async () => {
    const wrong: object[] = [];
    const counts = { restricted: 0, baseline: 0, privileged: 0, invalid: 0 };
    const pods = fc.sample(pod, { numRuns: PODS, seed: 21 });
    const worker = async (): Promise<void> => {
      for (let next = pods.pop(); next; next = pods.pop()) {
        const { host, windows, apparmorNote, ...rest } = next;
        const spec = {
          serviceAccountName: 'own',
          ...rest,
          ...(host ? { [host]: true } : {}),
          ...(windows ? { os: { name: 'windows' } } : {}),
        };
        const annotations: Record<string, string> = apparmorNote
          ? { 'container.apparmor.security.beta.kubernetes.io/main': apparmorNote }
          : {};
        const body = JSON.stringify({
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name: 'a', annotations },
          spec,
        });
        const [baseline, restricted] = await Promise.all([
          admitted(spaces.baseline, body),
          admitted(spaces.restricted, body),
        ]);
        const ours = podSecurity({ annotations, spec: JSON.parse(JSON.stringify(spec)) as PodSpec });
        if (baseline === undefined || restricted === undefined) {
          counts.invalid += 1;
          continue;
        }
        const differs =
          baseline !== (ours.level !== 'privileged') || restricted !== (ours.level === 'restricted');
        if (differs) wrong.push({ spec, annotations, baseline, restricted, ours });
        else counts[ours.level] += 1;
      }
    };
    await Promise.all(Array.from({ length: 6 }, worker));
    expect(wrong.slice(0, 3)).toEqual([]);
    for (const level of ['restricted', 'baseline', 'privileged'] as const)
      expect(counts[level]).toBeGreaterThan(50);
  });
});
