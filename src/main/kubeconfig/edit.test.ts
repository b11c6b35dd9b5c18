import { chmod, mkdtemp, readdir, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppFailure } from '#shared/util/app-error';
import { changeText, type KubeconfigEdit } from './edit';
import { planAddTo, planRemoval, readForEdit, saveEdit } from './edit-file';

const block = `# mine
apiVersion: v1
kind: Config
current-context: "a" # now
contexts:
# first
- context:
    cluster: c # where
    user: u
    namespace: shop # old
  name: a
- name: 'b'
  context: {cluster: c, user: u2}
# end of contexts
clusters:
- name: c
  cluster:
    server: https://h:6443
users:
- name: u
  user: {token: "t"}
- name: u2
  user:
    token: x
preferences: {}
`;
const flow = `{"apiVersion":"v1","contexts":[{"name":"a","context":{"cluster":"c","user":"u"}},{"name":"b","context":{"cluster":"c","user":"u2"}}],
"clusters":[{"name":"c","cluster":{"server":"https://h"}}],"users":[{"name":"u","user":{}},{"name":"u2","user":{}}]}`;

const edit = (text: string, change: KubeconfigEdit): string => changeText('/k', text, change);
function failure(work: () => unknown): string {
  try {
    work();
  } catch (thrown) {
    if (thrown instanceof AppFailure) return `${thrown.error.code}: ${thrown.error.message}`;
    throw thrown;
  }
  throw new Error('it did not fail');
}

describe('changeText', () => {
  it.each<[string, KubeconfigEdit, string, string]>([
    ['sets current', { op: 'set-current', context: 'b' }, '"a" # now', '"b" # now'],
    ['sets a namespace', { op: 'set-namespace', context: 'a', namespace: 'new' }, 'shop # old', 'new # old'],
    [
      'drops a namespace',
      { op: 'set-namespace', context: 'a', namespace: null },
      '    namespace: shop # old\n',
      '',
    ],
    [
      'adds a namespace',
      { op: 'set-namespace', context: 'b', namespace: 'no' },
      'user: u2}',
      'user: u2, namespace: "no"}',
    ],
    ['renames', { op: 'rename', context: 'b', to: "it's" }, `'b'`, `"it's"`],
    [
      'removes',
      { op: 'remove', context: 'b', user: 'u2' },
      `- name: 'b'\n  context: {cluster: c, user: u2}\n`,
      '',
    ],
  ])('%s', (_, change, from, to) => {
    const rest = (text: string): string => text.replace('- name: u2\n  user:\n    token: x\n', '');
    const wanted = block.replace(from, to);
    expect(edit(block, change)).toBe(change.op === 'remove' ? rest(wanted) : wanted);
    const crlf = (text: string): string => text.replaceAll('\n', '\r\n');
    expect(edit(crlf(block), change)).toBe(crlf(change.op === 'remove' ? rest(wanted) : wanted));
  });

  it.each<[KubeconfigEdit, string, string]>([
    [{ op: 'remove', context: 'a' }, '{"name":"a","context":{"cluster":"c","user":"u"}},', ''],
    [{ op: 'remove', context: 'b' }, ',{"name":"b","context":{"cluster":"c","user":"u2"}}', ''],
    [{ op: 'rename', context: 'b', to: 'no' }, '"name":"b"', '"name":"no"'],
    [{ op: 'set-namespace', context: 'a', namespace: 'n' }, '"user":"u"}', '"user":"u", "namespace": "n"}'],
    [{ op: 'set-current', context: 'a' }, '"user":{}}]}', '"user":{}}], "current-context": "a"}'],
  ])('edits JSON %#', (change, from, to) => {
    const changed = edit(flow, change);
    expect(changed).toBe(flow.replace(from, to));
    expect(() => JSON.parse(changed) as unknown).not.toThrow();
  });

  it('renames current-context along and leaves an empty list behind the last entry', () => {
    expect(edit(block, { op: 'rename', context: 'a', to: 'z' })).toBe(
      block.replace('"a"', '"z"').replace('name: a', 'name: z'),
    );
    const one = 'contexts: # all\n- name: a\n  context: {}\nusers: []\n';
    expect(edit(one, { op: 'remove', context: 'a' })).toBe('contexts: [] # all\nusers: []\n');
  });

  it.each<[string, string, KubeconfigEdit, string]>([
    ['unknown', block, { op: 'rename', context: 'nope', to: 'x' }, 'not-found'],
    ['taken', block, { op: 'rename', context: 'a', to: 'b' }, 'conflict'],
    ['used', block, { op: 'remove', context: 'a', cluster: 'c' }, 'conflict'],
    ['broken', 'contexts: [\n', { op: 'set-current', context: 'a' }, 'kubeconfig'],
    ['bad namespace', block, { op: 'set-namespace', context: 'a', namespace: 'A b' }, 'invalid-input'],
    [
      'shared by an anchor',
      'contexts:\n- name: a\n  context: &x\n    cluster: c\n- name: b\n  context: *x\n',
      { op: 'set-namespace', context: 'a', namespace: 'n' },
      'kubeconfig',
    ],
    [
      'anchor needed elsewhere',
      'contexts:\n- name: a\n  context: &x\n    cluster: c\n- name: b\n  context: *x\n',
      { op: 'remove', context: 'a' },
      'kubeconfig',
    ],
  ])('refuses: %s', (_, text, change, code) => {
    expect(failure(() => edit(text, change))).toMatch(new RegExp(`^${code}: `));
  });
});

