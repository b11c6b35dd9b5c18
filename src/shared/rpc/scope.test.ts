import { afterEach, describe, expect, it, vi } from 'vitest';
import { portPair } from './port';
import { liveScopes, Scope } from './scope';

afterEach(() => vi.useRealTimers());

describe('Scope', () => {
  it('aborts its signal, then runs disposers once, last added first', () => {
    const scope = new Scope('a');
    const order: string[] = [];
    scope.signal.addEventListener('abort', () => order.push('abort'));
    scope.add(() => order.push('first'));
    scope.add(() => order.push('second'));
    scope.dispose();
    scope.dispose();
    expect(order).toEqual(['abort', 'second', 'first']);
  });

  it('runs all disposers when one throws, and throws that afterwards', () => {
    const scope = new Scope('a');
    const ran: number[] = [];
    scope.add(() => ran.push(1));
    scope.add(() => {
      throw new Error('broken');
    });
    scope.add(() => ran.push(3));
    expect(() => scope.dispose()).toThrow('broken');
    expect(ran).toEqual([3, 1]);
    expect(liveScopes()).toEqual([]);
  });

  it('disposes at once what is added too late', () => {
    const scope = new Scope('a');
    scope.dispose();
    const late = vi.fn();
    scope.add(late);
    expect(late).toHaveBeenCalledTimes(1);
    expect(scope.child('late').disposed).toBe(true);
    expect(liveScopes()).toEqual([]);
  });

  it('ends children with the parent and forgets those that ended before', () => {
    const parent = new Scope('parent');
    const early = parent.child('early');
    const ended = vi.fn();
    early.add(ended);
    early.dispose();
    const child = parent.child('child');
    expect(liveScopes()).toEqual(['parent', 'parent/child']);
    parent.dispose();
    expect(child.disposed).toBe(true);
    expect(ended).toHaveBeenCalledTimes(1);
    expect(liveScopes()).toEqual([]);
  });

  it('runs a disposer early, and not again', () => {
    const scope = new Scope('a');
    const disposer = vi.fn();
    const early = scope.add(disposer);
    early();
    early();
    scope.dispose();
    expect(disposer).toHaveBeenCalledTimes(1);
  });

  it('fires a timer only while it lives', () => {
    vi.useFakeTimers();
    const scope = new Scope('a');
    const kept = vi.fn();
    const dropped = vi.fn();
    const late = vi.fn();
    scope.timeout(kept, 10);
    scope.timeout(dropped, 10)();
    vi.advanceTimersByTime(11);
    scope.timeout(late, 10);
    scope.dispose();
    scope.timeout(late, 10);
    vi.advanceTimersByTime(100);
    expect([kept, dropped, late].map((fn) => fn.mock.calls.length)).toEqual([1, 0, 0]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('portPair', () => {
  it('clones, keeps the order, and waits for a listener', async () => {
    const [left, right] = portPair();
    const message = { list: [1] };
    left.post(message);
    left.post('second');
    message.list.push(2);
    await Promise.resolve();
    const heard: unknown[] = [];
    right.onMessage((value) => heard.push(value));
    await vi.waitFor(() => expect(heard).toEqual([{ list: [1] }, 'second']));
  });

  it('closes both ends, also for a listener that comes late', async () => {
    const [left, right] = portPair();
    const closed = vi.fn();
    right.onClose(closed);
    left.close();
    await vi.waitFor(() => expect(closed).toHaveBeenCalledTimes(1));
    right.close();
    right.onClose(closed);
    expect(closed).toHaveBeenCalledTimes(2);
  });
});
