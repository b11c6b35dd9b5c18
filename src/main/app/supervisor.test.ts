import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Scope } from '#shared/rpc/scope';
import { fail } from '#shared/util/app-error';
import type { HostCommand, HostEvent } from '../cluster-host/messages';
import type { ContextConfig } from '../kubeconfig/types';
import { Supervisor, type HostProcess } from './supervisor';

class FakeProcess implements HostProcess {
  readonly got: HostCommand[] = [];
  killed = false;
  answers = true;
  private events: ((event: HostEvent) => void)[] = [];
  private exits: ((reason: string) => void)[] = [];

  post(command: HostCommand): void {
    this.got.push(command);
    if (!this.answers) return;
    if (command.type === 'ping') this.say({ type: 'pong', id: command.id });
    if (command.type === 'stop') this.die('stopped');
  }
  onEvent(listener: (event: HostEvent) => void): void {
    this.events.push(listener);
  }
  onExit(listener: (reason: string) => void): void {
    this.exits.push(listener);
  }
  kill(): void {
    this.killed = true;
    this.die('killed');
  }
  say(event: HostEvent): void {
    for (const listener of this.events) listener(event);
  }
  die(reason: string): void {
    for (const listener of this.exits.splice(0)) listener(reason);
  }
}

function signedIn(id: string, refresh: string, issuer = 'https://idp'): ContextConfig {
  const tokens = { 'idp-issuer-url': issuer, 'id-token': id, 'refresh-token': refresh };
  return { ...config('https://one'), user: { name: 'u', authProvider: { name: 'oidc', config: tokens } } };
}

function config(server: string, token = 't'): ContextConfig {
  return {
    id: 'c',
    name: 'c',
    file: '/f',
    namespace: 'default',
    cluster: { name: 'c', server, insecureSkipTlsVerify: false, disableCompression: false },
    user: { name: 'u', token },
  };
}

let scope: Scope;
let processes: FakeProcess[];
let current: ContextConfig | undefined;
let supervisor: Supervisor;
const readOnly = new Set<string>();
const rotated: unknown[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  scope = new Scope('test');
  processes = [];
  readOnly.clear();
  rotated.length = 0;
  current = config('https://one');
  supervisor = new Supervisor({
    scope,
    fork: () => {
      const child = new FakeProcess();
      processes.push(child);
      return child;
    },
    resolve: () => (current ? Promise.resolve(current) : Promise.reject(fail('not-found', 'It is gone.'))),
    environment: () => Promise.resolve({ PATH: '/bin' }),
    readOnly: (id) => readOnly.has(id),
    onRotated: (...told) => void rotated.push(told),
    log: () => undefined,
  });
});
afterEach(() => {
  scope.dispose();
  vi.useRealTimers();
});

const state = () => supervisor.states()[0];
const last = (): FakeProcess => processes[processes.length - 1] as FakeProcess;
async function run(): Promise<void> {
  await supervisor.connect('c');
  last().say({ type: 'ready' });
}

describe('new tokens of an identity provider', () => {
  it('reach the running host, which is not started anew', async () => {
    current = signedIn('a', 'r1');
    await run();
    last().say({ type: 'rotated', tokens: { used: 'r1', id: 'b', refresh: 'r2' } });
    expect(rotated).toEqual([[current, { used: 'r1', id: 'b', refresh: 'r2' }]]);
    current = signedIn('b', 'r2');
    await Promise.all([supervisor.refresh(), supervisor.refresh()]);
    const told = last().got.filter(({ type }) => type === 'auth-provider');
    expect(told).toEqual([{ type: 'auth-provider', provider: current.user.authProvider }]);
    expect(processes).toHaveLength(1);
    expect(state()?.phase).toBe('running');
  });

  it('with another issuer are another sign-in: the host starts anew', async () => {
    current = signedIn('a', 'r1');
    await run();
    current = signedIn('b', 'r2', 'https://other');
    await supervisor.refresh();
    expect(processes).toHaveLength(2);
  });
});

