import { describe, expect, it } from 'vitest';
import { layoutGraph, reachOf, type GraphPath } from './graph-layout';

function path(user: string, binding: string, role: string, ruleIndex = 0): GraphPath {
  return {
    who: { kind: 'User', namespace: '', name: user },
    subject: { kind: 'User', name: user },
    binding: { kind: 'RoleBinding', namespace: 'shop', name: binding },
    role: { kind: 'Role', namespace: 'shop', name: role },
    rule: {},
    ruleIndex,
  };
}

describe('layoutGraph', () => {
  it('draws each object once, with the rules that count on the edge to the role', () => {
    const graph = layoutGraph([path('ann', 'b1', 'r', 2), path('ann', 'b1', 'r', 0), path('bob', 'b1', 'r')]);
    expect(graph.nodes.map(({ id, at }) => `${id} ${at}`)).toEqual([
      '0 User//ann 0',
      '0 User//bob 1',
      '1 RoleBinding/shop/b1 0',
      '2 Role/shop/r 0',
    ]);
    expect(graph.edges).toHaveLength(3);
    expect(graph.edges.find(({ to }) => to.startsWith('2'))?.rules).toEqual([0, 2]);
  });

  it('orders what follows by what leads to it', () => {
    const graph = layoutGraph([path('ann', 'z', 'y'), path('bob', 'a', 'x')]);
    const names = (column: number): string[] =>
      graph.nodes.filter((node) => node.column === column).map(({ of }) => of.name);
    expect(names(1)).toEqual(['z', 'a']);
    expect(names(2)).toEqual(['y', 'x']);
  });

  it('counts what found no place', () => {
    const many = Array.from({ length: 130 }, (_, n) => path(`u${n}`, 'b', 'r'));
    expect(layoutGraph(many)).toMatchObject({ rows: 120, left: 10 });
  });

  it('reaches both ways, but not to neighbours', () => {
    const { edges } = layoutGraph([path('ann', 'b1', 'r'), path('bob', 'b2', 'r')]);
    const reached = reachOf(edges, '1 RoleBinding/shop/b1');
    expect([...reached].sort()).toEqual(['0 User//ann', '1 RoleBinding/shop/b1', '2 Role/shop/r']);
  });
});
