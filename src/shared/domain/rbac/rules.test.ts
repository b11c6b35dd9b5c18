/** The rules A1-A30 as cases; each name carries its rule. */
import { describe, expect, it } from 'vitest';
import { can } from './can';
import { impliedGroups, serviceAccountUser } from './identity';
import { RbacIndex } from './rbac-index';
import type { AccessRequest, Binding, PolicyRule, RbacSnapshot, Role, Subject } from './types';
import { whoCan } from './who-can';

const user = (name: string): Subject => ({ kind: 'User', name });
const group = (name: string): Subject => ({ kind: 'Group', name });
const account = (name: string, namespace?: string): Subject => ({ kind: 'ServiceAccount', name, namespace });

function role(namespace: string, name: string, ...rules: PolicyRule[]): Role {
  return { kind: namespace ? 'Role' : 'ClusterRole', namespace, name, labels: {}, rules };
}

function bind(namespace: string, to: Role | string, ...subjects: Subject[]): Binding {
  const target =
    typeof to === 'string' ? { kind: 'ClusterRole', name: to } : { kind: to.kind, name: to.name };
  return {
    kind: namespace ? 'RoleBinding' : 'ClusterRoleBinding',
    namespace,
    name: `${target.name}-binding`,
    roleRef: target,
    subjects,
  };
}

const rule = (verbs: string, groups: string, resources: string, names: string[] = []): PolicyRule => ({
  verbs: verbs.split(','),
  apiGroups: groups.split(','),
  resources: resources.split(','),
  resourceNames: names,
});

function index(roles: Role[], bindings: Binding[], more: Partial<RbacSnapshot> = {}): RbacIndex {
  return new RbacIndex({ roles, bindings, serviceAccounts: [], computeAggregation: false, ...more });
}

const ask = (request: Partial<AccessRequest>): AccessRequest => ({
  user: 'jane',
  groups: ['system:authenticated'],
  verb: 'get',
  apiGroup: '',
  resource: 'pods',
  ...request,
});

/** One rule for jane, in a ClusterRole bound cluster-wide. */
function rules(...list: PolicyRule[]): RbacIndex {
  const all = role('', 'r', ...list);
  return index([all], [bind('', all, user('jane'))]);
}

const allowed = (on: RbacIndex, request: Partial<AccessRequest>): boolean => can(on, ask(request)).allowed;