describe('Supervisor', () => {
  it('starts one host however often it is asked, with context and environment', async () => {
    await Promise.all([supervisor.connect('c'), supervisor.connect('c')]);
    expect(processes).toHaveLength(1);
    expect(last().got[0]).toEqual({
      type: 'init',
      context: current,
      environment: { PATH: '/bin' },
      readOnly: false,
    });
    expect(state()).toMatchObject({ phase: 'starting', generation: 1 });
    last().say({ type: 'ready' });
    expect(state()).toMatchObject({ phase: 'running', generation: 1, restarts: 0 });
  });

  it('tells the host that its context is read-only, at the start, on change and after a restart', async () => {
    readOnly.add('c');
    await run();
    expect(last().got[0]).toMatchObject({ type: 'init', readOnly: true });
    readOnly.clear();
    supervisor.applyReadOnly();
    supervisor.applyReadOnly();
    expect(last().got.filter((command) => command.type === 'read-only')).toEqual([
      { type: 'read-only', on: false },
    ]);
    readOnly.add('c');
    last().die('exit 70');
    supervisor.applyReadOnly();
    await vi.advanceTimersByTimeAsync(500);
    expect(processes).toHaveLength(2);
    expect(last().got[0]).toMatchObject({ type: 'init', readOnly: true });
  });

  it('restarts a dead host 5 times with growing delay, then gives up until the person asks', async () => {
    await run();
    const waits: number[] = [];
    for (const delay of [500, 1000, 2000, 4000, 8000]) {
      last().say({ type: 'fatal', message: 'boom' });
      last().die('exit 70');
      expect(state()).toMatchObject({ phase: 'restarting', reason: 'boom' });
      const before = processes.length;
      await vi.advanceTimersByTimeAsync(delay - 1);
      expect(processes).toHaveLength(before);
      await vi.advanceTimersByTimeAsync(1);
      expect(processes).toHaveLength(before + 1);
      waits.push(delay);
      last().say({ type: 'ready' });
    }
    expect(state()).toMatchObject({ phase: 'running', restarts: 5, generation: 6 });
    last().die('exit 70');
    expect(state()).toMatchObject({ phase: 'failed' });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(processes).toHaveLength(6);
    await run();
    expect(state()).toMatchObject({ phase: 'running', restarts: 0, generation: 7 });
  });

  it('forgets restarts after ten good minutes', async () => {
    await run();
    last().die('exit 1');
    await vi.advanceTimersByTimeAsync(500);
    last().say({ type: 'ready' });
    expect(state()?.restarts).toBe(1);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(state()?.restarts).toBe(0);
  });

  it('kills a host that misses three pings, and starts another', async () => {
    await run();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(last().killed).toBe(false);
    const silent = last();
    silent.answers = false;
    await vi.advanceTimersByTimeAsync(20_000);
    expect(silent.killed).toBe(true);
    expect(state()?.reason ?? '').toContain('15 s');
    await vi.advanceTimersByTimeAsync(500);
    expect(processes).toHaveLength(2);
  });

  it('does not take a sleeping machine for a hanging host', async () => {
    await run();
    last().answers = false;
    supervisor.suspend();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(last().killed).toBe(false);
    supervisor.resume();
    expect(last().got.map((command) => command.type)).toEqual(expect.arrayContaining(['suspend', 'resume']));
  });

  it('stops a host when asked, by force when it does not react', async () => {
    await run();
    await supervisor.disconnect('c');
    expect(state()).toMatchObject({ phase: 'stopped' });
    expect(last().killed).toBe(false);
    await run();
    last().answers = false;
    const stopped = supervisor.disconnect('c');
    await vi.advanceTimersByTimeAsync(1_500);
    await stopped;
    expect(last().killed).toBe(true);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(processes).toHaveLength(2);
  });

  it('disconnecting while it starts leaves no host behind', async () => {
    const started = supervisor.connect('c').catch(() => undefined);
    await supervisor.disconnect('c');
    await started;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(processes).toHaveLength(0);
    expect(state()).toMatchObject({ phase: 'stopped' });
  });

  it('freezes when the context moved to another server, and follows only when asked (fault 34)', async () => {
    await run();
    current = config('https://two');
    await supervisor.refresh();
    expect(state()).toMatchObject({ phase: 'failed' });
    expect(state()?.reason).toContain('https://two');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(processes).toHaveLength(1);
    await run();
    expect(last().got[0]).toMatchObject({ context: { cluster: { server: 'https://two' } } });
  });

  it('does not restart a dead host on another server either', async () => {
    await run();
    current = config('https://two');
    last().die('exit 1');
    await vi.advanceTimersByTimeAsync(500);
    expect(processes).toHaveLength(1);
    expect(state()).toMatchObject({ phase: 'failed' });
  });

  it('freezes when the context is gone', async () => {
    await run();
    current = undefined;
    await supervisor.refresh();
    expect(state()).toMatchObject({ phase: 'failed', reason: 'It is gone.' });
  });

  it('starts anew with new credentials for the same server, and not when nothing changed', async () => {
    await run();
    current = config('https://one');
    await supervisor.refresh();
    expect(processes).toHaveLength(1);
    current = config('https://one', 'fresh');
    await supervisor.refresh();
    expect(processes).toHaveLength(2);
    expect(last().got[0]).toMatchObject({ context: { user: { token: 'fresh' } } });
    last().say({ type: 'ready' });
    expect(state()).toMatchObject({ phase: 'running', restarts: 0 });
  });

  it('says why a context cannot be connected', async () => {
    current = undefined;
    await expect(supervisor.connect('c')).rejects.toThrow('It is gone.');
    expect(state()).toMatchObject({ phase: 'failed', reason: 'It is gone.' });
  });

  it('grants ports to the running generation only', async () => {
    await run();
    expect(supervisor.grant('c', 1, {})).toBe(true);
    expect(supervisor.grant('c', 2, {})).toBe(false);
    last().die('exit 1');
    expect(supervisor.grant('c', 1, {})).toBe(false);
  });

  it('kills every host when its scope ends', async () => {
    await run();
    scope.dispose();
    expect(last().killed).toBe(true);
  });
});
