import { expect, it } from 'vitest';
import { graphOf, o } from '../test-help';
import { buildMap } from './build';
import { mapFacts, mapQuery } from './test-help';

const query = mapQuery({ view: 'traffic', groupBy: 'namespace' });
const facts = mapFacts();
const service = (name: string, type: string): unknown =>
  o('Service', `a/${name}`, {
    spec: { type, selector: { app: name }, ports: [{ port: 80, targetPort: 8080, nodePort: 30080 }] },
  });
const ingress = (tls: unknown): unknown =>
  o('Ingress.networking.k8s.io', 'a/way', {
    spec: { tls, defaultBackend: { service: { name: 'inside', port: { number: 80 } } } },
  });
const pod = o('Pod', 'a/p', {}, { labels: { app: 'inside' } });

/** `from relation to :port`, sorted. */
function hops(...objects: unknown[]): string[] {
  const { nodes, edges, terms, total, frames } = buildMap(graphOf(...objects), query, facts);
  expect(frames.reduce((sum, frame) => sum + frame.count, 0)).toBe(total);
  const found: string[] = [];
  for (let i = 0; i < edges.length; i += 4) {
    const { relation, port } = terms[edges[i + 2]!]!;
    found.push(`${nodes[edges[i]!]!.name} ${relation} ${nodes[edges[i + 1]!]!.name} :${port}`);
  }
  return found.sort();
}

it('enters where something listens to the outside, on its ports', () => {
  expect(hops(ingress([{ secretName: 't' }]), service('inside', 'ClusterIP'), pod)).toEqual([
    'Internet enters way :80, 443 TLS',
    'inside selects p :80→8080',
    'way default-backend inside :80',
  ]);
  expect(hops(ingress([]), service('inside', 'ClusterIP'))).toContain('Internet enters way :80');
  expect(hops(service('inside', 'LoadBalancer'))).toEqual(['Internet enters inside :80']);
  expect(hops(service('inside', 'NodePort'))).toEqual(['Internet enters inside :30080']);
});

it('shows no outside where nothing listens to it', () => {
  expect(hops(service('inside', 'ClusterIP'), pod)).toEqual(['inside selects p :80→8080']);
});
