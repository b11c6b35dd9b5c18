/** Connections go to pods that can answer, and the words say why there is none. */
import { describe, expect, it } from 'vitest';
import type { Pod } from '#shared/k8s/types';
import { choose, type Candidates, type ForwardService } from './choose';

const pod = (name: string, ready: boolean, more: object = {}): Pod =>
  ({
    metadata: { name, uid: name, resourceVersion: '1', ...more },
    spec: { containers: [{ name: 'app', ports: [{ name: 'http', containerPort: 8080 }] }] },
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
  }) as unknown as Pod;
const service = {
  metadata: { name: 'web', uid: 's', resourceVersion: '1' },
  spec: {
    ports: [
      { name: 'web', port: 80, targetPort: 'http' },
      { name: 'dns', port: 53, protocol: 'UDP' },
    ],
  },
} as unknown as ForwardService;
const of = (pods: readonly Pod[], more: Partial<Candidates> = {}): Candidates => ({
  words: 'X',
  pods,
  ...more,
});

describe('choosing a pod', () => {
  it('takes a ready pod, keeps the one of before, never one that is going away', () => {
    const going = { deletionTimestamp: '2026-01-01T00:00:00Z' };
    const pods = [pod('a', true, going), pod('b', false), pod('c', true), pod('d', true)];
    expect(choose(of(pods), '80', undefined)).toEqual({ pod: 'c', port: 80 });
    expect(choose(of(pods), '80', 'd')).toEqual({ pod: 'd', port: 80 });
    expect(choose(of(pods), '80', 'a')).toEqual({ pod: 'c', port: 80 });
  });

  it('resolves a Service by number and by name to the named port of the pod', () => {
    const from = of([pod('a', true)], { service });
    expect(choose(from, '80', undefined)).toEqual({ pod: 'a', port: 8080 });
    expect(choose(from, 'web', undefined)).toEqual({ pod: 'a', port: 8080 });
  });

  it('gives a Service ready pods only, a workload also running ones', () => {
    expect(choose(of([pod('a', false)], { service }), '80', undefined)).toMatchObject({
      why: { message: expect.stringMatching(/^No endpoints: 1 pod belongs to X, none is ready/) as string },
    });
    expect(choose(of([pod('a', false)]), '80', undefined)).toEqual({ pod: 'a', port: 80 });
  });

  it('says what cannot be: unknown ports, UDP, names nobody has', () => {
    const from = of([pod('a', true)], { service });
    for (const [remote, words] of [
      ['81', /has no port 81; it has 80 \(web\), 53 \(dns\)/],
      ['53', /UDP; a port-forward carries TCP only/],
    ] as const)
      expect(choose(from, remote, undefined)).toMatchObject({
        why: { message: expect.stringMatching(words) as string },
      });
    expect(choose(of([pod('a', true)]), 'grpc', undefined)).toMatchObject({
      why: { message: expect.stringMatching(/names a port grpc; it names 8080 \(http\)/) as string },
    });
  });
});
