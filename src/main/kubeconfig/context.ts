/**
 * A merged context as what a host connects with, and as what a screen may know of it.
 * Guarantees: the rules of kubectl (rules/kubeconfig.md 4.1): relative paths start at the
 * file that holds the entry, data wins over files, exec is skipped beside other credentials;
 * whatever kubectl refuses is refused with file, line and words; the summary holds no secret.
 */
import type { ContextSummary } from '#shared/contract/app';
import { recognise, type Provider } from '#shared/domain/providers/recognise';
import { AppFailure, type AppError } from '#shared/util/app-error';
import { userConfig } from './user';
import { entryFailure, material, textIn } from './entry-fields';
import { isObject } from './entry-shape';
import type { Entry } from './load';
import { nameIn, type MergedContext } from './merge';
import type { ClusterConfig, ContextConfig, UserConfig } from './types';

/** Everything a host needs; AppFailure `kubeconfig` when the context cannot be used. */
export function toContextConfig(merged: MergedContext): ContextConfig {
  const { context } = merged;
  if (merged.problem) throw new AppFailure(merged.problem);
  if (context.problem) throw new AppFailure(context.problem);
  const clusterName = nameIn(context, 'cluster');
  if (clusterName === undefined) throw entryFailure(context, `context "${context.name}" names no cluster.`);
  const { cluster } = merged;
  if (!cluster)
    throw entryFailure(
      context,
      `context "${context.name}" names the cluster "${clusterName}", which does not exist.`,
    );
  const userName = nameIn(context, 'user');
  if (userName !== undefined && !merged.user)
    throw entryFailure(
      context,
      `context "${context.name}" names the user "${userName}", which does not exist.`,
    );
  const user: UserConfig = merged.user ? userConfig(merged.user) : { name: '' };
  return {
    id: merged.id,
    name: context.name,
    file: context.file,
    namespace: textIn(context.value, 'namespace') ?? 'default',
    cluster: clusterConfig(cluster, user),
    user,
  };
}

/** What the list of contexts shows; never throws. */
export function toSummary(merged: MergedContext): ContextSummary {
  const { context } = merged;
  let problem: AppError | undefined;
  let server = '';
  try {
    server = toContextConfig(merged).cluster.server;
  } catch (thrown) {
    if (!(thrown instanceof AppFailure)) throw thrown;
    problem = thrown.error;
    server = shownServer(merged.cluster);
  }
  return {
    id: merged.id,
    name: context.name,
    cluster: nameIn(context, 'cluster') ?? '',
    user: nameIn(context, 'user') ?? '',
    namespace: textIn(context.value, 'namespace') ?? null,
    server,
    file: context.file,
    auth: authOf(merged.user),
    ...(problem ? { problem } : {}),
    ...providerOf(merged, server),
  };
}

function providerOf(merged: MergedContext, server: string): { provider?: Provider } {
  const { context, cluster, user } = merged;
  const exec = user && !user.problem ? user.value['exec'] : undefined;
  const command = isObject(exec) ? textIn(exec, 'command') : undefined;
  const args = isObject(exec) && Array.isArray(exec['args']) ? exec['args'] : [];
  const provider = recognise({
    context: context.name,
    cluster: nameIn(context, 'cluster') ?? '',
    user: nameIn(context, 'user') ?? '',
    server,
    extension: extensionProvider(cluster?.value['extensions']),
    ...(command === undefined
      ? {}
      : { exec: { command, args: args.filter((one): one is string => typeof one === 'string') } }),
  });
  return provider.id === 'unknown' ? {} : { provider };
}

/** minikube says in an extension of the cluster who made it. */
function extensionProvider(extensions: unknown): string | undefined {
  if (!Array.isArray(extensions)) return undefined;
  for (const one of extensions)
    if (isObject(one) && isObject(one['extension'])) {
      const found = textIn(one['extension'], 'provider');
      if (found !== undefined) return found;
    }
  return undefined;
}

function shownServer(cluster: Entry | undefined): string {
  if (!cluster) return '';
  try {
    return serverUrl(cluster, false);
  } catch {
    return '';
  }
}

function authOf(user: Entry | undefined): ContextSummary['auth'] {
  if (!user) return ['none'];
  const value = user.value;
  const has = (field: string): boolean => textIn(value, field) !== undefined;
  const found: ContextSummary['auth'][number][] = [];
  if (has('client-certificate') || has('client-certificate-data')) found.push('certificate');
  if (has('tokenFile')) found.push('token-file');
  else if (has('token')) found.push('token');
  if (has('username')) found.push('basic');
  if (isObject(value['exec'])) found.push('exec');
  if (isObject(value['auth-provider'])) found.push('auth-provider');
  return found.length === 0 ? ['none'] : found;
}

function clusterConfig(cluster: Entry, user: UserConfig): ClusterConfig {
  if (cluster.problem) throw new AppFailure(cluster.problem);
  const { value } = cluster;
  const ca = material(cluster, 'certificate-authority');
  const insecure = value['insecure-skip-tls-verify'] === true;
  if (insecure && ca)
    throw entryFailure(
      cluster,
      `cluster "${cluster.name}" has both a certificate authority and insecure-skip-tls-verify.`,
      'Remove insecure-skip-tls-verify: with the certificate authority it is not needed.',
    );
  const proxyUrl = textIn(value, 'proxy-url');
  if (proxyUrl !== undefined) checkProxy(cluster, proxyUrl);
  const tlsServerName = textIn(value, 'tls-server-name');
  const execConfig = execExtension(value['extensions']);
  return {
    name: cluster.name,
    server: serverUrl(cluster, insecure || ca !== undefined || user.clientCertificate !== undefined),
    ...(ca ? { ca } : {}),
    ...(tlsServerName !== undefined ? { tlsServerName } : {}),
    insecureSkipTlsVerify: insecure,
    ...(proxyUrl !== undefined ? { proxyUrl } : {}),
    disableCompression: value['disable-compression'] === true,
    ...(execConfig !== undefined ? { execConfig } : {}),
  };
}

/** Path kept; query, fragment and user info dropped; no trailing slash. */
function serverUrl(cluster: Entry, tls: boolean): string {
  const text = textIn(cluster.value, 'server')?.trim();
  if (text === undefined || text === '')
    throw entryFailure(cluster, `cluster "${cluster.name}" has no server.`);
  const url = parseUrl(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `${tls ? 'https' : 'http'}://${text}`);
  if (!url || url.hostname === '')
    throw entryFailure(cluster, `the server of cluster "${cluster.name}" is not a URL.`);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw entryFailure(cluster, `the server of cluster "${cluster.name}" is neither https nor http.`);
  return `${url.protocol}//${url.host}${url.pathname.replace(/\/+$/, '')}`;
}

function checkProxy(cluster: Entry, text: string): void {
  const url = parseUrl(text);
  if (!url || url.hostname === '')
    throw entryFailure(cluster, `the proxy-url of cluster "${cluster.name}" is not a URL.`);
  if (!['http:', 'https:', 'socks5:', 'socks5h:'].includes(url.protocol))
    throw entryFailure(cluster, `the proxy-url of cluster "${cluster.name}" must be http, https or socks5.`);
}

function parseUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

/** Extension of the cluster that a plugin with provideClusterInfo is handed. */
function execExtension(extensions: unknown): unknown {
  if (!Array.isArray(extensions)) return undefined;
  for (const one of extensions)
    if (isObject(one) && one['name'] === 'client.authentication.k8s.io/exec') return one['extension'];
  return undefined;
}
