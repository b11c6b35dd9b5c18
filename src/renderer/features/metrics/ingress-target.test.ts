import { expect, test } from 'vitest';
import { ingressTarget } from './ingress-target';

const backend = (name: string, port: object): object => ({ service: { name, port } });

test('routes and backends are read as the controllers name them', () => {
  const object = {
    spec: {
      defaultBackend: backend('rest', { number: 8080 }),
      rules: [
        { host: 'a.example', http: { paths: [{ path: '/x', backend: backend('web', { name: 'http' }) }] } },
        { http: { paths: [{ backend: backend('all', { number: 80 }) }] } },
      ],
    },
  };
  expect(ingressTarget('shop', 'web', object)).toEqual({
    kind: 'ingress',
    namespace: 'shop',
    name: 'web',
    routes: ['a.example/x', ''],
    backends: [
      { service: 'web', port: 'http' },
      { service: 'all', port: '80' },
      { service: 'rest', port: '8080' },
    ],
  });
});

test.each([{}, { spec: null }, { spec: { rules: 'x' } }, { spec: { rules: [{}, { http: {} }] } }])(
  'an odd object has none: %j',
  (object) => {
    expect(ingressTarget('a', 'b', object)).toMatchObject({ routes: [], backends: [] });
  },
);
