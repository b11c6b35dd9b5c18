import { describe, expect, it } from 'vitest';
import { podStatus } from './pod-status';
import { app, memory, pod, ready, running, waiting } from './pod-test-help';
import type { Pod } from '../k8s/types';

describe('podStatus of containers', () => {
  const cases: [name: string, tone: string, words: string, of: Pod][] = [
    [
      'running',
      'ok',
      'Running',
      pod(
        {},
        { phase: 'Running', conditions: ready(true), containerStatuses: [app({ ready: true, ...running })] },
      ),
    ],
    [
      'succeeded',
      'done',
      'Completed',
      pod(
        {},
        {
          phase: 'Succeeded',
          containerStatuses: [app({ state: { terminated: { exitCode: 0, reason: 'Completed' } } })],
        },
      ),
    ],
    [
      'crash loop',
      'bad',
      'CrashLoop, exit 3',
      pod(
        {},
        waiting('CrashLoopBackOff', 'back-off 5m0s', {
          lastState: { terminated: { exitCode: 3, reason: 'Error' } },
        }),
      ),
    ],
    [
      'crash loop by signal',
      'bad',
      'CrashLoop, signal 11',
      pod({}, waiting('CrashLoopBackOff', '', { lastState: { terminated: { exitCode: 139, signal: 11 } } })),
    ],
    [
      'crash loop out of memory',
      'bad',
      'Out of memory at 24 MiB',
      pod(
        { containers: memory('24Mi') },
        waiting('CrashLoopBackOff', '', {
          lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } },
        }),
      ),
    ],
    [
      'out of memory without limit',
      'bad',
      'Out of memory',
      pod(
        {},
        {
          phase: 'Running',
          containerStatuses: [app({ state: { terminated: { exitCode: 137, reason: 'OOMKilled' } } })],
        },
      ),
    ],
    [
      'crash loop, wrong command',
      'bad',
      'Cannot start: no such command',
      pod(
        {},
        waiting('CrashLoopBackOff', '', {
          lastState: {
            terminated: {
              exitCode: 128,
              reason: 'StartError',
              message: 'exec: "no": executable file not found in $PATH',
            },
          },
        }),
      ),
    ],
    [
      'ended, before back-off',
      'bad',
      'Error, exit 3',
      pod(
        {},
        {
          phase: 'Running',
          containerStatuses: [app({ state: { terminated: { exitCode: 3, reason: 'Error' } } })],
        },
      ),
    ],
    [
      'status lost',
      'bad',
      'Container lost: status unknown',
      pod(
        {},
        {
          phase: 'Running',
          containerStatuses: [
            app({ state: { terminated: { exitCode: 137, reason: 'ContainerStatusUnknown' } } }),
          ],
        },
      ),
    ],
    [
      'image missing',
      'bad',
      'Image not found',
      pod(
        {},
        waiting(
          'ImagePullBackOff',
          'Back-off pulling image "x:1": ErrImagePull: rpc error: code = NotFound desc = failed to pull: x:1: not found',
        ),
      ),
    ],
    [
      'image denied',
      'bad',
      'Image pull not allowed',
      pod({}, waiting('ErrImagePull', 'failed to authorize: 401 Unauthorized')),
    ],
    [
      'image ambiguous',
      'bad',
      'Image not found or not allowed',
      pod(
        {},
        waiting('ErrImagePull', 'pull access denied, repository does not exist or may require authorization'),
      ),
    ],
    [
      'image rate limit',
      'bad',
      'Image pull: rate limit of registry',
      pod({}, waiting('ErrImagePull', 'toomanyrequests: You have reached your pull rate limit')),
    ],
    [
      'image certificate',
      'bad',
      'Image pull: certificate not trusted',
      pod(
        {},
        waiting('ErrImagePull', 'tls: failed to verify certificate: x509: signed by unknown authority'),
      ),
    ],
    [
      'image host',
      'bad',
      'Image pull: registry unknown to DNS',
      pod({}, waiting('ErrImagePull', 'dial tcp: lookup registry.invalid: no such host')),
    ],
    [
      'image platform',
      'bad',
      'Image not for this platform',
      pod({}, waiting('ErrImagePull', 'no match for platform in manifest: not found')),
    ],
    [
      'image without a cause',
      'bad',
      'Image pull fails',
      pod({}, waiting('ImagePullBackOff', 'Back-off pulling image "x:1"')),
    ],
    ['image name', 'bad', 'Image name invalid', pod({}, waiting('InvalidImageName'))],
    ['image never', 'bad', 'Image not on node, pull is Never', pod({}, waiting('ErrImageNeverPull'))],
    [
      'config map missing',
      'bad',
      'No config map web',
      pod({}, waiting('CreateContainerConfigError', 'configmap "web" not found')),
    ],
    [
      'secret missing',
      'bad',
      'No secret web',
      pod({}, waiting('CreateContainerConfigError', 'secret "web" not found')),
    ],
    [
      'key missing',
      'bad',
      'No key port in config map web',
      pod({}, waiting('CreateContainerConfigError', "couldn't find key port in ConfigMap shop/web")),
    ],
    [
      'root',
      'bad',
      'Refused: image runs as root',
      pod({}, waiting('CreateContainerConfigError', 'container has runAsNonRoot and image will run as root')),
    ],
    [
      'bad command',
      'bad',
      'Cannot start: no such command',
      pod({}, waiting('RunContainerError', 'stat /bin/x: no such file or directory')),
    ],
    [
      'create error',
      'bad',
      'Cannot start: CreateContainerError',
      pod({}, waiting('CreateContainerError', 'who knows')),
    ],
    ['hook', 'bad', 'postStart hook failed', pod({}, waiting('PostStartHookError'))],
    ['creating', 'progress', 'Starting: creating containers', pod({}, waiting('ContainerCreating'))],
    ['unknown reason', 'progress', 'Resuming', pod({}, waiting('Resuming'))],
    ['unknown error', 'bad', 'SomethingFailed', pod({}, waiting('SomethingFailed'))],
    [
      'no status yet',
      'progress',
      'Starting',
      pod({}, { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'True' }] }),
    ],
  ];

  it.each(cases)('%s: %s %s', (_name, tone, words, of) => {
    expect(podStatus(of)).toEqual({ tone, text: words });
  });
});
