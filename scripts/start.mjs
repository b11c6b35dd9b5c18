/**
 * `npm start`: builds what is older than its sources, finds an Electron, opens the app.
 * Arguments: `--xvfb` (or BINNACLE_XVFB=1) runs it on a virtual display; all others go to
 * the app. Adds --no-sandbox for root only, with a warning. Ends with the app's exit code.
 */
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildIfNeeded } from './build-if-needed.mjs';
import { resolveElectron } from './electron-runtime.mjs';
import { become, hasDisplay, hasXvfb } from './xvfb.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const args = process.argv.slice(2);
const wantsXvfb = args.includes('--xvfb') || process.env.BINNACLE_XVFB === '1';
const say = (line) => console.error(line);

async function main() {
  const xvfb = wantsXvfb && hasXvfb();
  if (!hasDisplay() && !xvfb) {
    say('There is no display here (DISPLAY and WAYLAND_DISPLAY are not set).');
    say(
      hasXvfb()
        ? 'To run the app on a virtual one: npm start -- --xvfb'
        : 'To run it on a virtual one: apt install xvfb xauth, then npm start -- --xvfb',
    );
    process.exit(1);
  }
  buildIfNeeded(root, say);
  const runtime = await resolveElectron({ log: say });
  say(`Electron: ${runtime.from}`);
  const appArgs = [root, ...args.filter((arg) => arg !== '--xvfb')];
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    say('WARNING: running as root, so Chromium runs without its sandbox (--no-sandbox).');
    say('         Prefer an ordinary user.');
    appArgs.unshift('--no-sandbox');
  }
  if (xvfb) say('Running on a virtual display (xvfb-run): the window is there, but nobody sees it.');
  const env = { ...process.env, BINNACLE_SHELL_ENV: process.env.BINNACLE_SHELL_ENV ?? 'own' };
  delete env.ELECTRON_RUN_AS_NODE;
  delete env.NODE_OPTIONS;
  become(runtime.executable, appArgs, { cwd: root, env, xvfb });
}

main().catch((thrown) => {
  say(thrown instanceof Error ? thrown.message : String(thrown));
  process.exit(1);
});
