/**
 * The real cluster that tests may use: the kubeconfig named by BINNACLE_TEST_KUBECONFIG, else that
 * of the test cluster's kit beside this checkout when it is up. Undefined: there is none.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Scope } from '../../src/shared/rpc/scope';
import { openApi, type ClusterApi } from '../../src/main/k8s/open-api';
import { Kubeconfigs } from '../../src/main/kubeconfig/source';

const STATE = '/tmp/binnacle-cluster/real/kubeconfigs';

/** A cluster that was not taken down leaves its kubeconfigs behind: only one that can be reached counts. */
export function answers(file: string): boolean {
  const server = /\bserver['"]?:\s*['"]?([^\s'",}]+)/.exec(readFileSync(file, 'utf8'))?.[1];
  if (server === undefined || !URL.canParse(server)) return false;
  const { hostname, port, protocol } = new URL(server);
  const connect = `require('node:net').connect(+process.argv[1], process.argv[2])
    .on('connect', () => process.exit(0)).on('error', () => process.exit(1))`;
  const args = ['-e', connect, port === '' ? (protocol === 'http:' ? '80' : '443') : port];
  const host = hostname.replace(/^\[|\]$/g, '');
  return spawnSync(process.execPath, [...args, host], { timeout: 5_000 }).status === 0;
}

let folder: { readonly at: string | undefined } | undefined;

/** The folder with the kubeconfigs of the kit's cluster; undefined where it is not up. One that is named is up. */
export function kitKubeconfigs(): string | undefined {
  if (folder === undefined) {
    const named = process.env['BINNACLE_TEST_CLUSTER_KUBECONFIGS'];
    const admin = join(STATE, 'admin.yaml');
    folder = { at: named ?? (existsSync(admin) && answers(admin) ? STATE : undefined) };
  }
  return folder.at;
}

/** `name`: one of the kit's kubeconfigs; only used where no variable names one. */
export function realKubeconfig(name = 'admin'): string | undefined {
  const named = process.env['BINNACLE_TEST_KUBECONFIG'];
  if (named !== undefined && named !== '') return named;
  const kit = kitKubeconfigs();
  const file = kit === undefined ? undefined : join(kit, `${name}.yaml`);
  return file !== undefined && existsSync(file) ? file : undefined;
}

/** The API of the current context of a kubeconfig. */
export async function openReal(file: string, scope: Scope): Promise<ClusterApi> {
  const configs = new Kubeconfigs({ scope, environment: { KUBECONFIG: file } });
  const { contexts, current } = await configs.start();
  return openApi(configs.resolve(current ?? contexts[0]?.id ?? ''), {}, scope);
}
