import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { layOut } from './layout';
import { NODE, type Layout, type LayoutInput, type LayoutNode } from './types';

interface Spec {
  readonly nodes: readonly { id: number; group: number; rank: number }[];
  readonly edges: readonly (readonly [number, number])[];
}

const specs = fc
  .record({
    nodes: fc.uniqueArray(
      fc.record({ id: fc.nat(500), group: fc.nat(5), rank: fc.integer({ min: -3, max: 4 }) }),
      { selector: (node) => node.id, maxLength: 80 },
    ),
    edges: fc.array(fc.tuple(fc.nat(79), fc.nat(79)), { maxLength: 120 }),
  })
  .map(({ nodes, edges }): Spec => ({
    nodes,
    edges: edges.filter(([a, b]) => a < nodes.length && b < nodes.length),
  }));

function input({ nodes, edges }: Spec): LayoutInput {
  const groups = [...new Set(nodes.map((node) => node.group))].sort((a, b) => a - b);
  return {
    groups: groups.map((group) => ({ id: `g${group}` })),
    nodes: nodes.map(({ id, group, rank }) => ({
      id: `n${id}`,
      group: groups.indexOf(group),
      rank,
      order: `n${id}`,
    })),
    edges: Int32Array.from(edges.flat()),
  };
}

interface Rect {
  x: number;
  y: number;
  w: number;
  h: number;
}

function frames({ groups }: Layout): Rect[] {
  const count = groups.length / 4;
  return Array.from({ length: count }, (_, i) => ({
    x: groups[i * 4]!,
    y: groups[i * 4 + 1]!,
    w: groups[i * 4 + 2]!,
    h: groups[i * 4 + 3]!,
  }));
}

function at(layout: Layout, i: number): Rect {
  return { x: layout.nodes[i * 2]!, y: layout.nodes[i * 2 + 1]!, w: NODE.width, h: NODE.height };
}

const overlap = (a: Rect, b: Rect): boolean =>
  a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

const inside = (inner: Rect, outer: Rect): boolean =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.w <= outer.x + outer.w &&
  inner.y + inner.h <= outer.y + outer.h;

function expectSound(of: LayoutInput, layout: Layout): void {
  const boxes = frames(layout);
  boxes.forEach((box, i) => {
    for (const other of boxes.slice(i + 1)) expect(overlap(box, other)).toBe(false);
    expect(inside(box, { x: 0, y: 0, w: layout.width, h: layout.height })).toBe(true);
  });
  const rects = of.nodes.map((_, i) => at(layout, i));
  rects.forEach((rect, i) => {
    expect(inside(rect, boxes[of.nodes[i]!.group]!)).toBe(true);
    for (const other of rects.slice(i + 1)) expect(overlap(rect, other)).toBe(false);
  });
}

/** A workload with its Service and pods, as a group. */
function app(name: string, pods: number): LayoutNode[] {
  return [
    { id: `${name}/svc`, group: 0, rank: 0, order: name },
    { id: `${name}/deploy`, group: 0, rank: 1, order: name },
    ...Array.from({ length: pods }, (_, i) => ({
      id: `${name}/pod-${i}`,
      group: 0,
      rank: 2,
      order: `${name}-${i}`,
    })),
  ];
}

describe('layout', () => {
  test('nothing overlaps, everything is in its frame', () => {
    fc.assert(
      fc.property(specs, (spec) => {
        const of = input(spec);
        expectSound(of, layOut(of));
      }),
      { numRuns: 150 },
    );
  });

  test('after any change the result is as sound', () => {
    fc.assert(
      fc.property(specs, specs, specs, (one, two, three) => {
        let layout: Layout | undefined;
        for (const spec of [one, two, three, one]) {
          const of = input(spec);
          layout = layOut(of, layout);
          expectSound(of, layout);
        }
      }),
      { numRuns: 80 },
    );
  });

  test('the same input gives the same places, whatever the order of its nodes', () => {
    fc.assert(
      fc.property(specs, (spec) => {
        const turned = input({ nodes: [...spec.nodes].reverse(), edges: [] });
        const straight = input({ nodes: spec.nodes, edges: [] });
        const places = (of: LayoutInput): unknown => {
          const layout = layOut(of);
          return new Map(of.nodes.map((node, i) => [node.id, at(layout, i)]));
        };
        expect(places(turned)).toEqual(places(straight));
      }),
    );
  });

  test('what points stands left of what it points at', () => {
    const nodes = app('cart', 3);
    const layout = layOut({ nodes, groups: [{ id: 'shop' }], edges: Int32Array.of(0, 1, 1, 2, 1, 3, 1, 4) });
    expect(at(layout, 0).x).toBeLessThan(at(layout, 1).x);
    expect(at(layout, 1).x).toBeLessThan(at(layout, 2).x);
  });

  test('neighbours order a rank: no crossing where none is needed', () => {
    const nodes: LayoutNode[] = ['a', 'b', 'c'].flatMap((name, i) => [
      { id: `svc-${name}`, group: 0, rank: 0, order: name },
      // Names that sort the other way round.
      { id: `deploy-${name}`, group: 0, rank: 1, order: String(9 - i) },
    ]);
    const layout = layOut({ nodes, groups: [{ id: 'g' }], edges: Int32Array.of(0, 1, 2, 3, 4, 5) });
    const rows = [0, 2, 4].map((i) => [at(layout, i).y, at(layout, i + 1).y]);
    for (const [service, deployment] of rows) expect(deployment).toBe(service);
  });

  test('a new pod moves nobody; a pod that goes leaves its place to the next one', () => {
    const groups = [{ id: 'shop' }, { id: 'web' }];
    const other = app('web', 5).map((node) => ({ ...node, group: 1 }));
    const before = app('cart', 3);
    const first = layOut({ nodes: [...before, ...other], groups, edges: new Int32Array() });
    const added: LayoutNode = { id: 'cart/pod-new', group: 0, rank: 2, order: 'cart-00' };
    const second = layOut({ nodes: [added, ...before, ...other], groups, edges: new Int32Array() }, first);
    [...before, ...other].forEach((_, i) => expect(at(second, i + 1)).toEqual(at(first, i)));
    const gone = [...before.slice(0, 2), ...before.slice(3), added];
    const third = layOut({ nodes: [...gone, ...other], groups, edges: new Int32Array() }, second);
    expect(at(third, gone.indexOf(added))).toEqual(at(second, 0));
    const replaced: LayoutNode = { id: 'cart/pod-next', group: 0, rank: 2, order: 'cart-1' };
    const fourth = layOut({ nodes: [...gone, replaced, ...other], groups, edges: new Int32Array() }, third);
    expect(at(fourth, gone.length)).toEqual(at(first, 2));
  });

  test('a frame that outgrows its room moves frames, not what is inside them', () => {
    const groups = [{ id: 'shop' }, { id: 'web' }];
    const other = app('web', 5).map((node) => ({ ...node, group: 1 }));
    const of = (pods: number): LayoutInput => ({
      nodes: [...app('cart', pods), ...other],
      groups,
      edges: new Int32Array(),
    });
    const first = layOut(of(12));
    const second = layOut(of(20), first);
    expectSound(of(20), second);
    const within = (layout: Layout, node: number, group: number): [number, number] => [
      at(layout, node).x - layout.groups[group * 4]!,
      at(layout, node).y - layout.groups[group * 4 + 1]!,
    ];
    for (let i = 0; i < 14; i++) expect(within(second, i, 0)).toEqual(within(first, i, 0));
    other.forEach((_, i) => expect(within(second, 22 + i, 1)).toEqual(within(first, 14 + i, 1)));
  });
});
