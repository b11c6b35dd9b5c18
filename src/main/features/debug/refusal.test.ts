import { describe, expect, it } from 'vitest';
import type { DebugRequest } from '#shared/contract/debug';
import type { AppError } from '#shared/util/app-error';
import { make } from './make';
import type { WholePod } from './pod-facts';
import { explainRefusal, podSecurityRefusal } from './refusal';
import { enforcedBy, securityOf } from './security';

const shared = { profile: 'general', image: 'busybox:1.35', suffix: 'abcde', namespace: 'shop' } as const;
const ephemeral: DebugRequest = { way: 'ephemeral', ...shared, pod: 'web', uid: 'u' };
const copy: DebugRequest = { way: 'copy', ...shared, pod: 'web', uid: 'u', copyTo: 'web-debug' };
const node: DebugRequest = { way: 'node', ...shared, node: 'node-1' };

const safe = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
};
const pod = {
  metadata: { name: 'web', namespace: 'shop', uid: 'u', resourceVersion: '1' },
  spec: { containers: [{ name: 'app', image: 'app', securityContext: safe }] },
} as unknown as WholePod;

const securityFor = (request: DebugRequest, level: 'baseline' | 'restricted') =>
  securityOf(request, request.way === 'node' ? undefined : pod, make(request, pod).pod, level);

describe('Pod Security', () => {
  it.each([
    [ephemeral, 'baseline', ['baseline', 'restricted', 'legacy']],
    [ephemeral, 'restricted', ['restricted']],
    [copy, 'baseline', ['baseline', 'restricted', 'legacy']],
    [copy, 'restricted', ['restricted']],
    [node, 'baseline', ['baseline', 'restricted']],
    [node, 'restricted', ['restricted']],
  ] as const)('%o at %s would pass with %o', (request, level, passing) =>
    expect(securityFor(request, level)?.passing).toEqual(passing),
  );

  it('says nothing where the profile passes', () => {
    expect(securityFor({ ...ephemeral, profile: 'restricted' }, 'restricted')).toBeUndefined();
    expect(securityFor({ ...ephemeral, profile: 'sysadmin' }, 'baseline')).toBeDefined();
  });

  it('knows when no profile helps: the pod itself, or the custom one', () => {
    const loose = { ...pod, spec: { ...pod.spec, hostNetwork: true } } as WholePod;
    const request = { ...ephemeral, profile: 'restricted' as const };
    expect(securityOf(request, loose, make(request, loose).pod, 'restricted')?.passing).toEqual([]);
    const custom = { ...ephemeral, custom: 'securityContext: {privileged: true}' };
    expect(securityFor(custom, 'restricted')?.passing).toEqual([]);
  });

  it('reads the level of a namespace, and only that', () => {
    expect(enforcedBy({ 'pod-security.kubernetes.io/enforce': 'restricted' })).toBe('restricted');
    const others: (Record<string, string> | undefined)[] = [
      undefined,
      {},
      { 'pod-security.kubernetes.io/enforce': 'odd' },
    ];
    for (const labels of others) expect(enforcedBy(labels)).toBe('privileged');
  });
});

const forbidden = (message: string): AppError => ({ code: 'forbidden', status: 403, message });
const explain = (error: AppError, request: DebugRequest): AppError =>
  explainRefusal(error, request, (level) =>
    level === 'baseline' || level === 'restricted' ? securityFor(request, level) : undefined,
  );

describe('refusals in words', () => {
  const psa = forbidden(
    'pods "web" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false',
  );
  it('Pod Security names the profile that would pass', () => {
    expect(podSecurityRefusal(psa.message)).toEqual({
      level: 'restricted',
      reasons: 'allowPrivilegeEscalation != false',
    });
    const said = explain(psa, ephemeral);
    expect(said.message).toContain('level restricted, which the profile general does not meet');
    expect(said.hint).toBe('The profile restricted would pass.');
  });

  it.each([
    [
      'no ephemeral containers',
      { code: 'not-found', status: 404, message: 'the server could not find the requested resource' },
      ephemeral,
      /has no ephemeral containers/,
      /copy/,
    ],
    [
      'a pod that went',
      { code: 'not-found', status: 404, message: 'pods "web" not found' },
      ephemeral,
      /^It is gone/,
      undefined,
    ],
    [
      'a static pod',
      forbidden('static pods do not support ephemeral containers'),
      ephemeral,
      /static pod/,
      /node/,
    ],
    [
      'a webhook that refuses',
      forbidden('admission webhook "no-debug.example" denied the request: not here'),
      ephemeral,
      /no-debug\.example refuses it: .*not here/,
      /webhook/,
    ],
    [
      'a webhook that is dead',
      { code: 'server', status: 500, message: 'failed calling webhook "x.example": dial' },
      copy,
      /could not be asked/,
      /mend/,
    ],
    ['a quota', forbidden('exceeded quota: small, requested: pods=1'), copy, /exceeded quota/, /quota/],
    [
      'a name that is taken',
      { code: 'conflict', status: 409, message: 'pods "web-debug" already exists' },
      copy,
      /There is a pod web-debug in shop already/,
      /another name/,
    ],
    [
      'no namespace',
      { code: 'not-found', status: 404, message: 'namespaces "shop" not found' },
      node,
      /no namespace shop/,
      /another/,
    ],
    [
      'no right',
      { ...forbidden('no'), denied: { verb: 'patch', resource: 'pods/ephemeralcontainers', group: '' } },
      ephemeral,
      /no/,
      /Needs patch on pods\/ephemeralcontainers in shop/,
    ],
  ] as const)('%s', (_, error, request, message, hint) => {
    const said = explain(error as AppError, request);
    expect(said.message).toMatch(message);
    if (hint) expect(said.hint).toMatch(hint);
    else expect(said.hint).toBeUndefined();
  });
});
