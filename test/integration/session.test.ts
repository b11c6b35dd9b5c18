/**
 * A whole session of one cluster in plain Node, spoken to as the renderer does, against
 * the demo cluster: what a screen would get is what is asserted.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cluster, type KindsState } from '#shared/contract/cluster';
import { resources, type ObjectState, type ViewBatch } from '#shared/contract/resources';
import { RpcClient } from '#shared/rpc/client';
import type { InputOf, ItemOf } from '#shared/rpc/define';
import { portPair } from '#shared/rpc/port';
import { Scope } from '#shared/rpc/scope';
import { serve } from '#shared/rpc/server';
import { startDemo, type Demo } from '../../src/demo/demo';
import { ask } from '../../src/demo/test-client';
import { openSession } from '../../src/main/cluster-host/session';
import type { ContextConfig } from '../../src/main/kubeconfig/types';

type Members = (typeof resources)['members'];
type ViewInput = InputOf<Members['view']>;

let demo: Demo;
let scope: Scope;
let client: RpcClient;

function contextOf(of: Demo, token = of.token): ContextConfig {
  return {
    id: 'demo',
    name: 'demo',
    file: 'demo',
    namespace: 'default',
    cluster: {
      name: 'demo',
      server: of.url,
      ca: { data: of.caPem },
      insecureSkipTlsVerify: false,
      disableCompression: false,
    },
    user: { name: 'demo', token },
  };
}

function connect(token?: string): RpcClient {
  const session = openSession({
    context: contextOf(demo, token),
    environment: {},
    scope: scope.child('session'),
  });
  const [near, far] = portPair();
  serve(far, session.services, scope);
  return new RpcClient(near);
}

beforeAll(async () => {
  demo = await startDemo({
    seed: 7,
    pace: 0,
    users: {
      reader: {
        name: 'reader',
        groups: [],
        rules: [
          { verbs: ['get', 'list', 'watch'], apiGroups: [''], resources: ['pods'], namespaces: ['shop'] },
        ],
      },
    },
  });
  scope = new Scope('session test');
  client = connect();
});

afterAll(async () => {
  scope.dispose();
  await demo.close();
});

/** Rows of the window as a screen would have them, after every batch. */
class Screen {
  rows = new Map<string, ViewBatch['rows'][number]>();
  order: readonly string[] = [];
  last: ViewBatch | undefined;
  columns: readonly string[] = [];
  private waiting: (() => void)[] = [];
  private readonly stream;

  constructor(on: RpcClient, input: Partial<ViewInput> & { kind: string }) {
    const query = { namespaces: [], filter: '', sort: null, offset: 0, limit: 200, request: 1, ...input };
    this.stream = on.open(resources, 'view', query, {
      onData: (batch) => this.take(batch),
      onEnd: () => this.wake(),
    });
  }

  get names(): string[] {
    return this.order.map((id) => this.rows.get(id)?.name ?? '?');
  }

  update(change: Parameters<typeof this.stream.update>[0]): void {
    this.stream.update(change);
  }

