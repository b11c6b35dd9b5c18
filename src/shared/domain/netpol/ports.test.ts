/** The algebra against plain sets of ports. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConnTable, EVERYTHING, NOTHING } from './conn-table';
import {
  ALL,
  complementPorts,
  connKey,
  formatConn,
  hasPort,
  intersectPorts,
  NONE,
  portRange,
  subtractPorts,
  unionPorts,
  type PortSet,
} from './ports';

// Dense near both ends, where off-by-one lives.
const edge = fc.oneof(fc.integer({ min: 1, max: 24 }), fc.integer({ min: 65520, max: 65535 }));
const ports = fc
  .array(fc.tuple(edge, fc.integer({ min: 0, max: 5 })), { maxLength: 6 })
  .map((list) => list.reduce<PortSet>((set, [lo, more]) => unionPorts(set, portRange(lo, lo + more)), []));
const PROBES = [
  ...Array.from({ length: 40 }, (_, i) => i + 1),
  ...Array.from({ length: 30 }, (_, i) => 65506 + i),
];
const members = (set: PortSet): number[] => PROBES.filter((port) => hasPort(set, port));

describe('port sets', () => {
  it('agree with sets of single ports', () => {
    fc.assert(
      fc.property(ports, ports, (a, b) => {
        const [x, y] = [new Set(members(a)), new Set(members(b))];
        expect(members(unionPorts(a, b))).toEqual(PROBES.filter((port) => x.has(port) || y.has(port)));
        expect(members(intersectPorts(a, b))).toEqual(PROBES.filter((port) => x.has(port) && y.has(port)));
        expect(members(subtractPorts(a, b))).toEqual(PROBES.filter((port) => x.has(port) && !y.has(port)));
        expect(members(complementPorts(a))).toEqual(PROBES.filter((port) => !x.has(port)));
      }),
    );
  });

  it('have one form: sorted, apart, not touching', () => {
    fc.assert(
      fc.property(ports, ports, (a, b) => {
        for (const set of [unionPorts(a, b), intersectPorts(a, b), subtractPorts(a, b), complementPorts(a)]) {
          set.forEach((at, i) => {
            if (i % 2 === 1) expect(at).toBeGreaterThanOrEqual(set[i - 1]!);
            else if (i > 0) expect(at).toBeGreaterThan(set[i - 1]! + 1);
          });
        }
        expect(complementPorts(complementPorts(a))).toEqual(a);
      }),
    );
  });

  it('by number give the same as by value', () => {
    fc.assert(
      fc.property(ports, ports, ports, ports, (a, b, c, d) => {
        const table = new ConnTable();
        const [x, y] = [table.id({ TCP: a, UDP: b, SCTP: [] }), table.id({ TCP: c, UDP: d, SCTP: [1, 9] })];
        for (let again = 0; again < 2; again += 1) {
          expect(table.get(table.union(x, y))).toEqual({
            TCP: unionPorts(a, c),
            UDP: unionPorts(b, d),
            SCTP: [1, 9],
          });
          expect(table.get(table.intersect(x, y))).toEqual({
            TCP: intersectPorts(a, c),
            UDP: intersectPorts(b, d),
            SCTP: [],
          });
          expect(table.get(table.subtract(x, y))).toEqual({
            TCP: subtractPorts(a, c),
            UDP: subtractPorts(b, d),
            SCTP: [],
          });
          expect(table.get(table.subtract(EVERYTHING, x)).TCP).toEqual(complementPorts(a));
        }
        expect(table.id(ALL)).toBe(EVERYTHING);
        expect(table.id(NONE)).toBe(NOTHING);
      }),
    );
  });

  it.each([
    [ALL, 'All'],
    [NONE, ''],
    [{ ...NONE, TCP: [80, 80, 8080, 8090] }, 'TCP 80,8080-8090'],
    [{ TCP: [80, 80], UDP: [53, 53], SCTP: [1, 65535] }, 'TCP 80;UDP 53;SCTP 1-65535'],
    [{ ...ALL, SCTP: [1, 65534] }, 'TCP 1-65535;UDP 1-65535;SCTP 1-65534'],
  ])('%j is written %s', (set, text) => expect(formatConn(set)).toBe(text));

  it('have different keys when they are different', () => {
    expect(connKey({ ...NONE, TCP: [1, 2] })).not.toBe(connKey({ ...NONE, UDP: [1, 2] }));
  });
});
