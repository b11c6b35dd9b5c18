/** The evaluator against a naive one on random clusters, and what must hold of any of them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ask } from './ask';
import { bruteForce, type End } from '../../../../test/fixtures/netpol/brute-force';
import { connections, outside } from './connectivity';
import { diffConnections } from './diff';
import { evaluateOne } from './evaluate';
import { parseIp, V4_LAST } from './ip';
import { ipv4Ranges } from './ip-space';
import { buildMatrix, updateMatrix } from './matrix';
import { NetpolModel } from './model';
import { formatConn, hasConn, PROTOCOLS, subtractConn, NONE } from './ports';
import { cluster, networkPolicy, OUTSIDE, PORTS } from '../../../../test/fixtures/netpol/random-cluster';
import { podKey, type NetpolSnapshot } from './types';
import { workloadsOf } from './workloads';

const RUNS = { numRuns: 400 };

function cellsOf(model: NetpolModel): Record<string, string> {
  const { workloads, cells } = buildMatrix(model);
  const all: Record<string, string> = {};
  workloads.forEach(({ id }, a) =>
    workloads.forEach((other, b) => {
      all[`${id} ${other.id}`] = formatConn(model.conns.get(cells[a * workloads.length + b]!));
    }),
  );
  return all;
}

function subset(left: NetpolModel, right: NetpolModel): boolean {
  const [x, y] = [buildMatrix(left), buildMatrix(right)];
  return x.cells.every((cell, i) => {
    const rest = subtractConn(left.conns.get(cell), right.conns.get(y.cells[i]!));
    return formatConn(rest) === formatConn(NONE);
  });
}

function ends(snapshot: NetpolSnapshot): [string, End][] {
  // Addresses of nodes and pods are other ends than the naive evaluator means by an address.
  const taken = new Set([
    ...(snapshot.nodes ?? []).flatMap(({ ips }) => ips ?? []),
    ...snapshot.pods.flatMap(({ ips }) => ips ?? []),
  ]);
  const free = OUTSIDE.filter((ip) => !taken.has(ip)).map((ip): [string, End] => [ip, ip]);
  return [...snapshot.pods.map((pod): [string, End] => [podKey(pod), pod]), ...free];
}

describe('random clusters', () => {
  it('every question is answered as by the naive evaluator (S1-S18, S23, S24, tiers)', () => {
    let allowed = 0;
    let denied = 0;
    fc.assert(
      fc.property(cluster, fc.integer({ min: 0, max: 1_000_000 }), (snapshot, seed) => {
        const model = new NetpolModel(snapshot);
        const all = ends(snapshot);
        all.forEach(([from, a], i) =>
          all.forEach(([to, b], j) => {
            const port = PORTS[(seed + i * 7 + j) % PORTS.length]!;
            const protocol = PROTOCOLS[(seed + i + j * 5) % PROTOCOLS.length]!;
            const verdict = ask(model, { from, to, port, protocol });
            const naive = bruteForce(snapshot, a, b, protocol, port);
            if (naive) allowed += 1;
            else denied += 1;
            expect([from, to, protocol, port, verdict.allowed]).toEqual([from, to, protocol, port, naive]);
          }),
        );
      }),
      { numRuns: 2_000 },
    );
    // The clusters must be neither all open nor all shut for this to mean something.
    expect(Math.min(allowed, denied) / (allowed + denied)).toBeGreaterThan(0.1);
  }, 120_000);

  it('the matrix holds exactly the flows the naive evaluator allows', () => {
    fc.assert(
      fc.property(cluster, (snapshot) => {
        const model = new NetpolModel(snapshot);
        const { workloads, cells } = buildMatrix(model);
        for (const a of snapshot.pods) {
          for (const b of snapshot.pods) {
            if (a === b) continue;
            const row = workloads.findIndex(({ id }) => id === `${podKey(a)}[Pod]`);
            const column = workloads.findIndex(({ id }) => id === `${podKey(b)}[Pod]`);
            const conn = model.conns.get(cells[row * workloads.length + column]!);
            for (const protocol of PROTOCOLS) {
              for (const port of PORTS) {
                const naive = bruteForce(snapshot, a, b, protocol, port);
                expect([a.name, b.name, protocol, port, hasConn(conn, protocol, port)]).toEqual([
                  a.name,
                  b.name,
                  protocol,
                  port,
                  naive,
                ]);
              }
            }
          }
        }
      }),
      RUNS,
    );
  }, 120_000);

  it('grouping gives the same as no grouping', () => {
    fc.assert(
      fc.property(cluster, (snapshot) => {
        const apart = new NetpolModel(snapshot, { grouping: false });
        expect(cellsOf(new NetpolModel(snapshot))).toEqual(cellsOf(apart));
        expect(connections(new NetpolModel(snapshot))).toEqual(connections(apart));
      }),
      RUNS,
    );
  });

  it('S3 the order of policies never matters', () => {
    fc.assert(
      fc.property(
        cluster.chain((one) =>
          fc.tuple(
            fc.constant(one),
            fc.shuffledSubarray([...one.policies], { minLength: one.policies.length }),
          ),
        ),
        ([snapshot, policies]) => {
          const other = new NetpolModel({ ...snapshot, policies });
          expect(connections(other)).toEqual(connections(new NetpolModel(snapshot)));
        },
      ),
      RUNS,
    );
  });

  it('S3 one more NetworkPolicy on pods that are isolated already never removes a flow', () => {
    fc.assert(
      fc.property(cluster, networkPolicy(9), (snapshot, more) => {
        const namespace = more.metadata?.namespace;
        const policyTypes = ['Ingress', 'Egress'];
        const shut = {
          ...more,
          metadata: { name: 'shut', namespace },
          spec: { podSelector: {}, policyTypes },
        };
        const policies = [...snapshot.policies, shut];
        const left = new NetpolModel({ ...snapshot, policies });
        const right = new NetpolModel({ ...snapshot, policies: [...policies, more] });
        expect(subset(left, right)).toBe(true);
      }),
      RUNS,
    );
  });

  it('S3 two policies on the same pods allow the union of what each allows', () => {
    fc.assert(
      fc.property(cluster, networkPolicy(8), networkPolicy(9), (snapshot, a, b) => {
        const policyTypes = ['Ingress', 'Egress'];
        const metadata = { namespace: 'one' };
        const whole = (policy: typeof a): typeof a => ({
          ...policy,
          metadata: { ...metadata, name: policy.metadata?.name },
          spec: { ...(policy.spec as object), podSelector: {}, policyTypes },
        });
        const [x, y, both] = [[whole(a)], [whole(b)], [whole(a), whole(b)]].map(
          (policies) => new NetpolModel({ ...snapshot, policies }),
        );
        // One side at a time: a flow needs both, and a union of both sides is more than either.
        for (const key of both!.pods.keys()) {
          for (const direction of ['ingress', 'egress'] as const) {
            for (const ip of OUTSIDE) {
              const conn = (model: NetpolModel): string => {
                const group = model.pods.get(key)!.group;
                return formatConn(
                  model.conns.get(evaluateOne(model, group, direction, model.space.classOf(parseIp(ip)!))),
                );
              };
              const [left, right] = [x!, y!].map((model) => {
                const group = model.pods.get(key)!.group;
                return model.conns.get(
                  evaluateOne(model, group, direction, model.space.classOf(parseIp(ip)!)),
                );
              });
              const { conns } = both!;
              expect(conn(both!)).toBe(formatConn(conns.get(conns.union(conns.id(left!), conns.id(right!)))));
            }
          }
        }
      }),
      RUNS,
    );
  });

  it('the IPv4 ranges cover the space exactly, in the model and for each workload', () => {
    fc.assert(
      fc.property(cluster, (snapshot) => {
        const model = new NetpolModel(snapshot);
        const covers = (ranges: readonly { first: bigint; last: bigint }[]): void => {
          let next = 0n;
          for (const { first, last } of ranges) {
            expect(first).toBe(next);
            expect(last >= first).toBe(true);
            next = last + 1n;
          }
          expect(next).toBe(V4_LAST + 1n);
        };
        covers(ipv4Ranges(model.space));
        for (const one of workloadsOf(model)) {
          for (const direction of ['ingress', 'egress'] as const) {
            const ranges = outside(model, one, direction);
            covers(ranges);
            // As long as they can be: no two neighbours alike.
            ranges.forEach(({ conn }, i) => expect(conn).not.toBe(ranges[i + 1]?.conn));
          }
        }
      }),
      RUNS,
    );
  });

  it('pods changed one by one give the matrix of a new model', () => {
    fc.assert(
      fc.property(cluster, cluster, fc.integer({ min: 0, max: 4 }), (snapshot, other, gone) => {
        const model = new NetpolModel(snapshot);
        let matrix = buildMatrix(model);
        const pods = [...snapshot.pods];
        for (const [i, pod] of other.pods.entries()) {
          const old = pods[i]!;
          const now = { ...pod, name: old.name, namespace: i % 2 === 0 ? old.namespace : pod.namespace };
          if (podKey(now) !== podKey(old)) model.removePod(podKey(old));
          model.setPod(now);
          pods[i] = now;
          matrix = updateMatrix(model, matrix, new Set([`${podKey(old)}[Pod]`, `${podKey(now)}[Pod]`]));
        }
        const [removed] = pods.splice(gone, 1);
        model.removePod(podKey(removed!));
        matrix = updateMatrix(model, matrix, new Set([`${podKey(removed!)}[Pod]`]));
        const fresh = new NetpolModel({ ...snapshot, pods });
        const full = buildMatrix(fresh);
        expect(matrix.workloads.map(({ id }) => id)).toEqual(full.workloads.map(({ id }) => id));
        const texts = (of: NetpolModel, cells: Int32Array): string[] =>
          [...cells].map((cell) => formatConn(of.conns.get(cell)));
        expect(texts(model, matrix.cells)).toEqual(texts(fresh, full.cells));
      }),
      RUNS,
    );
  });

  it('a difference leads from one list of connections to the other', () => {
    fc.assert(
      fc.property(cluster, cluster, (a, b) => {
        const [before, after] = [new NetpolModel(a), new NetpolModel({ ...a, policies: b.policies })];
        const { added, removed, changed } = diffConnections(before, after);
        const pods = (list: readonly { src: string; dst: string }[]): string[] =>
          list
            .filter(({ src, dst }) => src.endsWith(']') && dst.endsWith(']'))
            .map(({ src, dst }) => `${src} ${dst}`);
        const [old, now] = [new Set(pods(connections(before))), new Set(pods(connections(after)))];
        expect(pods(added)).toEqual([...now].filter((key) => !old.has(key)));
        expect(pods(removed)).toEqual([...old].filter((key) => !now.has(key)));
        for (const { before: x, after: y } of changed) expect(x).not.toBe(y);
        const none = diffConnections(before, before);
        expect([...none.added, ...none.removed, ...none.changed]).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});
