import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Scope } from '#shared/rpc/scope';
import { fail } from '#shared/util/app-error';
import type { ContextConfig } from '../kubeconfig/types';
import { Contexts } from './contexts';
import { Demo, DEMO_ID } from './demo';
import type { DemoCommand, DemoEvent } from './demo-messages';
import type { Child } from './host-process';
import { openKubeconfigs } from './kubeconfigs';
import type { Environment } from './shell-env';

let home: string;
let scope: Scope;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'kubeconfigs-'));
  scope = new Scope('test');
});
afterEach(() => {
  scope.dispose();
  rmSync(home, { recursive: true, force: true });
});

function kubeconfig(file: string, name: string): string {
  const path = join(home, file);
  mkdirSync(join(path, '..'), { recursive: true });
  const text = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [{ name, cluster: { server: `https://${name}.example:6443` } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    users: [{ name, user: { token: 't' } }],
  };
  writeFileSync(path, JSON.stringify(text));
  return path;
}

const open = (own: Environment, environment: Promise<Environment>, waitMs?: number) =>
  openKubeconfigs({ scope, added: () => [], own, environment, home, waitMs });

class FakeDemo implements Child<DemoCommand, DemoEvent> {
  readonly got: DemoCommand[] = [];
  event: (event: DemoEvent) => void = () => undefined;
  exit: (reason: string) => void = () => undefined;
  killed = 0;
  post(command: DemoCommand): void {
    this.got.push(command);
    this.exit('stopped');
  }
  onEvent(listener: (event: DemoEvent) => void): void {
    this.event = listener;
  }
  onExit(listener: (reason: string) => void): void {
    this.exit = listener;
  }
  kill(): void {
    this.killed += 1;
  }
}

const demoConfig: ContextConfig = {
  id: DEMO_ID,
  name: 'demo',
  file: 'demo',
  namespace: 'default',
  cluster: {
    name: 'demo',
    server: 'https://127.0.0.1:4',
    insecureSkipTlsVerify: false,
    disableCompression: true,
  },
  user: { name: 'demo-admin', token: 't' },
};

function contextsOf(source: Awaited<ReturnType<typeof open>>): { contexts: Contexts; demos: FakeDemo[] } {
  const demos: FakeDemo[] = [];
  const demo = new Demo(scope, () => {
    const child = new FakeDemo();
    demos.push(child);
    return child;
  });
  return { contexts: new Contexts(source, demo), demos };
}

it('reads the KUBECONFIG that the login shell names', async () => {
  kubeconfig('.kube/config', 'home');
  const other = kubeconfig('other', 'shell');
  const source = await open({}, Promise.resolve({ KUBECONFIG: other }));
  expect(source.state.contexts.map((one) => one.name)).toEqual(['shell']);
});

it('does not wait long for a slow shell, and follows it later', async () => {
  kubeconfig('.kube/config', 'home');
  const other = kubeconfig('other', 'shell');
  let answer: (env: Environment) => void = () => undefined;
  const slow = new Promise<Environment>((done) => (answer = done));
  const source = await open({}, slow, 20);
  expect(source.state.contexts.map((one) => one.name)).toEqual(['home']);
  const changed = new Promise<void>((done) => source.onChange(done));
  answer({ KUBECONFIG: other });
  await changed;
  expect(source.state.contexts.map((one) => one.name)).toEqual(['shell']);
});

it('lists the demo alone, and as the current one, when there is no context', async () => {
  const { contexts, demos } = contextsOf(await open({}, Promise.resolve({})));
  expect(contexts.state).toMatchObject({ contexts: [{ id: DEMO_ID, demo: true }], current: DEMO_ID });
  expect(demos).toHaveLength(0);
  const resolving = contexts.resolve(DEMO_ID);
  demos[0]?.event({ type: 'started', config: demoConfig });
  expect(await resolving).toBe(demoConfig);
  expect(contexts.state.contexts[0]?.server).toBe('https://127.0.0.1:4');
});

it('lists the demo beside others only after it was asked for', async () => {
  kubeconfig('.kube/config', 'home');
  const { contexts, demos } = contextsOf(await open({}, Promise.resolve({})));
  expect(contexts.state.contexts.map((one) => one.name)).toEqual(['home']);
  const resolving = contexts.resolve(DEMO_ID);
  demos[0]?.event({ type: 'started', config: demoConfig });
  await resolving;
  expect(contexts.state.contexts.map((one) => one.name)).toEqual(['home', 'demo']);
  expect(contexts.state.contexts.find((one) => one.id === contexts.state.current)?.name).toBe('home');
});

it('starts the demo again after it died, and says why a start failed', async () => {
  const { contexts, demos } = contextsOf(await open({}, Promise.resolve({})));
  const first = contexts.resolve(DEMO_ID);
  demos[0]?.event({ type: 'failed', message: 'no port' });
  await expect(first).rejects.toEqual(fail('internal', 'The demo cluster could not be started: no port'));
  demos[0]?.exit('gone');
  const second = contexts.resolve(DEMO_ID);
  expect(contexts.resolve(DEMO_ID)).toBeInstanceOf(Promise);
  expect(demos).toHaveLength(2);
  demos[1]?.event({ type: 'started', config: demoConfig });
  expect(await second).toBe(demoConfig);
});
