import { expect, it } from 'vitest';
import { placeOf, portOf } from './destination';

const service = (namespace: string, name: string): object => ({ type: 'service', namespace, name });

it.each([
  ['10.0.0.7', { type: 'ip', address: '10.0.0.7' }],
  ['fd00::7', { type: 'ip', address: 'fd00::7' }],
  ['cart', service('shop', 'cart')],
  ['cart.web', service('web', 'cart')],
  [' Cart.web.svc ', service('web', 'cart')],
  ['cart.web.svc.cluster.local.', service('web', 'cart')],
  ['cart.web.svc.example', undefined],
  ['www.example.com', undefined],
  ['', undefined],
  ['-x', undefined],
])('%j is taken for %j', (host, expected) => expect(placeOf(host, 'shop')).toEqual(expected));

it('takes ports that exist', () => {
  expect(['80', ' 8080 ', '0', '65536', 'http', '1e3', ''].map(portOf)).toEqual([
    80,
    8080,
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
