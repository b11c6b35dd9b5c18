import { expect, test } from 'vitest';
import type { MapBatch, MapSaid, WireNode } from '#shared/contract/topology';
import { nextState } from './map-state';

const node = (name: string, tone: WireNode['tone'] = 'ok'): WireNode => ({
  ...{ id: name, kind: 'Pod', tag: 'pod', name, namespace: 'shop', uid: name, state: 'present' },
  ...{ count: 1, tone, words: tone, badge: '', frame: 0, resource: 'pods' },
});
const frame = { id: 'f', title: 'f', count: 2, bad: 0, warn: 0 };
const said: MapSaid = { tones: { ok: 2 }, denied: [], phase: 'live', loaded: 2, request: 1 };
const whole = (nodes: readonly WireNode[], keep?: Int32Array): MapBatch => ({
  ...said,
  map: {
    type: 'whole',
    ...(keep ? { keep } : {}),
    nodes,
    places: Float32Array.of(0, 0, 0, 40),
    frames: [frame],
    boxes: Float32Array.of(0, 0, 240, 100),
    edges: Int32Array.of(0, 1, 0, 1),
    terms: [{ relation: 'owner', inferred: false, weak: false, optional: false, invalid: '', port: '' }],
    ...{ width: 240, height: 100, total: 2, kinds: [] },
  },
});

test('nodes that the reader has do not travel again', () => {
  const first = nextState(undefined, whole([node('a'), node('b')]));
  const next = nextState(first, whole([node('c')], Int32Array.of(1, -1)));
  expect(next?.nodes.map(({ name }) => name)).toEqual(['b', 'c']);
});

test('states change nodes and frames where they stand, and nothing else', () => {
  const first = nextState(undefined, { ...whole([node('a'), node('b')]), error: { code: 'gone' } as never });
  const next = nextState(first, {
    ...said,
    tones: { ok: 1, bad: 1 },
    map: {
      type: 'states',
      at: Int32Array.of(1),
      nodes: [node('b', 'bad')],
      frameAt: Int32Array.of(0),
      frames: [{ ...frame, bad: 1 }],
    },
  });
  expect(next?.nodes.map(({ tone }) => tone)).toEqual(['ok', 'bad']);
  expect(next?.scene.nodes).toBe(next?.nodes);
  expect(next?.scene).toMatchObject({ frames: [{ bad: 1 }], edges: first!.scene.edges, at: first!.scene.at });
  expect(next?.batch).toMatchObject({ total: 2, frames: [{ bad: 1 }], tones: { ok: 1, bad: 1 } });
  // What is not said any more is over.
  expect(next?.batch.error).toBeUndefined();
  expect(first?.nodes[1]?.tone).toBe('ok');
});

test('states of a map that never came make none', () => {
  const map = {
    type: 'states',
    at: new Int32Array(),
    nodes: [],
    frameAt: new Int32Array(),
    frames: [],
  } as const;
  expect(nextState(undefined, { ...said, map })).toBeUndefined();
});
