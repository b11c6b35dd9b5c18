/**
 * What the server says against a write, sorted by what a person can do about it and put in
 * words: which field, webhook or quota, and what next. The server's own words stay in.
 */
import type { Refusal } from '#shared/contract/objects';
import type { AppError } from '#shared/util/app-error';

export interface Refused {
  readonly refusal: Refusal;
  readonly error: AppError;
  readonly owners?: readonly { readonly manager: string; readonly field: string }[];
}

const immutable =
  /field is immutable|is immutable|may not change fields other than|updates to .{1,80} are forbidden|cannot be (?:changed|updated)|may not be (?:changed|unset)|may not change once set|can ?not be unset|cannot change roleRef|not allowed to (?:change|be changed)/i;

export function refusalOf(error: AppError, kind: string): Refused {
  const { status, reason, message, causes = [] } = error;
  const owners = causes
    .filter((cause) => cause.reason === 'FieldManagerConflict')
    .map((cause) => ({
      manager: /conflict with "([^"]+)"/.exec(cause.message)?.[1] ?? cause.message,
      field: cause.field.replace(/^\./, ''),
    }));
  if (owners.length > 0) {
    const names = [...new Set(owners.map((one) => one.manager))].join(', ');
    return {
      refusal: 'owners',
      owners,
      error: {
        ...error,
        message: `${owners.length === 1 ? 'A field you changed belongs' : `${owners.length} fields you changed belong`} to ${names}.`,
        hint: 'Take them over, leave them as they are, or save as update.',
      },
    };
  }
  const webhook = /(?:admission webhook|failed calling webhook) "([^"]+)"/.exec(message)?.[1];
  if (webhook !== undefined) {
    const failed = /failed calling webhook/.test(message);
    return {
      refusal: 'webhook',
      error: {
        ...error,
        message: failed
          ? `The admission webhook ${webhook} could not be asked, so the server refused: ${tail(message, webhook)}`
          : `The admission webhook ${webhook} refused: ${tail(message, webhook)}`,
        hint: failed
          ? 'Its service does not answer. Mend it, or set its failurePolicy, before this can be saved.'
          : 'Change what it objects to.',
      },
    };
  }
  const policy = /ValidatingAdmissionPolicy '([^']+)'/.exec(message)?.[1];
  if (policy !== undefined || /violates PodSecurity/.test(message)) {
    return {
      refusal: 'policy',
      error: {
        ...error,
        hint:
          policy === undefined
            ? 'The namespace enforces this Pod Security level.'
            : `See the policy ${policy}.`,
      },
    };
  }
  const quota = /exceeded quota: ([^,]+)/.exec(message)?.[1];
  if (quota !== undefined) {
    return {
      refusal: 'quota',
      error: {
        ...error,
        hint: `Ask for less, free something, or raise the quota ${quota} of the namespace.`,
      },
    };
  }
  if (status === 409 && reason === 'AlreadyExists') {
    return {
      refusal: 'exists',
      error: { ...error, hint: 'Choose another name, or apply instead of create.' },
    };
  }
  if (status === 409) {
    // Kinds that a PUT may create (roles, leases): there is no object whose uid could be another.
    if (/UID in object meta:\s*$/i.test(message)) {
      return refusalOf({ ...error, code: 'not-found', status: 404, message: '' }, kind);
    }
    return /UID in precondition/i.test(message)
      ? {
          refusal: 'replaced',
          error: {
            ...error,
            message: 'It was deleted and made anew meanwhile: this is another object of the same name.',
          },
        }
      : { refusal: 'changed', error };
  }
  if (status === 404) {
    const namespace = /namespaces "([^"]+)" not found/.exec(message)?.[1];
    return namespace === undefined
      ? {
          refusal: 'gone',
          error: {
            ...error,
            message: 'It is gone: somebody deleted it meanwhile.',
            hint: 'Your text is kept. It can be created anew.',
          },
        }
      : {
          refusal: 'no-namespace',
          error: {
            ...error,
            message: `There is no namespace ${namespace}.`,
            hint: 'Create it first, or write into another one.',
          },
        };
  }
  if (status === 422 || status === 400 || status === 403) {
    const fields = causes.filter((cause) => immutable.test(cause.message));
    if (fields.length > 0 || (status === 422 && immutable.test(message))) {
      const names = fields.map((cause) => cause.field).filter(Boolean);
      return {
        refusal: 'immutable',
        error: {
          ...error,
          message:
            names.length > 0
              ? `${names.join(', ')} of a ${kind} cannot be changed once it exists.`
              : `This cannot be changed once the ${kind} exists: ${message}`,
          hint: `Undo that change, or delete the ${kind} and create it anew.`,
        },
      };
    }
  }
  if (status === 422 || status === 400) return { refusal: 'invalid', error };
  if (status === 413 || /limit is \d+|etcdserver: request is too large/.test(message)) {
    return {
      refusal: 'invalid',
      error: {
        ...error,
        code: 'too-large',
        message: 'The server does not store objects of this size.',
        hint: message,
      },
    };
  }
  return { refusal: 'other', error };
}

function tail(message: string, webhook: string): string {
  const at = message.indexOf(`"${webhook}"`) + webhook.length + 2;
  return message.slice(at).replace(/^\s*(?:denied the request)?:?\s*/, '') || message;
}