describe('new tokens of auth-provider oidc', () => {
  const oidc = `users:
# people
- name: u
  user:
    auth-provider: # by kubectl
      config:
        client-id: kubernetes
        id-token: old.id.token # soon over
        idp-issuer-url: "https://idp.example"
        refresh-token: 'old refresh'
        extra-of-a-vendor: [1, 2]
      name: oidc
- {name: other, user: {auth-provider: {name: oidc, config: {refresh-token: old, x: y}}}}
`;
  const tokens = (user: string, from: string): KubeconfigEdit => ({
    op: 'set-tokens',
    user,
    from,
    id: 'eyJ.new.sig',
    refresh: 'new/refresh=',
  });

  it('changes these two values and no other byte', () => {
    const wanted = oidc.replace('old.id.token', 'eyJ.new.sig').replace(`'old refresh'`, `'new/refresh='`);
    expect(edit(oidc, tokens('u', 'old refresh'))).toBe(wanted);
    const crlf = (text: string): string => text.replaceAll('\n', '\r\n');
    expect(edit(crlf(oidc), tokens('u', 'old refresh'))).toBe(crlf(wanted));
  });

  it('adds an id-token where there was none', () => {
    expect(edit(oidc, tokens('other', 'old'))).toBe(
      oidc.replace(
        '{refresh-token: old, x: y}',
        '{refresh-token: new/refresh=, x: y, id-token: eyJ.new.sig}',
      ),
    );
  });

  it.each<[string, string, KubeconfigEdit, string]>([
    ['another sign-in', oidc, tokens('u', 'older'), 'conflict'],
    ['no such user', oidc, tokens('gone', 'old'), 'not-found'],
    ['no provider any more', block, tokens('u', 'old'), 'conflict'],
    [
      'shared by an anchor',
      oidc
        .replace('config: {refresh-token: old, x: y}', 'config: *shared')
        .replace('config:\n', 'config: &shared\n'),
      tokens('u', 'old refresh'),
      'kubeconfig',
    ],
  ])('refuses: %s; no token is in the words', (_, text, change, code) => {
    const words = failure(() => edit(text, change));
    expect(words).toMatch(new RegExp(`^${code}: `));
    expect(words).not.toMatch(/old refresh|new\/refresh|eyJ/);
  });
});

describe('the file', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'edit-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });
  const change: KubeconfigEdit = { op: 'set-current', context: 'b' };

  it('writes through a link, keeps mode and byte order mark, and a private backup', async () => {
    const real = join(folder, 'real');
    const path = join(folder, 'config');
    await writeFile(real, `\ufeff${block}`);
    await chmod(real, 0o640);
    await symlink('real', path);
    expect(await saveEdit(await readForEdit(path), change)).toBe(true);
    expect(await readFile(real, 'utf8')).toBe(`\ufeff${block.replace('"a"', '"b"')}`);
    expect(await readlink(path)).toBe('real');
    expect((await stat(real)).mode & 0o777).toBe(0o640);
    expect(await readFile(`${real}.binnacle-backup`, 'utf8')).toBe(`\ufeff${block}`);
    expect((await stat(`${real}.binnacle-backup`)).mode & 0o777).toBe(0o600);
    expect((await readdir(folder)).sort()).toEqual(['config', 'real', 'real.binnacle-backup']);
  });

  it('refuses a changed file and a held lock, and leaves nothing behind', async () => {
    const path = join(folder, 'config');
    await writeFile(path, block);
    const seen = await readForEdit(path);
    await writeFile(path, block.replace('mine', 'ours'));
    await expect(saveEdit(seen, change)).rejects.toMatchObject({ error: { code: 'conflict' } });
    const now = await readForEdit(path);
    await writeFile(`${path}.lock`, '');
    await expect(saveEdit(now, change)).rejects.toMatchObject({ error: { code: 'conflict' } });
    expect(await readdir(folder)).toEqual(['config', 'config.lock']);
    expect(await readFile(path, 'utf8')).toBe(block.replace('mine', 'ours'));
  });

  it('adds a paste: equal entries are reused, others get a number; a new file is 0600', async () => {
    const path = join(folder, 'deep', 'config');
    const fresh = await readForEdit(path);
    const plan = planAddTo(fresh, { text: block, contexts: ['a'] });
    expect(await saveEdit(fresh, plan.edit)).toBe(true);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const file = await readForEdit(path);
    const paste = block.replace('token: x', 'client-key: rel/key').replace('h:6443', 'other:1');
    const second = planAddTo(file, { text: paste, path: join(folder, 'drop.yaml') });
    expect(second.added).toEqual(['a-2', 'b']);
    expect(second.renamed).toEqual([
      { list: 'clusters', from: 'c', to: 'c-2' },
      { list: 'contexts', from: 'a', to: 'a-2' },
    ]);
    await saveEdit(file, second.edit);
    const after = await readForEdit(path);
    expect(after.text.startsWith(file.text.slice(0, 60))).toBe(true);
    expect(after.text).toContain(`client-key: ${folder}/rel/key`);
    expect(planAddTo(after, { text: block, contexts: ['a'] }).present).toEqual(['a']);
    expect(planRemoval(after, 'a-2')).toEqual({ isCurrent: false });
    expect(planRemoval(after, 'b')).toEqual({ user: 'u2', isCurrent: false });
  });
});
