/**
 * A real API server with simulated pods for a bench: the one named by `--kubeconfig`, or one of
 * our own under a name of this run. Benches of one run share it; another size takes its place.
 * `closeClusters` takes down what this run started, and nothing else.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { BenchOptions } from './bench';
import { root } from './electron';

export interface BenchCluster {
  readonly kubeconfig: string;
  readonly kubectl: string;
  /** `stop`, `start`, `churn` and the like of the cluster script; throws where the cluster was given. */
  command(...args: string[]): Promise<string>;
  /** Bytes the API server holds at the moment; NaN where it does not say. */
  memory(): number;
}

const NAME = `bench-${process.pid}`;
let current: { readonly pods: number; readonly cluster: BenchCluster } | undefined;

function scriptPath(): string {
  return join(process.env['BINNACLE_CLUSTER_DIR'] ?? resolve(root, '../shared/cluster'), 'cluster');
}

/** Throws with what is missing. `--kubeconfig FILE [--cluster NAME]` measures a cluster that is up. */
export function benchCluster(pods: number, { flags, say }: BenchOptions): BenchCluster {
  const script = scriptPath();
  const given = flags['kubeconfig'];
  if (given !== undefined) {
    const name = flags['cluster'];
    return made(given, name === undefined || !existsSync(script) ? undefined : name);
  }
  if (!existsSync(script)) {
    throw new Error(
      `No cluster to measure: ${script} is missing. Set BINNACLE_CLUSTER_DIR to the folder of the cluster script, or give --kubeconfig FILE of a cluster with ${pods} pods.`,
    );
  }
  if (current?.pods === pods) return current.cluster;
  closeClusters();
  const nodes = pods > 20_000 ? '200' : '100';
  say(`cluster up with ${pods} pods`);
  current = { pods, cluster: made('', NAME) };
  run(['up', '--kwok', nodes, '--pods', String(pods), '--still']);
  const kubeconfig = /KUBECONFIG=(\S+)/.exec(run(['env']))?.[1];
  if (kubeconfig === undefined) throw new Error('the cluster script names no kubeconfig');
  current = { pods, cluster: made(kubeconfig, NAME) };
  waitForCache(current.cluster);
  return current.cluster;
}

/**
 * Returns when the API server's cache holds every pod: while it still reads what was seeded it takes both
 * cores, and refuses or delays whatever must not be older than now. Throws after two minutes.
 */
function waitForCache({ kubectl, kubeconfig }: BenchCluster): void {
  const get = (query: string): string => raw(kubectl, kubeconfig, `/api/v1/pods?${query}`);
  const limit = Date.now() + 120_000;
  const version = /"resourceVersion":"(\d+)"/.exec(get('limit=1'))?.[1];
  if (version === undefined) throw new Error('the API server does not list its pods');
  const none = `fieldSelector=metadata.name%3Dnone&resourceVersion=${version}&resourceVersionMatch=NotOlderThan`;
  // An answer comes when the cache is there; after 3 s without, the server refuses.
  while (!get(none).includes('"kind":"PodList"')) {
    if (Date.now() > limit) throw new Error("the API server's cache is still behind after two minutes");
  }
}

/** What the server answers to a GET, whatever it is. */
function raw(kubectl: string, kubeconfig: string, path: string): string {
  const done = spawnSync(kubectl, ['--kubeconfig', kubeconfig, 'get', '--raw', path], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  return done.stdout ?? '';
}

/** Takes down the cluster of this run, if there is one. */
export function closeClusters(): void {
  if (!current) return;
  current = undefined;
  run(['down']);
}

function made(kubeconfig: string, name: string | undefined): BenchCluster {
  const kubectl = kubectlPath() ?? 'kubectl';
  return {
    kubeconfig,
    kubectl,
    memory: () =>
      Number(/^process_resident_memory_bytes (\S+)$/m.exec(raw(kubectl, kubeconfig, '/metrics'))?.[1]),
    command: (...args) => {
      if (name === undefined) throw new Error('this needs --cluster NAME, or a cluster of our own');
      return command(['--name', name, ...args]);
    },
  };
}

function command(args: readonly string[]): Promise<string> {
  return new Promise((done, reject) => {
    const child = spawn(scriptPath(), [...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let problem = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString('utf8')));
    child.stderr.on('data', (chunk: Buffer) => (problem = (problem + chunk.toString('utf8')).slice(-500)));
    child.once('error', reject);
    // Not `close`: what the script leaves running may hold its streams.
    child.once('exit', (code) =>
      code === 0 ? setImmediate(() => done(out)) : reject(new Error(`cluster ${args.join(' ')}: ${problem}`)),
    );
  });
}

function run(args: readonly string[]): string {
  const done = spawnSync(scriptPath(), ['--name', NAME, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', args[0] === 'env' ? 'pipe' : 'ignore', 'pipe'],
  });
  if (done.status !== 0) throw new Error(`cluster ${args.join(' ')}: ${done.stderr.slice(-500)}`);
  return done.stdout ?? '';
}

function kubectlPath(): string | undefined {
  if (!existsSync(scriptPath())) return undefined;
  const path = /PATH=([^:\s]+)/.exec(run(['env']))?.[1];
  return path !== undefined && existsSync(join(path, 'kubectl')) ? join(path, 'kubectl') : undefined;
}
