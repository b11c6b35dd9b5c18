/**
 * One context resolved to what a host needs to connect, and nothing of the other
 * contexts. Crosses only from main to the context's own host; never to a renderer,
 * never to a log. Relative paths are already absolute; data already wins over files.
 */

/** Key material: inline (decoded from base64) or a file read when it is needed. */
export type Material = { readonly data: string } | { readonly file: string };

export interface ClusterConfig {
  readonly name: string;
  /** Query and fragment dropped, path kept, no trailing slash. */
  readonly server: string;
  /** PEM. */
  readonly ca?: Material;
  readonly tlsServerName?: string;
  readonly insecureSkipTlsVerify: boolean;
  readonly proxyUrl?: string;
  readonly disableCompression: boolean;
  /** The cluster extension `client.authentication.k8s.io/exec`, for provideClusterInfo. */
  readonly execConfig?: unknown;
}

export interface ExecConfig {
  readonly apiVersion: 'client.authentication.k8s.io/v1' | 'client.authentication.k8s.io/v1beta1';
  readonly command: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly installHint?: string;
  readonly interactiveMode: 'Never' | 'IfAvailable' | 'Always';
  readonly provideClusterInfo: boolean;
}

export interface AuthProvider {
  readonly name: string;
  readonly config: Readonly<Record<string, string>>;
  /** Kubeconfig that holds the user entry; may be another than the context's. */
  readonly file?: string;
  /** Why the newest tokens are not in that file, in words. */
  readonly notKept?: string;
}

/** What a provider gave instead of a refresh-token that it takes no more. */
export interface Rotation {
  /** The refresh-token that was used up. */
  readonly used: string;
  readonly id: string;
  readonly refresh: string;
}

export interface UserConfig {
  readonly name: string;
  readonly clientCertificate?: Material;
  readonly clientKey?: Material;
  readonly token?: string;
  readonly tokenFile?: string;
  readonly username?: string;
  readonly password?: string;
  readonly exec?: ExecConfig;
  readonly authProvider?: AuthProvider;
  readonly impersonate?: {
    readonly user: string;
    readonly groups: readonly string[];
    readonly uid?: string;
    readonly extra: Readonly<Record<string, readonly string[]>>;
  };
}

export interface ContextConfig {
  readonly id: string;
  readonly name: string;
  /** Kubeconfig file that owns the context. */
  readonly file: string;
  /** `default` where the context names none. */
  readonly namespace: string;
  readonly cluster: ClusterConfig;
  readonly user: UserConfig;
}
