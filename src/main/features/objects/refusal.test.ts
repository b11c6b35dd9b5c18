import { describe, expect, it } from 'vitest';
import { refusalOf } from './refusal';
import { nearest } from './schema-check';
import { warningsOf } from './write';

const error = (status: number, message: string, reason?: string) => ({
  code: 'invalid' as const,
  status,
  message,
  ...(reason === undefined ? {} : { reason }),
});

describe('refusalOf', () => {
  it.each([
    [
      error(409, 'Operation cannot be fulfilled on x: the object has been modified', 'Conflict'),
      'changed',
      '',
    ],
    [error(409, 'configmaps "a" already exists', 'AlreadyExists'), 'exists', ''],
    [error(404, 'deployments.apps "web" not found'), 'gone', ''],
    [
      error(
        409,
        'Operation cannot be fulfilled on roles "a": Precondition failed: UID in precondition: 1, UID in object meta: ',
        'Conflict',
      ),
      'gone',
      'It is gone',
    ],
    [
      error(409, 'Precondition failed: UID in precondition: 1, UID in object meta: 2', 'Conflict'),
      'replaced',
      'made anew',
    ],
    [error(404, 'namespaces "nope" not found'), 'no-namespace', 'nope'],
    [
      error(403, 'admission webhook "deny.example.com" denied the request: no latest tags'),
      'webhook',
      'deny.example.com refused: no latest tags',
    ],
    [
      error(
        500,
        'Internal error occurred: failed calling webhook "x.example.com": failed to call webhook: no endpoints',
      ),
      'webhook',
      'could not be asked',
    ],
    [
      error(
        403,
        'pods "a" is forbidden: exceeded quota: small, requested: pods=1, used: pods=2, limited: pods=2',
      ),
      'quota',
      '',
    ],
    [error(403, 'pods "a" is forbidden: violates PodSecurity "restricted:latest": privileged'), 'policy', ''],
    [
      error(
        422,
        "deployments.apps \"a\" is forbidden: ValidatingAdmissionPolicy 'limit' with binding 'b' denied request: too many",
      ),
      'policy',
      '',
    ],
    [
      error(
        422,
        'Pod "a" is invalid: spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`',
      ),
      'immutable',
      '',
    ],
    [error(422, 'Deployment "a" is invalid: spec.replicas: Invalid value'), 'invalid', ''],
    [error(403, 'deployments is forbidden: User "x" cannot update'), 'other', ''],
  ])('%s', (given, refusal, words) => {
    const found = refusalOf(given, 'Pod');
    expect(found.refusal).toBe(refusal);
    expect(found.error.message).toContain(words);
  });

  it('names the immutable field', () => {
    const causes = [
      {
        field: 'spec.selector',
        reason: 'FieldValueInvalid',
        message: 'Invalid value: {}: field is immutable',
      },
    ];
    expect(refusalOf({ ...error(422, 'invalid'), causes }, 'Deployment').error.message).toBe(
      'spec.selector of a Deployment cannot be changed once it exists.',
    );
  });
});

it('reads Warning headers', () => {
  expect(warningsOf('299 - "unknown field \\"spec.a\\"", 299 - "old, and \\\\ more", 199 - "x"')).toEqual([
    'unknown field "spec.a"',
    'old, and \\ more',
  ]);
  expect(warningsOf(undefined)).toEqual([]);
});

it.each([
  ['replicaz', 'replicas'],
  ['Replicas', 'replicas'],
  ['imagePullpolicy', 'imagePullPolicy'],
  ['xyz', undefined],
])('takes %s for %s', (name, meant) => {
  expect(nearest(name, ['replicas', 'image', 'imagePullPolicy', 'xa'])).toBe(meant);
});
