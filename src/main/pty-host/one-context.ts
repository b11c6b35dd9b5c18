/**
 * A kubeconfig with one context and one namespace, as JSON (which is YAML): what a local terminal
 * gets to see. Holds credentials: write it 0600 and remove it. Pure.
 */
import type { ContextConfig, Material } from '../kubeconfig/types';

export function oneContextKubeconfig(context: ContextConfig, namespace: string): string {
  const { cluster, user } = context;
  const { impersonate, exec, authProvider } = user;
  return JSON.stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': context.name,
      contexts: [{ name: context.name, context: { cluster: cluster.name, user: user.name, namespace } }],
      clusters: [
        {
          name: cluster.name,
          cluster: {
            server: cluster.server,
            ...material('certificate-authority', cluster.ca),
            ...given('tls-server-name', cluster.tlsServerName),
            ...(cluster.insecureSkipTlsVerify ? { 'insecure-skip-tls-verify': true } : {}),
            ...given('proxy-url', cluster.proxyUrl),
            ...(cluster.disableCompression ? { 'disable-compression': true } : {}),
            ...(cluster.execConfig === undefined
              ? {}
              : {
                  extensions: [{ name: 'client.authentication.k8s.io/exec', extension: cluster.execConfig }],
                }),
          },
        },
      ],
      users: [
        {
          name: user.name,
          user: {
            ...material('client-certificate', user.clientCertificate),
            ...material('client-key', user.clientKey),
            ...given('token', user.token),
            ...given('tokenFile', user.tokenFile),
            ...given('username', user.username),
            ...given('password', user.password),
            ...(impersonate
              ? {
                  as: impersonate.user,
                  ...(impersonate.groups.length > 0 ? { 'as-groups': impersonate.groups } : {}),
                  ...given('as-uid', impersonate.uid),
                  ...(Object.keys(impersonate.extra).length > 0
                    ? { 'as-user-extra': impersonate.extra }
                    : {}),
                }
              : {}),
            ...(exec
              ? {
                  exec: {
                    apiVersion: exec.apiVersion,
                    command: exec.command,
                    args: exec.args,
                    env: exec.env,
                    ...given('installHint', exec.installHint),
                    interactiveMode: exec.interactiveMode,
                    provideClusterInfo: exec.provideClusterInfo,
                  },
                }
              : {}),
            ...(authProvider
              ? { 'auth-provider': { name: authProvider.name, config: authProvider.config } }
              : {}),
          },
        },
      ],
    },
    null,
    1,
  );
}

function given(name: string, value: string | undefined): Record<string, string> {
  return value === undefined ? {} : { [name]: value };
}

function material(name: string, value: Material | undefined): Record<string, string> {
  if (!value) return {};
  return 'file' in value
    ? { [name]: value.file }
    : { [`${name}-data`]: Buffer.from(value.data, 'utf8').toString('base64') };
}
