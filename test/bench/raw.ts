/** The parent's side of `raw-watch.ts`. */
import { fork } from 'node:child_process';
import { join } from 'node:path';

export interface RawWatch {
  readonly seen: Map<string, number>;
  mark(): Promise<{ cpu: number; bytes: number }>;
  stop(): void;
}

export async function rawWatch(kubeconfig: string): Promise<RawWatch> {
  const child = fork(join(__dirname, 'raw-watch.ts'), [kubeconfig], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const seen = new Map<string, number>();
  const next = <T>(has: (message: object) => boolean): Promise<T> =>
    new Promise((done, reject) => {
      child.once('exit', (code) => reject(new Error(`the plain watch ended with ${code}`)));
      const listen = (message: object): void => {
        if (!has(message)) return;
        child.off('message', listen);
        done(message as T);
      };
      child.on('message', listen);
    });
  child.on('message', (message: { seen?: string; at?: number }) => {
    if (message.seen !== undefined) seen.set(message.seen, message.at ?? NaN);
  });
  await next((message) => 'began' in message);
  return {
    seen,
    mark: () => {
      const reply = next<{ cpu: number; bytes: number }>((message) => 'cpu' in message);
      child.send('mark');
      return reply;
    },
    stop: () => child.kill(),
  };
}
