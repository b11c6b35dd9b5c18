/** The review kinds: who am I, and what may I (or somebody) do. */
import { at, text, type Fields } from '../model';
import { allowed, rulesOf, type Attempt, type User } from './access';
import type { ResourceCall } from './context';
import { badRequest } from './status';

function attemptOf(spec: unknown): Attempt {
  const plain = at(spec, 'nonResourceAttributes');
  if (plain !== undefined) return { verb: text(at(plain, 'verb')), path: text(at(plain, 'path')) };
  const resource = at(spec, 'resourceAttributes');
  if (resource === undefined)
    throw badRequest('exactly one of nonResourceAttributes or resourceAttributes must be specified');
  const field = (name: string): string | undefined => text(at(resource, name)) || undefined;
  return {
    verb: field('verb') ?? '',
    group: field('group') ?? '',
    resource: field('resource') ?? '',
    subresource: field('subresource'),
    namespace: field('namespace'),
    name: field('name'),
  };
}

function accessStatus(user: User | undefined, attempt: Attempt): Fields {
  const ok = user !== undefined && allowed(user, attempt);
  return ok
    ? { allowed: true, reason: 'RBAC: allowed by the rules of the demo cluster' }
    : { allowed: false };
}

function rulesStatus(user: User, namespace: string): Fields {
  const here = rulesOf(user).filter((rule) => !rule.namespaces || rule.namespaces.includes(namespace));
  return {
    resourceRules: here
      .filter((rule) => rule.resources)
      .map(({ verbs, apiGroups, resources, resourceNames }) => ({
        verbs,
        apiGroups,
        resources,
        ...(resourceNames ? { resourceNames } : {}),
      })),
    nonResourceRules: here
      .filter((rule) => rule.nonResourceURLs)
      .map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs })),
    incomplete: false,
  };
}

/** Answers a create of a review kind; undefined for any other kind. */
export function review(call: ResourceCall, body: Fields): Fields | undefined {
  const { user, context } = call;
  const spec = body['spec'];
  const answer = (status: Fields): Fields => ({
    ...body,
    metadata: { creationTimestamp: null },
    status,
  });
  switch (call.kind.resource) {
    case 'selfsubjectreviews':
      return answer({
        userInfo: {
          username: user.name,
          groups: [...(user.groups ?? []), 'system:authenticated'],
        },
      });
    case 'selfsubjectaccessreviews':
      return answer(accessStatus(user, attemptOf(spec)));
    case 'selfsubjectrulesreviews':
      return answer(rulesStatus(user, text(at(spec, 'namespace'))));
    case 'subjectaccessreviews':
    case 'localsubjectaccessreviews': {
      const name = text(at(spec, 'user'));
      return answer(
        accessStatus(
          [...context.users.values()].find((known) => known.name === name),
          attemptOf(spec),
        ),
      );
    }
    case 'tokenreviews': {
      const known = context.users.get(text(at(spec, 'token')));
      return answer(
        known
          ? { authenticated: true, user: { username: known.name, groups: known.groups ?? [] } }
          : { authenticated: false },
      );
    }
    default:
      return undefined;
  }
}
