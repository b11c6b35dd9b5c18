import { describe, expect, it } from 'vitest';
import { make, readCustom, warningsOf } from './make';
import { podFacts, type WholePod } from './pod-facts';

const metadata = { name: 'web', namespace: 'shop', uid: 'u', resourceVersion: '1' };
const of = (status: object, spec: object = {}, more: object = {}): WholePod =>
  ({
    metadata: { ...metadata, ...more },
    spec: { containers: [{ name: 'app', image: 'a' }], ...spec },
    status,
  }) as unknown as WholePod;

describe('what a pod tells', () => {
  it('a crash loop, also in the moment in which it runs', () => {
    const waiting = {
      name: 'app',
      restartCount: 4,
      state: { waiting: { reason: 'CrashLoopBackOff' } },
      lastState: { terminated: { exitCode: 3 } },
    };
    expect(podFacts(of({ containerStatuses: [waiting] })).crashing).toEqual({
      container: 'app',
      words: 'Container app keeps ending with exit code 3 (4 restarts).',
    });
    const ended = { name: 'app', restartCount: 2, state: { terminated: { exitCode: 1 } } };
    expect(podFacts(of({ containerStatuses: [ended] })).crashing?.container).toBe('app');
    const once = { name: 'app', restartCount: 1, state: { running: {} } };
    expect(podFacts(of({ containerStatuses: [once] })).crashing).toBeUndefined();
  });

  it('static pods, debug containers and their targets, the default container', () => {
    const found = podFacts(
      of(
        { ephemeralContainerStatuses: [{ name: 'd', state: { running: {} } }] },
        {
          containers: [{ name: 'proxy' }, { name: 'app' }],
          ephemeralContainers: [{ name: 'd', image: 'busybox', targetContainerName: 'app' }],
        },
        {
          annotations: {
            'kubernetes.io/config.mirror': 'x',
            'kubectl.kubernetes.io/default-container': 'app',
          },
        },
      ),
    );
    expect(found).toMatchObject({ mirror: true, main: 'app' });
    expect(found.containers.at(-1)).toMatchObject({
      name: 'd',
      type: 'debug',
      state: 'running',
      target: 'app',
    });
  });
});

const request = {
  way: 'copy',
  profile: 'general',
  image: 'busybox:1.35',
  suffix: 'abcde',
  namespace: 'shop',
  pod: 'web',
  uid: 'u',
  copyTo: 'web-debug',
} as const;

describe('what to know before', () => {
  it('a user without root, claims, kept labels, replacement', () => {
    const pod = of(
      {},
      {
        securityContext: { runAsUser: 1000 },
        volumes: [{ name: 'd', persistentVolumeClaim: { claimName: 'c' } }],
      },
    );
    const all = { ...request, keep: { labels: true }, replace: true };
    const warnings = warningsOf(all, pod, make(all, pod)).join('\n');
    for (const part of ['as user 1000', 'volumes of claims', 'keeps the labels', 'deleted at once'])
      expect(warnings).toContain(part);
    expect(warningsOf(request, of({}), make(request, of({})))).toEqual([]);
  });

  it('reads custom profiles as YAML and JSON, and refuses what is none', () => {
    expect(readCustom('env: [{name: A, value: b}]')).toEqual({ env: [{ name: 'A', value: 'b' }] });
    expect(readCustom('{"tty": false}')).toEqual({ tty: false });
    for (const text of ['- a', 'a', 'a: [', `a: &a x\nb: &a y\na: z`])
      expect(() => readCustom(text)).toThrow();
    const bombs = [
      'a: &a [x, x]',
      ...'bcdefgh'.split('').map((key, at) => {
        const before = 'abcdefg'.charAt(at);
        return `${key}: &${key} [${Array(9).fill(`*${before}`).join(', ')}]`;
      }),
    ];
    expect(() => readCustom(bombs.join('\n'))).toThrow(/aliases/);
  });
});
