import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { kubeconfig } from '#shared/contract/kubeconfig';
import { RpcClient } from '#shared/rpc/client';
import { portPair } from '#shared/rpc/port';
import { Scope } from '#shared/rpc/scope';
import { serve } from '#shared/rpc/server';
import { toAppError } from '#shared/util/app-error';
import { contextId } from '../kubeconfig/merge';
import { Contexts } from './contexts';
import { Demo } from './demo';
import { openKubeconfigs } from './kubeconfigs';
import { kubeconfigServices } from './kubeconfigs-edit';
import { SettingsStore } from './settings';

const main = `# My clusters
apiVersion: v1
kind: Config
current-context: dev
contexts:
- context: {cluster: dev, user: dev}   # the small one
  name: dev
- context:
    cluster: prod
    user: prod
  name: prod
clusters:
- cluster:
    server: https://dev.example:6443
  name: dev
- cluster:
    server: https://prod.example:6443
  name: prod
users:
- name: dev
  user:
    token: s3cret-dev
- name: prod
  user:
    token: s3cret-prod
    x-own: kept
`;

const pasted = `# from a colleague
contexts: [{name: dev, context: {cluster: other, user: other}}]
clusters: [{name: other, cluster: {server: "https://other.example"}}]
users:
- name: other
  user:
    exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: aws, args: [eks, get-token, --token, s3cret, --api-key=s3cret]}
`;

let home: string;
let scope: Scope;
let settings: SettingsStore;
let client: RpcClient;
let file: string;
let own: string;

const other = (): string => join(home, 'other.yaml');
const id = (name: string, path = file): string => contextId(path, name);
const text = (path = file): string => readFileSync(path, 'utf8');

async function open(paths: readonly string[]): Promise<Contexts> {
  const source = await openKubeconfigs({
    scope,
    added: () => settings.value.kubeconfigs,
    own: { KUBECONFIG: paths.join(delimiter) },
    environment: Promise.resolve({ KUBECONFIG: paths.join(delimiter) }),
    home,
  });
  const demo = new Demo(scope, () => {
    throw new Error('no demo here');
  });
  const contexts = new Contexts(source, demo);
  const [near, far] = portPair();
  serve(far, [kubeconfigServices({ contexts, settings, own, choose: () => Promise.resolve(null) })], scope);
  client = new RpcClient(near);
  return contexts;
}

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'kubeconfigs-edit-'));
  file = join(home, 'config');
  own = join(home, 'own/kubeconfigs');
  writeFileSync(file, main, { mode: 0o640 });
  scope = new Scope('test');
  mkdirSync(join(home, 'own'));
  settings = new SettingsStore(join(home, 'own/settings.json'), scope, () => undefined);
});
afterEach(() => {
  client.close();
  scope.dispose();
  rmSync(home, { recursive: true, force: true });
});

const failure = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'done',
    (thrown: unknown) => toAppError(thrown).code,
  );

describe('inspect', () => {
  it('says what a paste holds, and no secret of it', async () => {
    await open([file]);
    const found = await client.call(kubeconfig, 'inspect', { source: { text: pasted } });
    expect(found).toMatchObject({
      path: null,
      kind: 'text',
      clusters: 1,
      users: 1,
      problems: [],
      known: false,
    });
    expect(found.contexts).toEqual([
      expect.objectContaining({
        name: 'dev',
        server: 'https://other.example',
        user: 'other',
        auth: ['exec'],
        runs: 'aws eks get-token --token ••• --api-key=•••',
      }),
    ]);
    expect(JSON.stringify(found)).not.toContain('s3cret');
  });

  it.each([
    ['hello', 'holds no context'],
    ['contexts: [', 'YAML'],
    ['contexts:\n- name: a\n  context: {cluster: gone}\n', ''],
    ['kind: Secret\napiVersion: v1\n', 'another kind of object'],
  ])('says what is wrong with %j', async (given, words) => {
    await open([file]);
    const found = await client.call(kubeconfig, 'inspect', { source: { text: given } });
    const said = JSON.stringify([found.problems, found.contexts.map((one) => one.problem)]);
    expect(said).toContain(words);
    expect(found.problems.length + found.contexts.filter((one) => one.problem).length).toBeGreaterThan(0);
  });

  it('looks into a folder, file by file', async () => {
    await open([file]);
    const folder = join(home, 'team');
    mkdirSync(folder);
    writeFileSync(join(folder, 'a.yaml'), pasted);
    writeFileSync(join(folder, 'b.yaml'), main);
    writeFileSync(join(folder, 'notes.txt'), 'no');
    writeFileSync(join(folder, 'broken.yaml'), 'contexts: [');
    const found = await client.call(kubeconfig, 'inspect', { source: { path: folder } });
    expect(found.kind).toBe('folder');
    expect(found.contexts.map((one) => one.name)).toEqual(['dev', 'dev', 'prod']);
    expect(found.problems.map((one) => one.message).join()).toContain('broken.yaml:1');
  });
});

