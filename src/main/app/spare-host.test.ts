import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Scope } from '#shared/rpc/scope';
import type { HostCommand } from '../cluster-host/messages';
import { SpareHost } from './spare-host';
import type { HostProcess } from './supervisor';

interface Fake extends HostProcess {
  readonly got: HostCommand[];
  killed: boolean;
  die(): void;
}

function fake(): Fake {
  const exits: ((reason: string) => void)[] = [];
  const child: Fake = {
    got: [],
    killed: false,
    post: (command) => void child.got.push(command),
    onEvent: () => undefined,
    onExit: (listener) => void exits.push(listener),
    kill: () => {
      child.killed = true;
      child.die();
    },
    die: () => {
      for (const listener of exits.splice(0)) listener('ended');
    },
  };
  return child;
}

let scope: Scope;
let made: Fake[];
const spare = (): SpareHost =>
  new SpareHost(
    () => {
      const child = fake();
      made.push(child);
      return child;
    },
    scope,
    3_000,
  );

beforeEach(() => {
  vi.useFakeTimers();
  scope = new Scope('test');
  made = [];
});
afterEach(() => {
  scope.dispose();
  vi.useRealTimers();
});

it('starts a process by itself only after the quiet time', () => {
  const host = spare();
  vi.advanceTimersByTime(2_999);
  expect(made).toHaveLength(0);
  vi.advanceTimersByTime(1);
  expect(made).toHaveLength(1);
  expect(made[0]?.got).toEqual([]);
  expect(host.take()).toBe(made[0]);
});

it('gives a fresh process to whoever comes earlier', () => {
  expect(spare().take()).toBe(made[0]);
  expect(made[0]?.got).toEqual([]);
});

it('makes the next one when the last was taken', () => {
  const host = spare();
  vi.advanceTimersByTime(3_000);
  host.take();
  vi.advanceTimersByTime(60_000);
  expect(made).toHaveLength(2);
  expect(host.take()).toBe(made[1]);
});

it('does not hand out a process that died, and does not start another in a loop', () => {
  const host = spare();
  vi.advanceTimersByTime(3_000);
  made[0]?.die();
  vi.advanceTimersByTime(600_000);
  expect(made).toHaveLength(1);
  expect(host.take()).toBe(made[1]);
});

it('leaves no process behind', async () => {
  const host = spare();
  vi.advanceTimersByTime(3_000);
  await host.stop();
  expect(made[0]?.killed).toBe(true);
  vi.advanceTimersByTime(60_000);
  expect(made).toHaveLength(1);
});

it('ends the spare with its scope', () => {
  spare();
  vi.advanceTimersByTime(3_000);
  scope.dispose();
  expect(made[0]?.killed).toBe(true);
});
