import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { rowFiles } from './row-files';

const key = randomBytes(32).toString('base64');
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rows-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const files = (identity = 'me@here', of = key) => rowFiles({ folder, key: of, identity });

test('gives back what was saved, to its owner only', async () => {
  await files().save('pods', 'web-1\nweb-2');
  expect(await files().load('pods')).toBe('web-1\nweb-2');
  expect(await files().load('services')).toBeUndefined();
  expect(await files('somebody@here').load('pods')).toBeUndefined();
  expect(await files('me@here', randomBytes(32).toString('base64')).load('pods')).toBeUndefined();
});

test('writes nothing anybody could read: neither names nor rows, only for the owner', async () => {
  await files().save('pods', 'frontend-7x9f');
  const [name = ''] = readdirSync(folder);
  const bytes = readFileSync(join(folder, name));
  expect(bytes.includes('frontend')).toBe(false);
  expect(name).not.toContain('pods');
  expect(statSync(join(folder, name)).mode & 0o077).toBe(0);
});

test('a damaged or exchanged file is as good as none', async () => {
  await files().save('pods', 'rows');
  await files().save('nodes', 'others');
  const [one = '', two = ''] = readdirSync(folder);
  const bytes = readFileSync(join(folder, one));
  writeFileSync(join(folder, two), bytes);
  const loaded = [await files().load('pods'), await files().load('nodes')].filter(
    (text) => text !== undefined,
  );
  expect(loaded).toHaveLength(1);
  bytes[20] = (bytes[20] ?? 0) ^ 1;
  writeFileSync(join(folder, one), bytes);
  writeFileSync(join(folder, two), 'x');
  expect(await files().load('pods')).toBeUndefined();
  expect(await files().load('nodes')).toBeUndefined();
});

test('a folder that cannot be written fails nobody', async () => {
  writeFileSync(join(folder, 'file'), '');
  const blocked = rowFiles({ folder: join(folder, 'file', 'below'), key, identity: 'me' });
  await blocked.save('pods', 'rows');
  expect(await blocked.load('pods')).toBeUndefined();
});

test('old files and halves of files go', async () => {
  await files().save('pods', 'rows');
  const [old = ''] = readdirSync(folder);
  const month = Date.now() / 1000 - 30 * 86_400;
  utimesSync(join(folder, old), month, month);
  writeFileSync(join(folder, 'half.rows.1.tmp'), 'x');
  utimesSync(join(folder, 'half.rows.1.tmp'), month, month);
  writeFileSync(join(folder, 'of somebody else'), 'stays');
  files();
  await vi.waitFor(() => expect(readdirSync(folder)).toEqual(['of somebody else']));
});
