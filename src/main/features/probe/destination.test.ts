import { expect, it } from 'vitest';
import { fail } from '#shared/util/app-error';
import type { Api, ApiRequest } from '../../k8s/api';
import { destinationOf, serviceAt } from './destination';

const asked: ApiRequest[] = [];
const answering = (answer: object | Error): Api => ({
  open: () => Promise.reject(new Error('not asked for')),
  json: <T>(request: ApiRequest) => {
    asked.push(request);
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer as T);
  },
  clockOffset: 0,
  dropConnections: () => undefined,
});
const { signal } = new AbortController();

it('tells the Service of an address by one question, and none from not knowing', async () => {
  const dns = { metadata: { namespace: 'kube-system', name: 'kube-dns' } };
  asked.length = 0;
  expect(await serviceAt(answering({ items: [dns] }), '10.0.0.10', signal)).toEqual({
    namespace: 'kube-system',
    name: 'kube-dns',
  });
  expect(asked).toMatchObject([
    { path: '/api/v1/services', query: { fieldSelector: 'spec.clusterIP=10.0.0.10' } },
  ]);
  expect(await serviceAt(answering({ items: [] }), '169.254.20.10', signal)).toBeNull();
  expect(await serviceAt(answering(fail('forbidden', 'no')), '10.0.0.10', signal)).toBeUndefined();
});

it('names the TCP ports of a Service and of a pod, and a pod without an address', async () => {
  const ports = [
    { port: 80, name: 'web' },
    { port: 53, protocol: 'UDP' },
  ];
  const service = { kind: 'services', namespace: 'shop', name: 'cart' } as const;
  expect(await destinationOf(answering({ spec: { ports } }), service, signal)).toEqual({
    host: 'cart.shop',
    ports: [{ port: 80, name: 'web' }],
  });
  const pod = { kind: 'pods', namespace: 'shop', name: 'cart-1' } as const;
  const spec = { containers: [{ ports: [{ containerPort: 8080 }] }] };
  expect(await destinationOf(answering({ spec, status: { podIP: '10.1.0.7' } }), pod, signal)).toEqual({
    host: '10.1.0.7',
    ports: [{ port: 8080 }],
  });
  await expect(destinationOf(answering({ spec }), pod, signal)).rejects.toThrow('has no address yet');
});
