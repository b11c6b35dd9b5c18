/**
 * What is kept of a Prometheus that was given by URL, and which parts of it are secret. The open part
 * may stand in a file; secrets only where the key store of the system seals them. Pure.
 */

/** Same fields as the contract's `urlSource`. */
export interface UrlFields {
  /** Without user, query and trailing slash. */
  readonly url: string;
  readonly bearer?: string | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** PEM. */
  readonly ca?: string | undefined;
  readonly certificate?: string | undefined;
  readonly key?: string | undefined;
}

export type SecretName = 'bearer' | 'password' | 'key' | 'headers';

export interface KeptUrl {
  /** Whole where `missing` is empty, else without its secrets. */
  readonly source: UrlFields;
  /** Secrets it had that are not at hand: to be asked for again. */
  readonly missing: readonly SecretName[];
  /** Names of the headers whose values are missing. */
  readonly headerNames: readonly string[];
}

/** Of one context. */
export interface KeptSources {
  /** Whether secrets outlive the app on this computer. */
  readonly keyStore: boolean;
  /** Id of the source the person chose. */
  readonly chosen?: string;
  readonly urls: readonly KeptUrl[];
}

export type SourceChange =
  | { readonly type: 'keep'; readonly source: UrlFields }
  | { readonly type: 'forget'; readonly url: string }
  /** null: whatever the search finds. */
  | { readonly type: 'choose'; readonly id: string | null };

/** The only header whose value is no secret: a tenant's name. */
export const TENANT = 'X-Scope-OrgID';

const isTenant = (name: string): boolean => name.toLowerCase() === TENANT.toLowerCase();
const has = (text: string | undefined): boolean => text !== undefined && text.trim() !== '';

/** The source without what is secret, and what that was. */
export function openPart(source: UrlFields): KeptUrl {
  const { url, username, ca, certificate } = source;
  const headers = Object.entries(source.headers ?? {});
  const open = headers.filter(([name]) => isTenant(name));
  const headerNames = headers.map(([name]) => name).filter((name) => !isTenant(name));
  const missing: SecretName[] = [];
  if (has(source.bearer)) missing.push('bearer');
  if (has(source.password)) missing.push('password');
  if (has(source.key)) missing.push('key');
  if (headerNames.length > 0) missing.push('headers');
  return {
    source: {
      url,
      ...(has(username) ? { username } : {}),
      ...(has(ca) ? { ca } : {}),
      ...(has(certificate) ? { certificate } : {}),
      ...(open.length > 0 ? { headers: Object.fromEntries(open) } : {}),
    },
    missing,
    headerNames,
  };
}

export function urlSourceId(url: string): string {
  return `url:${url}`;
}
