/**
 * The engine against a real API server, named by BINNACLE_TEST_KUBECONFIG: protobuf equals
 * JSON, a WatchList equals a list, every known kind fills its table, changes arrive.
 * Without the variable this part is skipped, and says so.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Caches } from '../../src/main/engine/caches';
import { objectMask } from '../../src/main/engine/decode/mask';
import { systemClock } from '../../src/main/engine/clock';
import { readWatch } from '../../src/main/engine/watch';
import { asJson, asked, listDecoder, sourceOf, type Source } from '../../src/main/engine/source';
import { knownKinds } from '../../src/shared/kinds/registry';
import type { KubeObject } from '../../src/shared/kinds/define';
import { pod } from '../../src/shared/kinds/pod';
import { Scope } from '../../src/shared/rpc/scope';
import { httpsApi, targetOf, type HttpsApi } from './engine-api';

const kubeconfig = process.env['BINNACLE_TEST_KUBECONFIG'];
if (kubeconfig === undefined || kubeconfig === '') {
  process.stderr.write('\nSKIPPED: the engine against a real API server (set BINNACLE_TEST_KUBECONFIG)\n\n');
}

const source = sourceOf({ group: '', version: 'v1', resource: 'pods' }, pod);

/** Empty times and lists are written by one form and left out by the other. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    .filter(([, v]) => v !== null && !(Array.isArray(v) && v.length === 0))
    .map(([k, v]) => [k, plain(v)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

describe.skipIf(!kubeconfig)('a real API server', () => {
  let api: HttpsApi;
  let scope: Scope;
  beforeAll(() => {
    api = httpsApi(targetOf(kubeconfig!));
    scope = new Scope('engine-real');
  });
  afterAll(() => {
    scope.dispose();
    api.close();
  });

  async function list(
    from: Source,
  ): Promise<{ objects: Map<string, KubeObject>; version: string; type: string }> {
    const objects = new Map<string, KubeObject>();
    const { accept, query } = asked(from);
    const response = await api.open({ path: from.path, accept, query }, scope.signal);
    const decoder = listDecoder(from, response, {
      onItem: (object) => objects.set(object.metadata.uid, object),
      onMeta: () => undefined,
    });
    for await (const chunk of response.body) decoder.push(chunk);
    const { resourceVersion } = decoder.end();
    return { objects, version: resourceVersion, type: response.headers['content-type'] ?? '' };
  }

  /** Pods of both answers that did not change in between. */
  function same(one: Map<string, KubeObject>, two: Map<string, KubeObject>): number {
    let compared = 0;
    for (const [uid, object] of one) {
      const other = two.get(uid);
      if (other?.metadata.resourceVersion !== object.metadata.resourceVersion) continue;
      expect(plain(other)).toEqual(plain(object));
      compared++;
    }
    return compared;
  }

  const known = knownKinds.flatMap((descriptor) => {
    const { group, versions, resource } = descriptor;
    const from = sourceOf({ group, version: versions[0] ?? '', resource }, descriptor);
    return from.proto ? [[from.path, from] as const] : [];
  });

  it.each(known)('sends the same of %s as protobuf and as JSON', async (_path, from) => {
    const proto = await list(from);
    const json = await list(asJson(from));
    expect(proto.type).toContain('protobuf');
    expect(json.type).toContain('json');
    expect(same(proto.objects, json.objects)).toBeGreaterThanOrEqual(Math.floor(json.objects.size * 0.8));
  });

  it.each([
    ['protobuf', source],
    ['JSON', asJson(source)],
  ])('sends the same pods as a WatchList in %s', async (_name, from) => {
    const { objects } = await list(from);
    const seen = new Map<string, KubeObject>();
    const stop = new AbortController();
    const done = new Promise<void>((resolve) => scope.add(resolve));
    const watching = readWatch(
      api,
      systemClock,
      from,
      {
        query: {
          sendInitialEvents: true,
          resourceVersionMatch: 'NotOlderThan',
          allowWatchBookmarks: true,
          timeoutSeconds: 60,
        },
        bulk: true,
      },
      {
        onOpen: () => undefined,
        onEvent: (event) => {
          if (event.type === 'ADDED') seen.set(event.object.metadata.uid, event.object);
          if (event.type === 'BOOKMARK' && event.initialEventsEnd) stop.abort();
        },
        onTurn: () => undefined,
        pace: () => 0,
        onDead: () => undefined,
        onSlow: () => undefined,
        version: () => '',
      },
      stop.signal,
    );
    await Promise.race([watching.catch(() => undefined), done]);
    expect(stop.signal.aborted).toBe(true);
    expect(same(objects, seen)).toBeGreaterThan(objects.size * 0.8);
  });

  it('fills the table of every known kind the server has', async () => {
    const caches = new Caches({ api }, scope);
    const served = await Promise.all(
      knownKinds.map(async (descriptor) => {
        const { group, resource, namespaced } = descriptor;
        const version = descriptor.versions[0]!;
        const path = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
        const found = await api
          .json<{ resources: { name: string; verbs: string[] }[] }>({ path }, scope.signal)
          .catch(() => ({ resources: [] }));
        const verbs = found.resources.find((one) => one.name === resource)?.verbs;
        return verbs?.includes('list')
          ? { descriptor, served: { group, version, resource, verbs, namespaced } }
          : undefined;
      }),
    );
    const there = served.filter((one) => one !== undefined);
    expect(there.length).toBeGreaterThan(5);
    for (const one of there) {
      const use = new AbortController();
      const shared = caches.acquire({ ...one, namespaces: null }, use.signal);
      const end = Date.now() + 20_000;
      while (shared.state.phase === 'listing' && Date.now() < end) {
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      expect([one.served.resource, shared.state.phase]).toEqual([one.served.resource, 'live']);
      expect([one.served.resource, shared.table.failedCells, shared.table.skipped]).toEqual([
        one.served.resource,
        0,
        0,
      ]);
      expect(Object.keys(objectMask(one.descriptor))).toContain('metadata');
      use.abort();
    }
    caches.dispose();
  });
});
