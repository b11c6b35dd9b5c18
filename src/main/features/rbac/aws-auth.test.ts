import { describe, expect, it } from 'vitest';
import { readAwsAuth } from './aws-auth';

describe('readAwsAuth', () => {
  it('reads roles, users and accounts', () => {
    const { mapped, broken } = readAwsAuth({
      mapRoles:
        '- rolearn: arn:aws:iam::1:role/node\n  username: system:node:{{EC2PrivateDNSName}}\n  groups: [system:nodes]\n',
      mapUsers: '- userarn: arn:aws:iam::1:user/ann\n  username: ann\n  groups:\n  - system:masters\n',
      mapAccounts: '- "123"\n',
    });
    expect(broken).toEqual([]);
    expect(mapped).toEqual([
      {
        from: 'arn:aws:iam::1:role/node',
        user: 'system:node:{{EC2PrivateDNSName}}',
        groups: ['system:nodes'],
      },
      { from: 'arn:aws:iam::1:user/ann', user: 'ann', groups: ['system:masters'] },
      { from: 'every user of account 123', user: 'its ARN', groups: [] },
    ]);
  });

  it('names what cannot be read and keeps the rest', () => {
    const { mapped, broken } = readAwsAuth({ mapRoles: '{', mapUsers: '- 7\n- userarn: a\n' });
    expect(broken).toEqual(['mapRoles']);
    expect(mapped).toEqual([{ from: 'a', user: '', groups: [] }]);
  });
});
