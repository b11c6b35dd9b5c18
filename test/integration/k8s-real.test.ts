/**
 * The kubeconfigs of a real cluster (BINNACLE_TEST_CLUSTER_KUBECONFIGS or the development
 * cluster's folder), good and broken: each ends in the right result with the right words.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Access } from '../../src/main/k8s/access';
import { Connection } from '../../src/main/k8s/connection';
import { Discovery } from '../../src/main/k8s/discovery';
import { Namespaces } from '../../src/main/k8s/namespaces';
import { openApi, type ClusterApi } from '../../src/main/k8s/open-api';
import { Kubeconfigs } from '../../src/main/kubeconfig/source';
import { Scope } from '../../src/shared/rpc/scope';
import { errorOf } from './k8s-support';
import { kitKubeconfigs } from '../support/real-cluster';

const kit = kitKubeconfigs();
const folder = kit ?? '';
const isThere = kit !== undefined;
if (!isThere) console.warn('SKIPPED: no real cluster is up');
const kubectl = [
  '/var/cache/binnacle-cluster/bin/kubectl',
  '/usr/local/bin/kubectl',
  '/usr/bin/kubectl',
].find(existsSync);

describe.skipIf(!isThere)('a real cluster', () => {
  let scope: Scope;
  beforeEach(() => {
    scope = new Scope('real');
  });
  afterEach(() => scope.dispose());

  async function open(name: string): Promise<{ api: ClusterApi; access: Access; namespace: string }> {
    const source = new Kubeconfigs({ scope, environment: { KUBECONFIG: join(folder, `${name}.yaml`) } });
    const state = await source.start();
    const config = source.resolve(state.current ?? '');
    const environment = Object.fromEntries(
      Object.entries(process.env).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
    );
    const api = openApi(config, environment, scope);
    return { api, access: new Access(api), namespace: config.namespace };
  }

  it.each([
    ['admin', 'admin'],
    ['token', 'system:serviceaccount:access:viewer'],
    ['token-file', 'system:serviceaccount:access:viewer'],
    ['certificate', 'jane'],
    ['impersonate', 'jane'],
    ['restricted', 'system:serviceaccount:access:shop-dev'],
    ['two-namespaces', 'system:serviceaccount:access:two'],
    ['pods-only', 'system:serviceaccount:access:pods-only'],
    ['nothing', 'system:serviceaccount:access:nothing'],
    ['exec', 'system:serviceaccount:access:viewer'],
  ])('%s is live as %s', async (name, user) => {
    const { api, access } = await open(name);
    const connection = new Connection(api, access, scope);
    const status = await connection.start();
    expect(status).toMatchObject({
      phase: 'live',
      user: { name: user },
      server: { version: expect.stringMatching(/^v1\./) as unknown },
    });
    expect(Math.abs(status.clockOffset)).toBeLessThan(3_000);
  });

  it.each([
    ['bad-token', 'unauthorized', { code: 'unauthorized', status: 401 }],
    [
      'expired',
      'unauthorized',
      {
        code: 'unauthorized',
        status: 401,
        message: expect.stringMatching(
          /^The client certificate of this context expired at \d{4}-/,
        ) as unknown,
      },
    ],
    ['bad-ca', 'unreachable', { code: 'tls' }],
    ['refused', 'unreachable', { code: 'refused' }],
    ['no-such-host', 'unreachable', { code: 'dns' }],
    ['exec-missing', 'unauthorized', { code: 'credentials', hint: 'install the example login helper' }],
  ])('%s ends %s', async (name, phase, error) => {
    const { api, access } = await open(name);
    const status = await new Connection(api, access, scope).start();
    expect(status).toMatchObject({ phase, error });
  });

  it('discovers every kind kubectl lists, and names the dead group', async () => {
    const { api } = await open('admin');
    const discovery = new Discovery(api, scope);
    const state = await discovery.ready(scope.signal);
    expect(state.failedGroups.map((one) => one.group)).toContain('gone.example.com');
    expect(discovery.kind('pods')).toMatchObject({
      version: 'v1',
      known: true,
      namespaced: true,
      title: 'Pods',
    });
    expect(discovery.kind('events.events.k8s.io')).toBeUndefined();
    expect(discovery.kind('tokenreviews.authentication.k8s.io')).toBeUndefined();
    if (kubectl) {
      const out = execFileSync(
        kubectl,
        ['--kubeconfig', join(folder, 'admin.yaml'), 'api-resources', '--verbs=list', '-o', 'name'],
        { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
      );
      const names = out
        .trim()
        .split('\n')
        .filter((one) => one !== 'events.events.k8s.io' && !one.endsWith('.gone.example.com'));
      expect(new Set(state.kinds.map((one) => one.id))).toEqual(new Set(names));
    }
  });

  it('knows what a user may do, and asks once', async () => {
    const { access } = await open('restricted');
    const pods = { verb: 'list', group: '', resource: 'pods' };
    const answers = await access.canAll(
      [{ ...pods, namespace: 'shop' }, pods, { ...pods, namespace: 'shop' }],
      scope.signal,
    );
    expect(answers.map((one) => one.allowed)).toEqual([true, false, true]);
    expect((await access.rules('shop', scope.signal)).rules.length).toBeGreaterThan(1);
  });

  it('explains a denied list with verb, resource and scope', async () => {
    const { api } = await open('nothing');
    const error = await errorOf(api.json({ path: '/api/v1/namespaces/shop/pods' }, scope.signal));
    expect(error).toMatchObject({
      code: 'forbidden',
      denied: { verb: 'list', resource: 'pods', namespace: 'shop' },
    });
  });

  it('lists namespaces, or what is known of them', async () => {
    const admin = await open('admin');
    const all = new Namespaces({ api: admin.api, scope, own: admin.namespace });
    all.observe(() => undefined, scope);
    await vi.waitFor(
      () =>
        expect(all.state).toMatchObject({
          source: 'list',
          names: expect.arrayContaining(['default', 'shop']) as unknown,
        }),
      5_000,
    );
    const restricted = await open('restricted');
    const few = new Namespaces({
      api: restricted.api,
      scope,
      own: restricted.namespace,
      remembered: ['web'],
    });
    few.observe(() => undefined, scope);
    await vi.waitFor(
      () =>
        expect(few.state).toMatchObject({
          source: 'known',
          names: ['shop', 'web'],
          error: { code: 'forbidden' },
        }),
      5_000,
    );
  });

  it('runs the exec plugin once for 200 requests', async () => {
    const log = join(folder, '..', 'exec-calls.log');
    const count = (): number => (existsSync(log) ? readFileSync(log, 'utf8').split('\n').length - 1 : 0);
    const { api } = await open('exec');
    const before = count();
    await Promise.all(Array.from({ length: 200 }, () => api.json({ path: '/version' }, scope.signal)));
    expect(count() - before).toBe(1);
  });
});
