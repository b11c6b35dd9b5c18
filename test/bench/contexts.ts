/**
 * From the start of the process to `data-ready` with 500 contexts in one kubeconfig against
 * five, in turns; and who is contacted: each context's server is a port of ours that counts
 * its connections. Only the context on screen may be contacted. That the count sees anything
 * is shown by the one that is: it must have been contacted.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median, round, type BenchOptions, type BenchResult } from './bench';
import { buildApp, findElectron, openDisplay, root, startElectron } from './electron';

const RUNS = 5;
const MANY = 500;
const FEW = 5;
const BAR = 1.3;

const READY = `(() => {
  const [mark] = performance.getEntriesByName('binnacle:shell');
  if (!mark || document.documentElement.dataset.ready === undefined) return null;
  return performance.timeOrigin + mark.startTime;
})()`;

interface Listeners {
  readonly ports: readonly number[];
  readonly counts: readonly number[];
  close(): void;
}

/** One port for each context; whoever connects is counted and hung up on. */
async function listen(count: number): Promise<Listeners> {
  const counts = new Array<number>(count).fill(0);
  const servers: Server[] = [];
  for (let at = 0; at < count; at += 1) {
    const server = createServer((socket: Socket) => {
      counts[at] = (counts[at] ?? 0) + 1;
      socket.on('error', () => undefined);
      socket.destroy();
    });
    await new Promise<void>((done, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', done);
    });
    servers.push(server);
  }
  return {
    ports: servers.map((server) => (server.address() as { port: number }).port),
    counts,
    close: () => servers.forEach((server) => server.close()),
  };
}

function kubeconfig(ports: readonly number[]): string {
  const list = (head: string, item: (port: number, at: number) => string): string =>
    `${head}:\n${ports.map(item).join('')}`;
  return [
    'apiVersion: v1\nkind: Config\ncurrent-context: context-0\n',
    list('clusters', (port, at) => `- name: c-${at}\n  cluster:\n    server: https://127.0.0.1:${port}\n`),
    list(
      'contexts',
      (_, at) => `- name: context-${at}\n  context:\n    cluster: c-${at}\n    user: u-${at}\n`,
    ),
    list('users', (_, at) => `- name: u-${at}\n  user:\n    token: not-a-secret-${at}\n`),
  ].join('');
}

/** `--app FOLDER` measures another build. */
export async function run({ runs = RUNS, flags, say }: BenchOptions): Promise<BenchResult> {
  if (flags['app'] === undefined) buildApp();
  const electron = findElectron();
  const display = await openDisplay();
  const listeners = await listen(MANY);
  const folder = mkdtempSync(join(tmpdir(), 'bench-contexts-'));
  try {
    const once = async (count: number): Promise<number> => {
      const home = mkdtempSync(join(folder, 'home-'));
      mkdirSync(join(home, '.kube'));
      const file = join(home, '.kube', 'config');
      writeFileSync(file, kubeconfig(listeners.ports.slice(0, count)), { mode: 0o600 });
      const env = {
        ...process.env,
        ...display.env,
        HOME: home,
        BINNACLE_HOME: join(home, 'state'),
        KUBECONFIG: file,
      };
      const shownBefore = listeners.counts[0] ?? 0;
      const started = startElectron(electron, flags['app'] ?? root, env);
      try {
        const ms = Number(await started.ask(READY)) - started.at;
        // Long enough for the one on screen to be contacted; then the others would have been, too.
        const end = Date.now() + 30_000;
        while ((listeners.counts[0] ?? 0) === shownBefore && Date.now() < end) await started.ask('1');
        return ms;
      } finally {
        await started.stop();
      }
    };
    const first = { few: await once(FEW), many: await once(MANY) };
    const few: number[] = [];
    const many: number[] = [];
    for (let i = 0; i < runs; i += 1) {
      for (const count of i % 2 === 0 ? [FEW, MANY] : [MANY, FEW])
        (count === FEW ? few : many).push(await once(count));
      say(
        `contexts ${i + 1}/${runs}: ${FEW}: ${round(few[i] ?? NaN)} ms, ${MANY}: ${round(many[i] ?? NaN)} ms`,
      );
    }
    const fewMs = median(few);
    const manyMs = median(many);
    const ratio = round(manyMs / fewMs, 3);
    const [shown = 0, ...others] = listeners.counts;
    const contacted = others.filter((count) => count > 0).length;
    return {
      values: {
        fewMs: round(fewMs),
        manyMs: round(manyMs),
        ratio,
        shownConnections: shown,
        othersContacted: contacted,
      },
      bars: [
        { name: 'window ready with 500 contexts against 5 (ratio)', value: ratio, atMost: BAR },
        { name: 'servers of the other contexts that were contacted', value: contacted, atMost: 0 },
        { name: 'connections to the server of the context shown', value: shown, atLeast: 1 },
      ],
      detail: { runs, electron, first, few: few.map((ms) => round(ms)), many: many.map((ms) => round(ms)) },
    };
  } finally {
    display.close();
    listeners.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
