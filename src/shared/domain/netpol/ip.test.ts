import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { familyOf, formatIp, hasIp, ipSet, parseCidr, parseIp, subtractIps } from './ip';

describe('addresses', () => {
  it('of IPv4 read and write alike', () => {
    fc.assert(
      fc.property(fc.ipV4(), (ip) => {
        expect(formatIp(parseIp(ip)!)).toBe(ip);
      }),
    );
  });
  it('of IPv6 read what they write', () => {
    fc.assert(
      fc.property(fc.ipV6(), (ip) => {
        const place = parseIp(ip)!;
        expect(parseIp(formatIp(place))).toBe(place);
      }),
    );
  });
  it.each([
    '',
    '1.2.3',
    '1.2.3.256',
    '01.2.3.4',
    '1.2.3.4.5',
    ':::',
    '1::2::3',
    'fd00',
    '1:2:3:4:5:6:7:8:9',
    'g::',
    '1.2.3.4/8',
  ])('%j is none', (text) => expect(parseIp(text)).toBeUndefined());
  it('S18 families are apart; a mapped address is IPv4', () => {
    expect(familyOf(parseIp('255.255.255.255')!)).toBe(4);
    expect(familyOf(parseIp('::')!)).toBe(6);
    expect(parseIp('::ffff:10.0.0.1')).toBe(parseIp('10.0.0.1'));
  });
  it('S16 host bits are ignored', () => expect(parseCidr('10.0.0.5/24')).toEqual(parseCidr('10.0.0.0/24')));
  it.each(['10.0.0.0', '10.0.0.0/33', '10.0.0.0/-1', '::/129', 'x/8', '10.0.0.0/8/8', ''])(
    '%j is no CIDR',
    (text) => expect(parseCidr(text)).toBeUndefined(),
  );
  it('sets agree with their members', () => {
    const cidr = fc
      .tuple(fc.integer({ min: 0, max: 63 }), fc.integer({ min: 26, max: 32 }))
      .map(([n, bits]) => parseCidr(`10.0.0.${n}/${bits}`)!);
    fc.assert(
      fc.property(fc.array(cidr, { maxLength: 4 }), fc.array(cidr, { maxLength: 4 }), (a, b) => {
        const set = subtractIps(ipSet(a), ipSet(b));
        for (let n = 0; n < 70; n += 1) {
          const ip = parseIp(`10.0.0.${n}`)!;
          const inside = (list: typeof a): boolean =>
            list.some(({ first, last }) => ip >= first && ip <= last);
          expect(hasIp(set, ip)).toBe(inside(a) && !inside(b));
        }
      }),
    );
  });
});
