/**
 * `npm run -s shots`: writes docs/pictures/*.png from the real app on the demo cluster, on a
 * virtual display, so that they look the same everywhere. Arguments go to Playwright.
 */
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildIfNeeded } from './build-if-needed.mjs';
import { resolveElectron } from './electron-runtime.mjs';
import { become, hasXvfb } from './xvfb.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const say = (line) => console.error(line);

async function main() {
  if (!hasXvfb()) throw new Error('There is no xvfb-run: apt install xvfb xauth');
  if (!process.env.BINNACLE_TEST_KUBECONFIG)
    say('SKIPPED: the pictures of maps and metrics: no real cluster (BINNACLE_TEST_KUBECONFIG).');
  buildIfNeeded(root, say);
  const runtime = await resolveElectron({ log: say });
  const cli = join(root, 'node_modules', '@playwright', 'test', 'cli.js');
  const config = join(root, 'test', 'shots', 'playwright.config.ts');
  const env = { ...process.env, BINNACLE_ELECTRON: runtime.executable };
  become(process.execPath, [cli, 'test', '-c', config, ...process.argv.slice(2)], {
    cwd: root,
    env,
    xvfb: true,
  });
}

main().catch((thrown) => {
  say(thrown instanceof Error ? thrown.message : String(thrown));
  process.exit(1);
});
