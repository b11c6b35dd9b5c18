/** Faults 32 to 34: kubeconfigs while they are written, gone or pointing elsewhere. */
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import { Scope } from '#shared/rpc/scope';
import { Supervisor, type HostProcess } from '../../src/main/app/supervisor';
import type { HostCommand, HostEvent } from '../../src/main/cluster-host/messages';
import { Kubeconfigs } from '../../src/main/kubeconfig/source';
import { fault } from './support/row';

let scope: Scope;
let folder: string;

beforeEach(() => {
  scope = new Scope('faults');
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'fault-files-')));
});
afterEach(() => {
  scope.dispose();
  rmSync(folder, { recursive: true, force: true });
});

const text = (name: string, server = 'https://example.invalid:6443'): string =>
  `apiVersion: v1
kind: Config
clusters: [{ name: ${name}, cluster: { server: "${server}" } }]
users: [{ name: ${name}, user: { token: t } }]
contexts: [{ name: ${name}, context: { cluster: ${name}, user: ${name} } }]
current-context: ${name}
`;
async function open(...paths: string[]): Promise<Kubeconfigs> {
  const source = new Kubeconfigs({
    scope,
    environment: { KUBECONFIG: paths.join(':') },
    watchTimes: { quietMs: 20, latestMs: 200, pollMs: 50, slowPollMs: 100 },
  });
  await source.start();
  return source;
}
const names = (source: Kubeconfigs): string[] => source.state.contexts.map((one) => one.name);
const until = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 10_000, interval: 20 });

/** A host that only remembers what it was told. */
class FakeHost implements HostProcess {
  readonly got: HostCommand[] = [];
  private exits: ((reason: string) => void)[] = [];
  private events: ((event: HostEvent) => void)[] = [];
  post(command: HostCommand): void {
    this.got.push(command);
    if (command.type === 'init') this.events.forEach((listener) => listener({ type: 'ready' }));
    if (command.type === 'stop') this.kill();
  }
  onEvent(listener: (event: HostEvent) => void): void {
    this.events.push(listener);
  }
  onExit(listener: (reason: string) => void): void {
    this.exits.push(listener);
  }
  kill(): void {
    for (const listener of this.exits.splice(0)) listener('ended');
  }
}
function supervise(source: Kubeconfigs): { supervisor: Supervisor; hosts: FakeHost[] } {
  const hosts: FakeHost[] = [];
  const supervisor = new Supervisor({
    scope,
    fork: () => {
      const host = new FakeHost();
      hosts.push(host);
      return host;
    },
    resolve: (id) => Promise.resolve().then(() => source.resolve(id)),
    environment: () => Promise.resolve({}),
    log: () => undefined,
  });
  source.onChange(() => void supervisor.refresh());
  return { supervisor, hosts };
}

fault(32, async () => {
  const path = join(folder, 'config');
  writeFileSync(path, text('kept'));
  const source = await open(path);
  const { supervisor, hosts } = supervise(source);
  const [context] = source.state.contexts;
  await supervisor.connect(context?.id ?? '');
  for (const cut of [0, 1, 60, 140, 200]) {
    writeFileSync(path, text('kept'));
    truncateSync(path, cut);
    await until(() => expect(source.state.files[0]?.state).toBe('bad'));
    expect(names(source)).toEqual(['kept']);
  }
  writeFileSync(path, text('kept'));
  await until(() => expect(source.state.files[0]?.state).toBe('ok'));
  expect(hosts).toHaveLength(1);
  expect(supervisor.states()[0]).toMatchObject({ phase: 'running', restarts: 0 });
});

