/**
 * Who asks, and what they may do: bearer tokens compared in constant time, and rules like
 * RBAC's for restricted users. The rules come from options, not from Role objects.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { ApiError } from './status';

export interface AccessRule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
  /** Only in these namespaces; everywhere when missing. */
  readonly namespaces?: readonly string[];
}

export interface User {
  readonly name: string;
  readonly groups?: readonly string[];
  readonly rules: readonly AccessRule[];
}

/** What somebody wants to do, in the words of a ResourceAttributes. */
export interface Attempt {
  readonly verb: string;
  readonly group?: string;
  readonly resource?: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly path?: string;
}

export const everything: readonly AccessRule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
];

/** Discovery, health, and the review kinds: open to everybody who has signed in. */
const basic: readonly AccessRule[] = [
  {
    verbs: ['get'],
    nonResourceURLs: [
      '/api',
      '/api/*',
      '/apis',
      '/apis/*',
      '/healthz',
      '/livez',
      '/readyz',
      '/version',
      '/openapi/*',
    ],
  },
  {
    verbs: ['create'],
    apiGroups: ['authorization.k8s.io'],
    resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
  },
  { verbs: ['create'], apiGroups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'] },
];

const covers = (values: readonly string[] | undefined, wanted: string): boolean =>
  values !== undefined && (values.includes('*') || values.includes(wanted));

function covered(rule: AccessRule, attempt: Attempt): boolean {
  if (!covers(rule.verbs, attempt.verb)) return false;
  if (attempt.path !== undefined) {
    const { path } = attempt;
    return (rule.nonResourceURLs ?? []).some(
      (url) => url === '*' || url === path || (url.endsWith('*') && path.startsWith(url.slice(0, -1))),
    );
  }
  if (!covers(rule.apiGroups, attempt.group ?? '')) return false;
  const resource = attempt.resource ?? '';
  const full = attempt.subresource ? `${resource}/${attempt.subresource}` : resource;
  const named =
    covers(rule.resources, full) || (rule.resources ?? []).includes(`*/${attempt.subresource ?? '-'}`);
  if (!named) return false;
  if (rule.resourceNames && !rule.resourceNames.includes(attempt.name ?? '')) return false;
  return rule.namespaces === undefined || rule.namespaces.includes(attempt.namespace ?? '');
}

export function rulesOf(user: User): readonly AccessRule[] {
  return [...user.rules, ...basic];
}

export function allowed(user: User, attempt: Attempt): boolean {
  return rulesOf(user).some((rule) => covered(rule, attempt));
}

/** 403 in the words of a real API server. */
export function forbidden(user: User, attempt: Attempt): ApiError {
  if (attempt.path !== undefined)
    return new ApiError(
      403,
      'Forbidden',
      `forbidden: User "${user.name}" cannot ${attempt.verb} path "${attempt.path}"`,
      {},
    );
  const { verb, group = '', resource = '', subresource, namespace, name = '' } = attempt;
  const where = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  const what = subresource ? `${resource}/${subresource}` : resource;
  const full = group ? `${resource}.${group}` : resource;
  return new ApiError(
    403,
    'Forbidden',
    `${full}${name ? ` "${name}"` : ''} is forbidden: User "${user.name}" cannot ${verb} resource "${what}" in API group "${group}" ${where}`,
    { ...(name ? { name } : {}), ...(group ? { group } : {}), kind: resource },
  );
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** The user of a bearer token. Every known token is compared, each in constant time. */
export function authenticate(request: IncomingMessage, users: ReadonlyMap<string, User>): User {
  const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  const offered = digest(token);
  let found: User | undefined;
  for (const [known, user] of users) if (timingSafeEqual(offered, digest(known))) found = user;
  if (!found) throw new ApiError(401, 'Unauthorized', 'Unauthorized');
  return found;
}
