import { describe, expect, it, vi } from 'vitest';
import { Scope } from '#shared/rpc/scope';
import { fail } from '#shared/util/app-error';
import type { Api, ApiRequest, ApiResponse } from './api';
import { collect } from './body';
import { Discovery } from './discovery';

type Answer = {
  status?: number;
  headers?: Record<string, string>;
  value?: unknown;
  /** A body that stays open: called with the way to write into it. */
  lines?: (told: (line: string) => void) => void;
};

class FakeApi implements Api {
  clockOffset = 0;
  readonly asked: string[] = [];
  constructor(private readonly answer: (request: ApiRequest) => Answer) {}

  async open(request: ApiRequest, signal?: AbortSignal): Promise<ApiResponse> {
    this.asked.push(request.path);
    const { status = 200, headers = {}, value, lines } = this.answer(request);
    if (lines) return { status, headers, body: held(lines, signal) };
    if (status >= 400) throw fail(status === 503 ? 'server' : 'not-found', `status ${status}`, { status });
    const bytes = Buffer.from(status === 304 ? '' : JSON.stringify(value));
    return { status, headers, body: chunks(bytes) };
  }

  async json<T>(request: ApiRequest): Promise<T> {
    const { body } = await this.open(request);
    return JSON.parse((await collect(body, 1e6)).toString()) as T;
  }

  dropConnections(): void {
    return undefined;
  }
}

async function* held(
  lines: (told: (line: string) => void) => void,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const waiting: string[] = [];
  let wake: (() => void) | undefined;
  lines((line) => {
    waiting.push(line);
    wake?.();
  });
  signal?.addEventListener('abort', () => wake?.());
  while (signal?.aborted !== true) {
    const line = waiting.shift();
    if (line !== undefined) yield Buffer.from(line);
    else await new Promise<void>((resolve) => (wake = resolve));
  }
}

async function* chunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  if (bytes.length > 0) yield bytes;
}

const verbs = ['get', 'list', 'watch'];
const resource = (name: string, kind: string, more: object = {}): object => ({
  resource: name,
  responseKind: { kind },
  scope: 'Namespaced',
  verbs,
  ...more,
});
const group = (name: string, versions: [string, object[], string?][]): object => ({
  metadata: { name },
  versions: versions.map(([version, resources, freshness = 'Current']) => ({
    version,
    resources,
    freshness,
  })),
});
const list = (...items: object[]): object => ({ kind: 'APIGroupDiscoveryList', items });

async function discover(core: object, groups: object): Promise<Discovery> {
  const scope = new Scope('test');
  const discovery = new Discovery(
    new FakeApi(({ path }) => ({ value: path === '/api' ? core : groups })),
    scope,
  );
  await discovery.ready(scope.signal);
  scope.dispose();
  return discovery;
}

