import { describe, expect, test } from 'vitest';
import type { FlowGraph, FlowNode } from '#shared/domain/netpol/flow-graph';
import { flowScene } from './flow-scene';

const node = (id: string, frame: string, rank = 0): FlowNode => ({
  id,
  label: id,
  kind: frame === '' ? '' : 'Deployment',
  frame,
  rank,
  count: 1,
});
const graph: FlowGraph = {
  nodes: [node('anyone', '', -1), node('web', 'shop'), node('cart', 'shop'), node('to internet', '', 1)],
  edges: [
    { from: 0, to: 1, conn: 'All', count: 1 },
    { from: 1, to: 2, conn: 'TCP 80', count: 1 },
    { from: 2, to: 3, conn: 'TCP 443', count: 1 },
  ],
};

describe('the scene of flows', () => {
  const { nodes, places, frames, boxes, terms, edges } = flowScene(graph);
  const x = (id: string): number => places[nodes.findIndex((one) => one.id === id) * 2]!;

  test('has who opens left of whom it opens to, the outside at both sides', () => {
    expect(x('anyone')).toBeLessThan(x('web'));
    expect(x('web')).toBeLessThan(x('cart'));
    expect(x('cart')).toBeLessThan(x('to internet'));
    expect(frames.map(({ title }) => title)).toEqual(['From outside', 'shop', 'To outside']);
  });
  test('keeps every node inside its frame', () => {
    nodes.forEach((one, i) => {
      const [bx, by, w, h] = [0, 1, 2, 3].map((k) => boxes[one.frame * 4 + k]!) as [
        number,
        number,
        number,
        number,
      ];
      expect(places[i * 2]).toBeGreaterThanOrEqual(bx);
      expect(places[i * 2]).toBeLessThan(bx + w);
      expect(places[i * 2 + 1]).toBeGreaterThanOrEqual(by);
      expect(places[i * 2 + 1]).toBeLessThan(by + h);
    });
  });
  test('says the ports on edges and draws those of anyone quietly', () => {
    const label = (i: number): string => terms[edges[i * 4 + 2]!]!.label;
    expect([label(0), label(1), label(2)]).toEqual(['every port', 'TCP 80', 'TCP 443']);
    expect(terms[edges[2]!]!.look).toBe('hub');
    expect(terms[edges[6]!]!.look).toBe('plain');
  });
});
