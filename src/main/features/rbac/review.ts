/**
 * The server's own word on a question (SubjectAccessReview), and who is likely behind it where it
 * differs from RBAC's (A18-A20). Asking is a POST that stores nothing.
 */
import type { CanAnswer, Review } from '#shared/contract/rbac';
import { isUrlRequest } from '#shared/domain/rbac/match';
import type { AccessRequest } from '#shared/domain/rbac/types';
import { clip, visible } from '#shared/util/text';
import type { Api } from '../../k8s/api';

const MOST_REASON = 1_000;

/** `self`: as the connection itself, with whatever groups it really has. */
export async function askReview(
  api: Api,
  request: AccessRequest,
  self: boolean,
  signal: AbortSignal,
): Promise<Review> {
  const attributes = isUrlRequest(request)
    ? { nonResourceAttributes: { path: request.path, verb: request.verb } }
    : {
        resourceAttributes: {
          verb: request.verb,
          group: request.apiGroup ?? '',
          resource: request.resource,
          ...(request.subresource ? { subresource: request.subresource } : {}),
          ...(request.name === undefined ? {} : { name: request.name }),
          ...(request.namespace === undefined ? {} : { namespace: request.namespace }),
        },
      };
  const kind = self ? 'SelfSubjectAccessReview' : 'SubjectAccessReview';
  const spec = self ? attributes : { ...attributes, user: request.user, groups: request.groups };
  const answer = await api.json<{ status?: { allowed?: boolean; denied?: boolean; reason?: string } }>(
    {
      method: 'POST',
      path: `/apis/authorization.k8s.io/v1/${self ? 'selfsubjectaccessreviews' : 'subjectaccessreviews'}`,
      body: JSON.stringify({ apiVersion: 'authorization.k8s.io/v1', kind, spec }),
    },
    signal,
    1024 * 1024,
  );
  return {
    allowed: answer.status?.allowed === true,
    denied: answer.status?.denied === true,
    reason: clip(visible(answer.status?.reason ?? ''), MOST_REASON),
  };
}

/** Words for a difference; undefined where both say the same. */
export function disagreement(
  ours: Pick<CanAnswer, 'allowed' | 'masters' | 'user' | 'groups'>,
  review: Review,
  lacks: readonly string[],
): string | undefined {
  if (ours.allowed === review.allowed) return undefined;
  if (!review.allowed) {
    return review.denied
      ? 'RBAC allows it, and another authorizer forbids it: an authorization webhook that stands before RBAC.'
      : 'RBAC as read here allows it, the server does not. The objects changed a moment ago, or the server runs without the RBAC authorizer.';
  }
  if (/RBAC: allowed by/.test(review.reason)) {
    return lacks.length > 0
      ? 'The server allows it by an RBAC object that you may not read.'
      : 'The server allows it by an RBAC object that came a moment ago.';
  }
  if (ours.user.startsWith('system:node:') || ours.groups.includes('system:nodes'))
    return 'The Node authorizer allows it: it lets kubelets reach what their pods need, outside RBAC.';
  return 'Another authorizer allows it: a webhook, the cloud’s own access management (IAM), or ABAC. No RBAC object shows it.';
}
