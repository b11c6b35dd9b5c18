import { describe, expect, it } from 'vitest';
import { WhenSeen, type SeenBy } from './unseen';

class FakeWindow implements SeenBy {
  visibilityState: DocumentVisibilityState = 'visible';
  readonly listeners = new Set<() => void>();
  addEventListener(_: 'visibilitychange', listener: () => void): void {
    this.listeners.add(listener);
  }
  removeEventListener(_: 'visibilitychange', listener: () => void): void {
    this.listeners.delete(listener);
  }
  become(state: DocumentVisibilityState): void {
    this.visibilityState = state;
    for (const listener of this.listeners) listener();
  }
}

function drawn(by: SeenBy): { seen: WhenSeen<string>; values: string[] } {
  const values: string[] = [];
  return { seen: new WhenSeen((value: string) => void values.push(value), by), values };
}

describe('a stream in a window', () => {
  it('is drawn as it comes while the window is seen', () => {
    const { seen, values } = drawn(new FakeWindow());
    for (const value of ['a', 'b', 'c']) seen.push(value);
    expect(values).toEqual(['a', 'b', 'c']);
  });

  it('waits while the window is hidden, and only its newest value is drawn then', () => {
    const by = new FakeWindow();
    const { seen, values } = drawn(by);
    seen.push('a');
    by.become('hidden');
    for (const value of ['b', 'c']) seen.push(value);
    expect(values).toEqual(['a']);
    by.become('visible');
    expect(values).toEqual(['a', 'c']);
    by.become('hidden');
    by.become('visible');
    expect(values).toEqual(['a', 'c']);
  });

  it('draws its first value even unseen: the window may never have had one', () => {
    const by = new FakeWindow();
    by.visibilityState = 'hidden';
    const { seen, values } = drawn(by);
    seen.push('a');
    seen.push('b');
    expect(values).toEqual(['a']);
    seen.flush();
    expect(values).toEqual(['a', 'b']);
  });

  it('lets go of the window when it ends', () => {
    const by = new FakeWindow();
    const { seen, values } = drawn(by);
    seen.push('a');
    by.become('hidden');
    seen.push('b');
    seen.close();
    expect(by.listeners.size).toBe(0);
    by.become('visible');
    expect(values).toEqual(['a']);
  });
});
