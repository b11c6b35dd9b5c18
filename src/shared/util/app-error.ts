/**
 * Errors as data. Everything that can fail across a process border ends in an
 * AppError: screens switch on `code`, print `message` and show `hint`.
 * Never carries a secret: whoever makes one redacts first.
 */

export const errorCodes = [
  'cancelled', // the caller asked to stop
  'closed', // the port or process on the other side went away
  'invalid-input', // zod refused the input of a call
  'too-large', // over a size cap of ours
  'unsupported', // this side or the server cannot do that
  'internal', // a defect of ours
  'kubeconfig', // a kubeconfig file or entry is wrong
  'credentials', // exec plugin, token file or certificate could not be used
  'unauthorized', // 401
  'forbidden', // 403
  'read-only', // the person made this context read-only; nothing was sent
  'not-found', // 404
  'conflict', // 409
  'gone', // 410: the resourceVersion or continue token is too old
  'invalid', // 422 and 400: the server refuses the object
  'throttled', // 429
  'server', // other 5xx
  'dns',
  'refused',
  'timeout',
  'tls',
  'proxy',
  'network', // any other failure on the way
  'no-shell', // the container has no shell we know
  'bad-answer', // the server answered what no Kubernetes API answers
] as const;

export type ErrorCode = (typeof errorCodes)[number];

export interface ErrorCause {
  /** As the server writes it: `spec.selector`, `.spec.replicas`; may be empty. */
  readonly field: string;
  readonly reason: string;
  readonly message: string;
}

export interface AppError {
  readonly code: ErrorCode;
  /** One sentence for a person, without a trailing secret or stack. */
  readonly message: string;
  /** HTTP status where there was one. */
  readonly status?: number;
  /** What to do next, in a sentence. */
  readonly hint?: string;
  /** `reason` of a Kubernetes Status, e.g. `NotFound`, `Expired`. */
  readonly reason?: string;
  /** Fields a Status blames (at most 100), e.g. each refused field of a 422 or each owner of an apply conflict. */
  readonly causes?: readonly ErrorCause[];
  /** Seconds to wait before another try (429 and 503 with Retry-After). */
  readonly retryAfter?: number;
  /** What was asked, for 403 texts: verb, resource, scope. */
  readonly denied?: { verb: string; resource: string; group: string; namespace?: string; name?: string };
}

/** Thrown inside one process; crosses ports as its `error`. */
export class AppFailure extends Error {
  readonly error: AppError;
  constructor(error: AppError, options?: { cause?: unknown }) {
    super(error.message, options);
    this.name = 'AppFailure';
    this.error = error;
  }
}

/** Shorthand for `throw fail('not-found', '...')`. */
export function fail(
  code: ErrorCode,
  message: string,
  more?: Omit<AppError, 'code' | 'message'>,
): AppFailure {
  return new AppFailure({ code, message, ...more });
}

/** Whatever was thrown, as data. Unknown throws become `internal`; an abort becomes `cancelled`. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppFailure) return thrown.error;
  if (thrown instanceof Error) {
    if (thrown.name === 'AbortError') return { code: 'cancelled', message: 'Cancelled.' };
    return { code: 'internal', message: thrown.message };
  }
  return { code: 'internal', message: String(thrown) };
}

export function isCancelled(thrown: unknown): boolean {
  const code = toAppError(thrown).code;
  return code === 'cancelled' || code === 'closed';
}