describe('add', () => {
  it('keeps a paste as it is in a file of our own, 0600, and reads it from then on', async () => {
    const contexts = await open([file]);
    const preview = await client.call(kubeconfig, 'previewAdd', { source: { text: pasted }, into: null });
    expect(preview).toMatchObject({ isNew: true, added: ['dev'], renamed: [] });
    expect(readdirSync(join(home, 'own')).filter((name) => name === 'kubeconfigs')).toEqual([]);
    const done = await client.call(kubeconfig, 'add', { source: { text: pasted }, into: null });
    expect(text(done.target)).toBe(pasted);
    expect(statSync(done.target).mode & 0o777).toBe(0o600);
    expect(settings.value.kubeconfigs).toEqual([done.target]);
    expect(contexts.state.contexts.map((one) => one.server)).toContain('https://other.example');
    // The same text again does not overwrite it.
    const again = await client.call(kubeconfig, 'add', { source: { text: pasted }, into: null });
    expect(again.target).not.toBe(done.target);
  });

  it('merges into a chosen file: a clash gets a number, nothing else moves', async () => {
    await open([file]);
    const done = await client.call(kubeconfig, 'add', { source: { text: pasted }, into: file });
    expect(done).toMatchObject({
      target: file,
      isNew: false,
      added: ['dev-2'],
      renamed: [{ kind: 'context', from: 'dev', to: 'dev-2' }],
    });
    for (const line of main.split('\n')) expect(text().split('\n')).toContain(line);
    expect(text(`${file}.binnacle-backup`)).toBe(main);
  });

  it('takes only the contexts chosen', async () => {
    await open([file]);
    const done = await client.call(kubeconfig, 'add', {
      source: { text: main },
      contexts: ['prod'],
      into: null,
    });
    expect(text(done.target)).toContain('prod');
    expect(text(done.target)).not.toContain('dev');
  });

  it('writes to no file that is not read already', async () => {
    await open([file]);
    writeFileSync(other(), 'mine\n');
    expect(await failure(client.call(kubeconfig, 'add', { source: { text: pasted }, into: other() }))).toBe(
      'invalid-input',
    );
    expect(text(other())).toBe('mine\n');
  });

  it('follows a file and a folder, and forgets them', async () => {
    const contexts = await open([file]);
    const folder = join(home, 'team');
    mkdirSync(folder);
    writeFileSync(join(folder, 'a.yaml'), pasted);
    await client.call(kubeconfig, 'follow', { path: folder });
    expect(settings.value.kubeconfigs).toEqual([folder]);
    expect(contexts.state.contexts).toHaveLength(3);
    await client.call(kubeconfig, 'unfollow', { path: folder });
    expect(settings.value.kubeconfigs).toEqual([]);
    expect(contexts.state.contexts).toHaveLength(2);
    expect(text(join(folder, 'a.yaml'))).toBe(pasted);
  });
});

