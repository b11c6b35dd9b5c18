/**
 * Our RBAC answers against the API server's own: SubjectAccessReview over the cluster's
 * roles and bindings and random ones in a scratch namespace, and SelfSubjectRulesReview
 * by impersonation. Needs an admin kubeconfig in BINNACLE_TEST_KUBECONFIG.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { can, effectiveNamespace } from '#shared/domain/rbac/can';
import { effectiveRules } from '#shared/domain/rbac/effective-rules';
import { impliedGroups } from '#shared/domain/rbac/identity';
import { isUrlRequest } from '#shared/domain/rbac/match';
import { RbacIndex } from '#shared/domain/rbac/rbac-index';
import type { AccessRequest, PolicyRule } from '#shared/domain/rbac/types';
import { Scope } from '#shared/rpc/scope';
import { toAppError } from '#shared/util/app-error';
import type { ClusterApi } from '../../src/main/k8s/open-api';
import { openReal, realKubeconfig } from '../support/real-cluster';
import type { Manifest } from '../../src/main/oracle/manifests';
import { rbacSnapshot } from '../../src/main/oracle/rbac-manifests';

const file = realKubeconfig();
if (!file)
  console.warn('SKIPPED: RBAC against a real API server: BINNACLE_TEST_KUBECONFIG names no kubeconfig.');

const RBAC = '/apis/rbac.authorization.k8s.io/v1';
// A namespace may stay `Terminating` for long (a dead API service): each run has its own.
const SPACE = `binnacle-rbac-${Date.now().toString(36)}`;
const MARK = 'binnacle-rbac-test';
const REQUESTS = 5000;

const some = <T>(...values: T[]) => fc.constantFrom(...values);
const list = <T>(value: fc.Arbitrary<T>, max = 3) => fc.array(value, { minLength: 1, maxLength: max });
const verbs = some('get', 'list', 'create', 'delete', 'watch', 'bind', 'impersonate', '*');
const groups = some('', 'apps', 'rbac.authorization.k8s.io', 'x.io', '*');
const names = some('a', 'b', 'payment-key');
const resourceRule: fc.Arbitrary<PolicyRule> = fc.record({
  verbs: list(verbs),
  apiGroups: list(groups),
  resources: list(
    some(
      'pods',
      'pods/log',
      'secrets',
      'deployments',
      'namespaces',
      '*',
      '*/scale',
      'pods/*',
      'clusterroles',
    ),
  ),
  resourceNames: fc.oneof(fc.constant([]), list(names, 2)),
});
const urlRule: fc.Arbitrary<PolicyRule> = fc.record({
  verbs: list(some('get', 'post', '*')),
  nonResourceURLs: list(some('/healthz', '/healthz/*', '/foo*', '*')),
});
const users = [
  'jane',
  'rb-ann',
  'rb-bob',
  '*',
  'system:anonymous',
  `system:serviceaccount:${SPACE}:robot`,
  'system:serviceaccount:kube-system:coredns',
  'system:kube-scheduler',
];
const subject = fc.oneof(
  some('rb-ann', 'rb-bob', '*').map((name) => ({
    kind: 'User',
    apiGroup: 'rbac.authorization.k8s.io',
    name,
  })),
  some('rb-dev', 'rb-ops').map((name) => ({ kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name })),
  fc.constant({ kind: 'ServiceAccount', name: 'robot', namespace: SPACE }),
);
const request: fc.Arbitrary<AccessRequest> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      user: some(...users),
      groups: fc.subarray(['rb-dev', 'rb-ops', 'system:authenticated', 'developers'], { maxLength: 3 }),
      verb: some('get', 'list', 'create', 'delete', 'watch', 'bind', 'impersonate', '*', 'Get'),
      apiGroup: some('', 'apps', 'rbac.authorization.k8s.io', 'x.io', 'core', '*'),
      resource: some(
        'pods',
        'secrets',
        'deployments',
        'namespaces',
        'nodes',
        'clusterroles',
        'endpointslices',
        '*',
      ),
      subresource: some('', '', 'log', 'scale'),
      name: some('', '', 'a', 'b', 'payment-key', SPACE),
      namespace: some('', SPACE, SPACE, 'shop', 'kube-system'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      user: some(...users),
      groups: fc.subarray(['rb-dev', 'rb-ops', 'system:authenticated', 'system:unauthenticated'], {
        maxLength: 2,
      }),
      verb: some('get', 'post'),
      path: some('/healthz', '/healthz/etcd', '/foobar', '/metrics', '/version', '/livez'),
    }),
  },
);

