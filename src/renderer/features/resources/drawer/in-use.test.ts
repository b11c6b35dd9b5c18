import { expect, it } from 'vitest';
import { inUse } from './in-use';

const pod = {
  spec: {
    containers: [
      { name: 'app', resources: { requests: { cpu: '20m', memory: '16Mi' }, limits: { memory: '64Mi' } } },
      { name: 'plain' },
    ],
    initContainers: [{ name: 'agent', resources: { requests: { cpu: '10m' } } }],
  },
};

it('tells use beside the limit, else the request', () => {
  const found = inUse(
    {
      containers: [
        { name: 'app', usage: { cpu: '5000000n', memory: '16Mi' } },
        { name: 'plain', usage: { cpu: '1m', memory: '1Mi' } },
        { name: 'agent', usage: { cpu: '1m' } },
      ],
    },
    pod,
  );
  expect([...found].map(([name, { words }]) => [name, words])).toEqual([
    ['app', 'cpu 5m (25% of its request), memory 16 MiB (25% of its limit)'],
    ['plain', 'cpu 1m, memory 1 MiB'],
    ['agent', 'cpu 1m (10% of its request)'],
  ]);
});

it('warns close to the memory limit', () => {
  const of = (memory: string): boolean | undefined =>
    inUse({ containers: [{ name: 'app', usage: { memory } }] }, pod).get('app')?.warn;
  expect([of('57Mi'), of('58Mi'), of('63Mi')]).toEqual([false, true, true]);
});

it.each([undefined, 3, { containers: 'x' }, { containers: [null, { usage: 3 }] }])(
  'reads anything: %j',
  (metrics) => {
    expect(() => inUse(metrics, pod)).not.toThrow();
    expect(() => inUse({ containers: [{ name: 'app', usage: { cpu: 'x' } }] }, metrics)).not.toThrow();
  },
);
