/**
 * Bytes through a port-forward, ours against `kubectl port-forward`, in turns: a large file of a web
 * server in a pod of its own, read by a program of its own. Removes its namespace.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { forward } from '../../src/shared/contract/forward';
import type { RpcClient } from '../../src/shared/rpc/client';
import { median, round } from './bench';
import { eat, type Eaten } from './byte-eater';

const run = promisify(execFile);
const MEGABYTES = 100;
const ROUNDS = 5;
const PARALLEL = 100;

export interface ForwardRates {
  /** MB/s, medians. */
  readonly ours: number;
  readonly theirs: number;
  readonly ratio: number;
  /** 100 connections at once: how many were answered, and ms for all. */
  readonly answered: number;
  readonly parallelMs: number;
  readonly theirParallelMs: number;
}

export async function forwardRates(
  client: RpcClient,
  kubectl: string,
  kubeconfig: string,
): Promise<ForwardRates> {
  const namespace = `forward-bench-${randomBytes(4).toString('hex')}`;
  const cluster = ['--kubeconfig', kubeconfig];
  const call = (...args: string[]): Promise<unknown> => run(kubectl, [...cluster, ...args]);
  let child: ChildProcess | undefined;
  await call('create', 'namespace', namespace);
  try {
    const serve = `mkdir /www && dd if=/dev/urandom of=/www/big bs=1M count=${MEGABYTES} && echo ok > /www/index.html && exec httpd -f -p 8080 -h /www`;
    await call('-n', namespace, 'run', 'web', '--image=busybox:1.35', '--', 'sh', '-c', serve);
    await call('-n', namespace, 'wait', '--for=condition=Ready', 'pod/web', '--timeout=60s');
    const ourPort = await ourForward(client, namespace);
    const opened = await theirForward(kubectl, cluster, namespace);
    child = opened.child;
    await until(() => eat(ourPort, '/big').then((one) => one.bytes > MEGABYTES * 1_000_000));
    const ours: number[] = [];
    const theirs: number[] = [];
    await eat(opened.port, '/big');
    for (let turn = 0; turn < ROUNDS; turn += 1) {
      theirs.push(rate(await eat(opened.port, '/big')));
      ours.push(rate(await eat(ourPort, '/big')));
    }
    const other = await eat(opened.port, '/', PARALLEL);
    const mine = await eat(ourPort, '/', PARALLEL);
    return {
      ours: round(median(ours)),
      theirs: round(median(theirs)),
      ratio: round(median(ours) / median(theirs), 2),
      answered: mine.answered,
      parallelMs: round(mine.ms),
      theirParallelMs: round(other.ms),
    };
  } finally {
    child?.kill();
    await call('delete', 'namespace', namespace, '--wait=false');
  }
}

async function ourForward(client: RpcClient, namespace: string): Promise<number> {
  const target = { kind: 'pods', namespace, name: 'web' };
  const [started] = await client.call(forward, 'start', { target, ports: [{ remote: '8080', local: 0 }] });
  if (!started || !('row' in started)) throw new Error('the forward did not start');
  return started.row.localPort;
}

function theirForward(
  kubectl: string,
  cluster: readonly string[],
  namespace: string,
): Promise<{ child: ChildProcess; port: number }> {
  return new Promise((resolve, reject) => {
    const child = spawn(kubectl, [...cluster, '-n', namespace, 'port-forward', 'pod/web', ':8080']);
    child.once('exit', () => reject(new Error('kubectl port-forward ended')));
    child.stdout.on('data', (text: Buffer) => {
      const port = /127\.0\.0\.1:(\d+)/.exec(text.toString())?.[1];
      if (port !== undefined) resolve({ child, port: Number(port) });
    });
  });
}

/** MB/s. */
function rate({ bytes, ms }: Eaten): number {
  return bytes / 1_000 / ms;
}

async function until(test: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 60_000;
  while (!(await test().catch(() => false))) {
    if (Date.now() > end) throw new Error('the web server of the bench did not come up');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
