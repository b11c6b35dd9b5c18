import { describe, expect, it } from 'vitest';
import { AtFrame, type Frames } from './at-frame';

/** Frames and time that the test moves. */
class Stage implements Frames {
  time = 0;
  frame: (() => void) | undefined;
  timer: (() => void) | undefined;
  readonly now = (): number => this.time;
  readonly next = (callback: () => void): (() => void) => {
    this.frame = callback;
    return () => (this.frame = undefined);
  };
  readonly after = (_ms: number, callback: () => void): (() => void) => {
    this.timer = callback;
    return () => (this.timer = undefined);
  };
}

function stage(): { frames: Stage; at: AtFrame; done: number[]; push(value: number): void } {
  const frames = new Stage();
  const at = new AtFrame(frames);
  const done: number[] = [];
  return { frames, at, done, push: (value) => at.push(() => done.push(value)) };
}

describe('work at frames', () => {
  it('is done at once while nothing moves', () => {
    const { done, push, frames } = stage();
    push(1);
    expect(done).toEqual([1]);
    expect(frames.frame).toBeUndefined();
  });

  it('waits for the next frame while rows move, and is done once and in order', () => {
    const { done, push, frames, at } = stage();
    at.moved();
    push(1);
    push(2);
    expect(done).toEqual([]);
    frames.frame?.();
    expect(done).toEqual([1, 2]);
    expect([frames.frame, frames.timer]).toEqual([undefined, undefined]);
  });

  it('does not wait for a frame that never comes', () => {
    const { done, push, frames, at } = stage();
    at.moved();
    push(1);
    frames.timer?.();
    expect(done).toEqual([1]);
    expect(frames.frame).toBeUndefined();
  });

  it('keeps the order when the scroll ends while something waits', () => {
    const { done, push, frames, at } = stage();
    at.moved();
    push(1);
    frames.time = 1_000;
    push(2);
    expect(done).toEqual([1, 2]);
    expect([frames.frame, frames.timer]).toEqual([undefined, undefined]);
  });

  it('drops what waits, and goes on afterwards', () => {
    const { done, push, frames, at } = stage();
    at.moved();
    push(1);
    at.drop();
    expect([frames.frame, frames.timer]).toEqual([undefined, undefined]);
    push(2);
    frames.frame?.();
    expect(done).toEqual([2]);
  });

  it('takes work pushed by work for the frame after', () => {
    const { done, frames, at } = stage();
    at.moved();
    at.push(() => {
      at.push(() => done.push(2));
      done.push(1);
    });
    frames.frame?.();
    expect(done).toEqual([1]);
    frames.frame?.();
    expect(done).toEqual([1, 2]);
  });
});
