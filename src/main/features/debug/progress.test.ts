import { describe, expect, it } from 'vitest';
import type { WholePod } from './pod-facts';
import { debugState } from './progress';

const metadata = { name: 'web', uid: 'u', resourceVersion: '1' };
const withState = (state: object, more: object = {}): WholePod => ({
  metadata,
  spec: { nodeName: 'node-1' },
  status: { phase: 'Running', ephemeralContainerStatuses: [{ name: 'd', state, ...more }] },
});

describe('a debug container on its way', () => {
  it.each([
    ['ErrImagePull', /cannot be pulled: no such image$/],
    ['ImagePullBackOff', /cannot be pulled: no such image$/],
    ['InvalidImageName', /no name of an image/],
    ['ErrImageNeverPull', /pull policy Never/],
    ['CreateContainerConfigError', /cannot be started \(CreateContainerConfigError\): no such image/],
  ])('%s will not mend itself, and says why', (reason, words) => {
    const state = debugState(withState({ waiting: { reason, message: 'no such image' } }), 'd');
    expect(state).toMatchObject({ phase: 'waiting', stuck: true });
    expect(state.words).toMatch(words);
  });

  it('is created, runs, ends with its code', () => {
    expect(debugState(withState({ waiting: { reason: 'ContainerCreating' } }), 'd')).toEqual({
      phase: 'waiting',
      words: 'The node pulls the image and creates the container.',
    });
    expect(debugState(withState({ running: {} }), 'd').phase).toBe('running');
    expect(debugState(withState({ terminated: { exitCode: 3, reason: 'Error' } }), 'd')).toEqual({
      phase: 'ended',
      exitCode: 3,
      words: 'The container ended with exit code 3.',
    });
  });

  it('says what killed it', () =>
    expect(debugState(withState({ terminated: { exitCode: 137, reason: 'OOMKilled' } }), 'd').words).toBe(
      'The container ended with exit code 137 (OOMKilled).',
    ));

  it('that is restarted again and again tells its last end', () => {
    const pod = withState(
      { waiting: { reason: 'CrashLoopBackOff' } },
      { lastState: { terminated: { exitCode: 1, reason: 'Error' } } },
    );
    expect(debugState(pod, 'd')).toMatchObject({
      stuck: true,
      words: 'The container ended with exit code 1. It is started again and again.',
    });
  });

  it('waits for a node, an init container, a pod that is over', () => {
    const condition = { type: 'PodScheduled', status: 'False', message: '0/1 nodes are available' };
    expect(debugState({ metadata, status: { conditions: [condition] } }, 'd')).toEqual({
      phase: 'waiting',
      stuck: true,
      words: 'No node takes the pod: 0/1 nodes are available',
    });
    const spec = { nodeName: 'n', initContainers: [{ name: 'first' }] };
    expect(debugState({ metadata, spec, status: { phase: 'Pending' } }, 'd').words).toBe(
      'Init container first has to end first.',
    );
    expect(debugState({ metadata, spec, status: { phase: 'Failed', reason: 'Evicted' } }, 'd')).toEqual({
      phase: 'ended',
      words: 'The pod is over (Failed): Evicted.',
    });
  });

  it('survives a status of another shape', () => {
    for (const status of [null, 7, { ephemeralContainerStatuses: 'x' }, { conditions: [null] }])
      expect(debugState({ metadata, spec: null, status } as unknown as WholePod, 'd').phase).toBe('waiting');
  });
});
