/** `can` and `whoCan` are two roads to the same truth: each must agree with the other on random clusters. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { can } from './can';
import { serviceAccountUser } from './identity';
import { RbacIndex } from './rbac-index';
import type { AccessRequest, Binding, RbacSnapshot, Role, Subject } from './types';
import { whoCan } from './who-can';

const some = <T>(...values: T[]) => fc.constantFrom(...values);
const list = <T>(value: fc.Arbitrary<T>, max = 3) => fc.array(value, { minLength: 1, maxLength: max });
const namespace = some('shop', 'web');
const rule = fc.record({
  verbs: list(some('get', 'list', 'create', '*')),
  apiGroups: list(some('', 'apps', '*')),
  resources: list(some('pods', 'pods/log', 'deployments', '*', '*/scale')),
  resourceNames: fc.oneof(fc.constant([]), list(some('a', 'b'), 2)),
});
const role: fc.Arbitrary<Role> = fc
  .record({
    cluster: fc.boolean(),
    namespace,
    name: some('r1', 'r2', 'r3'),
    rules: fc.array(rule, { maxLength: 3 }),
  })
  .map(({ cluster, namespace, name, rules }) => ({
    kind: cluster ? 'ClusterRole' : 'Role',
    namespace: cluster ? '' : namespace,
    name,
    labels: {},
    rules,
  }));
const subject: fc.Arbitrary<Subject> = fc.oneof(
  some('jane', 'jim').map((name) => ({ kind: 'User', name })),
  some('dev', 'ops').map((name) => ({ kind: 'Group', name })),
  fc.record({
    kind: fc.constant('ServiceAccount'),
    name: some('robot', 'bot'),
    namespace: fc.option(namespace, { nil: undefined }),
  }),
);
const binding: fc.Arbitrary<Binding> = fc
  .record({
    cluster: fc.boolean(),
    namespace,
    role: some('r1', 'r2', 'r3', 'gone'),
    toCluster: fc.boolean(),
    subjects: list(subject),
  })
  .map((b) => ({
    kind: b.cluster ? 'ClusterRoleBinding' : 'RoleBinding',
    namespace: b.cluster ? '' : b.namespace,
    name: 'b',
    roleRef: { kind: b.cluster || b.toCluster ? 'ClusterRole' : 'Role', name: b.role },
    subjects: b.subjects,
  }));
const snapshot: fc.Arbitrary<RbacSnapshot> = fc.record({
  roles: fc.array(role, { maxLength: 6 }),
  bindings: fc.array(binding, { maxLength: 6 }),
  serviceAccounts: fc.constant([]),
  computeAggregation: fc.constant(false),
});
const question = fc.record({
  verb: some('get', 'list', 'create'),
  apiGroup: some('', 'apps'),
  resource: some('pods', 'deployments'),
  subresource: some('', 'log', 'scale'),
  name: some('', 'a', 'b'),
  namespace: some('', 'shop', 'web'),
});

/** Somebody who is exactly this subject and nobody else. */
function as(kind: string, name: string, ns: string): Pick<AccessRequest, 'user' | 'groups'> {
  if (kind === 'User') return { user: name, groups: [] };
  if (kind === 'Group') return { user: 'somebody', groups: [name] };
  return { user: serviceAccountUser(ns, name), groups: [] };
}

it('whoCan lists exactly the subjects for whom can says yes', () => {
  fc.assert(
    fc.property(snapshot, question, (objects, asked) => {
      const index = new RbacIndex(objects);
      const listed = new Set(whoCan(index, asked).map((who) => `${who.kind}/${who.namespace}/${who.name}`));
      for (const [kind, ns, name] of everybody) {
        const verdict = can(index, { ...as(kind, name, ns), ...asked });
        expect(listed.has(`${kind}/${ns}/${name}`)).toBe(verdict.allowed);
        expect(can(index, { ...as(kind, name, ns), ...asked }, false).allowed).toBe(verdict.allowed);
      }
    }),
    { numRuns: 2000 },
  );
});

it('adding a binding never takes a right away', () => {
  fc.assert(
    fc.property(snapshot, binding, question, (objects, extra, asked) => {
      const before = new RbacIndex(objects);
      const after = new RbacIndex({ ...objects, bindings: [...objects.bindings, extra] });
      for (const [kind, ns, name] of everybody) {
        const request = { ...as(kind, name, ns), ...asked };
        if (can(before, request).allowed) expect(can(after, request).allowed).toBe(true);
      }
    }),
    { numRuns: 1000 },
  );
});

const everybody: readonly (readonly [string, string, string])[] = [
  ['User', '', 'jane'],
  ['User', '', 'jim'],
  ['Group', '', 'dev'],
  ['Group', '', 'ops'],
  ['ServiceAccount', 'shop', 'robot'],
  ['ServiceAccount', 'web', 'robot'],
  ['ServiceAccount', 'shop', 'bot'],
];
