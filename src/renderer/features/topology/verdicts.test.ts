import { expect, it } from 'vitest';
import type { AskBatch } from '#shared/contract/netpol';
import { makeScene, type GraphNode } from '../../ui/graph/scene';
import { withVerdicts } from './verdicts';

const node = (id: string): GraphNode => ({
  id,
  tag: 'x',
  name: id,
  words: '',
  badge: '',
  count: 1,
  tone: 'ok',
  state: 'present',
  frame: 0,
});
const term = (relation: string): { relation: string; look: 'plain'; label: string; main: boolean } => ({
  relation,
  look: 'plain',
  label: ':80',
  main: true,
});
const scene = makeScene({
  nodes: ['ing', 'open', 'shut', 'pod-1', 'pod-2'].map(node),
  places: new Float32Array(10),
  frames: [{ id: 'f', title: 'f', count: 5, bad: 0, warn: 0 }],
  boxes: new Float32Array(4),
  edges: Int32Array.from([0, 1, 0, 1, 0, 2, 0, 1, 1, 3, 1, 1, 2, 4, 1, 1]),
  terms: [term('routes-to'), term('selects')],
  width: 1,
  height: 1,
});
const answer = (outcome: string): AskBatch => ({ revision: 1, answer: { outcome } }) as unknown as AskBatch;

it('lays verdicts over the edges from a Service to its pods, and over no others', () => {
  const shown = withVerdicts(
    scene,
    new Map([
      ['open', answer('allowed')],
      ['shut', answer('denied')],
      ['ing', answer('denied')],
    ]),
  );
  const said = [2, 6, 10, 14].map((i) => {
    const { look, label } = shown.terms[shown.edges[i]!]!;
    return `${look} ${label}`;
  });
  expect(said).toEqual(['plain :80', 'plain :80', 'open :80 allowed', 'closed :80 denied']);
  // What nobody knows is drawn as it was declared.
  expect(withVerdicts(scene, new Map([['open', answer('undefined')]])).edges).toEqual(scene.edges);
  expect(withVerdicts(scene, new Map())).toBe(scene);
});
