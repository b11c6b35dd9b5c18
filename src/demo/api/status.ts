/** Errors of the API as v1.Status, with the words a real API server uses. */
import type { Fields } from '../model';

export class ApiError extends Error {
  readonly code: number;
  readonly reason: string;
  readonly details: Fields | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: number,
    reason: string,
    message: string,
    details?: Fields,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
    this.headers = headers;
  }

  status(): Fields {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: this.message,
      reason: this.reason,
      ...(this.details ? { details: this.details } : {}),
      code: this.code,
    };
  }
}

const named = (group: string, resource: string): string => (group === '' ? resource : `${resource}.${group}`);

interface Named {
  readonly group: string;
  readonly resource: string;
}

const detail = (kind: Named, name: string): Fields => ({
  name,
  ...(kind.group ? { group: kind.group } : {}),
  kind: kind.resource,
});

export function notFound(kind: Named, name: string): ApiError {
  const words = `${named(kind.group, kind.resource)} "${name}" not found`;
  return new ApiError(404, 'NotFound', words, detail(kind, name));
}

export function noSuchPath(): ApiError {
  return new ApiError(404, 'NotFound', 'the server could not find the requested resource', {});
}

export function alreadyExists(kind: Named, name: string): ApiError {
  const words = `${named(kind.group, kind.resource)} "${name}" already exists`;
  return new ApiError(409, 'AlreadyExists', words, detail(kind, name));
}

export function conflict(kind: Named, name: string, why: string): ApiError {
  const words = `Operation cannot be fulfilled on ${named(kind.group, kind.resource)} "${name}": ${why}`;
  return new ApiError(409, 'Conflict', words, detail(kind, name));
}

export const changedMeanwhile =
  'the object has been modified; please apply your changes to the latest version and try again';

export function invalid(
  kind: Named & { kind: string },
  name: string,
  field: string,
  message: string,
  reason = 'FieldValueInvalid',
): ApiError {
  const kindName = named(kind.group, kind.kind);
  return new ApiError(422, 'Invalid', `${kindName} "${name}" is invalid: ${field}: ${message}`, {
    name,
    ...(kind.group ? { group: kind.group } : {}),
    kind: kind.kind,
    causes: [{ reason, message, field }],
  });
}

export const badRequest = (message: string): ApiError => new ApiError(400, 'BadRequest', message);

export function expired(message: string): ApiError {
  return new ApiError(410, 'Expired', message);
}

export function tooLarge(asked: number, current: number): ApiError {
  return new ApiError(504, 'Timeout', `Too large resource version: ${asked}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });
}

export const methodNotAllowed = (): ApiError =>
  new ApiError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource');
