/** Builds the bench's page, opens it in Electron and reads what a refresh costs its main thread. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { _electron } from 'playwright';
import { build } from 'vite';
import { findElectron, openDisplay, root } from './electron';

export interface DrawTimes {
  /** Medians of ms on the main thread (script, style, layout), 10 series x 1,440 points. */
  readonly canvas: number;
  readonly recharts: number;
  /** The largest charts recharts is asked for: 6 series x 240 points; and what the canvas takes for it. */
  readonly rechartsFew: number;
  readonly canvasFew: number;
}

export async function drawTimes(say: (text: string) => void): Promise<DrawTimes> {
  const folder = mkdtempSync(join(tmpdir(), 'binnacle-charts-'));
  const display = await openDisplay();
  try {
    await build({
      configFile: false,
      logLevel: 'error',
      root: join(root, 'test/bench/charts-page'),
      base: './',
      plugins: [react()],
      define: { 'process.env.NODE_ENV': '"production"' },
      build: { outDir: join(folder, 'page'), target: 'chrome114', emptyOutDir: true },
    });
    const main = join(folder, 'main.cjs');
    writeFileSync(
      main,
      `const { app, BrowserWindow, protocol, net } = require('electron');
const { readFileSync } = require('node:fs');
const { join, extname } = require('node:path');
protocol.registerSchemesAsPrivileged([{ scheme: 'page', privileges: { standard: true, secure: true } }]);
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };
app.whenReady().then(() => {
  protocol.handle('page', (request) => {
    const path = new URL(request.url).pathname;
    return new Response(readFileSync(join(${JSON.stringify(join(folder, 'page'))}, path)), {
      headers: { 'content-type': types[extname(path)] ?? 'application/octet-stream' },
    });
  });
  new BrowserWindow({ width: 900, height: 700 }).loadURL('page://bench/index.html');
});`,
    );
    const env = Object.fromEntries(
      Object.entries({ ...process.env, ...display.env, HOME: folder }).filter(
        (entry): entry is [string, string] => typeof entry[1] === 'string',
      ),
    );
    const app = await _electron.launch({ executablePath: findElectron(), args: ['--no-sandbox', main], env });
    try {
      const page = await app.firstWindow();
      await page.waitForFunction('typeof window.measure === "function"');
      const ask = async (
        renderer: string,
        series: number,
        points: number,
        refreshes: number,
      ): Promise<number> => {
        const given = JSON.stringify({ renderer, series, points, refreshes });
        const times = (await page.evaluate(`window.measure(${given})`)) as number[];
        const sorted = times.slice(5).sort((a, b) => a - b);
        const found = Number((sorted[Math.floor(sorted.length / 2)] ?? NaN).toFixed(1));
        say(`${renderer}, ${series} x ${points}: ${found} ms a refresh`);
        return found;
      };
      return {
        canvas: await ask('canvas', 10, 1440, 45),
        recharts: await ask('recharts', 10, 1440, 15),
        rechartsFew: await ask('recharts', 6, 240, 25),
        canvasFew: await ask('canvas', 6, 240, 45),
      };
    } finally {
      await app.close();
    }
  } finally {
    display.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
