/**
 * Answers outside 2xx as AppFailures: the server's Status where there is one, words of our
 * own where a proxy or gateway answered instead. A body is never quoted unless it is a Status.
 */
import { AppFailure, fail, type AppError, type ErrorCause, type ErrorCode } from '#shared/util/app-error';

/** Most of an error body that is read. */
export const STATUS_BYTES = 64 * 1024;

interface StatusLike {
  readonly kind?: unknown;
  readonly message?: unknown;
  readonly reason?: unknown;
  readonly code?: unknown;
  readonly details?: {
    readonly group?: unknown;
    readonly kind?: unknown;
    readonly name?: unknown;
    readonly retryAfterSeconds?: unknown;
    readonly causes?: unknown;
  } | null;
}

export interface Asked {
  readonly method: string;
  /** Encoded path below the server's own prefix. */
  readonly path: string;
  readonly query?: Readonly<Record<string, unknown>>;
}

export function codeOf(status: number): ErrorCode {
  switch (status) {
    case 400:
    case 422:
      return 'invalid';
    case 401:
      return 'unauthorized';
    case 403:
      return 'forbidden';
    case 404:
      return 'not-found';
    case 405:
    case 406:
    case 415:
    case 501:
      return 'unsupported';
    case 408:
    case 504:
      return 'timeout';
    case 409:
      return 'conflict';
    case 410:
      return 'gone';
    case 413:
      return 'too-large';
    case 429:
      return 'throttled';
    default:
      return status >= 500 ? 'server' : 'bad-answer';
  }
}

/** `body`: at most STATUS_BYTES of it, as text. */
export function statusFailure(
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string,
  asked: Asked,
  host: string,
): AppFailure {
  if (status >= 300 && status < 400) return redirectFailure(status, headers, host);
  const found = parseStatus(body);
  const code = codeOf(status);
  const retryAfter = retryAfterOf(headers['retry-after']) ?? number(found?.details?.retryAfterSeconds);
  const reason = typeof found?.reason === 'string' && found.reason !== '' ? found.reason : undefined;
  const error: AppError = {
    code,
    status,
    message: wordsOf(found?.message) ?? plainWords(status, code, host),
    ...(reason === undefined ? {} : { reason }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
    ...causesOf(found?.details?.causes),
    ...hintOf(code, found !== undefined),
    ...(status === 403 ? { denied: deniedOf(asked) } : {}),
  };
  return new AppFailure(error);
}

function causesOf(list: unknown): { causes?: readonly ErrorCause[] } {
  if (!Array.isArray(list) || list.length === 0) return {};
  const causes = (list as readonly Partial<Record<keyof ErrorCause, unknown>>[])
    .slice(0, 100)
    .filter((cause) => typeof cause === 'object' && cause !== null)
    .map(({ field, reason, message }) => ({
      field: clean(field) ?? '',
      reason: clean(reason) ?? '',
      message: clean(message) ?? '',
    }));
  return causes.length > 0 ? { causes } : {};
}

/** A Status sent inside a 2xx stream (watch ERROR events) or alone. */
export function parseStatus(body: string): StatusLike | undefined {
  try {
    const found = JSON.parse(body) as StatusLike | null;
    return typeof found === 'object' && found !== null && found.kind === 'Status' ? found : undefined;
  } catch {
    return undefined;
  }
}

function redirectFailure(
  status: number,
  headers: Readonly<Record<string, string>>,
  host: string,
): AppFailure {
  let target = 'another place';
  try {
    if (headers['location']) target = new URL(headers['location'], `https://${host}`).host;
  } catch {
    // A location that is no URL stays unnamed.
  }
  return fail(
    'bad-answer',
    `${host} wants to send the request on to ${target.slice(0, 200)}; this is not followed.`,
    {
      status,
      hint: 'A login page or an old address may stand before the API server. Check the server in the kubeconfig.',
    },
  );
}

function plainWords(status: number, code: ErrorCode, host: string): string {
  switch (code) {
    case 'unauthorized':
      return `${host} does not accept the credentials of this context.`;
    case 'forbidden':
      return `${host} forbids this.`;
    case 'not-found':
      return `${host} has nothing at this place.`;
    case 'throttled':
      return `${host} asks for fewer requests.`;
    default:
      return `${host} answered with HTTP status ${status}.`;
  }
}

function hintOf(code: ErrorCode, isStatus: boolean): { hint?: string } {
  if (code === 'unauthorized')
    return { hint: 'The credentials have expired or were withdrawn: sign in again.' };
  if (!isStatus && code === 'server')
    return { hint: 'A load balancer or proxy answered in place of the API server.' };
  return {};
}

/** Seconds, from seconds or an HTTP date (fault 7). */
export function retryAfterOf(value: string | undefined, now = Date.now()): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d{1,9}$/.test(value.trim())) return Number(value);
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - now) / 1000));
}

/** What a 403 was about, from the request itself: the Status tells it only in prose. */
export function deniedOf(asked: Asked): NonNullable<AppError['denied']> {
  const parts = asked.path
    .split('/')
    .filter((part) => part !== '')
    .map(decode);
  let group = '';
  let rest: string[] = [];
  if (parts[0] === 'api') rest = parts.slice(2);
  else if (parts[0] === 'apis') {
    group = parts[1] ?? '';
    rest = parts.slice(3);
  } else return { verb: asked.method.toLowerCase(), resource: asked.path, group: '' };
  let namespace: string | undefined;
  if (rest[0] === 'namespaces' && rest.length > 2 && !['status', 'finalize'].includes(rest[2] ?? '')) {
    namespace = rest[1];
    rest = rest.slice(2);
  }
  const [resource = '', name, ...sub] = rest;
  const full = sub.length > 0 ? `${resource}/${sub.join('/')}` : resource;
  return {
    verb: verbOf(asked, name !== undefined),
    resource: full,
    group,
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
  };
}

function verbOf(asked: Asked, named: boolean): string {
  switch (asked.method) {
    case 'GET':
      if (
        asked.query?.['watch'] === true ||
        asked.query?.['watch'] === 'true' ||
        asked.query?.['watch'] === '1'
      )
        return 'watch';
      return named ? 'get' : 'list';
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return named ? 'delete' : 'deletecollection';
    default:
      return asked.method.toLowerCase();
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : undefined;
}

/** `Unauthorized` alone tells a person nothing. */
function wordsOf(message: unknown): string | undefined {
  return message === 'Unauthorized' ? undefined : clean(message);
}

/** The server's words on one line, without control characters, 2,000 of them at most. */
function clean(message: unknown): string | undefined {
  if (typeof message !== 'string') return undefined;

  const text = message.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').trim();
  if (text === '') return undefined;
  return text.length > 2000 ? `${text.slice(0, 2000)}…` : text;
}