describe('RBAC rules', () => {
  it('A1: denied by default; any matching rule in any binding allows', () => {
    expect(allowed(index([], []), {})).toBe(false);
    const a = role('', 'a', rule('list', '', 'pods'));
    const b = role('', 'b', rule('get', '', 'pods'));
    const both = index([a, b], [bind('', a, user('jane')), bind('', b, user('jane'))]);
    expect(allowed(both, {})).toBe(true);
    expect(allowed(both, { verb: 'watch' })).toBe(false);
  });

  it('A2: RoleBindings count only in their own namespace', () => {
    const a = role('shop', 'a', rule('get', '', 'pods'));
    const on = index([a], [bind('shop', a, user('jane'))]);
    expect(allowed(on, { namespace: 'shop' })).toBe(true);
    expect(allowed(on, { namespace: 'web' })).toBe(false);
    expect(allowed(on, {})).toBe(false);
  });

  it('A3: a ClusterRole in a RoleBinding grants in that namespace, never cluster-wide or URLs', () => {
    const a = role('', 'a', rule('*', '*', '*'), { verbs: ['get'], nonResourceURLs: ['*'] });
    const on = index([a], [bind('shop', a, user('jane'))]);
    expect(allowed(on, { namespace: 'shop' })).toBe(true);
    expect(allowed(on, { resource: 'nodes' })).toBe(false);
    expect(allowed(on, { resource: '', path: '/metrics' })).toBe(false);
  });

  it('A4: a Role can grant get of its own Namespace by name, not list', () => {
    const a = role('shop', 'a', rule('get,list', '', 'namespaces'));
    const on = index([a], [bind('shop', a, user('jane'))]);
    expect(allowed(on, { resource: 'namespaces', name: 'shop' })).toBe(true);
    expect(allowed(on, { resource: 'namespaces', name: 'web' })).toBe(false);
    expect(allowed(on, { resource: 'namespaces', verb: 'list' })).toBe(false);
    expect(allowed(on, { resource: 'namespaces', verb: 'list', name: 'shop' })).toBe(false);
  });

  it('A5: everything is case-sensitive', () => {
    const on = rules(rule('get', '', 'pods'));
    expect(allowed(on, { verb: 'Get' })).toBe(false);
    expect(allowed(on, { resource: 'Pods' })).toBe(false);
    expect(allowed(on, { user: 'Jane' })).toBe(false);
  });

  it.each(['bind', 'escalate', 'impersonate', 'approve', 'use'])('A6: verb * covers %s', (verb) => {
    expect(allowed(rules(rule('*', '*', '*')), { verb })).toBe(true);
    expect(allowed(rules(rule('get', '*', '*')), { verb })).toBe(false);
  });

  it('A7: the core group is empty; core and v1 match nothing; * covers it', () => {
    expect(allowed(rules(rule('get', 'core', 'pods')), {})).toBe(false);
    expect(allowed(rules(rule('get', 'v1', 'pods')), {})).toBe(false);
    expect(allowed(rules(rule('get', '*', 'pods')), {})).toBe(true);
    expect(allowed(rules(rule('get', '', 'pods')), { apiGroup: 'apps' })).toBe(false);
  });

  it('A8: stars of resources and subresources', () => {
    const log = { subresource: 'log' };
    expect(allowed(rules(rule('get', '', '*')), log)).toBe(true);
    expect(allowed(rules(rule('get', '', 'pods')), log)).toBe(false);
    expect(allowed(rules(rule('get', '', 'pods/log')), log)).toBe(true);
    expect(allowed(rules(rule('get', '', 'pods/log')), {})).toBe(false);
    expect(allowed(rules(rule('get', '', '*/log')), log)).toBe(true);
    expect(allowed(rules(rule('get', '', '*/scale')), log)).toBe(false);
    expect(allowed(rules(rule('get', '', 'pods/*')), log)).toBe(false);
    expect(allowed(rules(rule('get', '', 'pods/*')), {})).toBe(false);
  });

  it('A9: never combines the verbs of one rule with the resources of another', () => {
    const on = rules(rule('get', '', 'secrets'), rule('list', '', 'pods'));
    expect(allowed(on, { resource: 'pods' })).toBe(false);
  });

  it('A10: names restrict; requests without a name fail', () => {
    const on = rules(rule('get,list,create,deletecollection', '', 'pods', ['a']));
    expect(allowed(on, { name: 'a' })).toBe(true);
    expect(allowed(on, { name: 'b' })).toBe(false);
    for (const verb of ['list', 'create', 'deletecollection']) expect(allowed(on, { verb })).toBe(false);
    expect(allowed(rules(rule('get', '', 'pods')), { name: 'b' })).toBe(true);
  });

  it('A11: a list that carries a name (field selector) is granted by it', () => {
    const on = rules(rule('list,watch', '', 'pods', ['a']));
    expect(allowed(on, { verb: 'list', name: 'a' })).toBe(true);
    expect(allowed(on, { verb: 'watch', name: 'b' })).toBe(false);
  });

  it('A12: create on a subresource has a name', () => {
    const on = rules(rule('create', '', 'pods/exec', ['a']));
    expect(allowed(on, { verb: 'create', subresource: 'exec', name: 'a' })).toBe(true);
    expect(allowed(on, { verb: 'create', subresource: 'exec', name: 'b' })).toBe(false);
  });

  it.each([
    ['/healthz', '/healthz', true],
    ['/healthz', '/healthz/etcd', false],
    ['*', '/anything', true],
    ['/foo/*', '/foo/bar', true],
    ['/foo/*', '/foo', false],
    ['/foo*', '/foobar', true],
    ['/a/*/b', '/a/x/b', false],
    ['/a/*/b', '/a/*/b', true],
  ])('A13: nonResourceURL %s against %s', (entry, path, expected) => {
    const on = rules({ verbs: ['get'], nonResourceURLs: [entry] });
    expect(allowed(on, { resource: '', path })).toBe(expected);
  });

  it('A14: a service account written as a User matches it', () => {
    const a = role('', 'a', rule('get', '', 'pods'));
    const on = index([a], [bind('', a, user(serviceAccountUser('shop', 'robot')))]);
    expect(allowed(on, { user: 'system:serviceaccount:shop:robot' })).toBe(true);
    expect(allowed(on, { user: 'robot' })).toBe(false);
  });

  it("A15: a subject without namespace is in the RoleBinding's; in a ClusterRoleBinding it is nobody", () => {
    const a = role('shop', 'a', rule('get', '', 'pods'));
    const local = index([a], [bind('shop', a, account('robot'))]);
    expect(allowed(local, { user: 'system:serviceaccount:shop:robot', namespace: 'shop' })).toBe(true);
    const b = role('', 'b', rule('get', '', 'pods'));
    const wide = index([b], [bind('', b, account('robot'))]);
    expect(allowed(wide, { user: 'system:serviceaccount:shop:robot', namespace: 'shop' })).toBe(false);
    expect(whoCan(wide, { verb: 'get', apiGroup: '', resource: 'pods' })).toEqual([]);
  });

  it('A16: groups everybody is in', () => {
    expect(impliedGroups('jane')).toEqual(['system:authenticated']);
    expect(impliedGroups('system:anonymous')).toEqual(['system:unauthenticated']);
    expect(impliedGroups('system:serviceaccount:shop:robot')).toEqual([
      'system:authenticated',
      'system:serviceaccounts',
      'system:serviceaccounts:shop',
    ]);
    const a = role('', 'a', rule('get', '', 'pods'));
    const on = index([a], [bind('', a, group('system:serviceaccounts:shop'))]);
    const robot = 'system:serviceaccount:shop:robot';
    expect(allowed(on, { user: robot, groups: impliedGroups(robot) })).toBe(true);
    expect(allowed(on, { groups: impliedGroups('system:serviceaccount:web:robot') })).toBe(false);
  });

  it('A17: there are no wildcard subjects', () => {
    const a = role('', 'a', rule('get', '', 'pods'));
    const on = index([a], [bind('', a, user('*'), group('*'))]);
    expect(allowed(on, {})).toBe(false);
    expect(allowed(on, { user: '*' })).toBe(true);
  });

  it('A18: system:masters bypasses every rule', () => {
    const verdict = can(index([], []), ask({ groups: ['system:masters'] }));
    expect(verdict).toMatchObject({ allowed: true, masters: true, grants: [] });
  });

  it('A19: the unbound ClusterRole system:node grants nothing', () => {
    const on = index([role('', 'system:node', rule('get', '', 'pods'))], []);
    expect(allowed(on, { user: 'system:node:a', groups: ['system:nodes'] })).toBe(false);
  });

  it('A20: an answer of RBAC names its path, so that others can be compared with it', () => {
    const a = role('', 'a', rule('list', '', 'pods'), rule('get', '', 'pods'));
    const binding = bind('', a, group('dev'));
    const verdict = can(index([a], [binding]), ask({ groups: ['dev'] }));
    expect(verdict.grants).toEqual([
      { binding, subject: group('dev'), role: a, rule: a.rules[1], ruleIndex: 1 },
    ]);
  });

  it('A21: a missing role grants nothing and takes nothing from others', () => {
    const a = role('', 'a', rule('get', '', 'pods'));
    const on = index([a], [bind('', 'missing', user('jane')), bind('', a, user('jane'))]);
    expect(allowed(on, {})).toBe(true);
    expect(on.allBindings().filter((entry) => !entry.role)).toHaveLength(1);
    expect(allowed(index([], [bind('', 'missing', user('jane'))]), {})).toBe(false);
  });

  it('A22: aggregation is computed for manifests, transitively, without itself', () => {
    const select = (key: string) => [{ matchLabels: { [key]: 'true' } }];
    const leaf = { ...role('', 'leaf', rule('get', '', 'pods')), labels: { view: 'true' } };
    const view = { ...role('', 'view'), labels: { edit: 'true', view: 'true' }, aggregation: select('view') };
    const edit = { ...role('', 'edit', rule('delete', '', 'pods')), aggregation: select('edit') };
    const bindings = [bind('', edit, user('jane'))];
    const computed = index([leaf, view, edit], bindings, { computeAggregation: true });
    expect(allowed(computed, {})).toBe(true);
    // The controller overwrites what stood there.
    expect(allowed(computed, { verb: 'delete' })).toBe(false);
    const stored = index([leaf, view, edit], bindings);
    expect(allowed(stored, {})).toBe(false);
    expect(allowed(stored, { verb: 'delete' })).toBe(true);
  });

  it('A23: the label of the default roles aggregates', () => {
    const label = 'rbac.authorization.k8s.io/aggregate-to-view';
    const leaf = { ...role('', 'leaf', rule('get', 'x.io', 'things')), labels: { [label]: 'true' } };
    const view = { ...role('', 'view'), aggregation: [{ matchLabels: { [label]: 'true' } }] };
    const on = index([leaf, view], [bind('shop', view, user('jane'))], { computeAggregation: true });
    expect(allowed(on, { apiGroup: 'x.io', resource: 'things', namespace: 'shop' })).toBe(true);
    expect(allowed(on, { resource: 'secrets', namespace: 'shop' })).toBe(false);
  });

  it('A24: escalate and bind are verbs like others, names honoured', () => {
    const on = rules(rule('bind', 'rbac.authorization.k8s.io', 'clusterroles', ['view']));
    const ref = { verb: 'bind', apiGroup: 'rbac.authorization.k8s.io', resource: 'clusterroles' };
    expect(allowed(on, { ...ref, name: 'view' })).toBe(true);
    expect(allowed(on, { ...ref, name: 'cluster-admin' })).toBe(false);
  });

  it('A25: the literal star needs a star in each part', () => {
    const star = { verb: '*', apiGroup: '*', resource: '*' };
    expect(allowed(rules(rule('*', '*', '*')), star)).toBe(true);
    expect(allowed(rules(rule('get,list', '*', '*')), star)).toBe(false);
    expect(allowed(rules(rule('*', '*', 'pods')), star)).toBe(false);
  });

  it('A26: impersonation is asked per users, groups and extras', () => {
    const on = rules(
      rule('impersonate', '', 'users', ['jim']),
      rule('impersonate', 'authentication.k8s.io', 'userextras/scopes'),
    );
    expect(allowed(on, { verb: 'impersonate', resource: 'users', name: 'jim' })).toBe(true);
    expect(allowed(on, { verb: 'impersonate', resource: 'groups', name: 'jim' })).toBe(false);
    const extra = { verb: 'impersonate', apiGroup: 'authentication.k8s.io', resource: 'userextras' };
    expect(allowed(on, { ...extra, subresource: 'scopes' })).toBe(true);
  });

  it('A27: nodes/proxy does not follow from nodes', () => {
    expect(allowed(rules(rule('get', '', 'nodes')), { resource: 'nodes', subresource: 'proxy' })).toBe(false);
  });

  it('A28: logs need two rights', () => {
    const on = rules(rule('get', '', 'pods/log'));
    expect(allowed(on, { subresource: 'log' })).toBe(true);
    expect(allowed(on, {})).toBe(false);
  });

  it('A29: only the groups that are given count', () => {
    const a = role('', 'a', rule('get', '', 'pods'));
    const on = index([a], [bind('', a, group('dev'))]);
    expect(allowed(on, { groups: [] })).toBe(false);
    expect(allowed(on, { groups: ['dev'] })).toBe(true);
    expect(whoCan(on, { verb: 'get', apiGroup: '', resource: 'pods' })).toMatchObject([
      { kind: 'Group', name: 'dev' },
    ]);
  });

  it('A30: the two halves of a mixed rule are independent', () => {
    const on = rules({ ...rule('get', '', 'pods'), nonResourceURLs: ['/healthz'] });
    expect(allowed(on, {})).toBe(true);
    expect(allowed(on, { resource: '', path: '/healthz' })).toBe(true);
    expect(allowed(on, { resource: '', path: '/pods' })).toBe(false);
  });
});
