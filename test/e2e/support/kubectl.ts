/** The other person at the cluster: kubectl, and the kit that stops and starts its parts. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { testKubeconfig } from './screen';

const run = promisify(execFile);

function kitEnvironment(): NodeJS.ProcessEnv {
  const cache = process.env['CLUSTER_CACHE'] ?? '/var/cache/binnacle-cluster';
  return { ...process.env, PATH: `${process.env['PATH'] ?? ''}:${join(cache, 'bin')}` };
}

export async function kubectl(...args: string[]): Promise<string> {
  const all = ['--kubeconfig', testKubeconfig ?? '', ...args];
  const { stdout } = await run('kubectl', all, { env: kitEnvironment() });
  return stdout.trim();
}

/**
 * Waits until a Deployment's pods are those it wants and no others: what a restart ends goes on for a
 * while. The running test gets the time for it.
 */
export async function settled(namespace: string, name: string): Promise<void> {
  test.setTimeout(test.info().timeout + 90_000);
  const wanted = Number(
    await kubectl('-n', namespace, 'get', 'deployment', name, '-o', 'jsonpath={.spec.replicas}'),
  );
  const ready = (): Promise<string> =>
    kubectl(
      ...['-n', namespace, 'get', 'pods', '-l', `app=${name}`, '-o'],
      'jsonpath={range .items[*]}{.metadata.deletionTimestamp}{.status.conditions[?(@.type=="Ready")].status} {end}',
    );
  await expect
    .poll(ready, { timeout: 90_000, message: `pods of ${namespace}/${name}` })
    .toBe(Array<string>(wanted).fill('True').join(' '));
}

/** Applies a manifest given as an object. */
export function apply(object: Readonly<Record<string, unknown>>): Promise<void> {
  return send(object, ['apply', '-f', '-']);
}

/** By server-side apply, as another field manager. */
export function applyAs(manager: string, object: Readonly<Record<string, unknown>>): Promise<void> {
  return send(object, ['apply', '--server-side', `--field-manager=${manager}`, '-f', '-']);
}

function send(object: Readonly<Record<string, unknown>>, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const all = ['--kubeconfig', testKubeconfig ?? '', ...args];
    const child = execFile('kubectl', all, { env: kitEnvironment() }, (error) =>
      error ? reject(error) : resolve(),
    );
    child.stdin?.end(JSON.stringify(object));
  });
}

/** `cluster stop apiserver` and the like; only where the run has the kit. */
export async function cluster(...args: string[]): Promise<void> {
  const kit = process.env['BINNACLE_CLUSTER_DIR'];
  if (!kit) throw new Error('BINNACLE_CLUSTER_DIR does not name the cluster kit');
  await run(join(kit, 'cluster'), args, { env: process.env });
}
