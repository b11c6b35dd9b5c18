/**
 * The way to one Prometheus: through the API server's proxy to a Service, or straight to a URL.
 * Guarantees: GET only (a read-only context refuses anything else through a proxy); redirects are never
 * followed and credentials never leave for another host (the transport sees to both); a
 * body is read up to a cap; secrets of a URL are in no error and no log.
 */
import type { UrlSource } from '#shared/contract/metrics';
import { proxyPath, type Place } from '#shared/domain/prom/places';
import { fail } from '#shared/util/app-error';
import type { Scope } from '#shared/rpc/scope';
import type { Api, ApiRequest } from '../../k8s/api';
import { collect } from '../../k8s/body';
import { openApi } from '../../k8s/open-api';
import { parseStatus, statusFailure } from '../../k8s/status-errors';
import { tlsFields } from './tls-fields';

export interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

export interface Reach {
  /** `path` begins with `/api/v1`. */
  get(path: string, query: ApiRequest['query'], signal: AbortSignal, limits?: Limits): Promise<Answer>;
}

export interface Limits {
  readonly maxBytes?: number;
  readonly timeoutMs?: number;
}

/** Refusals of Prometheus that come with a body of its own: bad query, too many samples, not ready, timed out. */
const OWN = [400, 404, 405, 422, 500, 502, 503, 504] as const;
const MAX_BYTES = 32 * 1024 * 1024;

async function read(
  api: Api,
  request: ApiRequest,
  signal: AbortSignal,
  { maxBytes = MAX_BYTES, timeoutMs = 30_000 }: Limits,
): Promise<Answer> {
  const response = await api.open({ ...request, timeoutMs, pass: OWN }, signal);
  const { status } = response;
  const body = await collect(response.body, status < 300 ? maxBytes : 65_536);
  if (status < 300) return { status, body };
  // Of a proxy's Status the words are the API server's; of anything but Prometheus' JSON there are none.
  const text = body.toString('utf8');
  if (parseStatus(text) !== undefined || !/^\s*\{.*"status"\s*:\s*"error"/s.test(text))
    throw statusFailure(status, response.headers, text, { method: 'GET', path: request.path }, 'Prometheus');
  return { status, body };
}

/** Through `services/proxy` of the cluster. */
export function proxyReach(api: Api, place: Place): Reach {
  const base = proxyPath(place);
  return {
    get: (path, query, signal, limits = {}) => read(api, { path: `${base}${path}`, query }, signal, limits),
  };
}

/** Straight to a URL, with what was typed in. Ends with the scope. */
export function urlReach(
  source: UrlSource,
  environment: Readonly<Record<string, string>>,
  scope: Scope,
): Reach {
  const url = parseUrl(source.url);
  const hasSecret = (source.bearer ?? '') !== '' || (source.password ?? '') !== '';
  if (hasSecret && url.protocol !== 'https:')
    throw fail('invalid-input', 'A token or password is only sent over https.', {
      hint: 'Use the https address, or leave the credentials out.',
    });
  const { ca, clientCertificate, clientKey } = tlsFields(source, url);
  const api = openApi(
    {
      id: 'metrics',
      name: 'metrics',
      file: '',
      namespace: 'default',
      cluster: {
        name: 'metrics',
        server: plainUrl(url),
        insecureSkipTlsVerify: false,
        disableCompression: false,
        ...(ca && { ca }),
      },
      user: {
        name: 'metrics',
        ...(source.bearer !== undefined && source.bearer !== '' ? { token: source.bearer } : {}),
        ...(source.username !== undefined && source.username !== ''
          ? { username: source.username, password: source.password ?? '' }
          : {}),
        ...(clientCertificate && { clientCertificate }),
        ...(clientKey && { clientKey }),
      },
    },
    environment,
    scope,
  );
  const headers = checkedHeaders(source.headers ?? {}, url);
  return {
    get: (path, query, signal, limits = {}) => read(api, { path, query, headers }, signal, limits),
  };
}

/** The URL without a secret in it; AppFailure for anything but http(s) without credentials. */
export function parseUrl(text: string): URL {
  let url: URL;
  try {
    url = new URL(text.trim());
  } catch {
    throw fail('invalid-input', 'This is no URL. It begins with https:// or http://.');
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw fail('invalid-input', 'Only https and http can be used.');
  if (url.username !== '' || url.password !== '')
    throw fail('invalid-input', 'Write user and password into their own fields, not into the URL.');
  return url;
}

/** Without query, fragment and trailing slash: what is kept, shown and asked. */
export function plainUrl(url: URL): string {
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

const ours = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'upgrade',
  'accept-encoding',
]);
const secretNames = /^(authorization|cookie|proxy-authorization|.*(token|secret|api-?key).*)$/i;

function checkedHeaders(headers: Readonly<Record<string, string>>, url: URL): Record<string, string> {
  const out: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (!/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}$/.test(name) || ours.has(name.toLowerCase()))
      throw fail('invalid-input', `The header ${JSON.stringify(name.slice(0, 40))} cannot be sent.`);
    if (/[^\t\x20-\x7e\x80-\xff]/.test(value))
      throw fail('invalid-input', `The value of the header ${name} holds characters that cannot be sent.`);
    if (secretNames.test(name) && url.protocol !== 'https:')
      throw fail('invalid-input', `The header ${name} is only sent over https.`);
    out[name] = value;
  }
  return out;
}
