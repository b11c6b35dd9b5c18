/** What is said beside a verdict: its trace, caveats, and the problems of policies. */
import { describe, expect, it } from 'vitest';
import { ask } from './ask';
import { NetpolModel } from './model';
import { BASE, block, cart, from, labels, np, ports } from '../../../../test/fixtures/netpol/shop';
import type { NetpolSnapshot } from './types';
import type { CaveatCode } from './verdict';

describe('verdicts', () => {
  const caveats: readonly (readonly [
    string,
    CaveatCode,
    Partial<NetpolSnapshot>,
    string,
    string,
    number,
    boolean,
  ])[] = [
    [
      'S14',
      'endPort',
      { policies: [np(ports([{ port: 80, endPort: 90 }]))] },
      'shop/web',
      'shop/cart',
      85,
      true,
    ],
    [
      'S14',
      'endPort',
      { policies: [np(ports([{ port: 80, endPort: 90 }]))] },
      'shop/web',
      'shop/cart',
      80,
      false,
    ],
    [
      'S13',
      'initContainerPort',
      { policies: [np(ports([{ port: 'side' }]))] },
      'shop/web',
      'shop/cart',
      7000,
      true,
    ],
    ['S23', 'hostNetwork', {}, 'ops/host', 'shop/web', 80, true],
    ['S23', 'hostNetwork', {}, 'ops/web', 'shop/web', 80, false],
    ['S27', 'noPodIp', { policies: [np(from([block('10.0.0.0/8')]))] }, 'shop/none', 'shop/cart', 80, true],
    ['S27', 'noPodIp', { policies: [np(from([block('10.0.0.0/8')]))] }, 'shop/web', 'shop/cart', 80, false],
    [
      'S28',
      'terminating',
      { policies: [np(cart, { deletionTimestamp: 'x' })] },
      'shop/web',
      'shop/cart',
      80,
      true,
    ],
    [
      'S30',
      'notEnforced',
      { engine: { enforces: false, name: 'Flannel' } },
      'shop/web',
      'shop/cart',
      80,
      true,
    ],
    ['S30', 'notEnforced', { engine: { enforces: true } }, 'shop/web', 'shop/cart', 80, false],
    ['S30', 'enforcementUnknown', { engine: {} }, 'shop/web', 'shop/cart', 80, true],
    [
      'S30',
      'otherEngines',
      { engine: { enforces: true, others: ['CiliumNetworkPolicy'] } },
      'shop/web',
      'shop/cart',
      80,
      true,
    ],
  ];
  it.each(caveats)('%s caveat %s', (_, code, more, source, target, port, there) => {
    const verdict = ask(new NetpolModel({ ...BASE, ...more }), { from: source, to: target, port });
    expect(verdict.caveats.some((one) => one.code === code)).toBe(there);
  });

  const problems: readonly (readonly [string, string, object])[] = [
    ['S2', 'sectionWithoutType', { ...cart, policyTypes: ['Ingress'], egress: [{}] }],
    ['S14', 'badPort', ports([{ port: 9, endPort: 8 }])],
    ['S15', 'badPort', ports([{ port: 9, protocol: 'ICMP' }])],
    ['S17', 'exceptOutside', from([block('10.0.0.0/8', '11.0.0.0/16')])],
    ['S17', 'badPeer', from([{ ...block('10.0.0.0/8'), podSelector: {} }])],
    ['S16', 'badCidr', from([block('10.0.0.0')])],
    ['S10', 'badSelector', from([{ podSelector: { matchExpressions: [{ key: 'a', operator: 'Maybe' }] } }])],
  ];
  it.each(problems)('%s problem %s is told', (rule, code, spec) => {
    const [policy] = new NetpolModel({ ...BASE, policies: [np(spec)] }).policies;
    expect(policy?.problems.map((one) => [one.rule, one.code])).toContainEqual([rule, code]);
    expect(new NetpolModel({ ...BASE, policies: [np(from([]))] }).policies[0]?.problems).toEqual([]);
  });

  it('a verdict names policy, rule, peer and port, and what nearly matched', () => {
    const spec = {
      ...cart,
      ingress: [
        { from: [{ podSelector: labels({ app: 'x' }) }] },
        { from: [block('9.9.9.9/32'), { podSelector: {} }], ports: [{ port: 1 }, { port: 80 }] },
      ],
    };
    const model = new NetpolModel({ ...BASE, policies: [np(spec)] });
    const yes = ask(model, { from: 'shop/web', to: 'shop/cart', port: 80 });
    expect(yes.ingress.decidedBy).toMatchObject([{ policy: { name: 'p' }, rule: 1, peer: 1, port: 1 }]);
    const no = ask(model, { from: 'shop/web', to: 'shop/cart', port: 81 });
    expect(no.ingress.decidedBy).toEqual([]);
    expect(no.ingress.nearMisses[0]).toMatchObject({ rule: 1, peerMatches: true, portMatches: false });
    expect(no.ingress.isolatedBy).toMatchObject([{ name: 'p' }]);
  });
});
