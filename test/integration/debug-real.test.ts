/**
 * Debugging in a real cluster, through the services of a session: Pod Security, images that cannot be
 * pulled, ends with their codes, clean-up. Needs the development cluster; makes a namespace of its own.
 */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { debugService } from '../../src/main/features/debug/service';
import { shellService } from '../../src/main/features/shell/service';
import type { ClusterApi } from '../../src/main/k8s/open-api';
import { debug, type DebugRequest, type DebugState } from '../../src/shared/contract/debug';
import { shell, type TerminalEnd } from '../../src/shared/contract/shell';
import { RpcClient } from '../../src/shared/rpc/client';
import { portPair } from '../../src/shared/rpc/port';
import { Scope } from '../../src/shared/rpc/scope';
import { serve } from '../../src/shared/rpc/server';
import { openReal, realKubeconfig } from '../support/real-cluster';
import { errorOf } from './k8s-support';

const file = realKubeconfig();
if (file === undefined) console.warn('SKIPPED: no real cluster');
const IMAGE = 'busybox:1.35';
const suffix = (): string => randomBytes(3).toString('hex').slice(0, 5);

describe.skipIf(file === undefined)('debugging in a real cluster', () => {
  const namespace = `debug-${randomBytes(4).toString('hex')}`;
  let scope: Scope;
  let api: ClusterApi;
  let client: RpcClient;
  let uid = '';

  const post = <T>(path: string, body: object): Promise<T> =>
    api.json<T>({ method: 'POST', path, body: JSON.stringify(body) }, scope.signal);

  beforeAll(async () => {
    scope = new Scope('debug-real');
    api = await openReal(file ?? '', scope);
    const [left, right] = portPair();
    serve(left, [debugService({ api }), shellService({ api, scope })], scope);
    client = new RpcClient(right);
    scope.add(() => client.close());
    await post('/api/v1/namespaces', {
      metadata: { name: namespace, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
    });
    await vi.waitFor(
      () => api.json({ path: `/api/v1/namespaces/${namespace}/serviceaccounts/default` }, scope.signal),
      { timeout: 20_000, interval: 300 },
    );
    const pod = await post<{ metadata: { uid: string } }>(`/api/v1/namespaces/${namespace}/pods`, {
      metadata: { name: 'web' },
      spec: {
        terminationGracePeriodSeconds: 1,
        securityContext: { runAsUser: 1000, runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
        containers: [
          {
            name: 'app',
            image: IMAGE,
            command: ['sleep', '3600'],
            securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
          },
        ],
      },
    });
    uid = pod.metadata.uid;
  }, 60_000);

  afterAll(async () => {
    const path = `/api/v1/namespaces/${namespace}`;
    await api.json({ method: 'DELETE', path }, scope.signal).catch(() => undefined);
    scope.dispose();
  });

  const ephemeral = (part: Partial<Extract<DebugRequest, { way: 'ephemeral' }>> = {}): DebugRequest => ({
    way: 'ephemeral',
    profile: 'restricted',
    image: IMAGE,
    imagePullPolicy: 'IfNotPresent',
    suffix: suffix(),
    namespace,
    pod: 'web',
    uid,
    target: 'app',
    ...part,
  });

  /** Follows until `wanted` says so. */
  async function until(
    target: { pod: string; container: string },
    wanted: (state: DebugState) => boolean,
  ): Promise<DebugState> {
    return new Promise((resolve, reject) => {
      const stream = client.open(
        debug,
        'follow',
        { namespace, ...target },
        {
          onData: (state) => {
            if (!wanted(state)) return;
            resolve(state);
            stream.close();
          },
          onEnd: (error) => error && error.code !== 'cancelled' && reject(new Error(error.message)),
        },
      );
    });
  }

  it('says before and after that the namespace refuses, and which profile passes', async () => {
    const request = ephemeral({ profile: 'general' });
    const plan = await client.call(debug, 'plan', request);
    expect(plan.security).toMatchObject({ level: 'restricted', passing: ['restricted'] });
    const error = await errorOf(client.call(debug, 'create', request));
    expect(error.message).toMatch(/enforces the Pod Security level restricted/);
    expect(error.hint).toBe('The profile restricted would pass.');
    expect((await client.call(debug, 'plan', ephemeral())).security).toBeUndefined();
    const node = { ...request, way: 'node', node: 'node-1' } as unknown as DebugRequest;
    expect((await client.call(debug, 'plan', node)).security?.passing).toEqual(['restricted']);
  }, 30_000);

  it('attaches, and tells the exit code that the process gave', async () => {
    const made = await client.call(debug, 'create', ephemeral());
    const target = { pod: 'web', container: made.container ?? '' };
    await until(target, ({ phase }) => phase === 'running');
    const facts = await client.call(debug, 'pod', { namespace, pod: 'web' });
    expect(facts).toMatchObject({ enforced: 'restricted', main: 'app' });
    expect(facts.containers.find((one) => one.name === made.container)).toMatchObject({
      state: 'running',
      target: 'app',
    });
    const end = await new Promise<TerminalEnd>((resolve, reject) => {
      const stream = client.open(
        shell,
        'open',
        { namespace, ...target, attach: true, size: { columns: 80, rows: 24 } },
        {
          onData: (batch) => {
            if (batch.data) stream.update({ type: 'ack', bytes: batch.data.length });
            if (batch.started) stream.update({ type: 'input', data: 'exit 7\n' });
            if (batch.end) resolve(batch.end);
          },
          onEnd: (error) => error && reject(new Error(error.message)),
        },
      );
    });
    expect(end).toEqual({ code: 7 });
    expect(await until(target, ({ phase }) => phase === 'ended')).toMatchObject({ exitCode: 7 });
    // Echo and the shell's questions to the terminal mix in any order: only its greeting is sure.
    expect(await client.call(debug, 'output', { namespace, ...target })).toContain('BusyBox');
  }, 60_000);

  it('tells of an image that cannot be pulled', async () => {
    const made = await client.call(debug, 'create', ephemeral({ image: 'no-such.invalid/image:1' }));
    const state = await until({ pod: 'web', container: made.container ?? '' }, ({ stuck }) => stuck === true);
    expect(state.words).toMatch(/^The image cannot be pulled: .*no-such\.invalid/);
  }, 60_000);

  it('refuses what went meanwhile, and a name that is taken', async () => {
    const replaced = await errorOf(client.call(debug, 'create', ephemeral({ uid: 'another' })));
    expect(replaced).toMatchObject({ code: 'conflict' });
    const taken = await client.call(debug, 'plan', ephemeral({ container: 'app' }));
    expect(taken.problem).toMatch(/Container app exists/);
  }, 30_000);

  it('makes a copy, finds it by name, and removes only the one it means', async () => {
    const request: DebugRequest = {
      way: 'copy',
      profile: 'restricted',
      suffix: suffix(),
      namespace,
      pod: 'web',
      uid,
      copyTo: 'web-debug',
      container: 'app',
      command: ['sh'],
    };
    const made = await client.call(debug, 'create', request);
    await until({ pod: 'web-debug', container: 'app' }, ({ phase }) => phase === 'running');
    expect(await errorOf(client.call(debug, 'create', request))).toMatchObject({
      message: `There is a pod web-debug in ${namespace} already.`,
    });
    const known = [{ namespace, pod: 'web-debug' }];
    const { pods } = await client.call(debug, 'pods', { namespaces: [], known, labelled: false });
    expect(pods).toMatchObject([{ name: 'web-debug', way: 'copy', uid: made.uid }]);

    await client.call(debug, 'remove', { namespace, pod: 'web-debug', uid: 'another' });
    const still = await client.call(debug, 'pods', { namespaces: [], known, labelled: false });
    expect(still.pods).toHaveLength(1);
    await client.call(debug, 'remove', { namespace, pod: 'web-debug', uid: made.uid });
    await until({ pod: 'web-debug', container: 'app' }, ({ phase }) => phase === 'gone');
    await client.call(debug, 'remove', { namespace, pod: 'web-debug', uid: made.uid });
  }, 60_000);
});