  async until(test: () => boolean): Promise<void> {
    while (!test()) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  live(): Promise<void> {
    return this.until(() => this.last?.state.phase === 'live');
  }

  close(): void {
    this.stream.close();
  }

  private take(batch: ViewBatch): void {
    for (const row of batch.rows) this.rows.set(row.id, row);
    if (batch.order) this.order = batch.order;
    if (batch.columns) this.columns = batch.columns.map((column) => column.id);
    this.last = batch;
    this.wake();
  }

  private wake(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}

/** First item of a stream that passes. */
function first<K extends 'object' | 'events'>(
  member: K,
  input: InputOf<Members[K]>,
  test: (item: ItemOf<Members[K]>) => boolean,
): Promise<ItemOf<Members[K]>> {
  return new Promise((resolve, reject) => {
    const stream = client.open(resources, member, input as never, {
      onData: (item) => {
        if (!test(item as ItemOf<Members[K]>)) return;
        stream.close();
        resolve(item as ItemOf<Members[K]>);
      },
      onEnd: reject,
    });
  });
}

const podsIn = async (namespace: string): Promise<string[]> => {
  const answer = await ask(demo, `/api/v1/namespaces/${namespace}/pods`);
  return (answer.body.items as { metadata: { name: string } }[]).map((item) => item.metadata.name);
};

describe('a session', () => {
  it('lists pods with every row the server has, and none twice', async () => {
    const screen = new Screen(client, { kind: 'pods', sort: { column: 'name', desc: false } });
    await screen.live();
    const answer = await ask(demo, '/api/v1/pods');
    expect(screen.last?.total).toBe((answer.body.items as unknown[]).length);
    expect(new Set(screen.order).size).toBe(screen.order.length);
    screen.close();
  });

  it('shows chosen namespaces and a filter, and says what is wrong with a bad one', async () => {
    const screen = new Screen(client, { kind: 'pods', namespaces: ['shop'] });
    await screen.live();
    expect(screen.names.sort()).toEqual((await podsIn('shop')).sort());
    screen.update({ filter: 'cart', request: 2 });
    await screen.until(() => screen.last?.request === 2);
    expect(screen.names.length).toBeGreaterThan(0);
    expect(screen.names.every((name) => name.includes('cart'))).toBe(true);
    screen.update({ filter: '/[/', request: 3 });
    await screen.until(() => screen.last?.request === 3);
    expect(screen.last?.filterError?.message).toBeTruthy();
    expect(screen.names.every((name) => name.includes('cart'))).toBe(true);
    screen.close();
  });

  it('tells which of the chosen objects are no more', async () => {
    const screen = new Screen(client, { kind: 'secrets', namespaces: ['shop'] });
    await screen.live();
    const [gone = '', ...kept] = screen.order;
    const { name = '' } = screen.rows.get(gone) ?? {};
    const input = { kind: 'secrets', namespaces: ['shop'], ids: [...screen.order, 'never-was'] };
    expect(await client.call(resources, 'gone', input)).toEqual(['never-was']);
    await ask(demo, `/api/v1/namespaces/shop/secrets/${name}`, { method: 'DELETE' });
    await screen.until(() => screen.last?.total === kept.length);
    expect(await client.call(resources, 'gone', input)).toEqual([gone, 'never-was']);
    screen.close();
  });

  it('takes a deleted pod off the table', async () => {
    const screen = new Screen(client, { kind: 'configmaps', namespaces: ['shop'] });
    await screen.live();
    const made = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'zz-test' }, data: { a: 'b' } };
    await ask(demo, '/api/v1/namespaces/shop/configmaps', { method: 'POST', body: made });
    await screen.until(() => screen.names.includes('zz-test'));
    await ask(demo, '/api/v1/namespaces/shop/configmaps/zz-test', { method: 'DELETE' });
    await screen.until(() => !screen.names.includes('zz-test'));
    screen.close();
  });

  it("shows a kind it has no columns for by the server's own, and says when it is gone", async () => {
    const crd = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'gadgets.test.io' },
      spec: {
        group: 'test.io',
        scope: 'Namespaced',
        names: { plural: 'gadgets', singular: 'gadget', kind: 'Gadget', listKind: 'GadgetList' },
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
            additionalPrinterColumns: [{ name: 'Size', type: 'integer', jsonPath: '.spec.size' }],
          },
        ],
      },
    };
    // A view of a kind that is not there yet waits and says so.
    const early = new Screen(client, { kind: 'gadgets.test.io' });
    await early.until(() => early.last?.state.phase === 'gone');
    const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    await ask(demo, crds, { method: 'POST', body: crd });
    const gadget = { apiVersion: 'test.io/v1', kind: 'Gadget', metadata: { name: 'g1' }, spec: { size: 3 } };
    await ask(demo, '/apis/test.io/v1/namespaces/shop/gadgets', { method: 'POST', body: gadget });
    await client.call(cluster, 'reconnect', undefined);
    await early.until(() => early.last?.state.phase === 'live' && early.names.includes('g1'));
    expect(early.columns).toContain('size');
    const row = early.rows.get(early.order[0] ?? '');
    expect(row?.cells[early.columns.indexOf('size')]).toBe(3);
    early.close();
  });

  it('hides the values of Secrets in objects and in YAML', async () => {
    const list = (await ask(demo, '/api/v1/secrets')).body.items as {
      metadata: { name: string; namespace: string };
      data?: Record<string, string>;
    }[];
    const secret = list.find((item) => Object.keys(item.data ?? {}).length > 0);
    expect(secret).toBeDefined();
    const { name, namespace } = secret!.metadata;
    const [key = '', value = ''] = Object.entries(secret!.data!)[0] ?? [];
    const ref = { kind: 'secrets', namespace, name };
    const state = (await first('object', ref, (item) => item.phase === 'live')) as ObjectState;
    const { text } = await client.call(resources, 'yaml', { ...ref, managedFields: true });
    expect(JSON.stringify(state)).not.toContain(value);
    expect(text).not.toContain(value);
    expect(text).toContain(key);
  });

  it('finds owners and children both ways', async () => {
    const list = (await ask(demo, '/apis/apps/v1/namespaces/shop/deployments')).body.items as {
      metadata: { name: string; uid: string };
    }[];
    const { name, uid } = list[0]!.metadata;
    const of = { kind: 'deployments.apps', namespace: 'shop', name, uid };
    const children = await client.call(resources, 'related', of);
    const set = children.find((one) => one.relation === 'child');
    expect(set?.kind).toBe('replicasets.apps');
    const up = await client.call(resources, 'related', {
      ...of,
      kind: set!.kind,
      name: set!.name,
      uid: set!.uid,
    });
    expect(up).toContainEqual(expect.objectContaining({ relation: 'owner', kind: 'deployments.apps', name }));
  });

  it('counts kinds without loading them', async () => {
    const fresh = connect();
    const counts = await new Promise<Readonly<Record<string, unknown>>>((resolve, reject) => {
      fresh.open(
        cluster,
        'counts',
        { kinds: ['services', 'nodes'], namespaces: [] },
        {
          onData: (batch) => {
            if (typeof batch.services === 'number' && typeof batch.nodes === 'number') resolve(batch);
          },
          onEnd: reject,
        },
      );
    });
    const services = (await ask(demo, '/api/v1/services')).body.items as unknown[];
    expect(counts.services).toBe(services.length);
    fresh.close();
  });

  it('offers a selection by query as keys', async () => {
    const input = { kind: 'pods', namespaces: ['shop'], filter: '', limit: 5 };
    const { keys, matched } = await client.call(resources, 'select', input);
    expect(matched).toBe((await podsIn('shop')).length);
    expect(keys).toHaveLength(Math.min(5, matched));
  });

  it('keeps the rows and says stale while the server is away, then catches up', async () => {
    const screen = new Screen(client, { kind: 'pods', namespaces: ['shop'] });
    await screen.live();
    const { length } = screen.order;
    await demo.down();
    await screen.until(() => screen.last?.state.phase === 'stale');
    expect(screen.order).toHaveLength(length);
    await demo.up();
    await screen.until(() => screen.last?.state.phase === 'live');
    expect(screen.order).toHaveLength(length);
    screen.close();
  });

  it('splits into namespaces where the whole cluster is denied, and names what is missing', async () => {
    const restricted = connect('reader');
    const kinds = await new Promise<KindsState>((resolve) => {
      const stream = restricted.open(cluster, 'kinds', undefined, {
        onData: (state) => {
          if (state.kinds.length === 0) return;
          resolve(state);
          stream.close();
        },
        onEnd: () => undefined,
      });
    });
    expect(kinds.kinds.map((kind) => kind.id)).toContain('pods');
    const shop = new Screen(restricted, { kind: 'pods', namespaces: ['shop'] });
    await shop.live();
    expect(shop.names.sort()).toEqual((await podsIn('shop')).sort());
    const nodes = new Screen(restricted, { kind: 'nodes' });
    await nodes.until(() => nodes.last?.state.phase === 'denied');
    expect(nodes.last?.state).toMatchObject({ error: { denied: { verb: 'list', resource: 'nodes' } } });
    // A table that was denied for the whole cluster follows the choice of namespaces.
    const pods = new Screen(restricted, { kind: 'pods' });
    await pods.until(() => pods.last?.state.phase === 'denied');
    pods.update({ namespaces: ['shop'], request: 2 });
    await pods.live();
    expect(pods.names.sort()).toEqual((await podsIn('shop')).sort());
    restricted.close();
  });
});