describe('remove', () => {
  it('shows the lines that go, and takes exactly these', async () => {
    const contexts = await open([file]);
    const shown = await client.call(kubeconfig, 'previewRemove', { contextId: id('prod') });
    expect(shown).toMatchObject({ name: 'prod', cluster: 'prod', user: 'prod', isCurrent: false, line: 8 });
    expect(JSON.stringify(shown)).not.toContain('s3cret');
    const gone = new Set(shown.lines.map((line) => line.number));
    expect(
      await client.call(kubeconfig, 'remove', {
        contextId: id('prod'),
        cluster: true,
        user: true,
        seen: shown.seen,
      }),
    ).toEqual({
      contextId: id('prod'),
      file,
      backup: `${file}.binnacle-backup`,
    });
    const expected = main.split('\n').filter((_, at) => !gone.has(at + 1));
    expect(text()).toBe(expected.join('\n'));
    expect(text(`${file}.binnacle-backup`)).toBe(main);
    expect(statSync(file).mode & 0o777).toBe(0o640);
    expect(contexts.state.contexts.map((one) => one.name)).toEqual(['dev']);
  });

  it('leaves cluster and user where the person says so', async () => {
    await open([file]);
    const { seen } = await client.call(kubeconfig, 'previewRemove', { contextId: id('prod') });
    await client.call(kubeconfig, 'remove', { contextId: id('prod'), cluster: false, user: false, seen });
    expect(text()).toBe(main.replace('- context:\n    cluster: prod\n    user: prod\n  name: prod\n', ''));
  });

  it('offers no entry that another file of KUBECONFIG uses', async () => {
    writeFileSync(other(), 'contexts: [{name: far, context: {cluster: prod, user: dev}}]\n');
    await open([file, other()]);
    const shown = await client.call(kubeconfig, 'previewRemove', { contextId: id('prod') });
    expect(shown.cluster).toBeUndefined();
    expect(shown.user).toBe('prod');
  });

  it('refuses when the file changed since it was shown', async () => {
    await open([file]);
    const { seen } = await client.call(kubeconfig, 'previewRemove', { contextId: id('prod') });
    const newer = `${main}# later\n`;
    writeFileSync(file, newer);
    const call = client.call(kubeconfig, 'remove', {
      contextId: id('prod'),
      cluster: true,
      user: true,
      seen,
    });
    expect(await failure(call)).toBe('conflict');
    expect(text()).toBe(newer);
  });
});

describe('change', () => {
  it('renames losslessly and takes the settings along', async () => {
    const contexts = await open([file]);
    settings.patch({
      contexts: { [id('dev')]: { alias: 'D', readOnly: true } },
      lastContext: id('dev'),
      recent: [id('prod'), id('dev')],
    });
    const { seen } = await client.call(kubeconfig, 'place', { contextId: id('dev') });
    const done = await client.call(kubeconfig, 'change', {
      contextId: id('dev'),
      seen,
      rename: 'development',
    });
    expect(done.contextId).toBe(id('development'));
    expect(text()).toBe(
      main
        .replace('current-context: dev\n', 'current-context: development\n')
        .replace('  name: dev\n', '  name: development\n'),
    );
    expect(settings.value.contexts).toEqual({ [id('development')]: { alias: 'D', readOnly: true } });
    expect(settings.value).toMatchObject({
      lastContext: id('development'),
      recent: [id('prod'), id('development')],
    });
    expect(contexts.state.contexts.map((one) => one.id)).toContain(id('development'));
  });

  it('sets a namespace and renames in one go, and refuses a name that is taken', async () => {
    await open([file]);
    const { seen } = await client.call(kubeconfig, 'place', { contextId: id('prod') });
    await client.call(kubeconfig, 'change', {
      contextId: id('prod'),
      seen,
      rename: 'live',
      namespace: 'shop',
    });
    expect(text()).toContain('    namespace: shop\n');
    expect(text()).toContain('  name: live\n');
    const place = await client.call(kubeconfig, 'place', { contextId: id('live') });
    expect(place).toMatchObject({ name: 'live', namespace: 'shop' });
    const taken = client.call(kubeconfig, 'change', {
      contextId: id('live'),
      seen: place.seen,
      rename: 'dev',
    });
    expect(await failure(taken)).toBe('conflict');
  });

  it('changes nothing of the demo and of what is gone', async () => {
    await open([file]);
    expect(await failure(client.call(kubeconfig, 'place', { contextId: 'demo' }))).toBe('unsupported');
    expect(await failure(client.call(kubeconfig, 'place', { contextId: 'x' }))).toBe('not-found');
  });

  it('makes a context current where kubectl looks for it', async () => {
    writeFileSync(other(), 'contexts: [{name: far, context: {cluster: prod, user: dev}}]\n');
    const contexts = await open([file, other()]);
    await client.call(kubeconfig, 'makeCurrent', { contextId: id('far', other()) });
    expect(text()).toBe(main.replace('current-context: dev', 'current-context: far'));
    expect(text(other())).not.toContain('current-context');
    expect(contexts.state.current).toBe(id('far', other()));
  });
});
