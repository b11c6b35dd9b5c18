/**
 * Our Pod Security levels against the API server's own admission: random pods are sent as
 * dry run into namespaces that enforce each level. Needs an admin kubeconfig in
 * BINNACLE_TEST_KUBECONFIG; objects are two namespaces that are removed afterwards.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { podSecurity } from '#shared/domain/pss/evaluate';
import type { Container, PodSpec, SecurityContext } from '#shared/domain/pss/types';
import { Scope } from '#shared/rpc/scope';
import { toAppError } from '#shared/util/app-error';
import { openApi, type ClusterApi } from '../../src/main/k8s/open-api';
import { Kubeconfigs } from '../../src/main/kubeconfig/source';

const file = process.env.BINNACLE_TEST_KUBECONFIG;
if (!file)
  console.warn(
    'SKIPPED: Pod Security against a real API server: BINNACLE_TEST_KUBECONFIG names no kubeconfig.',
  );

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 });
const some = <T>(...values: T[]) => fc.constantFrom(...values);
const profile = fc.record({ type: some('RuntimeDefault', 'Unconfined') });
const context: fc.Arbitrary<SecurityContext> = fc.record({
  allowPrivilegeEscalation: some(undefined, false, false, false),
  runAsNonRoot: some(undefined, true, true, false),
  runAsUser: some(undefined, 1000, 1000, 0),
  capabilities: fc.record({
    drop: some(['ALL'], ['ALL'], ['NET_RAW']),
    add: maybe(fc.subarray(['NET_BIND_SERVICE', 'CHOWN', 'SYS_TIME'], { maxLength: 2 })),
  }),
  seccompProfile: maybe(profile),
  seLinuxOptions: maybe(fc.record({ type: some('container_t', 'spc_t', 'container_engine_t') })),
  procMount: some(undefined, undefined, 'Default'),
});
const container = (name: string): fc.Arbitrary<Container & { image: string }> =>
  fc.record({
    name: fc.constant(name),
    image: fc.constant('busybox:1.35'),
    securityContext: context,
    ports: maybe(fc.constant([{ containerPort: 80, hostPort: 8080 }])).map((ports) => ports ?? []),
    readinessProbe: fc.constant(undefined),
    livenessProbe: maybe(
      fc.record({ tcpSocket: fc.record({ port: fc.constant(80), host: some(undefined, '10.0.0.1') }) }),
    ),
  });
const rare = fc.integer({ min: 0, max: 7 }).map((n) => (n === 0 ? true : undefined));
const volume = some<Record<string, unknown>>(
  { name: 'v', emptyDir: {} },
  { name: 'v', configMap: { name: 'x' } },
  { name: 'v', nfs: { server: 'x', path: '/' } },
  { name: 'v', hostPath: { path: '/tmp' } },
  { name: 'v' },
);
const spec: fc.Arbitrary<PodSpec> = fc.record({
  hostPID: rare,
  hostIPC: rare,
  containers: fc.tuple(container('app')),
  initContainers: fc.oneof(fc.constant([]), fc.tuple(container('init'))),
  volumes: fc.oneof(fc.constant([]), fc.tuple(volume)),
  securityContext: maybe(
    fc.record({
      runAsNonRoot: some(undefined, true, false),
      runAsUser: some(undefined, 1000, 0),
      seccompProfile: maybe(profile),
      sysctls: maybe(
        some([{ name: 'net.ipv4.tcp_syncookies', value: '1' }], [{ name: 'kernel.msgmax', value: '1' }]),
      ),
    }),
  ),
});

describe.skipIf(!file)('Pod Security levels', () => {
  const scope = new Scope('pss-real');
  let api: ClusterApi;
  // A namespace may stay `Terminating` for long (a dead API service): each run has its own.
  const run = Date.now().toString(36);
  const spaces = { baseline: `binnacle-pss-b-${run}`, restricted: `binnacle-pss-r-${run}` };

  beforeAll(async () => {
    const configs = new Kubeconfigs({ scope, environment: { KUBECONFIG: file } });
    const { contexts, current } = await configs.start();
    api = openApi(configs.resolve(current ?? contexts[0]?.id ?? ''), {}, scope);
    for (const [level, name] of Object.entries(spaces)) {
      const labels = { 'pod-security.kubernetes.io/enforce': level };
      const body = JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
      await api.json({ method: 'POST', path: '/api/v1/namespaces', body }, scope.signal);
      await accountOf(name);
    }
  });

  /** Pods are refused until the controller has made the namespace's default service account. */
  async function accountOf(namespace: string): Promise<void> {
    const path = `/api/v1/namespaces/${namespace}/serviceaccounts`;
    const query = { watch: true, fieldSelector: 'metadata.name=default', timeoutSeconds: 30 };
    const answer = await api.open({ path, query, long: true }, scope.signal);
    for await (const chunk of answer.body) if (chunk.length > 0) return;
    throw new Error('no default service account within 30 s');
  }

  afterAll(async () => {
    for (const name of Object.values(spaces)) {
      await api.json({ method: 'DELETE', path: `/api/v1/namespaces/${name}` }, scope.signal);
    }
    scope.dispose();
  });

  /** Undefined: the server refuses the pod for another reason (validation). */
  async function accepts(namespace: string, pod: PodSpec): Promise<boolean | undefined> {
    const body = JSON.stringify({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'random' },
      spec: { ...pod, automountServiceAccountToken: false },
    });
    const request = {
      method: 'POST' as const,
      path: `/api/v1/namespaces/${namespace}/pods`,
      query: { dryRun: 'All' },
      body,
    };
    try {
      await api.json(request, scope.signal);
      return true;
    } catch (thrown) {
      const error = toAppError(thrown);
      return error.message.includes('violates PodSecurity') ? false : undefined;
    }
  }

  it('agree with the API server on 400 random pods', { timeout: 120_000 }, async () => {
    let compared = 0;
    for (const pod of fc.sample(spec, { numRuns: 400, seed: 11 })) {
      const { level } = podSecurity({ annotations: {}, spec: pod });
      const baseline = await accepts(spaces.baseline, pod);
      const restricted = await accepts(spaces.restricted, pod);
      if (baseline === undefined || restricted === undefined) continue;
      compared += 1;
      const theirs = restricted ? 'restricted' : baseline ? 'baseline' : 'privileged';
      expect(level, JSON.stringify(pod)).toBe(theirs);
    }
    expect(compared).toBeGreaterThan(200);
  });
});
