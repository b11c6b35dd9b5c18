/** A24: what a grant is made of, and what its maker must hold. */
import { describe, expect, it } from 'vitest';
import { escalationOf, grantYaml } from './grant';

const jane = { kind: 'User', namespace: '', name: 'jane' };

describe('grantYaml', () => {
  it('writes a new role in its namespace with its binding', () => {
    const rules = [{ apiGroups: [''], resources: ['pods'], verbs: ['get'], resourceNames: [] }];
    expect(grantYaml({ namespace: 'shop', subject: jane, role: { name: 'r', rules }, binding: 'b' })).toBe(
      [
        'apiVersion: rbac.authorization.k8s.io/v1',
        'kind: Role',
        'metadata:',
        '  name: r',
        '  namespace: shop',
        'rules:',
        '- apiGroups: [""]',
        '  resources: [pods]',
        '  verbs: [get]',
        '---',
        'apiVersion: rbac.authorization.k8s.io/v1',
        'kind: RoleBinding',
        'metadata:',
        '  name: b',
        '  namespace: shop',
        'roleRef:',
        '  apiGroup: rbac.authorization.k8s.io',
        '  kind: Role',
        '  name: r',
        'subjects:',
        '- apiGroup: rbac.authorization.k8s.io',
        '  kind: User',
        '  name: jane',
        '',
      ].join('\n'),
    );
  });

  it('binds a role that is there, to a service account, in the whole cluster', () => {
    const text = grantYaml({
      namespace: '',
      subject: { kind: 'ServiceAccount', namespace: 'shop', name: 'robot' },
      role: { kind: 'ClusterRole', name: 'view' },
      binding: 'b',
    });
    expect(text).toContain('kind: ClusterRoleBinding');
    expect(text).toContain('  name: robot\n  namespace: shop');
    expect(text).not.toContain('---');
  });
});

describe('escalationOf (A24)', () => {
  const wanted = [{ apiGroups: [''], resources: ['pods', 'secrets'], verbs: ['get'] }];
  it('names what is beyond what is held', () => {
    const held = [{ apiGroups: [''], resources: ['pods'], verbs: ['*'] }];
    const { missing, partly } = escalationOf(wanted, held);
    expect(missing.map(({ resource, verbs }) => [resource, verbs])).toEqual([['secrets', ['get']]]);
    expect(partly).toBe(true);
  });

  it('asks for a star where a star is granted', () => {
    const star = [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }];
    expect(escalationOf(star, [{ apiGroups: ['*'], resources: ['*'], verbs: ['get'] }]).missing).toHaveLength(
      1,
    );
    expect(escalationOf(star, star).missing).toEqual([]);
  });
});
