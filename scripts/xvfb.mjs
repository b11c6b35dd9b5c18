/** Runs a program with the display there is, or on a virtual one. */
import { spawn, spawnSync } from 'node:child_process';

/** Whether windows can be shown here. */
export function hasDisplay(env = process.env) {
  return process.platform !== 'linux' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

export function hasXvfb() {
  return (
    process.platform === 'linux' &&
    spawnSync('sh', ['-c', 'command -v xvfb-run && command -v xauth'], { stdio: 'ignore' }).status === 0
  );
}

/**
 * Runs a program to its end and ends this process the same way. The usual signals are
 * passed on; with `xvfb` to the whole group, because xvfb-run does not pass them.
 */
export function become(program, args, { cwd, env, xvfb = false }) {
  const [file, all] = xvfb
    ? ['xvfb-run', ['-a', '-s', '-screen 0 1600x1000x24 -nolisten tcp', program, ...args]]
    : [program, args];
  const child = spawn(file, all, { cwd, env, stdio: 'inherit', detached: xvfb });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (!xvfb || child.pid === undefined) child.kill(signal);
      else process.kill(-child.pid, signal);
    });
  }
  child.on('error', (thrown) => {
    console.error(`${file} could not be started: ${thrown.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}
