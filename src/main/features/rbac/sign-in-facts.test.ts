import { describe, expect, it } from 'vitest';
import { claimFacts } from './sign-in-facts';

const jwt = (claims: object): string =>
  `Bearer a.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.sig`;

describe('claimFacts', () => {
  it('tells the claims worth knowing and never the token', () => {
    const facts = claimFacts(
      jwt({
        iss: 'https://id.example.com',
        sub: 'ann',
        aud: ['a', 'b'],
        groups: ['dev'],
        secret: 'no',
        'kubernetes.io': { pod: { name: 'web-0' } },
      }),
    );
    expect(facts.map(({ label, value }) => `${label}: ${value}`)).toEqual([
      'Token issuer: https://id.example.com',
      'Token subject: ann',
      'Audience: a, b',
      'Groups claim: dev',
      'Bound to pod: web-0',
    ]);
  });

  it.each(['Bearer opaque-token', 'Bearer a.!!.c', jwt([]).replace('W10', 'e')])('%s is opaque', (header) => {
    expect(claimFacts(header)).toEqual([{ label: 'Token', value: 'opaque: it tells nothing by itself' }]);
  });

  it('says nothing of other schemes', () => {
    expect(claimFacts('Basic YTpi')).toEqual([]);
  });
});
