import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openUserData } from './user-data';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'user-data-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('makes the folder, for its owner only, and leaves nothing in it', () => {
  const wanted = join(folder, 'a/b');
  expect(openUserData(wanted)).toMatchObject({ path: wanted });
  expect(readdirSync(wanted)).toEqual([]);
  expect(statSync(wanted).mode & 0o777).toBe(0o700);
});

it('takes a temporary one, says why and removes it, where the folder cannot be', () => {
  writeFileSync(join(folder, 'file'), '');
  const found = openUserData(join(folder, 'file/below'));
  expect(found.problem).toContain('cannot be written');
  expect(existsSync(found.path)).toBe(true);
  found.dispose();
  expect(existsSync(found.path)).toBe(false);
});
