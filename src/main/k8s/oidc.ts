/**
 * The `oidc` auth-provider of a kubeconfig: hands over the id-token and, when it runs out, asks the
 * identity provider for another one with the refresh-token (OIDC discovery, then its token endpoint).
 * Guarantees: nothing is asked while the token is good; one refresh however many wait; a refusal
 * is final until `retry()`; only https (http on loopback); no redirect is followed; no token is in
 * an error. A rotated refresh-token is told to `onRotated`: main writes it into the kubeconfig,
 * for kubectl's next call would come with one that is worth nothing any more.
 * Ours, as client-node 1.4 takes `expires_in` for a time of day and so refreshes for every request,
 * sends no client-secret and knows no idp-certificate-authority.
 */
import { setMaxListeners } from 'node:events';
import { AppFailure, fail, isCancelled, toAppError, type AppError } from '#shared/util/app-error';
import type { Scope } from '#shared/rpc/scope';
import type { AuthProvider, Material, Rotation } from '../kubeconfig/types';
import type { Credentials, Source } from './credentials';
import { checkedToken, jwtExpiry } from './token';
import { Transport } from './transport';

/** Before the end of a token, so that a request on its way still arrives with a good one. */
const MARGIN_MS = 10_000;
const ANSWER_BYTES = 256 * 1024;
const TIMEOUT_MS = 10_000;
/** Pause after the provider could not be reached. */
const AWAY_MS = 15_000;

export interface OidcOptions {
  readonly config: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
  readonly scope: Scope;
  readonly notKept?: string;
  readonly onRotated?: (tokens: Rotation) => void;
  readonly now?: () => number;
}

interface Tokens {
  readonly id: string | undefined;
  readonly refresh: string | undefined;
}

export class OidcToken implements Source {
  private tokens: Tokens;
  private generation = 0;
  /** The server did not take the present token, whatever its `exp` says. */
  private isRefused = false;
  /** The present token came from a refresh: another one would be no better. */
  private isRenewed = false;
  notKept: string | undefined;
  private failure: { readonly error: AppError; readonly until: number } | undefined;
  private refreshing: Promise<void> | undefined;
  private readonly now: () => number;

  constructor(private readonly options: OidcOptions) {
    this.now = options.now ?? Date.now;
    this.tokens = fromConfig(options.config);
    this.notKept = options.notKept;
  }

  get busy(): boolean {
    return this.refreshing !== undefined;
  }

  get expires(): number | undefined {
    return this.tokens.id === undefined ? undefined : jwtExpiry(this.tokens.id);
  }

  async current(signal: AbortSignal): Promise<{ token: string; generation: number }> {
    if (!this.isGood()) await this.refreshed(signal);
    const { id } = this.tokens;
    if (id === undefined) throw noToken();
    return { token: checkedToken(id), generation: this.generation };
  }

  rejected(generation: number): boolean {
    if (generation !== this.generation) return true;
    // A token that came from a refresh and is refused would only come again.
    if (this.isRefused || this.isRenewed || this.tokens.refresh === undefined) return false;
    this.isRefused = true;
    return true;
  }

  accepted(generation: number): void {
    if (generation === this.generation) this.isRefused = false;
  }

  retry(): void {
    this.failure = undefined;
    if (this.isRefused) this.isRefused = this.tokens.refresh !== undefined;
  }

  /** Tokens as they stand in the kubeconfig now: of kubectl, of another sign-in, or our own. */
  adopt({ config, notKept }: AuthProvider): boolean {
    this.notKept = notKept;
    const next = fromConfig(config);
    if (next.id === this.tokens.id && next.refresh === this.tokens.refresh) return false;
    this.tokens = next;
    this.generation += 1;
    this.isRefused = this.isRenewed = false;
    this.failure = undefined;
    return true;
  }

  private isGood(): boolean {
    if (this.tokens.id === undefined || this.isRefused) return false;
    const { expires } = this;
    return expires === undefined || expires - MARGIN_MS > this.now();
  }