describe('Discovery', () => {
  it('assumes the kinds of core v1 until it knows better, and no others', async () => {
    const scope = new Scope('test');
    const discovery = new Discovery(
      new FakeApi(({ path }) => ({
        value: path === '/api' ? list(group('', [['v1', [resource('services', 'Service')]]])) : list(),
      })),
      scope,
    );
    expect(discovery.assumed('pods')).toMatchObject({
      id: 'pods',
      version: 'v1',
      namespaced: true,
      verbs,
      known: true,
    });
    expect(discovery.assumed('nodes')?.namespaced).toBe(false);
    for (const id of ['deployments.apps', 'widgets.x.example', 'widgets'])
      expect(discovery.assumed(id)).toBeUndefined();
    expect(discovery.state.kinds).toEqual([]);
    await discovery.ready(scope.signal);
    expect(discovery.assumed('pods')).toBeUndefined();
    scope.dispose();
  });

  it('prefers the version our descriptor knows, else the server’s first', async () => {
    const found = await discover(
      list(group('', [['v1', [resource('pods', 'Pod')]]])),
      list(
        group('autoscaling', [
          ['v9', [resource('horizontalpodautoscalers', 'HorizontalPodAutoscaler')]],
          ['v2', [resource('horizontalpodautoscalers', 'HorizontalPodAutoscaler')]],
        ]),
        group('x.example', [
          ['v2', [resource('widgets', 'Widget', { shortNames: ['wd'], singularResource: 'widget' })]],
          ['v1', [resource('widgets', 'Widget'), resource('gears', 'Gear', { scope: 'Cluster' })]],
        ]),
      ),
    );
    expect(found.kind('horizontalpodautoscalers.autoscaling')).toMatchObject({ version: 'v2', known: true });
    expect(found.kind('widgets.x.example')).toMatchObject({
      version: 'v2',
      known: false,
      section: 'custom',
      title: 'Widgets',
      aliases: ['wd', 'widget'],
    });
    expect(found.kind('gears.x.example')).toMatchObject({ version: 'v1', namespaced: false });
  });

  it('leaves out what cannot be listed, second names and names that are none', async () => {
    const found = await discover(
      list(
        group('', [
          ['v1', [resource('events', 'Event'), resource('bindings', 'Binding', { verbs: ['create'] })]],
        ]),
      ),
      list(
        group('events.k8s.io', [['v1', [resource('events', 'Event')]]]),
        group('evil.example', [
          [
            'v1',
            [
              resource('../secrets', 'X'),
              resource('a', '<img>'),
              resource('__proto__', 'P'),
              resource('ok', 'Ok'),
            ],
          ],
        ]),
        group('../x', [['v1', [resource('b', 'B')]]]),
      ),
    );
    expect(found.state.kinds.map((one) => one.id).sort()).toEqual(['events', 'ok.evil.example']);
  });

  it('fault 14: names a stale group and keeps the others', async () => {
    const found = await discover(
      list(group('', [['v1', [resource('pods', 'Pod')]]])),
      list(group('gone.example', [['v1', [], 'Stale']])),
    );
    expect(found.state.failedGroups).toEqual([
      { group: 'gone.example', message: expect.stringContaining('does not answer') as unknown },
    ]);
    expect(found.kind('pods')).toBeDefined();
  });

  it('asks an old server group by group, and one that fails hides no other', async () => {
    const scope = new Scope('test');
    const api = new FakeApi(({ path }) => {
      switch (path) {
        case '/api':
          return { value: { kind: 'APIVersions', versions: ['v1'] } };
        case '/apis':
          return {
            value: {
              kind: 'APIGroupList',
              groups: [
                {
                  name: 'apps',
                  versions: [{ version: 'v1beta1' }, { version: 'v1' }],
                  preferredVersion: { version: 'v1' },
                },
                { name: 'gone.example', versions: [{ version: 'v1' }] },
              ],
            },
          };
        case '/api/v1':
          return {
            value: {
              resources: [
                { name: 'pods', kind: 'Pod', namespaced: true, verbs },
                { name: 'pods/log', kind: 'Pod', namespaced: true, verbs },
              ],
            },
          };
        case '/apis/gone.example/v1':
          return { status: 503 };
        default:
          return {
            value: { resources: [{ name: 'deployments', kind: 'Deployment', namespaced: true, verbs }] },
          };
      }
    });
    const discovery = new Discovery(api, scope);
    const state = await discovery.ready(scope.signal);
    expect(state.kinds.map((one) => [one.id, one.version])).toEqual([
      ['pods', 'v1'],
      ['deployments.apps', 'v1'],
    ]);
    expect(state.failedGroups.map((one) => one.group)).toEqual(['gone.example']);
    scope.dispose();
  });

  /** A server with one kind and, from `grow` on, a second one. `ring`: a watch of CRDs says so. */
  function growing(watchable: boolean) {
    let tag = 'one';
    let groups = list();
    let ring: (() => void) | undefined;
    const api = new FakeApi(({ path, headers, query }) => {
      if (path.startsWith('/apis/api')) {
        if (!watchable) return { status: 404 };
        if (query?.['watch'] === true) return { lines: (told) => (ring = () => told('{"type":"ADDED"}\n')) };
        return { value: { metadata: { resourceVersion: '7' } } };
      }
      const etag = path === '/api' ? 'core' : tag;
      if (headers?.['if-none-match'] === etag) return { status: 304 };
      return {
        headers: { etag },
        value: path === '/api' ? list(group('', [['v1', [resource('pods', 'Pod')]]])) : groups,
      };
    });
    const grow = (): void => {
      tag = 'two';
      groups = list(group('x.example', [['v1', [resource('widgets', 'Widget')]]]));
      ring?.();
    };
    const questions = (): number => api.asked.filter((path) => path === '/api' || path === '/apis').length;
    return { api, grow, questions };
  }

  it.each([
    ['watches CRDs: no questions until one changes', true],
    ['may not watch CRDs: asks with ETags', false],
  ])('fault 17: who %s', async (_, watchable) => {
    vi.useFakeTimers();
    const scope = new Scope('test');
    const { api, grow, questions } = growing(watchable);
    const discovery = new Discovery(api, scope);
    const listener = scope.child('listener');
    const seen: string[][] = [];
    discovery.observe(() => seen.push(discovery.state.kinds.map((one) => one.id)), listener);
    await vi.advanceTimersByTimeAsync(50_000);
    expect(seen).toEqual([['pods']]);
    if (watchable) expect(questions()).toBe(2);
    else expect(questions()).toBeGreaterThan(6);
    grow();
    await vi.advanceTimersByTimeAsync(9_000);
    expect(seen).toEqual([['pods'], ['pods', 'widgets.x.example']]);
    listener.dispose();
    const before = api.asked.length;
    await vi.advanceTimersByTimeAsync(200_000);
    expect(api.asked.length - before).toBeLessThanOrEqual(2);
    scope.dispose();
    vi.useRealTimers();
  });
});
