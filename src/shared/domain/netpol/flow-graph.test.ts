/** The graph of flows: nothing that is allowed is missing from it, and nothing else is in it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flowSteps, focusGraph, type FlowGraph } from './flow-graph';
import { buildMatrix } from './matrix';
import { NetpolModel } from './model';
import { BASE, cart, from, labels, np, to } from '../../../../test/fixtures/netpol/shop';
import { cluster } from '../../../../test/fixtures/netpol/random-cluster';
import { runAtOnce } from './steps';
import type { PolicyObject } from './types';

const graph = (policies: PolicyObject[], namespaces: string[]): FlowGraph => {
  const model = new NetpolModel({ ...BASE, policies });
  return runAtOnce(flowSteps(model, buildMatrix(model), namespaces));
};
const words = ({ nodes, edges }: FlowGraph): string[] =>
  edges.map(({ from: a, to: b, conn }) => `${nodes[a]!.id} > ${nodes[b]!.id} ${conn}`).sort();

describe('the graph of flows', () => {
  it('of an open cluster is one edge from anyone and one to anyone for each workload', () => {
    const { nodes, edges } = graph([], ['shop']);
    expect(nodes.filter(({ frame }) => frame === 'shop')).toHaveLength(4);
    expect(edges).toHaveLength(8);
    expect(edges.every(({ conn }) => conn === 'All')).toBe(true);
  });

  it('shows what rules make: the peer, not the rest', () => {
    const list = words(
      graph([np(from([{ podSelector: labels({ app: 'web' }) }], [{ port: 80 }]))], ['shop']),
    );
    expect(list.filter((line) => line.includes('> shop/cart'))).toEqual([
      // S24: what uses the network of cart's node is the node.
      'namespace ops > shop/cart[Pod] All',
      'shop/web[Pod] > shop/cart[Pod] TCP 80',
    ]);
  });

  it('shows other namespaces as one node each and the internet where a rule lets it in', () => {
    const policies = [np({ ...cart, ingress: [{ from: [{ ipBlock: { cidr: '0.0.0.0/0' } }] }] })];
    const list = words(graph(policies, ['shop']));
    expect(list).toContain('internet > shop/cart[Pod] All');
    expect(list).toContain('namespace ops > shop/cart[Pod] All');
  });

  it('without chosen namespaces joins whole namespaces', () => {
    const { nodes } = graph([np(cart)], []);
    expect(nodes.filter(({ kind }) => kind === 'Namespace').map(({ label }) => label)).toEqual([
      'ops',
      'shop',
    ]);
  });

  it('around a place has who reaches it left and what it reaches right', () => {
    const policies = [
      np(from([{ podSelector: labels({ app: 'web' }) }], [{ port: 80 }])),
      np(to([{ podSelector: {} }], [{ port: 443 }]), { name: 'out' }),
    ];
    const made = focusGraph(new NetpolModel({ ...BASE, policies }), {
      type: 'workload',
      id: 'shop/cart[Pod]',
    });
    const around = made.nodes.map(({ label, rank }) => `${rank} ${label}`);
    expect(around).toContain('-1 web');
    expect(around).toContain('1 web');
    expect(around).not.toContain('-1 internet');
    expect(made.edges.find((one) => made.nodes[one.from]!.id === 'ingress shop/web[Pod]')?.conn).toBe(
      'TCP 80',
    );
  });

  it('has an edge for a pair of workloads exactly when it is allowed and a policy judges it', () => {
    fc.assert(
      fc.property(cluster, (snapshot) => {
        const model = new NetpolModel(snapshot);
        const matrix = buildMatrix(model);
        const size = matrix.workloads.length;
        const all = [...new Set(snapshot.pods.map(({ namespace }) => namespace))];
        const { nodes, edges } = runAtOnce(flowSteps(model, matrix, all));
        const drawn = new Set(edges.map((one) => `${nodes[one.from]!.id} > ${nodes[one.to]!.id}`));
        matrix.workloads.forEach((a, i) =>
          matrix.workloads.forEach((b, j) => {
            if (i === j) return;
            const anyone = drawn.has(`anyone > ${b.id}`) && drawn.has(`${a.id} > to anyone`);
            const allowed = matrix.cells[i * size + j] !== 0;
            expect([a.id, b.id, drawn.has(`${a.id} > ${b.id}`) || anyone]).toEqual([a.id, b.id, allowed]);
          }),
        );
      }),
      { numRuns: 200 },
    );
  });
});