describe.skipIf(!file)('RBAC against the API server', () => {
  const scope = new Scope('rbac-real');
  let api: ClusterApi;
  let index: RbacIndex;
  const made: string[] = [];

  const post = async (path: string, body: Record<string, unknown>): Promise<void> => {
    await api.json({ method: 'POST', path, body: JSON.stringify(body) }, scope.signal);
    made.push(`${path}/${(body.metadata as { name: string }).name}`);
  };
  const items = async (path: string, kind: string): Promise<Manifest[]> => {
    const answer = await api.json<{ items: Manifest[] }>({ path }, scope.signal);
    const apiVersion = path.startsWith(RBAC) ? 'rbac.authorization.k8s.io/v1' : 'v1';
    return answer.items.map((item) => ({ ...item, apiVersion, kind }));
  };
  const removeAll = async (): Promise<void> => {
    for (const path of made.splice(0).reverse()) {
      await api.json({ method: 'DELETE', path }, scope.signal).catch((thrown: unknown) => {
        if (toAppError(thrown).code !== 'not-found') throw thrown;
      });
    }
  };

  beforeAll(async () => {
    api = await openReal(file ?? '', scope);
    await post('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: SPACE } });
    const rules = fc.sample(fc.array(resourceRule, { minLength: 1, maxLength: 3 }), { numRuns: 24, seed: 5 });
    const urls = fc.sample(urlRule, { numRuns: 24, seed: 6 });
    const subjects = fc.sample(list(subject), { numRuns: 48, seed: 7 });
    for (let n = 0; n < 12; n += 1) {
      const name = `${MARK}-${n}`;
      const local = `${RBAC}/namespaces/${SPACE}`;
      await post(`${local}/roles`, { metadata: { name }, rules: rules[n] });
      await post(`${RBAC}/clusterroles`, { metadata: { name }, rules: [...(rules[n + 12] ?? []), urls[n]] });
      const to = (kind: string, role: string) => ({
        apiGroup: 'rbac.authorization.k8s.io',
        kind,
        name: role,
      });
      const missing = n === 11 ? 'gone' : name;
      await post(`${local}/rolebindings`, {
        metadata: { name },
        roleRef: to('Role', name),
        subjects: subjects[n],
      });
      await post(`${local}/rolebindings`, {
        metadata: { name: `${name}-c` },
        roleRef: to('ClusterRole', missing),
        subjects: subjects[n + 12],
      });
      if (n % 3 === 0) {
        await post(`${RBAC}/clusterrolebindings`, {
          metadata: { name },
          roleRef: to('ClusterRole', name),
          subjects: subjects[n + 24],
        });
      }
    }
    const objects = await Promise.all([
      items(`${RBAC}/roles`, 'Role'),
      items(`${RBAC}/clusterroles`, 'ClusterRole'),
      items(`${RBAC}/rolebindings`, 'RoleBinding'),
      items(`${RBAC}/clusterrolebindings`, 'ClusterRoleBinding'),
    ]);
    // Online the stored rules are the truth (A22).
    index = new RbacIndex({ ...rbacSnapshot(objects.flat()), computeAggregation: false });
  });

  afterAll(async () => {
    await removeAll();
    scope.dispose();
  });

  /** The server's authorizer learns of new objects by its own watch: ours must not run ahead of it. */
  async function review(asked: AccessRequest): Promise<boolean> {
    const resourceAttributes = isUrlRequest(asked)
      ? undefined
      : {
          verb: asked.verb,
          group: asked.apiGroup,
          resource: asked.resource,
          subresource: asked.subresource,
          name: asked.name,
          namespace: effectiveNamespace(asked),
        };
    const nonResourceAttributes = isUrlRequest(asked) ? { verb: asked.verb, path: asked.path } : undefined;
    const spec = { user: asked.user, groups: asked.groups, resourceAttributes, nonResourceAttributes };
    const answer = await api.json<{ status: { allowed: boolean } }>(
      {
        method: 'POST',
        path: '/apis/authorization.k8s.io/v1/subjectaccessreviews',
        body: JSON.stringify({ apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', spec }),
      },
      scope.signal,
    );
    return answer.status.allowed;
  }

  it(`equals SubjectAccessReview on ${REQUESTS} random requests`, { timeout: 180_000 }, async () => {
    const requests = fc.sample(request, { numRuns: REQUESTS, seed: 13 });
    const wrong: AccessRequest[] = [];
    let allowed = 0;
    const worker = async (): Promise<void> => {
      for (let next = requests.pop(); next; next = requests.pop()) {
        const theirs = await review(next);
        const ours = can(index, next, false).allowed;
        if (theirs) allowed += 1;
        // A first difference may be the server still catching up with our objects.
        if (ours !== theirs && (await review(next)) !== ours) wrong.push(next);
      }
    };
    await Promise.all(Array.from({ length: 8 }, worker));
    expect(wrong).toEqual([]);
    expect(allowed).toBeGreaterThan(REQUESTS / 50);
  });

  it('equals SelfSubjectRulesReview for 20 subjects', async () => {
    const accounts = await items('/api/v1/namespaces/kube-system/serviceaccounts', 'ServiceAccount');
    const robots = accounts.map((one) => `system:serviceaccount:kube-system:${one.metadata?.name ?? ''}`);
    const subjects = [...new Set([...users, ...robots].filter((name) => name !== 'system:anonymous'))].slice(
      0,
      20,
    );
    expect(subjects).toHaveLength(20);
    for (const user of subjects) {
      const who = { user, groups: impliedGroups(user) };
      const answer = await api.json<{
        status: { resourceRules: PolicyRule[]; nonResourceRules: PolicyRule[] };
      }>(
        {
          method: 'POST',
          path: '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews',
          headers: { 'impersonate-user': who.user },
          body: JSON.stringify({
            apiVersion: 'authorization.k8s.io/v1',
            kind: 'SelfSubjectRulesReview',
            spec: { namespace: SPACE },
          }),
        },
        scope.signal,
      );
      const rules = effectiveRules(index, who, SPACE);
      const ours = rules.filter((one) => one.resources).map((one) => resourceText(one.rule));
      const urls = rules.filter((one) => one.urls).map((one) => urlText(one.rule));
      expect(new Set(ours), user).toEqual(new Set((answer.status.resourceRules ?? []).map(resourceText)));
      // The review also lists URL rules of RoleBindings, which the authorizer never applies (A13).
      const inert = index
        .bindingsInScope(SPACE)
        .filter(({ binding, role }) => binding.kind === 'RoleBinding' && role)
        .flatMap(({ role }) => role?.rules ?? [])
        .map(urlText);
      const theirs = (answer.status.nonResourceRules ?? []).map(urlText);
      const applied = theirs.filter((text) => urls.includes(text) || !inert.includes(text));
      expect(new Set(applied), user).toEqual(new Set(urls));
    }
  });
});

function resourceText(rule: PolicyRule): string {
  const { verbs: v, apiGroups, resources, resourceNames } = rule;
  return JSON.stringify([v ?? [], apiGroups ?? [], resources ?? [], resourceNames ?? []]);
}

function urlText(rule: PolicyRule): string {
  return JSON.stringify([rule.verbs ?? [], rule.nonResourceURLs ?? []]);
}
