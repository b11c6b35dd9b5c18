/**
 * Why a server refused to make something to debug with, in words and with the way out. The server's
 * own sentence stays in. Pure.
 */
import type { DebugRequest, DebugSecurity } from '#shared/contract/debug';
import type { AppError } from '#shared/util/app-error';

/** Level and reasons of a Pod Security refusal; undefined when it is another one. */
export function podSecurityRefusal(message: string): { level: string; reasons: string } | undefined {
  const found = /violates PodSecurity "([a-z]+)(?::[^"]*)?":?\s*([\s\S]*)/.exec(message);
  return found ? { level: found[1] ?? '', reasons: found[2] ?? '' } : undefined;
}

/** `securityAt` tells the verdict for a level the server named. */
export function explainRefusal(
  error: AppError,
  request: DebugRequest,
  securityAt: (level: string) => DebugSecurity | undefined,
): AppError {
  const { message, status } = error;
  const { way, namespace } = request;
  const security = podSecurityRefusal(message);
  if (security) {
    return {
      ...error,
      message: `Namespace ${namespace} enforces the Pod Security level ${security.level}, which the profile ${request.profile} does not meet: ${security.reasons}`,
      hint: passingWords(request, securityAt(security.level)?.passing ?? []),
    };
  }
  const webhook = /(?:admission webhook|failed calling webhook) "([^"]+)"/.exec(message)?.[1];
  if (webhook !== undefined) {
    const failed = message.includes('failed calling webhook');
    return {
      ...error,
      message: failed
        ? `The admission webhook ${webhook} could not be asked, so the server refused: ${message}`
        : `The admission webhook ${webhook} refuses it: ${message}`,
      hint: failed
        ? 'Its service does not answer. Whoever runs it has to mend it first.'
        : 'A policy of this cluster is against it. Another profile or image may pass; whoever runs the webhook knows.',
    };
  }
  if (/exceeded quota: ([^,]+)/.test(message)) {
    return { ...error, hint: 'The quota of the namespace is used up: free something or raise it.' };
  }
  if (way === 'ephemeral') {
    if (status === 404 && !/pods? "/.test(message)) {
      return {
        ...error,
        code: 'unsupported',
        message: 'This cluster has no ephemeral containers (pods/ephemeralcontainers is missing).',
        hint: 'They came with Kubernetes 1.23 and can be switched off. Debug a copy of the pod instead.',
      };
    }
    if (/static pods? do(?:es)? not support|mirror pod/i.test(message))
      return mirrorError(request.pod, error);
  }
  if (status === 404) {
    return way === 'node' && /namespaces? "/.test(message)
      ? { ...error, message: `There is no namespace ${namespace}.`, hint: 'Choose another one.' }
      : { ...error, message: `It is gone: ${message}` };
  }
  if (status === 409 && way === 'copy') {
    return {
      ...error,
      message: `There is a pod ${request.copyTo} in ${namespace} already.`,
      hint: 'Choose another name for the copy.',
    };
  }
  if (status === 403 && error.denied) {
    const { verb, resource } = error.denied;
    return { ...error, hint: error.hint ?? `Needs ${verb} on ${resource} in ${namespace}.` };
  }
  return error;
}

export function mirrorError(pod: string, error?: AppError): AppError {
  return {
    ...error,
    code: 'invalid',
    message: `Pod ${pod} is a static pod: its kubelet runs it from a file on the node, and it takes no debug containers.`,
    hint: 'Debug its node, or a copy of the pod.',
  };
}

export function passingWords(request: DebugRequest, passing: readonly string[]): string {
  if (passing.length > 0)
    return `${passing.length === 1 ? 'The profile' : 'One of these profiles'} ${passing.join(', ')} would pass.`;
  switch (request.way) {
    case 'node':
      return 'No profile passes there: choose a namespace that takes privileged pods.';
    case 'ephemeral':
      return 'No profile passes: the pod itself, or the custom profile, does not meet that level.';
    case 'copy':
      return 'No profile passes: containers of the pod itself, or the custom profile, do not meet that level.';
  }
}