fault(33, async () => {
  const good = join(folder, 'good');
  writeFileSync(good, text('good'));
  const make: Record<string, (path: string) => void> = {
    folder: (path) => mkdirSync(path),
    huge: (path) => {
      writeFileSync(path, text('huge'));
      truncateSync(path, 50 * 1024 * 1024);
    },
    tabs: (path) => writeFileSync(path, 'clusters:\n\t- name: x\n'),
    binary: (path) => writeFileSync(path, Buffer.from([0xff, 0xfe, 0, 1, 2])),
    loop: (path) => symlinkSync(path, path),
    dangling: (path) => symlinkSync(join(folder, 'nowhere'), path),
    secret: (path) => {
      writeFileSync(path, text('secret'));
      chmodSync(path, 0o000);
    },
  };
  const paths = Object.keys(make).map((name) => join(folder, name));
  for (const [name, write] of Object.entries(make)) write(join(folder, name));
  const odd: Record<string, string> = {
    bom: `\uFEFF${text('bom')}`,
    crlf: text('crlf').replace(/\n/g, '\r\n'),
  };
  for (const [name, content] of Object.entries(odd)) writeFileSync(join(folder, name), content);
  const source = await open(...paths, join(folder, 'bom'), join(folder, 'crlf'), good);
  // Root may read everything.
  const mayRead = process.getuid?.() === 0 ? ['secret'] : [];
  expect(names(source).sort()).toEqual([...mayRead, 'bom', 'crlf', 'good'].sort());
  for (const state of source.state.files) {
    const name = state.path.slice(folder.length + 1);
    if ([...mayRead, 'bom', 'crlf', 'good'].includes(name)) expect(state.state, name).toBe('ok');
    else if (name === 'dangling') expect(state.state, name).toBe('missing');
    else {
      expect(state.state, name).toBe('bad');
      expect(state.error?.message.length, name).toBeGreaterThan(10);
    }
  }
  // While they come and go the good one is never away.
  const seen: boolean[] = [];
  source.onChange(() => seen.push(names(source).includes('good')));
  unlinkSync(join(folder, 'bom'));
  await until(() => expect(names(source)).not.toContain('bom'));
  renameSync(join(folder, 'crlf'), join(folder, 'elsewhere'));
  await until(() => expect(names(source)).not.toContain('crlf'));
  writeFileSync(join(folder, 'real'), text('linked'));
  symlinkSync(join(folder, 'real'), join(folder, 'bom'));
  await until(() => expect(names(source)).toContain('linked'));
  expect(seen.every(Boolean)).toBe(true);
});

fault(
  33,
  async () => {
    const [one, two] = [join(folder, 'one'), join(folder, 'two')];
    writeFileSync(one, text('same', 'https://one.invalid'));
    writeFileSync(two, text('same', 'https://two.invalid'));
    const source = await open(one, two);
    const server = source.state.contexts.find((context) => context.name === 'same');
    // As kubectl: the first file wins, the other is no reason to fail.
    expect(server?.server).toContain('one.invalid');
    expect(source.state.files.every((file) => file.state === 'ok')).toBe(true);
  },
  'duplicate names',
);

fault(34, async () => {
  const path = join(folder, 'config');
  writeFileSync(path, text('prod', 'https://one.invalid'));
  const source = await open(path);
  const { supervisor, hosts } = supervise(source);
  const id = source.state.contexts[0]?.id ?? '';
  await supervisor.connect(id);
  writeFileSync(path, text('prod', 'https://two.invalid'));
  await until(() => expect(supervisor.states()[0]?.phase).toBe('failed'));
  expect(supervisor.states()[0]?.reason).toMatch(
    /https:\/\/two\.invalid.*https:\/\/one\.invalid.*Connect again/,
  );
  expect(hosts).toHaveLength(1);
  // Only the person goes there.
  await supervisor.connect(id);
  expect(hosts).toHaveLength(2);
  expect(hosts[1]?.got[0]).toMatchObject({ context: { cluster: { server: 'https://two.invalid' } } });
  unlinkSync(path);
  await until(() => expect(supervisor.states()[0]?.phase).toBe('failed'));
  expect(supervisor.states()[0]?.reason).toMatch(/no longer in any kubeconfig/);
  await expect(supervisor.connect(id)).rejects.toThrow();
  expect(hosts).toHaveLength(2);
});
