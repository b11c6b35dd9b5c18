import { describe, expect, it } from 'vitest';
import { Scope } from '#shared/rpc/scope';
import { fail } from '#shared/util/app-error';
import type { ObjectState } from '#shared/contract/resources';
import type { Api, ApiRequest, ApiResponse } from '../../k8s/api';
import { feedObject } from './object-feed';

/** Answers reads from `current` and keeps the one open watch in the test's hand. */
class FakeApi implements Api {
  clockOffset = 0;
  current: unknown;
  watchDenied = false;
  readonly requests: ApiRequest[] = [];
  private push: ((line: string | null) => void) | undefined;
  private watching: (() => void) | undefined;

  json<T>(request: ApiRequest): Promise<T> {
    this.requests.push(request);
    if (this.current === undefined) return Promise.reject(fail('not-found', 'gone'));
    return Promise.resolve(this.current as T);
  }

  open(request: ApiRequest, signal: AbortSignal): Promise<ApiResponse> {
    this.requests.push(request);
    if (this.watchDenied) return Promise.reject(fail('forbidden', 'no watch'));
    const lines: (string | null)[] = [];
    let wake: (() => void) | undefined;
    this.push = (line) => {
      lines.push(line);
      wake?.();
    };
    signal.addEventListener('abort', () => this.push?.(null), { once: true });
    async function* body(): AsyncGenerator<Uint8Array> {
      for (;;) {
        if (lines.length === 0) await new Promise<void>((resolve) => (wake = resolve));
        const line = lines.shift();
        if (line === null || line === undefined) return;
        yield Buffer.from(line);
      }
    }
    this.watching?.();
    return Promise.resolve({ status: 200, headers: {}, body: body() });
  }

  dropConnections(): void {
    this.push?.(null);
  }

  async watched(): Promise<void> {
    if (!this.push) await new Promise<void>((resolve) => (this.watching = resolve));
  }

  event(type: string, object: unknown): void {
    this.push?.(`${JSON.stringify({ type, object })}\n`);
  }
}

const pod = (uid: string, resourceVersion: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'a', namespace: 'shop', uid, resourceVersion },
});

const target = { objectPath: '/o/a', listPath: '/o', name: 'a' };

function start(api: FakeApi) {
  const scope = new Scope('test');
  const states: ObjectState[] = [];
  let wake: (() => void) | undefined;
  feedObject(api, target, scope, (state) => {
    states.push(state);
    wake?.();
  });
  const until = async (phase: ObjectState['phase'], version?: string): Promise<ObjectState> => {
    for (;;) {
      const last = states[states.length - 1];
      const metadata = last?.object?.metadata as { resourceVersion?: string } | undefined;
      if (last?.phase === phase && (!version || metadata?.resourceVersion === version)) return last;
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  return { scope, states, until };
}

describe('feedObject', () => {
  it('reads, then follows changes by name', async () => {
    const api = new FakeApi();
    api.current = pod('u1', '1');
    const { scope, until } = start(api);
    await until('live', '1');
    await api.watched();
    api.event('MODIFIED', pod('u1', '2'));
    await until('live', '2');
    const watch = api.requests.find((request) => request.query?.watch);
    expect(watch?.query).toMatchObject({ fieldSelector: 'metadata.name=a' });
    // The version of an old object is long gone from the server's history: asking for it is a 410.
    expect(watch?.query).not.toHaveProperty('resourceVersion');
    scope.dispose();
  });

  it('says deleted, and replaced when the name comes back with another uid (fault 19)', async () => {
    const api = new FakeApi();
    api.current = pod('u1', '1');
    const { scope, until } = start(api);
    await until('live', '1');
    await api.watched();
    api.event('DELETED', pod('u1', '3'));
    await until('deleted');
    api.event('ADDED', pod('u2', '4'));
    await until('replaced', '4');
    scope.dispose();
  });

  it('falls back to reading again when the right to watch is missing', async () => {
    const api = new FakeApi();
    api.watchDenied = true;
    api.current = pod('u1', '1');
    const { scope, until } = start(api);
    await until('live', '1');
    expect(api.requests.filter((request) => request.query?.watch)).toHaveLength(1);
    scope.dispose();
  });

  it('says gone for an object that was never there', async () => {
    const { scope, until } = start(new FakeApi());
    const state = await until('gone');
    expect(state.error?.code).toBe('not-found');
    scope.dispose();
  });

  it('sends Secrets without values and without the last-applied annotation', async () => {
    const api = new FakeApi();
    api.current = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: 'a',
        uid: 'u',
        resourceVersion: '1',
        annotations: { 'kubectl.kubernetes.io/last-applied-configuration': 'aHVudGVyMg==', keep: 'x' },
      },
      data: { password: 'aHVudGVyMg==' },
    };
    const { scope, until } = start(api);
    const state = await until('live', '1');
    expect(JSON.stringify(state)).not.toContain('aHVudGVyMg');
    expect(state.object?.data).toEqual({ password: null });
    scope.dispose();
  });
});
