import { parseAllDocuments } from 'yaml';
import { describe, expect, it } from 'vitest';
import { can } from './can';
import { impliedGroups } from './identity';
import { leastPrivilege, yamlOf, type Refused } from './least-privilege';
import { RbacIndex } from './rbac-index';
import type { AccessRequest, Binding, Role } from './types';

/** Only what the two objects say, as the server would store it. */
function indexOf({ role, binding }: ReturnType<typeof leastPrivilege>): RbacIndex {
  const flat = (object: Readonly<Record<string, unknown>>) => {
    const meta = object['metadata'] as { name: string; namespace?: string };
    return { ...object, name: meta.name, namespace: meta.namespace ?? '', labels: {} };
  };
  return new RbacIndex({
    roles: [flat(role) as unknown as Role],
    bindings: [flat(binding) as unknown as Binding],
    serviceAccounts: [],
    computeAggregation: false,
  });
}

function requestOf(user: string, { verb, group, resource, namespace, name }: Refused): AccessRequest {
  const who = { user, groups: impliedGroups(user), verb };
  if (resource.startsWith('/')) return { ...who, path: resource };
  const [base = '', subresource = ''] = resource.split('/');
  return {
    ...who,
    apiGroup: group,
    resource: base,
    subresource,
    name: name ?? '',
    ...(namespace ? { namespace } : {}),
  };
}

describe('the smallest role for a refusal', () => {
  const cases: [string, Refused][] = [
    ['list in a namespace', { verb: 'list', group: '', resource: 'secrets', namespace: 'shop' }],
    ['list everywhere', { verb: 'list', group: 'apps', resource: 'deployments' }],
    ['one object', { verb: 'get', group: '', resource: 'secrets', namespace: 'shop', name: 'payment-key' }],
    [
      'A12: a subresource of one object',
      { verb: 'create', group: '', resource: 'pods/exec', namespace: 'shop', name: 'web-0' },
    ],
    ['A10: create', { verb: 'create', group: '', resource: 'pods', namespace: 'shop' }],
    ['cluster-scoped', { verb: 'get', group: '', resource: 'nodes', name: 'n1' }],
    ['A13: a URL', { verb: 'get', group: '', resource: '/metrics' }],
  ];
  for (const user of ['jane', 'system:serviceaccount:access:shop-dev']) {
    it.each(cases)(`${user}: %s is allowed, and another namespace, name and verb are not`, (_, refused) => {
      const made = leastPrivilege(refused, user);
      const index = indexOf(made);
      const request = requestOf(user, refused);
      expect(can(index, request).allowed).toBe(true);
      expect(can(index, { ...request, verb: 'delete' }).allowed).toBe(false);
      expect(can(index, { ...request, user: 'somebody-else' }).allowed).toBe(false);
      if (refused.namespace) expect(can(index, { ...request, namespace: 'other' }).allowed).toBe(false);
      if (refused.name && refused.verb === 'get')
        expect(can(index, { ...request, name: 'other' }).allowed).toBe(false);
    });
  }

  it('says in YAML what the objects are', () => {
    for (const [, refused] of cases) {
      const { role, binding, yaml } = leastPrivilege(refused, 'system:serviceaccount:access:shop-dev', true);
      expect(parseAllDocuments(yaml).map((one) => one.toJS() as unknown)).toEqual([role, binding]);
    }
  });

  it('quotes what YAML would read as something else', () => {
    const odd = { a: '', b: 'yes', c: '12', d: 'x: y', e: ['*', 'no'], f: '- a', g: 'null' };
    expect(parseAllDocuments(yamlOf(odd))[0]?.toJS()).toEqual(odd);
  });
});