  private async refreshed(signal: AbortSignal): Promise<void> {
    const { failure } = this;
    if (failure && this.now() < failure.until) throw new AppFailure(failure.error);
    this.refreshing ??= this.refresh().finally(() => {
      this.refreshing = undefined;
    });
    await orAborted(this.refreshing, signal);
  }

  private async refresh(): Promise<void> {
    try {
      const before = this.tokens.refresh;
      const next = await this.ask();
      this.tokens = next;
      this.generation += 1;
      this.isRefused = false;
      this.isRenewed = true;
      this.failure = undefined;
      if (before !== undefined && next.refresh !== before)
        this.options.onRotated?.({ ...next, used: before });
    } catch (thrown) {
      const error = toAppError(thrown);
      const isAway = error.code === 'credentials' && error.reason === AWAY;
      if (!isCancelled(thrown)) this.failure = { error, until: isAway ? this.now() + AWAY_MS : Infinity };
      throw thrown;
    }
  }

  private async ask(): Promise<{ id: string; refresh: string }> {
    const { config } = this.options;
    const { refresh } = this.tokens;
    const issuer = config['idp-issuer-url'];
    const clientId = config['client-id'];
    if (!refresh || !issuer || !clientId) throw this.tokens.id === undefined ? noToken() : runOut();
    const base = safeUrl(issuer, 'idp-issuer-url');
    const found = await this.call<{
      token_endpoint?: unknown;
      token_endpoint_auth_methods_supported?: unknown;
    }>(new URL(`${base.href.replace(/\/+$/, '')}/.well-known/openid-configuration`));
    if (typeof found.token_endpoint !== 'string') throw strange(base, 'names no token_endpoint');
    const endpoint = safeUrl(found.token_endpoint, 'token_endpoint');
    const methods = Array.isArray(found.token_endpoint_auth_methods_supported)
      ? (found.token_endpoint_auth_methods_supported as unknown[])
      : ['client_secret_basic'];
    const form = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refresh });
    const headers: Record<string, string> = {};
    const secret = config['client-secret'] ?? '';
    if (secret !== '' && methods.includes('client_secret_basic'))
      headers['authorization'] =
        `Basic ${Buffer.from(`${formed(clientId)}:${formed(secret)}`).toString('base64')}`;
    else {
      form.set('client_id', clientId);
      if (secret !== '') form.set('client_secret', secret);
    }
    const answer = await this.call<{ id_token?: unknown; refresh_token?: unknown }>(endpoint, form, headers);
    const { id_token: id, refresh_token: next } = answer;
    if (typeof id !== 'string' || id === '') throw strange(endpoint, 'answered without an id_token');
    const ends = jwtExpiry(checkedToken(id));
    if (ends !== undefined && ends <= this.now())
      throw strange(endpoint, 'answered with a token that has expired');
    return { id, refresh: typeof next === 'string' && next !== '' ? next : refresh };
  }

  /** GET, or POST of a form; a fresh connection each, for there are two in an hour. */
  private async call<T>(url: URL, form?: URLSearchParams, headers?: Record<string, string>): Promise<T> {
    const scope = this.options.scope.child('oidc');
    const { environment, config } = this.options;
    try {
      const ca = authority(config);
      const transport = new Transport({
        config: {
          id: 'oidc',
          name: 'oidc',
          file: '',
          namespace: 'default',
          cluster: {
            name: 'oidc',
            server: url.origin,
            ...(ca ? { ca } : {}),
            insecureSkipTlsVerify: false,
            disableCompression: true,
          },
          user: { name: '' },
        },
        environment,
        credentials: nobody,
        scope,
      });
      const request = {
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        timeoutMs: TIMEOUT_MS,
        ...(form
          ? {
              method: 'POST' as const,
              body: form.toString(),
              contentType: 'application/x-www-form-urlencoded',
              ...(headers ? { headers } : {}),
            }
          : {}),
      };
      // The body may trickle for ever, too.
      scope.timeout(() => scope.dispose(), TIMEOUT_MS * 2);
      const answer = await transport.json<T | null>(request, scope.signal, ANSWER_BYTES);
      if (typeof answer !== 'object' || answer === null) throw strange(url, 'answered with something else');
      return answer;
    } catch (thrown) {
      throw inWords(thrown, url, this.options.scope.disposed);
    } finally {
      scope.dispose();
    }
  }
}

