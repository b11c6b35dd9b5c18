/**
 * `npm start`: builds what is older than its sources, finds an Electron, opens the app.
 * Arguments: `--xvfb` (or BINNACLE_XVFB=1) runs it on a virtual display; all others go to
 * the app. Adds --no-sandbox for root only, with a warning. Ends with the app's exit code.
 */
import { spawn, spawnSync } from 'node:child_process';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildIfNeeded } from './build-if-needed.mjs';
import { resolveElectron } from './electron-runtime.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const args = process.argv.slice(2);
const wantsXvfb = args.includes('--xvfb') || process.env.BINNACLE_XVFB === '1';
const say = (line) => console.error(line);

function hasDisplay() {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

function has(program) {
  return spawnSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' }).status === 0;
}

/** Runs a program to its end and ends the same way; the usual signals are passed on. */
function become(program, programArgs, env) {
  const child = spawn(program, programArgs, { cwd: root, stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (thrown) => {
    say(`${program} could not be started: ${thrown.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

async function main() {
  buildIfNeeded(root, say);
  const runtime = await resolveElectron({ log: say });
  say(`Electron: ${runtime.from}`);
  const appArgs = [root, ...args.filter((arg) => arg !== '--xvfb')];
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    say(
      'WARNING: running as root, so Chromium runs without its sandbox (--no-sandbox). Prefer an ordinary user.',
    );
    appArgs.unshift('--no-sandbox');
  }
  const env = { ...process.env, BINNACLE_SHELL_ENV: process.env.BINNACLE_SHELL_ENV ?? 'own' };
  delete env.ELECTRON_RUN_AS_NODE;
  delete env.NODE_OPTIONS;
  if (hasDisplay() && !wantsXvfb) {
    become(runtime.executable, appArgs, env);
    return;
  }
  if (wantsXvfb && has('xvfb-run')) {
    say('Running on a virtual display (xvfb-run): the window is there, but nobody sees it.');
    become('xvfb-run', ['-a', '-s', '-screen 0 1600x1000x24', runtime.executable, ...appArgs], env);
    return;
  }
  say('There is no display here (DISPLAY and WAYLAND_DISPLAY are not set).');
  say(
    has('xvfb-run')
      ? 'To run the app on a virtual one: npm start -- --xvfb'
      : 'To run it on a virtual one: install xvfb (apt install xvfb), then npm start -- --xvfb',
  );
  process.exit(1);
}

await main();
