/** Builds out/ when it is missing or older than what it is made of. */
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const inputs = ['src', 'electron.vite.config.ts', 'package.json', 'package-lock.json'];
const products = ['out/main/index.js', 'out/preload/index.js', 'out/renderer/files.json'];

function newest(path) {
  const info = statSync(path, { throwIfNoEntry: false });
  if (!info) return 0;
  if (!info.isDirectory()) return /\.test\.tsx?$/.test(path) ? 0 : info.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

/** Whether the app in out/ is older than its sources. */
export function isStale(root) {
  const built = products.map((path) => statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs ?? 0);
  return Math.min(...built) < Math.max(...inputs.map((path) => newest(join(root, path))));
}

/** Throws when the build fails; its output goes to stderr then. */
export function buildIfNeeded(root, say) {
  if (!isStale(root)) return;
  say('Building the app ...');
  const command = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const result = spawnSync(command, ['run', '--silent', 'build'], { cwd: root, encoding: 'utf8' });
  if (result.status === 0) return;
  say(`${result.stdout ?? ''}${result.stderr ?? ''}`);
  throw new Error('The build failed; its messages are above.');
}
