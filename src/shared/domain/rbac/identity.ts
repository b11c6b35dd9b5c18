/** Names of service accounts and the groups everybody is in without any object saying so (A16). */
import type { Subject } from './types';

const SA_PREFIX = 'system:serviceaccount:';

export const MASTERS = 'system:masters';

/** `system:serviceaccount:ns:name` taken apart; undefined for any other user name. */
export function parseServiceAccount(user: string): { namespace: string; name: string } | undefined {
  if (!user.startsWith(SA_PREFIX)) return undefined;
  const parts = user.slice(SA_PREFIX.length).split(':');
  const [namespace, name] = parts;
  return parts.length === 2 && namespace && name ? { namespace, name } : undefined;
}

export function serviceAccountUser(namespace: string, name: string): string {
  return `${SA_PREFIX}${namespace}:${name}`;
}

/** Groups the API server adds to an authenticated (or anonymous) user by itself (A16). */
export function impliedGroups(user: string): string[] {
  if (user === 'system:anonymous') return ['system:unauthenticated'];
  const account = parseServiceAccount(user);
  const groups = ['system:authenticated'];
  if (account) groups.push('system:serviceaccounts', `system:serviceaccounts:${account.namespace}`);
  return groups;
}

/**
 * Key under which a binding's subject is found: `u:` user, `g:` group. A service account
 * is its user name (A14); without a namespace it is the binding's own (A15), and in a
 * ClusterRoleBinding it then names nobody. Undefined: matches nobody, A17 makes no exception.
 */
export function subjectKey(subject: Subject, bindingNamespace: string): string | undefined {
  switch (subject.kind) {
    case 'User':
      return `u:${subject.name}`;
    case 'Group':
      return `g:${subject.name}`;
    case 'ServiceAccount': {
      const namespace = subject.namespace || bindingNamespace;
      return namespace ? `u:${serviceAccountUser(namespace, subject.name)}` : undefined;
    }
    default:
      return undefined;
  }
}
