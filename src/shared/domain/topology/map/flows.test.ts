import { describe, expect, it } from 'vitest';
import type { Flow, Workload } from '../observed/types';
import { graphOf, o } from '../test-help';
import { buildMap } from './build';
import { mapFacts, mapQuery } from './test-help';
import type { MapModel, MapQuery } from './types';

const base = mapQuery();
const facts = mapFacts({ known: () => 'unread' });
const ownedBy = (kind: string, name: string, apiVersion = 'apps/v1'): unknown => [
  { apiVersion, kind, name, uid: `${kind}-${name}`, controller: true },
];
const made = (kind: string, at: string, owner?: unknown): unknown =>
  o(
    kind,
    at,
    {},
    { uid: `${kind.split('.')[0]}-${at.split('/')[1]}`, ...(owner ? { ownerReferences: owner } : {}) },
  );
const objects = [
  made('Deployment.apps', 'a/web'),
  made('ReplicaSet.apps', 'a/web-1', ownedBy('Deployment', 'web')),
  made('Pod', 'a/web-1-x', ownedBy('ReplicaSet', 'web-1')),
  made('StatefulSet.apps', 'a/db'),
  made('Pod', 'a/db-0', ownedBy('StatefulSet', 'db')),
  made('Deployment.apps', 'b/far'),
  made('Pod', 'b/lone'),
];
const end = (at: string, kind = ''): Workload => {
  const [namespace = '', name = ''] = at.split('/');
  return { kind, namespace, name };
};
const flow = (
  from: string,
  to: string,
  rate = 2,
  failed: number | null = 0,
  more: Partial<Flow> = {},
): Flow => ({
  from: end(from),
  to: end(to),
  by: 'Istio',
  unit: 'requests',
  rate,
  failed: failed ?? undefined,
  ...more,
});

function map(flows: readonly Flow[], query: Partial<MapQuery> = {}): MapModel {
  return buildMap(graphOf(...objects), { ...base, ...query }, facts, flows);
}
function drawn({ nodes, edges, terms }: MapModel, only = 'observed'): string[] {
  const found: string[] = [];
  for (let i = 0; i < edges.length; i += 4) {
    const { relation, flow: of } = terms[edges[i + 2]!]!;
    if (relation !== only) continue;
    const rate = of ? ` ${of.rate} ${of.unit}, ${of.failed ?? '?'} failed` : '';
    found.push(`${nodes[edges[i]!]!.name} > ${nodes[edges[i + 1]!]!.name}${rate}`);
  }
  return found.sort();
}

describe('observed traffic on a map', () => {
  it('lies over the declared edges and changes none of them', () => {
    const bare = map([]);
    const model = map([flow('a/web', 'a/db', 10, 1)]);
    expect(drawn(model)).toEqual(['web > db 10 requests, 1 failed']);
    expect(model.observed).toBe(1);
    expect(model.edges.slice(0, bare.edges.length)).toEqual(bare.edges);
    expect(model.nodes.map(({ id }) => id)).toEqual(bare.nodes.map(({ id }) => id));
  });

  it('finds the workload by its name whatever its kind, a ReplicaSet as its Deployment', () => {
    const model = map([flow('a/web-1', 'a/db'), flow('a/web-1-x', 'a/db', 1, null, { unit: 'flows' })]);
    expect(drawn(model)).toEqual(['web > db 2 requests, 0 failed', 'web-1-x > db 1 flows, ? failed']);
  });

  it('believes the kind a metric tells', () => {
    const wrong = flow('a/web', 'a/db', 1, 0, { to: end('a/db', 'Deployment') });
    expect(map([wrong])).toMatchObject({ observed: 0, offMap: 1 });
  });

  it('counts what leads off the map, and does not draw what stays inside a row', () => {
    expect(map([flow('a/web', 'b/far'), flow('a/none', 'a/db'), flow('a/db', 'a/db')])).toMatchObject({
      observed: 0,
      offMap: 2,
    });
  });

  it('shows workloads besides their pods where the view has pods only', () => {
    const traffic = { view: 'traffic', groupBy: 'namespace' } as const;
    expect(map([], traffic).nodes.map(({ kind }) => kind)).not.toContain('Deployment');
    const model = map([flow('a/web', 'a/db'), flow('b/far', 'a/db')], traffic);
    expect(drawn(model)).toEqual(['web > db 2 requests, 0 failed']);
    expect(model.nodes.map(({ name }) => name)).not.toContain('far');
    expect(model.offMap).toBe(1);
  });

  it('sums up between namespaces in the overview, requests and flows apart', () => {
    const model = map(
      [
        flow('a/web', 'b/far', 2, 1),
        flow('a/db', 'b/far', 3, 0),
        flow('a/db', 'b/lone', 3, null),
        flow('a/db', 'b/lone', 5, 1, { unit: 'flows' }),
        flow('a/web', 'a/db', 100),
      ],
      { view: 'overview', namespaces: [], groupBy: 'namespace' },
    );
    // Where one does not tell its failures, nobody knows how many there are of all.
    expect(drawn(model)).toEqual(['a > b 5 flows, 1 failed', 'a > b 8 requests, ? failed']);
  });

  it('joins the rows of sets', () => {
    const many = Array.from({ length: 12 }, (_, i) => made('Deployment.apps', `a/d${i}`));
    const model = buildMap(graphOf(...objects, ...many), { ...base, groupBy: 'namespace' }, facts, [
      flow('a/d1', 'a/db', 1),
      flow('a/d2', 'a/db', 2),
    ]);
    expect(drawn(model)).toEqual([expect.stringMatching(/> db 3 requests, 0 failed$/)]);
  });
});
