/**
 * Shells against a real cluster: exec through the API server, kubelet and runtime. Needs the
 * development cluster with its samples (BINNACLE_TEST_CLUSTER_KUBECONFIGS or its folder).
 */
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openSession } from '../../src/main/cluster-host/session';
import { openExec, runExec, type ExecEnd } from '../../src/main/k8s/exec-stream';
import { openApi, type ClusterApi } from '../../src/main/k8s/open-api';
import { Kubeconfigs } from '../../src/main/kubeconfig/source';
import type { ContextConfig } from '../../src/main/kubeconfig/types';
import { shell, type TerminalBatch, type TerminalEnd } from '../../src/shared/contract/shell';
import { RpcClient, type OpenStream } from '../../src/shared/rpc/client';
import { portPair } from '../../src/shared/rpc/port';
import { Scope } from '../../src/shared/rpc/scope';
import { serve } from '../../src/shared/rpc/server';
import type { TerminalUpdate } from '../../src/shared/contract/shell';
import { errorOf } from './k8s-support';
import { kitKubeconfigs } from '../support/real-cluster';

const kit = kitKubeconfigs();
const folder = kit ?? '';
const isThere = kit !== undefined;
if (!isThere) console.warn('SKIPPED: no real cluster is up');
const environment = Object.fromEntries(
  Object.entries(process.env).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
);

