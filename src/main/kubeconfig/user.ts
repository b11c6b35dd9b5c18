/**
 * The user entry of a context: which credentials it holds and whether kubectl would take
 * them together. Reads no file and runs nothing.
 */
import { AppFailure } from '#shared/util/app-error';
import { besideFile, commandOf, entryFailure, material, textIn } from './entry-fields';
import { isObject } from './entry-shape';
import type { Entry } from './load';
import type { AuthProvider, ExecConfig, UserConfig } from './types';

export function userConfig(user: Entry): UserConfig {
  if (user.problem) throw new AppFailure(user.problem);
  const { value, name } = user;
  const token = textIn(value, 'token');
  const tokenFile = textIn(value, 'tokenFile');
  const username = textIn(value, 'username');
  const password = textIn(value, 'password');
  const basic = username !== undefined || password !== undefined;
  if (token !== undefined && basic)
    throw entryFailure(
      user,
      `user "${name}" has both a token and a user name with password; only one may stand.`,
    );
  const clientCertificate = material(user, 'client-certificate');
  const clientKey = material(user, 'client-key');
  if (clientCertificate && !clientKey)
    throw entryFailure(user, `user "${name}" has a client certificate but no client key.`);
  const impersonate = impersonation(user);
  const hasOther = token !== undefined || tokenFile !== undefined || basic || clientCertificate !== undefined;
  const exec = isObject(value['exec']) ? execConfig(user, value['exec']) : undefined;
  const provider = isObject(value['auth-provider']) ? value['auth-provider'] : undefined;
  if (exec && provider)
    throw entryFailure(user, `user "${name}" has both exec and auth-provider; only one may stand.`);
  return {
    name,
    // Without its certificate a key proves nothing.
    ...(clientCertificate && clientKey ? { clientCertificate, clientKey } : {}),
    ...(token === undefined ? {} : { token }),
    ...(tokenFile === undefined ? {} : { tokenFile: besideFile(user, tokenFile) }),
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    // kubectl does not run the plugin when anything else stands beside it.
    ...(exec && !hasOther ? { exec } : {}),
    ...(provider ? { authProvider: providerOf(provider, user.file) } : {}),
    ...(impersonate ? { impersonate } : {}),
  };
}

function providerOf(provider: Record<string, unknown>, file: string): AuthProvider {
  const config: [string, string][] = [];
  if (isObject(provider['config']))
    for (const [key, found] of Object.entries(provider['config']))
      if (typeof found === 'string') config.push([key, found]);
  return { name: textIn(provider, 'name') ?? '', config: Object.fromEntries(config), file };
}

function impersonation(user: Entry): UserConfig['impersonate'] {
  const { value, name } = user;
  const as = textIn(value, 'as');
  const groups = texts(value['as-groups']);
  const uid = textIn(value, 'as-uid');
  const extra: [string, readonly string[]][] = [];
  if (isObject(value['as-user-extra']))
    for (const [key, found] of Object.entries(value['as-user-extra'])) extra.push([key, texts(found)]);
  if (as === undefined) {
    if (groups.length === 0 && uid === undefined && extra.length === 0) return undefined;
    throw entryFailure(user, `user "${name}" has as-uid, as-groups or as-user-extra without "as".`);
  }
  return {
    user: as,
    groups,
    ...(uid === undefined ? {} : { uid }),
    extra: Object.fromEntries(extra),
  };
}

function execConfig(user: Entry, exec: Record<string, unknown>): ExecConfig {
  const { name } = user;
  const command = textIn(exec, 'command');
  if (command === undefined) throw entryFailure(user, `exec of user "${name}" has no command.`);
  const apiVersion = textIn(exec, 'apiVersion');
  if (apiVersion === undefined) throw entryFailure(user, `exec of user "${name}" has no apiVersion.`);
  if (
    apiVersion !== 'client.authentication.k8s.io/v1' &&
    apiVersion !== 'client.authentication.k8s.io/v1beta1'
  )
    throw entryFailure(
      user,
      apiVersion === 'client.authentication.k8s.io/v1alpha1'
        ? `exec of user "${name}" uses apiVersion client.authentication.k8s.io/v1alpha1, which Kubernetes removed in 1.24.`
        : `exec of user "${name}" has an apiVersion that is neither client.authentication.k8s.io/v1 nor v1beta1.`,
      'Update the plugin and let it write the kubeconfig again, for example "aws eks update-kubeconfig" with a current AWS CLI, or change apiVersion to v1beta1 where the plugin answers in it.',
    );
  const mode = textIn(exec, 'interactiveMode');
  if (mode === undefined && apiVersion.endsWith('/v1'))
    throw entryFailure(user, `exec of user "${name}" has no interactiveMode, which apiVersion v1 requires.`);
  if (mode !== undefined && mode !== 'Never' && mode !== 'IfAvailable' && mode !== 'Always')
    throw entryFailure(user, `interactiveMode of user "${name}" must be Never, IfAvailable or Always.`);
  const env: { name: string; value: string }[] = [];
  for (const one of Array.isArray(exec['env']) ? (exec['env'] as unknown[]) : []) {
    const variable = isObject(one) ? textIn(one, 'name') : undefined;
    if (variable === undefined)
      throw entryFailure(user, `exec.env of user "${name}" has an entry without a name.`);
    env.push({ name: variable, value: isObject(one) ? (textIn(one, 'value') ?? '') : '' });
  }
  const installHint = textIn(exec, 'installHint');
  return {
    apiVersion,
    command: commandOf(user, command),
    args: Array.isArray(exec['args'])
      ? (exec['args'] as unknown[]).map((one) => (typeof one === 'string' ? one : ''))
      : [],
    env,
    ...(installHint === undefined ? {} : { installHint }),
    interactiveMode: mode ?? 'IfAvailable',
    provideClusterInfo: exec['provideClusterInfo'] === true,
  };
}

function texts(found: unknown): string[] {
  return Array.isArray(found) ? found.filter((one): one is string => typeof one === 'string') : [];
}
