/**
 * From the start of the process to the first usable shell, against an empty Electron window
 * on the same runtime, display and machine, in turns. Both moments are epoch times noted by
 * the pages (mark or first paint, whichever is later), so that nobody disturbs the start.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median, round, type BenchOptions, type BenchResult } from './bench';
import { buildApp, findElectron, openDisplay, root, startElectron } from './electron';

const MARK = 'binnacle:shell';
const BAR = 1.8;
const RUNS = 7;

const whenReady = (mark: string): string => `(() => {
  const [mark] = performance.getEntriesByName(${JSON.stringify(mark)});
  const paint = performance.getEntriesByName('first-contentful-paint')[0];
  if (!mark || !paint) return null;
  return performance.timeOrigin + Math.max(mark.startTime, paint.startTime);
})()`;

function emptyApp(folder: string): string {
  const app = join(folder, 'empty');
  mkdirSync(app);
  writeFileSync(
    join(app, 'package.json'),
    JSON.stringify({ name: 'empty', version: '0.0.0', main: 'main.js' }),
  );
  writeFileSync(
    join(app, 'main.js'),
    `const { app, BrowserWindow } = require('electron');
app.setPath('userData', process.env.BINNACLE_HOME);
app.whenReady().then(() => {
  const window = new BrowserWindow({ width: 1440, height: 900, webPreferences: { sandbox: true } });
  void window.loadFile('index.html');
});
app.on('window-all-closed', () => app.quit());
`,
  );
  writeFileSync(
    join(app, 'index.html'),
    `<!doctype html><title>Empty</title><p>Empty</p><script>performance.mark(${JSON.stringify(MARK)})</script>\n`,
  );
  return app;
}

/** `--app FOLDER` measures another build. */
export async function run({ runs = RUNS, flags, say }: BenchOptions): Promise<BenchResult> {
  if (flags['app'] === undefined) buildApp();
  const electron = findElectron();
  const display = await openDisplay();
  const folder = mkdtempSync(join(tmpdir(), 'bench-start-'));
  try {
    const empty = emptyApp(folder);
    const once = async (app: string, home: string): Promise<number> => {
      mkdirSync(home, { recursive: true });
      const env = {
        ...process.env,
        ...display.env,
        HOME: home,
        BINNACLE_HOME: join(home, 'state'),
        KUBECONFIG: undefined,
      };
      const started = startElectron(electron, app, env);
      try {
        return Number(await started.ask(whenReady(MARK))) - started.at;
      } finally {
        await started.stop();
      }
    };
    const ours = { app: flags['app'] ?? root, home: join(folder, 'ours'), first: 0, samples: [] as number[] };
    const theirs = { app: empty, home: join(folder, 'theirs'), first: 0, samples: [] as number[] };
    for (const one of [theirs, ours]) one.first = await once(one.app, one.home);
    for (let i = 0; i < runs; i += 1) {
      // In turns and in changing order: a busy moment hits both alike.
      for (const one of i % 2 === 0 ? [theirs, ours] : [ours, theirs]) {
        one.samples.push(await once(one.app, one.home));
      }
      say(
        `start ${i + 1}/${runs}: app ${round(ours.samples[i] ?? NaN)} ms, empty ${round(theirs.samples[i] ?? NaN)} ms`,
      );
    }
    const appMs = median(ours.samples);
    const emptyMs = median(theirs.samples);
    const ratio = round(appMs / emptyMs, 3);
    return {
      values: {
        appMs: round(appMs),
        emptyMs: round(emptyMs),
        ratio,
        appFirstMs: round(ours.first),
        emptyFirstMs: round(theirs.first),
      },
      bars: [{ name: 'ratio', value: ratio, atMost: BAR }],
      detail: {
        runs,
        electron,
        app: ours.samples.map((ms) => round(ms)),
        empty: theirs.samples.map((ms) => round(ms)),
      },
    };
  } finally {
    display.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
