import { chmod, mkdtemp, readFile, readdir, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ContextConfig } from '../kubeconfig/types';
import { RotatedTokens } from './rotated-tokens';

const text = `# of the company
users:
- name: u # me
  user:
    auth-provider:
      name: oidc
      config:
        id-token: id-1
        refresh-token: r-1 # keep
        vendor: {a: 1}
`;
const written = text.replace('id-1', 'id-2').replace('r-1', 'r-2');

let folder = '';
let path = '';
let logged: string[];
let rotated: RotatedTokens;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rotated-'));
  path = join(folder, 'config');
  await writeFile(path, text);
  logged = [];
  rotated = new RotatedTokens({
    signal: new AbortController().signal,
    log: (line) => logged.push(line),
    pauseMs: 5,
  });
});
afterEach(() => rm(folder, { recursive: true }));

const inFile = (id: string, refresh: string): ContextConfig => ({
  id: 'c',
  name: 'c',
  file: '/the/context/stands/elsewhere',
  namespace: 'default',
  cluster: { name: 'c', server: 'https://h', insecureSkipTlsVerify: false, disableCompression: false },
  user: {
    name: 'u',
    authProvider: { name: 'oidc', file: path, config: { 'id-token': id, 'refresh-token': refresh } },
  },
});
const first = { used: 'r-1', id: 'id-2', refresh: 'r-2' };
const tokensOf = (config: ContextConfig) => {
  const { 'id-token': id, 'refresh-token': refresh } = config.user.authProvider?.config ?? {};
  return [id, refresh];
};
const noteOf = (config: ContextConfig) => config.user.authProvider?.notKept;

it('writes them into the file of the user entry, and nothing else', async () => {
  await writeFile(`${path}.binnacle-backup`, 'of an edit before');
  await rotated.take(inFile('id-1', 'r-1'), first);
  expect(await readFile(path, 'utf8')).toBe(written);
  expect(await readFile(`${path}.binnacle-backup`, 'utf8')).toBe('of an edit before');
  expect((await readdir(folder)).sort()).toEqual(['config', 'config.binnacle-backup']);
  // Until the file was read again, who starts meanwhile gets the new ones; then the file counts.
  expect(tokensOf(rotated.overlay(inFile('id-1', 'r-1')))).toEqual(['id-2', 'r-2']);
  expect(rotated.overlay(inFile('id-2', 'r-2'))).toEqual(inFile('id-2', 'r-2'));
  expect(logged).toEqual([]);
});

it('goes on in memory and says so where the file is read-only, through several rotations', async () => {
  await chmod(path, 0o444);
  await rotated.take(inFile('id-1', 'r-1'), first);
  await rotated.take(rotated.overlay(inFile('id-1', 'r-1')), { used: 'r-2', id: 'id-3', refresh: 'r-3' });
  expect(await readFile(path, 'utf8')).toBe(text);
  const now = rotated.overlay(inFile('id-1', 'r-1'));
  expect(tokensOf(now)).toEqual(['id-3', 'r-3']);
  expect(noteOf(now)).toContain(`${path} is read-only.`);
  expect(noteOf(now)).toContain('kubectl will have to sign in again');
  expect(logged).toHaveLength(2);
  expect(logged.join()).not.toMatch(/r-[123]|id-[123]/);
  // Writable again: the next rotation replaces what the file still holds.
  await chmod(path, 0o600);
  await rotated.take(now, { used: 'r-3', id: 'id-2', refresh: 'r-2' });
  expect(await readFile(path, 'utf8')).toBe(written);
  expect(noteOf(rotated.overlay(inFile('id-1', 'r-1')))).toBeUndefined();
});

it('leaves a file alone in which somebody signed in meanwhile, and then takes what it says', async () => {
  const other = text.replace('r-1', 'of-kubectl');
  await writeFile(path, other);
  await rotated.take(inFile('id-1', 'r-1'), first);
  expect(await readFile(path, 'utf8')).toBe(other);
  expect(logged.join()).toContain('somebody signed in');
  expect(tokensOf(rotated.overlay(inFile('id-1', 'of-kubectl')))).toEqual(['id-1', 'of-kubectl']);
});

it('waits for a lock of kubectl', async () => {
  await writeFile(`${path}.lock`, '');
  const done = rotated.take(inFile('id-1', 'r-1'), first);
  await unlink(`${path}.lock`);
  await done;
  expect(await readFile(path, 'utf8')).toBe(written);
});

it('gives up on a lock that stays, and keeps them in memory', async () => {
  await writeFile(`${path}.lock`, '');
  await rotated.take(inFile('id-1', 'r-1'), first);
  expect(await readFile(path, 'utf8')).toBe(text);
  expect(noteOf(rotated.overlay(inFile('id-1', 'r-1')))).toContain('locked');
});

it.each([
  ['a line break', { ...first, refresh: 'a\nb: c' }],
  ['too long', { ...first, id: 'x'.repeat(70_000) }],
  ['no text', { ...first, id: 7 as unknown as string }],
])('takes nothing strange from a host: %s', async (_, tokens) => {
  await rotated.take(inFile('id-1', 'r-1'), tokens);
  expect(await readFile(path, 'utf8')).toBe(text);
  expect(rotated.overlay(inFile('id-1', 'r-1'))).toEqual(inFile('id-1', 'r-1'));
});
