/**
 * `npm run e2e`: the tests in the real app. Builds what is old, finds an Electron once for
 * all tests, uses a virtual display where there is none. Arguments go to Playwright.
 */
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildIfNeeded } from './build-if-needed.mjs';
import { resolveElectron } from './electron-runtime.mjs';
import { become, hasDisplay, hasXvfb } from './xvfb.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const say = (line) => console.error(line);

async function main() {
  const xvfb = !hasDisplay() || process.env.BINNACLE_XVFB === '1';
  if (xvfb && !hasXvfb()) throw new Error('There is no display and no xvfb-run: apt install xvfb xauth');
  buildIfNeeded(root, say);
  const runtime = await resolveElectron({ log: say });
  say(`Electron: ${runtime.from}`);
  const cli = join(root, 'node_modules', '@playwright', 'test', 'cli.js');
  const env = { ...process.env, BINNACLE_ELECTRON: runtime.executable };
  become(process.execPath, [cli, 'test', ...process.argv.slice(2)], { cwd: root, env, xvfb });
}

main().catch((thrown) => {
  say(thrown instanceof Error ? thrown.message : String(thrown));
  process.exit(1);
});
