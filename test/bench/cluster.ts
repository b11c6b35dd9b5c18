/** A real API server with simulated pods for a bench: the one named by `--kubeconfig`, or one of our own. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { BenchOptions } from './bench';
import { root } from './electron';

export interface BenchCluster {
  readonly kubeconfig: string;
  readonly kubectl: string;
  /** Of the cluster script; undefined where the cluster was given. */
  readonly script: string | undefined;
  down(): void;
}

const NAME = 'bench';

/** Throws with what is missing; `down` takes down only what this call started. */
export function benchCluster(pods: number, { flags, say }: BenchOptions): BenchCluster {
  const given = flags['kubeconfig'];
  const folder = process.env['BINNACLE_CLUSTER_DIR'] ?? resolve(root, '../shared/cluster');
  const script = join(folder, 'cluster');
  if (given !== undefined) {
    return {
      kubeconfig: given,
      kubectl: tool(script) ?? 'kubectl',
      script: existsSync(script) ? script : undefined,
      down: () => undefined,
    };
  }
  if (!existsSync(script)) {
    throw new Error(
      `No cluster to measure: ${script} is missing. Set BINNACLE_CLUSTER_DIR to the folder of the cluster script, or give --kubeconfig FILE of a cluster with ${pods} pods.`,
    );
  }
  run(script, ['down'], say);
  const nodes = pods > 20_000 ? '200' : '100';
  run(script, ['up', '--kwok', nodes, '--pods', String(pods), '--still'], say);
  const env = spawnSync(script, ['--name', NAME, 'env'], { encoding: 'utf8' }).stdout;
  const kubeconfig = /KUBECONFIG=(\S+)/.exec(env)?.[1];
  if (kubeconfig === undefined) throw new Error('the cluster script names no kubeconfig');
  return { kubeconfig, kubectl: tool(script) ?? 'kubectl', script, down: () => run(script, ['down'], say) };
}

function run(script: string, args: readonly string[], say: (text: string) => void): void {
  say(`cluster ${args.join(' ')}`);
  const done = spawnSync(script, ['--name', NAME, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (done.status !== 0) throw new Error(`cluster ${args.join(' ')}: ${done.stderr.slice(-500)}`);
}

function tool(script: string): string | undefined {
  if (!existsSync(script)) return undefined;
  const env = spawnSync(script, ['--name', NAME, 'env'], { encoding: 'utf8' }).stdout;
  const path = /PATH=([^:\s]+)/.exec(env)?.[1];
  return path !== undefined && existsSync(join(path, 'kubectl')) ? join(path, 'kubectl') : undefined;
}
