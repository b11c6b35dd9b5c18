/**
 * The real app without Playwright, which makes every page believe that it is looked at: only so
 * can a window be hidden as a person hides it. Talks to page and main through their inspectors.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { spawn, type ChildProcess } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import WebSocket from 'ws';
import { appEnvironment } from '../e2e/support/app';
import { cpuOf, pause } from './app';
import type { BenchOptions } from './bench';
import { buildApp, findElectron, openDisplay, root } from './electron';
import { installProbe } from './page-probe';

export interface HiddenApp {
  /** Evaluates in the page; promises are awaited. */
  page<T>(expression: string): Promise<T>;
  /** Asks the page until the answer is true. */
  until(expression: string, limitMs?: number): Promise<void>;
  show(shown: boolean): Promise<void>;
  cpu(): Record<string, number>;
  close(): Promise<void>;
}

export async function openHiddenApp(kubeconfig: string, { flags }: BenchOptions): Promise<HiddenApp> {
  if (flags['app'] === undefined) buildApp();
  const display = await openDisplay();
  const home = mkdtempSync(join(tmpdir(), 'bench-hidden-'));
  const args = [
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    '--inspect=0',
    '--remote-debugging-port=0',
    flags['app'] ?? root,
  ];
  const child = spawn(findElectron(), args, {
    env: { ...appEnvironment(home, { kubeconfig }), ...display.env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const close = async (): Promise<void> => {
    await ended(child);
    display.close();
    rmSync(home, { recursive: true, force: true });
  };
  try {
    const { main, devtools } = await addresses(child);
    const mainSession = await connect(main);
    const pageSession = await connect(await pageAddress(devtools));
    const page = async <T>(expression: string): Promise<T> => (await pageSession.evaluate(expression)) as T;
    const until = async (expression: string, limitMs = 60_000): Promise<void> => {
      const end = Date.now() + limitMs;
      while ((await page(expression).catch(() => false)) !== true) {
        if (Date.now() > end) throw new Error(`the page never came to: ${expression}`);
        await pause(100);
      }
    };
    await until(`document.querySelector('[data-ready]') !== null`);
    await pageSession.send('Page.enable', {});
    const source = `globalThis.__name ??= (one) => one; (${installProbe.toString()})()`;
    await pageSession.send('Page.addScriptToEvaluateOnNewDocument', { source });
    await pageSession.send('Page.reload', {});
    await until(`window.bench !== undefined && document.querySelector('[data-ready]') !== null`);
    return {
      page,
      until,
      show: async (shown) => {
        const verb = shown ? 'show' : 'hide';
        await mainSession.evaluate(
          `process.mainModule.require('electron').BrowserWindow.getAllWindows()[0].${verb}()`,
        );
        await until(`document.visibilityState === '${shown ? 'visible' : 'hidden'}'`);
      },
      cpu: () => cpuOf(child.pid ?? 0),
      close,
    };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

/** Opens the table of pods; resolves when it is live. */
export async function openPods(app: HiddenApp): Promise<void> {
  const link = `[...document.querySelectorAll('nav[aria-label=Kinds] [role=link], nav[aria-label=Kinds] a, nav[aria-label=Kinds] button')].find((a) => /^Pods/.test(a.textContent))`;
  await app.until(`${link} !== undefined`);
  await app.page(`${link}.click()`);
  await app.until(`/^live/.test(document.querySelector('[aria-label="State of Pods"]')?.textContent ?? '')`);
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((done) => {
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
  });
}

function addresses(child: ChildProcess): Promise<{ main: string; devtools: string }> {
  return new Promise((done, reject) => {
    let text = '';
    child.on('exit', (code) => reject(new Error(`Electron ended with ${code}: ${text.slice(-2000)}`)));
    child.stderr?.on('data', (chunk: Buffer) => {
      text = (text + chunk.toString('utf8')).slice(-20_000);
      const main = /Debugger listening on (ws:\S+)/.exec(text)?.[1];
      const devtools = /DevTools listening on (ws:\S+)/.exec(text)?.[1];
      if (main !== undefined && devtools !== undefined) done({ main, devtools });
    });
  });
}

async function pageAddress(devtools: string): Promise<string> {
  for (let turn = 0; turn < 300; turn += 1) {
    const answer = await fetch(`http://${new URL(devtools).host}/json/list`);
    const targets = (await answer.json()) as { type: string; webSocketDebuggerUrl: string }[];
    const page = targets.find((target) => target.type === 'page');
    if (page) return page.webSocketDebuggerUrl;
    await pause(100);
  }
  throw new Error('the app opened no window');
}

interface Session {
  send(method: string, params: object): Promise<Record<string, unknown>>;
  evaluate(expression: string): Promise<unknown>;
}

async function connect(address: string): Promise<Session> {
  const socket = new WebSocket(address);
  await new Promise((done, reject) => {
    socket.once('open', done);
    socket.once('error', reject);
  });
  const waiting = new Map<number, (answer: { result?: Record<string, unknown>; error?: unknown }) => void>();
  socket.on('message', (data: Buffer) => {
    const answer = JSON.parse(data.toString('utf8')) as {
      id?: number;
      result?: Record<string, unknown>;
      error?: unknown;
    };
    if (answer.id !== undefined) waiting.get(answer.id)?.(answer);
  });
  let id = 0;
  const send: Session['send'] = (method, params) =>
    new Promise((done, reject) => {
      const own = (id += 1);
      waiting.set(own, ({ result, error }) => {
        waiting.delete(own);
        if (result) done(result);
        else reject(new Error(`${method}: ${JSON.stringify(error)}`));
      });
      socket.send(JSON.stringify({ id: own, method, params }));
    });
  return {
    send,
    evaluate: async (expression) => {
      const { result, exceptionDetails } = (await send('Runtime.evaluate', {
        expression,
        returnByValue: true,
        awaitPromise: true,
      })) as { result?: { value?: unknown }; exceptionDetails?: unknown };
      if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails).slice(0, 500));
      return result?.value;
    },
  };
}
