/** Dangerous permissions and loose ends: one case for what must be found, one for what must not. */
import { describe, expect, it } from 'vitest';
import { RbacIndex } from '../rbac-index';
import type { Binding, PolicyRule, Role, Subject } from '../types';
import { riskFindings } from './findings';
import { hygieneFindings, type PodFacts, type Surroundings } from './hygiene';
import { PERMISSIONS } from './permissions';

const jane: Subject = { kind: 'User', name: 'jane' };
const account: Subject = { kind: 'ServiceAccount', name: 'robot', namespace: 'shop' };

function rule(verbs: string, groups: string, resources: string, names: string[] = []): PolicyRule {
  return {
    verbs: verbs.split(','),
    apiGroups: groups.split(','),
    resources: resources.split(','),
    resourceNames: names,
  };
}

function bound(namespace: string, rules: readonly PolicyRule[], subjects: readonly Subject[] = [jane]) {
  const role: Role = { kind: 'ClusterRole', namespace: '', name: 'r', labels: {}, rules };
  const binding: Binding = {
    kind: namespace ? 'RoleBinding' : 'ClusterRoleBinding',
    namespace,
    name: 'b',
    roleRef: { kind: 'ClusterRole', name: 'r' },
    subjects,
  };
  return new RbacIndex({
    roles: [role],
    bindings: [binding],
    serviceAccounts: [],
    computeAggregation: false,
  });
}

const ids = (index: RbacIndex): string[] => riskFindings(index).map((one) => one.permission.id);

describe('dangerous permissions', () => {
  it.each(PERMISSIONS.map((one) => [one.id, one] as const))(
    '%s is found from exactly what it needs',
    (id, one) => {
      const rules = one.needs.map((need): PolicyRule =>
        need.urls
          ? { verbs: need.verbs, nonResourceURLs: need.urls.slice(0, 1) }
          : { verbs: need.verbs.slice(0, 1), apiGroups: need.groups, resources: need.resources.slice(0, 1) },
      );
      expect(ids(bound('', rules))).toContain(id);
      for (const left of rules.keys()) {
        const fewer = rules.filter((_, i) => i !== left);
        expect(ids(bound('', fewer))).not.toContain(id);
      }
      const elsewhere = rules.map((each) => ({ ...each, apiGroups: ['example.com'], nonResourceURLs: [] }));
      expect(ids(bound('', elsewhere))).not.toContain(id);
    },
  );

  it('says full control once, not as each thing it holds', () => {
    expect(ids(bound('', [rule('*', '*', '*')]))).toEqual(['full-control']);
  });

  it('tells reading everything and what else the same rule changes', () => {
    expect(ids(bound('', [rule('get,list,delete', '*', '*')]))).toEqual(['all-resources-write']);
    expect(ids(bound('', [rule('get,escalate', '*', '*')])).sort()).toContain('escalate');
    expect(ids(bound('', [rule('get,list,watch', '*', '*')]))).toEqual(['all-resources-read']);
  });

  it('A3: a RoleBinding gives nothing that has no namespace', () => {
    expect(ids(bound('shop', [rule('get', '', 'nodes/proxy'), rule('update', '', 'nodes')]))).toEqual([]);
    expect(ids(bound('shop', [rule('get', '', 'secrets')]))).toEqual(['read-secrets']);
    // bind on a ClusterRole is asked in the namespace where one binds (A24).
    expect(ids(bound('shop', [rule('bind', 'rbac.authorization.k8s.io', 'clusterroles')]))).toEqual(['bind']);
  });

  it('A10, A12: names limit, and never grant what has no name', () => {
    expect(ids(bound('', [rule('create', '', 'secrets', ['one'])]))).toEqual([]);
    expect(ids(bound('', [rule('create', '', 'serviceaccounts/token', ['one'])]))).toEqual(['create-tokens']);
    const [finding] = riskFindings(bound('', [rule('get', '', 'secrets', ['one', 'two'])]));
    expect(finding).toMatchObject({ names: ['one', 'two'], severity: 'high' });
  });

  it('weighs scope: cluster over kube-system over one namespace, everybody over one', () => {
    const of = (namespace: string, subject = jane): string | undefined =>
      riskFindings(bound(namespace, [rule('create', '', 'pods')], [subject]))[0]?.severity;
    expect(of('')).toBe('high');
    expect(of('kube-system')).toBe('high');
    expect(of('shop')).toBe('medium');
    expect(of('shop', { kind: 'Group', name: 'system:authenticated' })).toBe('high');
  });

  it('ConfigMaps matter in kube-system only', () => {
    expect(ids(bound('shop', [rule('update', '', 'configmaps')]))).toEqual([]);
    expect(ids(bound('kube-system', [rule('update', '', 'configmaps')]))).toEqual(['system-configmaps']);
    expect(ids(bound('', [rule('update', '', 'configmaps')]))).toEqual(['system-configmaps']);
  });

  it('a chain of permissions counts only within one scope', () => {
    const create = rule('create', 'certificates.k8s.io', 'certificatesigningrequests');
    const approval = rule('update', 'certificates.k8s.io', 'certificatesigningrequests/approval');
    const signers = rule('approve', 'certificates.k8s.io', 'signers');
    expect(ids(bound('', [create, approval]))).not.toContain('csr-approve');
    const [finding] = riskFindings(bound('', [create, approval, signers]));
    expect(finding?.permission.id).toBe('csr-approve');
    expect(finding?.grants).toHaveLength(3);
  });

  it('tells Kubernetes’ own subjects apart', () => {
    const built = riskFindings(
      bound('', [rule('*', '*', '*')], [{ kind: 'Group', name: 'system:nodes' }, jane]),
    );
    expect(built.map((one) => [one.subject.name, one.builtIn])).toEqual([
      ['jane', false],
      ['system:nodes', true],
    ]);
  });
});

