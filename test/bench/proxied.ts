/** The parent's side of `proxy.ts`: a server in front of a bench's cluster. */
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface ProxyState {
  readonly at: number;
  readonly sentBytes: number;
  readonly sentEvents: number;
}

export interface Proxied {
  readonly kubeconfig: string;
  readonly frames: number;
  /** Watches end, and their readers get recorded events at this rate from then on. */
  replay(rate: { mbPerSecond?: number; eventsPerSecond?: number }): Promise<ProxyState>;
  pause(): Promise<ProxyState>;
  /** Ends every watch of pods with an ERROR of code 410. */
  expire(): Promise<ProxyState>;
  state(): Promise<ProxyState>;
  stop(): void;
}

export async function startProxy(kubeconfig: string, record: boolean): Promise<Proxied> {
  const child = fork(join(__dirname, 'proxy.ts'), [kubeconfig, ...(record ? [] : ['no-record'])], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const next = <T>(): Promise<T> =>
    new Promise((done, reject) => {
      const onExit = (code: number | null): void => reject(new Error(`the proxy ended with ${code}`));
      child.once('exit', onExit);
      child.once('message', (message) => {
        child.off('exit', onExit);
        done(message as T);
      });
    });
  const said = await next<{ kubeconfig: string; frames: number }>();
  const folder = mkdtempSync(join(tmpdir(), 'bench-proxy-'));
  const file = join(folder, 'kubeconfig');
  writeFileSync(file, said.kubeconfig, { mode: 0o600 });
  const ask = (command: object): Promise<ProxyState> => {
    const reply = next<ProxyState>();
    child.send(command);
    return reply;
  };
  return {
    kubeconfig: file,
    frames: said.frames,
    replay: (rate) => ask({ replay: rate }),
    pause: () => ask({ pause: true }),
    expire: () => ask({ expire: true }),
    state: () => ask({}),
    stop: () => {
      child.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