/** Sends no credential of the cluster anywhere. */
const nobody: Credentials = {
  current: () => Promise.resolve({ headers: {}, generation: 0 }),
  rejected: () => false,
  accepted: () => undefined,
  retry: () => undefined,
  busy: false,
  report: { kind: 'none' },
};

const AWAY = 'IdentityProviderAway';
const signIn =
  'Sign in with the tool that wrote the kubeconfig, or use the exec plugin "kubectl oidc-login".';

function fromConfig(config: Readonly<Record<string, string>>): Tokens {
  return { id: config['id-token'] || undefined, refresh: config['refresh-token'] || undefined };
}

function noToken(): AppFailure {
  return fail('credentials', 'The auth-provider oidc of this context holds no id-token and cannot get one.', {
    hint: signIn,
  });
}

function runOut(): AppFailure {
  return fail(
    'credentials',
    'The id-token of this context has expired, and it holds no refresh-token with idp-issuer-url and client-id.',
    { hint: signIn },
  );
}

function strange(url: URL, what: string): AppFailure {
  return fail('credentials', `The identity provider ${url.host} ${what}.`, { hint: signIn });
}

function inWords(thrown: unknown, url: URL, isOver: boolean): unknown {
  if (isOver) return thrown;
  const error = toAppError(thrown);
  if (error.code === 'credentials') return thrown;
  const { status, code } = error;
  if (code === 'unauthorized' || code === 'invalid' || code === 'forbidden')
    return fail(
      'credentials',
      `The identity provider ${url.host} refused to renew the id-token (HTTP ${status ?? 400}).`,
      { hint: `The refresh-token may have expired or been used. ${signIn}` },
    );
  const isNetwork = [
    'dns',
    'refused',
    'timeout',
    'tls',
    'proxy',
    'network',
    'throttled',
    'server',
    'cancelled',
    'closed',
  ];
  if (isNetwork.includes(code)) {
    const why = code === 'cancelled' || code === 'closed' ? 'it did not finish its answer.' : error.message;
    return fail('credentials', `The identity provider ${url.host} cannot renew the id-token: ${why}`, {
      reason: AWAY,
      hint: 'Try again when it can be reached; a VPN may be needed.',
    });
  }
  return strange(url, `gave an answer that cannot be used${status === undefined ? '' : ` (HTTP ${status})`}`);
}

/** https, or http on this machine; anything else would show the refresh-token to the network. */
function safeUrl(text: string, what: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw fail('credentials', `The ${what} of the auth-provider oidc is not a URL.`, { hint: signIn });
  }
  const isLocal = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  if (url.username !== '' || (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLocal)))
    throw fail('credentials', `The ${what} of the auth-provider oidc is not https: no token is sent there.`, {
      hint: signIn,
    });
  return url;
}

function authority(config: Readonly<Record<string, string>>): Material | undefined {
  const data = config['idp-certificate-authority-data'];
  if (data) return { data: Buffer.from(data, 'base64').toString('utf8') };
  const file = config['idp-certificate-authority'];
  return file ? { file } : undefined;
}

/** RFC 6749 2.3.1: both parts form-encoded before base64. */
function formed(text: string): string {
  return new URLSearchParams({ x: text }).toString().slice(2);
}

function orAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.reject(fail('cancelled', 'Cancelled.'));
  // One scope's signal carries every request that waits: that is no leak.
  setMaxListeners(0, signal);
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(fail('cancelled', 'Cancelled.'));
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
