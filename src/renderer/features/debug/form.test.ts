import { describe, expect, it } from 'vitest';
import { debugRequest, type DebuggablePod } from '#shared/contract/debug';
import { firstForm, problemsOf, requestOf, withPod, type DebugForm } from './form';

const object = { namespace: 'shop', name: 'web', uid: 'u' };
const first = (way: DebugForm['way'], part: Partial<DebugForm> = {}): DebugForm => ({
  ...firstForm(way, 'busybox:1.35', 'shop', 'web', 'abcde'),
  ...part,
});
const pod: DebuggablePod = {
  uid: 'u',
  phase: 'Running',
  windows: false,
  mirror: false,
  containers: [],
  main: 'app',
};

describe('the form', () => {
  it.each(['ephemeral', 'copy', 'node'] as const)(
    '%s: as it opens it makes a request the host takes',
    (way) => {
      const request = requestOf(first(way), object, 'abcde');
      expect(request?.way).toBe(way);
      expect(() => debugRequest.parse(request)).not.toThrow();
    },
  );

  it('guides a crash loop to a copy with another command, a static pod to a copy', () => {
    const crashing = { container: 'app', words: '' };
    const form = withPod(first('ephemeral'), { ...pod, crashing });
    expect(form).toMatchObject({ way: 'copy', change: 'app', command: 'sh' });
    expect(requestOf(form, object, 'abcde')).toMatchObject({
      way: 'copy',
      container: 'app',
      command: ['sh'],
    });
    expect(withPod(first('ephemeral'), { ...pod, mirror: true })).toMatchObject({ way: 'copy', change: '' });
    expect(withPod(first('ephemeral'), pod)).toMatchObject({ way: 'ephemeral', target: 'app' });
  });

  it.each([
    ['image', first('node', { image: ' ' })],
    ['image', first('ephemeral', { image: 'a b' })],
    ['name', first('ephemeral', { name: 'Not_A_Name' })],
    ['command', first('ephemeral', { command: 'sh "' })],
    ['env', first('ephemeral', { env: 'A=1\nB' })],
    ['copyTo', first('copy', { copyTo: '' })],
    ['command', first('copy', { change: 'app' })],
  ] as const)('tells what is wrong with %s', (field, form) => {
    expect(Object.keys(problemsOf(form))).toEqual([field]);
    expect(requestOf(form, object, 'abcde')).toBeUndefined();
  });

  it('carries command, arguments, environment and images', () => {
    const form = first('copy', {
      change: 'app',
      command: '-c "a b"',
      argumentsOnly: true,
      env: 'A=1',
      images: { side: 'other:1', empty: ' ' },
    });
    expect(requestOf(form, object, 'abcde')).toMatchObject({
      container: 'app',
      command: ['-c', 'a b'],
      argumentsOnly: true,
      env: [{ name: 'A', value: '1' }],
      setImages: { side: 'other:1' },
    });
    expect(requestOf(form, object, 'abcde')).not.toHaveProperty('image');
  });

  it('targets nothing when told so', () =>
    expect(requestOf(first('ephemeral'), object, 'abcde')).not.toHaveProperty('target'));
});
