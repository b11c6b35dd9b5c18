/**
 * Starts an Electron app as a person would and asks its page one thing afterwards.
 * Nothing looks at the app while it starts: the page notes its own times.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { join, resolve } from 'node:path';
import WebSocket from 'ws';

export const root = resolve(__dirname, '../..');

export interface Display {
  readonly env: Record<string, string>;
  close(): void;
}

/** The display there is, or a virtual one of our own. */
export async function openDisplay(): Promise<Display> {
  if (process.platform !== 'linux' || process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']) {
    return { env: {}, close: () => undefined };
  }
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const number = await new Promise<string>((done, reject) => {
    server.on('error', () => reject(new Error('no display, and Xvfb could not be started')));
    server.on('exit', () => reject(new Error('Xvfb ended')));
    server.stdio[3]?.once('data', (chunk: Buffer) => done(chunk.toString('utf8').trim()));
  });
  return { env: { DISPLAY: `:${number}` }, close: () => server.kill() };
}

export function findElectron(): string {
  const named = process.env['BINNACLE_ELECTRON'];
  if (named) return named;
  const script = join(root, 'scripts/electron-runtime.mjs');
  const found = spawnSync(process.execPath, [script], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (found.status !== 0) throw new Error('no Electron');
  return found.stdout.trim();
}

export function buildApp(): void {
  const code = `import('./scripts/build-if-needed.mjs').then((m) => m.buildIfNeeded(process.cwd(), console.error))`;
  const built = spawnSync(process.execPath, ['-e', code], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (built.status !== 0) throw new Error('the build failed');
}

export interface Started {
  /** Epoch ms just before the process was made. */
  readonly at: number;
  /** Evaluates in the first page until it gives something else than null. */
  ask(expression: string, limitMs?: number): Promise<unknown>;
  stop(): Promise<void>;
}

export function startElectron(
  electron: string,
  folder: string,
  env: Record<string, string | undefined>,
): Started {
  const args = [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--remote-debugging-port=0', folder];
  const at = Date.now();
  const child = spawn(electron, args, { env: env as NodeJS.ProcessEnv, stdio: ['ignore', 'ignore', 'pipe'] });
  const address = devtoolsAddress(child);
  return {
    at,
    ask: async (expression, limitMs = 30_000) => {
      const end = Date.now() + limitMs;
      const host = new URL(await address).host;
      for (;;) {
        const value = await evaluate(host, expression);
        if (value !== null && value !== undefined) return value;
        if (Date.now() > end) throw new Error(`the page gave no answer within ${limitMs} ms`);
        await pause(100);
      }
    },
    stop: () =>
      new Promise((done) => {
        if (child.exitCode !== null || child.signalCode !== null) {
          done();
          return;
        }
        const limit = setTimeout(() => child.kill('SIGKILL'), 5_000);
        child.once('exit', () => {
          clearTimeout(limit);
          done();
        });
        child.kill('SIGTERM');
      }),
  };
}

function devtoolsAddress(child: ChildProcess): Promise<string> {
  return new Promise((done, reject) => {
    let text = '';
    child.on('exit', (code) => reject(new Error(`Electron ended with ${code}: ${text.slice(-2000)}`)));
    child.stderr?.on('data', (chunk: Buffer) => {
      text = (text + chunk.toString('utf8')).slice(-20_000);
      const found = /DevTools listening on (ws:\S+)/.exec(text);
      if (found?.[1]) done(found[1]);
    });
  });
}

async function evaluate(host: string, expression: string): Promise<unknown> {
  const answer = await fetch(`http://${host}/json/list`);
  const targets = (await answer.json()) as { type: string; webSocketDebuggerUrl: string }[];
  const page = targets.find((target) => target.type === 'page');
  if (!page) return null;
  const socket = new WebSocket(page.webSocketDebuggerUrl);
  try {
    await new Promise((done, reject) => {
      socket.once('open', done);
      socket.once('error', reject);
    });
    const reply = new Promise<string>((done) =>
      socket.once('message', (data: Buffer) => done(data.toString('utf8'))),
    );
    socket.send(
      JSON.stringify({
        id: 1,
        method: 'Runtime.evaluate',
        params: { expression, returnByValue: true, awaitPromise: true },
      }),
    );
    const { result } = JSON.parse(await reply) as { result?: { result?: { value?: unknown } } };
    return result?.result?.value ?? null;
  } finally {
    socket.close();
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