const pod = (name: string, more: Partial<PodFacts> = {}): PodFacts => ({
  namespace: 'shop',
  name,
  serviceAccount: 'robot',
  token: true,
  escape: [],
  node: 'node-1',
  ...more,
});

const robot = { namespace: 'shop', name: 'robot', cloud: [] };

function hygiene(index: RbacIndex, around: Partial<Surroundings> = {}): [string, string][] {
  const found = hygieneFindings(index, riskFindings(index), { accounts: [robot], pods: [], ...around });
  return found.map((one) => [one.kind, one.severity]);
}

describe('loose ends', () => {
  const harmless = [rule('get', '', 'configmaps')];

  it('A21: a binding to a missing role, or to nobody', () => {
    const binding: Binding = {
      kind: 'RoleBinding',
      namespace: 'shop',
      name: 'b',
      roleRef: { kind: 'Role', name: 'gone' },
      subjects: [],
    };
    const index = new RbacIndex({
      roles: [],
      bindings: [binding],
      serviceAccounts: [],
      computeAggregation: false,
    });
    expect(hygiene(index).map(([kind]) => kind)).toEqual(['missing-role', 'no-subjects']);
  });

  it('a service account that does not exist, unless accounts are not known', () => {
    const index = bound('shop', harmless, [{ kind: 'ServiceAccount', name: 'ghost' }]);
    expect(hygiene(index)).toEqual([['missing-subject', 'medium']]);
    expect(hygiene(index, { accounts: [] })).toEqual([]);
  });

  it('grants to everybody; worse without signing in', () => {
    expect(hygiene(bound('', harmless, [{ kind: 'Group', name: 'system:authenticated' }]))).toEqual([
      ['everybody', 'high'],
    ]);
    expect(hygiene(bound('', harmless, [{ kind: 'Group', name: 'system:unauthenticated' }]))).toEqual([
      ['everybody', 'critical'],
    ]);
    expect(hygiene(bound('', harmless, [{ kind: 'Group', name: 'developers' }]))).toEqual([]);
  });

  it('rights of a default account, accounts nobody uses, cloud identities', () => {
    const own: Subject = { kind: 'ServiceAccount', name: 'default', namespace: 'shop' };
    const accounts = [{ namespace: 'shop', name: 'default', cloud: [] }];
    expect(hygiene(bound('shop', harmless, [own]), { accounts })).toEqual([['default-account', 'medium']]);
    expect(
      hygiene(bound('shop', harmless, [account]), { pods: [pod('a', { serviceAccount: 'x' })] }),
    ).toEqual([['unused-account', 'low']]);
    const cloud = [{ ...robot, cloud: ['eks.amazonaws.com/role-arn=arn'] }];
    expect(hygiene(bound('shop', harmless, [jane]), { accounts: cloud })).toEqual([
      ['cloud-identity', 'low'],
    ]);
  });

  it('pods that carry strong tokens, and pods that reach the node of such', () => {
    const strong = bound('', [rule('get,list', '', 'secrets')], [account]);
    expect(hygiene(strong, { pods: [pod('a')] })).toEqual([['pod-token', 'high']]);
    expect(hygiene(strong, { pods: [pod('a', { token: false })] })).toEqual([]);
    const breaker = pod('b', { serviceAccount: 'other', escape: ['privileged'] });
    expect(hygiene(strong, { pods: [pod('a'), breaker] })).toEqual([
      ['node-escape', 'high'],
      ['pod-token', 'high'],
    ]);
    expect(hygiene(strong, { pods: [pod('a'), { ...breaker, node: 'node-2' }] })).toEqual([
      ['pod-token', 'high'],
    ]);
  });
});
