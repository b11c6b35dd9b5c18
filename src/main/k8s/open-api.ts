/** The API of one context, ready to use: credentials and transport put together. */
import type { Scope } from '#shared/rpc/scope';
import type { ContextConfig, Rotation } from '../kubeconfig/types';
import { makeCredentials, type Credentials } from './credentials';
import { Transport } from './transport';

export type ClusterApi = Transport & { readonly credentials: Credentials };

/**
 * Contacts nothing until the first request. `environment` is what exec plugins run with and
 * where proxies are looked up; everything ends with `scope`.
 */
export function openApi(
  config: ContextConfig,
  environment: Readonly<Record<string, string>>,
  scope: Scope,
  onRotated?: (tokens: Rotation) => void,
): ClusterApi {
  const clock: { now: () => number | undefined } = { now: () => undefined };
  const { user, cluster } = config;
  const credentials = makeCredentials(user, cluster, environment, scope, () => clock.now(), onRotated);
  const transport = new Transport({ config, environment, credentials, scope });
  clock.now = () => transport.serverNow;
  return Object.assign(transport, { credentials });
}
