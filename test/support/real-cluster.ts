/**
 * The real cluster that tests may use: the kubeconfig named by BINNACLE_TEST_KUBECONFIG, else that
 * of the test cluster's kit beside this checkout when it is up. Undefined: there is none.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Scope } from '../../src/shared/rpc/scope';
import { openApi, type ClusterApi } from '../../src/main/k8s/open-api';
import { Kubeconfigs } from '../../src/main/kubeconfig/source';

const STATE = '/tmp/binnacle-cluster/real/kubeconfigs';

/** `name`: one of the kit's kubeconfigs; only used where no variable names one. */
export function realKubeconfig(name = 'admin'): string | undefined {
  const named = process.env['BINNACLE_TEST_KUBECONFIG'];
  if (named !== undefined && named !== '') return named;
  const file = join(STATE, `${name}.yaml`);
  return existsSync(file) ? file : undefined;
}

/** The API of the current context of a kubeconfig. */
export async function openReal(file: string, scope: Scope): Promise<ClusterApi> {
  const configs = new Kubeconfigs({ scope, environment: { KUBECONFIG: file } });
  const { contexts, current } = await configs.start();
  return openApi(configs.resolve(current ?? contexts[0]?.id ?? ''), {}, scope);
}
