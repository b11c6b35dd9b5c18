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
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Scope } from '#shared/rpc/scope';
import { Kubeconfigs } from './source';

function text(name: string, extra = ''): string {
  return `clusters:\n- name: c\n  cluster: {server: "https://${name}.example"}\ncontexts:\n- name: ${name}\n  context: {cluster: c}\n${extra}`;
}

const times = { quietMs: 20, latestMs: 200, pollMs: 50, slowPollMs: 100 };

describe('Kubeconfigs', () => {
  let folder: string;
  let scope: Scope;

  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'kubeconfigs-')));
    scope = new Scope('test');
  });

  afterEach(() => {
    scope.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  async function open(list: string, added: string[] = []): Promise<Kubeconfigs> {
    const source = new Kubeconfigs({ scope, environment: { KUBECONFIG: list }, added, watchTimes: times });
    await source.start();
    return source;
  }

  const names = (source: Kubeconfigs): string[] => source.state.contexts.map((one) => one.name);
  const until = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 5_000, interval: 10 });

  it('opens on nothing at all without a word', async () => {
    const source = new Kubeconfigs({ scope, environment: {}, home: folder, watchTimes: times });
    expect(await source.start()).toEqual({ contexts: [], files: [], current: null });
    mkdirSync(join(folder, '.kube'));
    writeFileSync(join(folder, '.kube', 'config'), text('new'));
    await until(() => expect(names(source)).toEqual(['new']));
  });

  it('skips missing files of the list, and lists them', async () => {
    const good = join(folder, 'good');
    writeFileSync(good, text('good', 'current-context: good\n'));
    const source = await open(`${join(folder, 'none')}::${good}:${good}`);
    expect(names(source)).toEqual(['good']);
    expect(source.state.current).toBe(source.state.contexts[0]?.id);
    expect(source.state.files.map((one) => one.state)).toEqual(['missing', 'ok']);
  });

  it('sees saves by rename, deletes and creations', async () => {
    const path = join(folder, 'config');
    writeFileSync(path, text('first'));
    const source = await open(path);
    writeFileSync(join(folder, 'other'), text('second'));
    renameSync(join(folder, 'other'), path);
    await until(() => expect(names(source)).toEqual(['second']));
    unlinkSync(path);
    await until(() => expect(names(source)).toEqual([]));
    writeFileSync(path, text('third'));
    await until(() => expect(names(source)).toEqual(['third']));
  });

  it('follows swapped links, also half-way ones of mounted volumes', async () => {
    for (const name of ['v1', 'v2']) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'config'), text(name));
    }
    symlinkSync('v1', join(folder, '..data'));
    symlinkSync('..data/config', join(folder, 'config'));
    const source = await open(join(folder, 'config'));
    const [before] = source.state.contexts;
    expect(before?.name).toBe('v1');
    symlinkSync('v2', join(folder, '..data_tmp'));
    renameSync(join(folder, '..data_tmp'), join(folder, '..data'));
    await until(() => expect(names(source)).toEqual(['v2']));
  });

  it.each([
    ['cut in a quote', (path: string) => truncateSync(path, text('kept').indexOf('example')), /YAML/],
    ['emptied', (path: string) => truncateSync(path, 0), /empty/],
  ])('fault 32: keeps the last good version of a file that is %s', async (_, damage, expected) => {
    const path = join(folder, 'config');
    writeFileSync(path, text('kept'));
    const source = await open(path);
    damage(path);
    await until(() => expect(source.state.files[0]?.state).toBe('bad'));
    expect(source.state.files[0]?.error?.message).toMatch(expected);
    expect(names(source)).toEqual(['kept']);
    writeFileSync(path, text('whole'));
    await until(() => expect(names(source)).toEqual(['whole']));
    expect(source.state.files[0]).toEqual({ path, state: 'ok' });
  });

  it('fault 33: gives a reason for each bad file and leaves the good one alone', async () => {
    const paths = ['good', 'directory', 'huge', 'utf16', 'tabs', 'loop'].map((name) => join(folder, name));
    const [good = '', directory = '', huge = '', utf16 = '', tabs = '', loop = ''] = paths;
    writeFileSync(good, text('good'));
    mkdirSync(directory);
    writeFileSync(huge, Buffer.alloc(50 * 1024 * 1024, 0x20));
    writeFileSync(utf16, Buffer.from(`\ufeff${text('utf16')}`, 'utf16le'));
    writeFileSync(tabs, 'contexts:\n\t- name: x\n');
    symlinkSync('loop', loop);
    const source = await open(paths.join(':'));
    expect(names(source)).toContain('good');
    const reasons = source.state.files.map((one) => one.error?.message ?? 'fine');
    expect(reasons[0]).toBe('fine');
    expect(reasons[1]).toMatch(/is a directory/);
    expect(reasons[2]).toMatch(/larger than 10 MiB/);
    expect(reasons[3]).toMatch(/UTF-8/);
    expect(reasons[4]).toMatch(/:2: YAML: .*tab/);
    expect(reasons[5]).toMatch(/symbolic link that leads to itself/);
  });

  it('says that a file may not be read', async () => {
    const path = join(folder, 'config');
    writeFileSync(path, text('x'));
    chmodSync(path, 0);
    // Root may read everything, so here it is somebody else for a moment.
    const isRoot = process.geteuid?.() === 0;
    if (isRoot) {
      chmodSync(folder, 0o755);
      process.seteuid?.(65_534);
    }
    try {
      expect((await open(path)).state.files[0]?.error?.message).toMatch(/no right to read/);
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });

  it('adds files and folders as islands, and forgets them again', async () => {
    const shared = join(folder, 'config');
    writeFileSync(shared, text('same'));
    const many = join(folder, 'many');
    mkdirSync(many);
    writeFileSync(join(many, 'a.yaml'), text('same'));
    writeFileSync(join(many, 'notes.txt'), 'not one');
    const source = await open(shared);
    expect(await source.add(many)).toMatchObject({ state: 'ok' });
    expect(source.state.contexts.map((one) => [one.name, one.problem])).toEqual([
      ['same', undefined],
      ['same', undefined],
    ]);
    expect(new Set(source.state.contexts.map((one) => one.id)).size).toBe(2);
    writeFileSync(join(many, 'b.yaml'), text('b'));
    await until(() => expect(names(source)).toEqual(['same', 'same', 'b']));
    await source.remove(many);
    expect(names(source)).toEqual(['same']);
  });

  it('resolves by id, and not what is gone', async () => {
    const path = join(folder, 'config');
    writeFileSync(path, text('x'));
    const source = await open(path);
    const [first] = source.state.contexts;
    expect(source.resolve(first?.id ?? '').cluster.server).toBe('https://x.example');
    expect(() => source.resolve('gone')).toThrow(/no longer in any kubeconfig/);
  });
});
