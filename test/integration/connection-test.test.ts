/** The connection test against the demo cluster and against servers that are wrong on purpose. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectionTest, type TestState } from '#shared/contract/connection-test';
import { RpcClient } from '#shared/rpc/client';
import { portPair } from '#shared/rpc/port';
import { Scope } from '#shared/rpc/scope';
import { serve as serveRpc } from '#shared/rpc/server';
import { startDemo, type Demo } from '../../src/demo/demo';
import { connectionTestService } from '../../src/main/features/connection-test/service';
import { missingTool } from '../../src/main/features/connection-test/sign-in';
import type { ClusterConfig, UserConfig } from '../../src/main/kubeconfig/types';
import { openApi } from '../../src/main/k8s/open-api';
import { certificates, contextConfig, serve, serveTcp, type Certificates } from './k8s-support';

let own: Certificates;
let demo: Demo;
let scope: Scope;

beforeAll(async () => {
  own = certificates();
  demo = await startDemo({ seed: 7, pace: 0 });
  scope = new Scope('connection test');
});
afterAll(async () => {
  scope.dispose();
  own.remove();
  await demo.close();
});

async function run(cluster: Partial<ClusterConfig>, user: Partial<UserConfig> = {}): Promise<TestState> {
  const context = contextConfig(cluster, user);
  const environment = { PATH: '/nowhere' };
  const held = scope.child('run');
  const [near, far] = portPair();
  const api = openApi(context, environment, held);
  serveRpc(far, [connectionTestService({ context, environment, api })], held);
  const client = new RpcClient(near);
  try {
    return await new Promise((resolve, reject) => {
      client.open(
        connectionTest,
        'run',
        {},
        {
          onData: (state) => {
            if (state.done) resolve(state);
          },
          onEnd: (error) => reject(new Error(error?.message)),
        },
      );
    });
  } finally {
    held.dispose();
  }
}

const stateOf = (state: TestState): Record<string, string> =>
  Object.fromEntries(state.steps.map((step) => [step.id, step.state]));

describe('connection test', () => {
  it('goes through every step and shows no token', async () => {
    const state = await run({ server: demo.url, ca: { data: demo.caPem } }, { token: demo.token });
    const states = stateOf(state);
    for (const id of ['dns', 'tcp', 'tls', 'credentials', 'auth', 'version', 'latency'])
      expect(states[id], JSON.stringify(state)).toBe('ok');
    expect(JSON.stringify(state)).not.toContain(demo.token);
  });

  it('shows the certificate of a plugin to a server that insists on one', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'plugin-pair-'));
    const mine = own.pair('jane', {});
    // TLS 1.2: a refusal ends the handshake itself.
    const server = await serve(
      (request, response) =>
        response.end(JSON.stringify(request.url === '/version' ? { gitVersion: 'v1.34.0' } : {})),
      {
        ...own.pair('strict', { san: 'IP:127.0.0.1', days: 29 }),
        ca: own.ca,
        requestCert: true,
        rejectUnauthorized: true,
        maxVersion: 'TLSv1.2',
      },
    );
    try {
      const command = join(folder, 'plugin');
      const apiVersion = 'client.authentication.k8s.io/v1';
      const status = { clientCertificateData: mine.cert, clientKeyData: mine.key };
      const credential = JSON.stringify({ kind: 'ExecCredential', apiVersion, status });
      writeFileSync(join(folder, 'credential'), credential);
      writeFileSync(command, `#!/bin/sh\necho >> ${folder}/runs\n/bin/cat ${folder}/credential\n`, {
        mode: 0o755,
      });
      const cluster = { server: `https://127.0.0.1:${server.port}`, ca: { data: own.ca } };
      const without = await run(cluster);
      expect(stateOf(without)['tls']).toBe('failed');
      const exec: UserConfig['exec'] = {
        apiVersion,
        command,
        args: [],
        env: [],
        interactiveMode: 'Never',
        provideClusterInfo: false,
      };
      const state = await run(cluster, { exec });
      expect(stateOf(state)).toMatchObject({ tls: 'ok', credentials: 'ok' });
      const details = state.steps.find((step) => step.id === 'credentials')?.details.join('\n');
      expect(details).toMatch(/Client certificate: .*CN=jane/);
      expect(details).toContain('The server took it in the TLS handshake');
      expect(JSON.stringify(state)).not.toContain('PRIVATE KEY');
      expect(readFileSync(join(folder, 'runs'), 'utf8')).toBe('\n');
    } finally {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it.each([
    ['unknown CA', {}, undefined, /not trusted|self-signed/],
    ['expired', { days: -1 }, 'own', /has expired/],
    ['wrong host', { san: 'DNS:other.example' }, 'own', /other names/],
  ] as const)('TLS: %s is named with the fingerprint', async (name, options, ca, words) => {
    const pair = own.pair(name.replace(' ', '-'), { san: 'IP:127.0.0.1', ...options });
    const server = await serve((_, response) => response.end(), pair);
    const trusted = ca === 'own' ? own.ca : demo.caPem;
    const state = await run({ server: `https://127.0.0.1:${server.port}`, ca: { data: trusted } });
    await server.close();
    const tls = state.steps.find((step) => step.id === 'tls');
    expect(tls).toMatchObject({ state: 'failed', words: expect.stringMatching(words) as string });
    expect(tls?.hint).toMatch(/SHA-256 ([0-9A-F]{2}:){31}/);
    expect(stateOf(state)).toMatchObject({ tcp: 'ok', credentials: 'skipped', health: 'skipped' });
  });

  it('names a refused connection as TCP', async () => {
    const server = await serveTcp(() => undefined);
    await server.close();
    const state = await run({ server: `https://127.0.0.1:${server.port}` });
    expect(stateOf(state)).toMatchObject({ dns: 'ok', tcp: 'failed', tls: 'skipped' });
  });

  it('does not take a login page for Kubernetes', async () => {
    const pair = own.pair('login', { san: 'IP:127.0.0.1', days: 20 });
    const server = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<html>login</html>');
    }, pair);
    const state = await run({ server: `https://127.0.0.1:${server.port}`, ca: { data: own.ca } });
    await server.close();
    expect(stateOf(state)).toMatchObject({ tls: 'ok', auth: 'failed', version: 'skipped' });
  });

  it('tells of a plugin that is missing, without values of its variables', async () => {
    const exec: UserConfig['exec'] = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: 'aws',
      args: ['eks', 'get-token'],
      env: [
        { name: 'AWS_PROFILE', value: 'prod' },
        { name: 'OTHER', value: 'hush-hush' },
      ],
      interactiveMode: 'Never',
      provideClusterInfo: false,
    };
    const state = await run({ server: demo.url, ca: { data: demo.caPem } }, { exec });
    const step = state.steps.find((one) => one.id === 'credentials');
    expect(step).toMatchObject({ state: 'failed' });
    expect(step?.details).toContain('Not found in: /nowhere');
    expect(JSON.stringify(state)).toContain('AWS_PROFILE=prod');
    expect(JSON.stringify(state)).not.toContain('hush-hush');
  });

  it('stops when the stream closes while a server is silent', async () => {
    let closed = (): void => undefined;
    const gone = new Promise<void>((resolve) => (closed = resolve));
    let came = (): void => undefined;
    const here = new Promise<void>((resolve) => (came = resolve));
    const server = await serveTcp((socket) => {
      socket.on('close', () => closed());
      came();
    });
    const context = contextConfig({ server: `https://127.0.0.1:${server.port}`, ca: { data: own.ca } });
    const held = scope.child('cancel');
    const [near, far] = portPair();
    const api = openApi(context, {}, held);
    serveRpc(far, [connectionTestService({ context, environment: {}, api })], held);
    const open = new RpcClient(near).open(
      connectionTest,
      'run',
      {},
      { onData: () => undefined, onEnd: () => undefined },
    );
    await here;
    open.close();
    await gone;
    held.dispose();
    await server.close();
  });

  it.each([
    ['exec: "aws": executable file not found in $PATH', 'aws'],
    ['sh: 1: gcloud: not found', 'gcloud'],
    ['bash: gke-gcloud-auth-plugin: command not found', 'gke-gcloud-auth-plugin'],
    ['awsome: not found', undefined],
  ])('a nested tool: %s', (text, tool) => expect(missingTool(text)?.tool).toBe(tool));
});
