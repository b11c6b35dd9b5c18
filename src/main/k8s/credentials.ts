/**
 * Who we are to one cluster: the headers of a request and, from a plugin, a certificate.
 * Guarantees: nothing is read or run before the first request; one refresh at a time however
 * many requests wait; after a 401 a credential is refreshed once for the next call and never
 * in a loop (faults 10, 11); a failure stays until `retry()`; no credential is in an error.
 */
import { X509Certificate } from 'node:crypto';
import { fail, type AppFailure } from '#shared/util/app-error';
import type { Scope } from '#shared/rpc/scope';
import { readSmallFileSync } from '../kubeconfig/read-file';
import type { AuthProvider, ClusterConfig, Rotation, UserConfig } from '../kubeconfig/types';
import { impersonationHeaders, type RequestHeaders } from './impersonation';
import { ExecCredentials, type PluginRuns } from './exec-plugin';
import { OidcToken } from './oidc';
import { FileToken } from './token-file';
import { checkedToken, jwtExpiry } from './token';
import type { CertificatePair } from './tls';

export interface Credential {
  readonly headers: RequestHeaders;
  readonly pair?: CertificatePair;
  /** Tells `rejected` which credential the server did not take. */
  readonly generation: number;
}

export interface CredentialReport {
  readonly kind: 'certificate' | 'token' | 'token-file' | 'basic' | 'exec' | 'auth-provider' | 'none';
  /** Epoch ms, where the credential tells it. */
  readonly expires?: number;
  /** How an exec plugin fared so far. */
  readonly plugin?: PluginRuns;
  /** Why the newest tokens are not in the kubeconfig, in words. */
  readonly notKept?: string;
}

/** What helps when a credential is over: what stands in the kubeconfig itself cannot be renewed by signing in. */
export function overHint(kind: CredentialReport['kind']): string {
  return kind === 'exec' || kind === 'auth-provider'
    ? 'Sign in again.'
    : 'Fetch the kubeconfig again, from where you have it.';
}

export interface Credentials {
  /** AppFailure `credentials` when there is none to be had. */
  current(signal: AbortSignal): Promise<Credential>;
  /** After a 401: true when the next `current` may bring another credential. */
  rejected(generation: number): boolean;
  /** The server took this credential. */
  accepted(generation: number): void;
  /** Forgets failures and what is cached: the person asked again. */
  retry(): void;
  /** Takes tokens that somebody else got; true when they are others than the present ones. */
  adopt?(provider: AuthProvider): boolean;
  /** A plugin or sign-in is running right now. */
  readonly busy: boolean;
  readonly report: CredentialReport;
}

/** A token or certificate that something else renews. */
export interface Source {
  current(signal: AbortSignal): Promise<{ token?: string; pair?: CertificatePair; generation: number }>;
  rejected(generation: number): boolean;
  accepted?(generation: number): void;
  retry(): void;
  readonly busy: boolean;
  readonly expires: number | undefined;
  readonly plugin?: PluginRuns;
  readonly notKept?: string | undefined;
  adopt?(provider: AuthProvider): boolean;
}

export function makeCredentials(
  user: UserConfig,
  cluster: ClusterConfig,
  environment: Readonly<Record<string, string>>,
  scope: Scope,
  serverNow?: () => number | undefined,
  onRotated?: (tokens: Rotation) => void,
): Credentials {
  const fixed = impersonationHeaders(user.impersonate);
  const kind = kindOf(user);
  const source: Source | undefined =
    kind === 'exec' && user.exec
      ? new ExecCredentials(user.exec, cluster, environment, scope, undefined, serverNow)
      : kind === 'token-file' && user.tokenFile !== undefined
        ? new FileToken(user.tokenFile, user.token)
        : kind === 'auth-provider' && user.authProvider?.name === 'oidc'
          ? new OidcToken({ ...user.authProvider, environment, scope, ...(onRotated && { onRotated }) })
          : undefined;
  return {
    async current(signal) {
      if (source) {
        const got = await source.current(signal);
        return {
          headers: got.token === undefined ? fixed : { ...fixed, authorization: `Bearer ${got.token}` },
          ...(got.pair ? { pair: got.pair } : {}),
          generation: got.generation,
        };
      }
      return { headers: { ...fixed, ...staticHeaders(user) }, generation: 0 };
    },
    rejected: (generation) => source?.rejected(generation) ?? false,
    accepted: (generation) => source?.accepted?.(generation),
    retry: () => source?.retry(),
    adopt: (provider) => source?.adopt?.(provider) ?? false,
    get busy() {
      return source?.busy ?? false;
    },
    get report() {
      const expires = source?.expires ?? fixedExpiry(user);
      return {
        kind,
        ...(expires === undefined ? {} : { expires }),
        ...(source?.plugin ? { plugin: source.plugin } : {}),
        ...(source?.notKept === undefined ? {} : { notKept: source.notKept }),
      };
    },
  };
}

function kindOf(user: UserConfig): CredentialReport['kind'] {
  if (user.tokenFile !== undefined) return 'token-file';
  if (user.token !== undefined) return 'token';
  if (user.username !== undefined || user.password !== undefined) return 'basic';
  if (user.exec) return 'exec';
  if (user.authProvider) return 'auth-provider';
  return user.clientCertificate ? 'certificate' : 'none';
}

function staticHeaders(user: UserConfig): Record<string, string> {
  if (user.token !== undefined) return { authorization: `Bearer ${checkedToken(user.token)}` };
  if (user.username !== undefined || user.password !== undefined) {
    const pair = `${user.username ?? ''}:${user.password ?? ''}`;
    return { authorization: `Basic ${Buffer.from(pair, 'utf8').toString('base64')}` };
  }
  if (user.authProvider) throw unknownProvider(user.authProvider);
  return {};
}

/** gcp and azure were removed from kubectl in 1.26 and are never run. */
function unknownProvider(provider: NonNullable<UserConfig['authProvider']>): AppFailure {
  const plugins: Readonly<Record<string, string>> = {
    gcp: 'Install gke-gcloud-auth-plugin and run "gcloud container clusters get-credentials" again.',
    azure: 'Install kubelogin and run "kubelogin convert-kubeconfig".',
  };
  const name = /^[\w.-]{1,40}$/.test(provider.name) ? provider.name : 'of this context';
  return fail(
    'credentials',
    `The auth-provider ${name} is not supported: kubectl removed it; it needs an exec plugin now.`,
    {
      hint:
        plugins[provider.name] ?? 'Ask the people who run the cluster for a kubeconfig with an exec plugin.',
    },
  );
}

/** Of a token or certificate that stands in the kubeconfig itself. */
function fixedExpiry(user: UserConfig): number | undefined {
  if (user.token !== undefined) return jwtExpiry(user.token);
  const { clientCertificate } = user;
  if (!clientCertificate) return undefined;
  try {
    const pem =
      'data' in clientCertificate
        ? clientCertificate.data
        : readSmallFileSync(clientCertificate.file, 1024 * 1024).toString('utf8');
    const end = Date.parse(new X509Certificate(pem).validTo);
    return Number.isNaN(end) ? undefined : end;
  } catch {
    return undefined; // The connection itself says what is wrong with it.
  }
}