describe.skipIf(!isThere)('shells in a real cluster', () => {
  let scope: Scope;
  beforeEach(() => {
    scope = new Scope('real');
  });
  afterEach(() => scope.dispose());

  async function context(name: string): Promise<ContextConfig> {
    const source = new Kubeconfigs({ scope, environment: { KUBECONFIG: join(folder, `${name}.yaml`) } });
    const state = await source.start();
    return source.resolve(state.current ?? '');
  }

  async function podOf(api: ClusterApi, namespace: string, start: string): Promise<string> {
    const list = await api.json<{
      items: { metadata: { name: string; deletionTimestamp?: string }; status: { phase: string } }[];
    }>({ path: `/api/v1/namespaces/${namespace}/pods` }, scope.signal);
    const found = list.items.find(
      ({ metadata, status }) =>
        metadata.name.startsWith(start) && status.phase === 'Running' && !metadata.deletionTimestamp,
    );
    if (!found) throw new Error(`no pod ${start}* in ${namespace}`);
    return found.metadata.name;
  }

  interface Terminal {
    readonly text: () => string;
    readonly batches: readonly TerminalBatch[];
    readonly stream: OpenStream<TerminalUpdate>;
    readonly end: Promise<TerminalEnd | undefined>;
    type(text: string): void;
  }

  async function open(input: Parameters<typeof terminalOf>[1], name = 'admin'): Promise<Terminal> {
    const session = openSession({ context: await context(name), environment, scope });
    const [left, right] = portPair();
    serve(left, session.services, scope);
    const client = new RpcClient(right);
    scope.add(() => client.close());
    return terminalOf(client, input);
  }

  function terminalOf(
    client: RpcClient,
    input: { namespace: string; pod: string; container?: string; command?: string[] },
  ): Terminal {
    const batches: TerminalBatch[] = [];
    const chunks: Uint8Array[] = [];
    let ended: (end: TerminalEnd | undefined) => void = () => undefined;
    const end = new Promise<TerminalEnd | undefined>((resolve) => (ended = resolve));
    let last: TerminalEnd | undefined;
    const stream: OpenStream<TerminalUpdate> = client.open(
      shell,
      'open',
      { ...input, size: { columns: 91, rows: 33 } },
      {
        onData: (batch) => {
          batches.push({ ...batch, data: undefined });
          if (batch.data) {
            chunks.push(batch.data);
            stream.update({ type: 'ack', bytes: batch.data.length });
          }
          if (batch.end) last = batch.end;
        },
        onEnd: () => ended(last),
      },
    );
    return {
      batches,
      stream,
      end,
      text: () => Buffer.concat(chunks).toString('utf8'),
      type: (text) => stream.update({ type: 'input', data: text }),
    };
  }

  it('finds the shell of a container without bash, tells its size, and its exit code', async () => {
    const api = openApi(await context('admin'), environment, scope);
    const pod = await podOf(api, 'shop', 'frontend');
    const terminal = await open({ namespace: 'shop', pod });
    await vi.waitFor(() => expect(terminal.text()).toMatch(/[#$] /), 10_000);
    expect(terminal.batches.find((batch) => batch.started)?.started).toMatchObject({
      command: ['sh'],
      image: expect.stringContaining('local/shop') as unknown,
    });
    terminal.type('stty size\r');
    await vi.waitFor(() => expect(terminal.text()).toContain('33 91'), 5_000);
    terminal.stream.update({ type: 'resize', columns: 120, rows: 40 });
    terminal.type('sleep 0.2; stty size; echo ünïcode\r');
    await vi.waitFor(() => expect(terminal.text()).toContain('40 120'), 5_000);
    await vi.waitFor(() => expect(terminal.text()).toContain('\nünïcode'), 5_000);
    expect(terminal.text()).not.toMatch(/bash|OCI/);
    terminal.type('exit 3\r');
    expect(await terminal.end).toEqual({ code: 3 });
  });

  it('says that a container has no shell', async () => {
    const api = openApi(await context('admin'), environment, scope);
    const pod = await podOf(api, 'kube-system', 'coredns');
    const terminal = await open({ namespace: 'kube-system', pod });
    expect(await terminal.end).toMatchObject({
      error: { code: 'no-shell', hint: expect.stringContaining('Debug the pod') as unknown },
    });
    expect(terminal.text()).toBe('');
  });

  it.each([
    ['a container that is not there', { container: 'nope' }, { code: 'not-found' }],
    ['a command that is not there', { command: ['no-such'] }, { code: 'not-found', reason: 'NoSuchCommand' }],
    ['a pod that is not there', { pod: 'no-such-pod' }, { code: 'not-found', status: 404 }],
  ])('says why for %s', async (_, more, error) => {
    const api = openApi(await context('admin'), environment, scope);
    const pod = await podOf(api, 'shop', 'frontend');
    const terminal = await open({ namespace: 'shop', pod, ...more });
    expect(await terminal.end).toMatchObject({ error });
  });

  it('says who may not, what, and where', async () => {
    const api = openApi(await context('admin'), environment, scope);
    const pod = await podOf(api, 'shop', 'frontend');
    const terminal = await open({ namespace: 'shop', pod }, 'token');
    expect(await terminal.end).toMatchObject({
      error: {
        code: 'forbidden',
        status: 403,
        denied: { resource: 'pods/exec', namespace: 'shop', name: pod },
      },
    });
  });

  it('ends a cat when its input ends, and takes a megabyte in and out unharmed', async () => {
    const api = openApi(await context('admin'), environment, scope);
    const pod = await podOf(api, 'shop', 'frontend');
    const out: Buffer[] = [];
    let ended: (end: ExecEnd) => void = () => undefined;
    const end = new Promise<ExecEnd>((resolve) => (ended = resolve));
    const stream = await openExec(
      api,
      { namespace: 'shop', pod, command: ['cat'], tty: false, stdin: true },
      { onData: (_, bytes) => void out.push(Buffer.from(bytes)), onEnd: ended },
      scope.signal,
    );
    expect(stream.protocol).toBe('v5.channel.k8s.io');
    const sent = Buffer.alloc(1024 * 1024, 'binnacle\n');
    if (!stream.write(sent)) await stream.drained();
    expect(stream.endInput()).toBe(true);
    expect(await end).toEqual({ code: 0 });
    expect(Buffer.concat(out).equals(sent)).toBe(true);
  });

  it('keeps stdout and stderr of a program apart, with its exit code', async () => {
    const api = openApi(await context('admin'), environment, scope);
    const pod = await podOf(api, 'shop', 'frontend');
    const result = await runExec(
      api,
      { namespace: 'shop', pod },
      ['sh', '-c', 'echo out; echo err >&2; exit 7'],
      scope.signal,
    );
    expect([result.code, result.stdout.toString(), result.stderr.toString()]).toEqual([7, 'out\n', 'err\n']);
    expect(await errorOf(runExec(api, { namespace: 'shop', pod }, ['nope'], scope.signal))).toMatchObject({
      reason: 'NoSuchCommand',
    });
  });
});
