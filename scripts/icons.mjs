/**
 * Renders assets/icon.svg to the PNG sizes the packages need, in Electron's own Chromium.
 * Run by hand after a change of the drawing: `node scripts/icons.mjs`; the PNGs are committed.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { resolveElectron } from './electron-runtime.mjs';
import { hasDisplay } from './xvfb.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const sizes = [16, 24, 32, 48, 64, 128, 256, 512];

/** Runs inside Electron: one hidden page with a canvas. */
const renderer = `
const { app, BrowserWindow } = require('electron');
const { writeFileSync } = require('node:fs');
const job = JSON.parse(process.env.ICON_JOB);
app.disableHardwareAcceleration();
app.whenReady().then(async () => {
  const window = new BrowserWindow({ show: false, webPreferences: { sandbox: true, contextIsolation: true } });
  await window.loadURL('data:text/html,<canvas></canvas>');
  for (const size of job.sizes) {
    const url = await window.webContents.executeJavaScript(\`(async () => {
      const image = new Image();
      image.src = \${JSON.stringify(job.svg)};
      await image.decode();
      const canvas = document.querySelector('canvas');
      canvas.width = canvas.height = \${size};
      const context = canvas.getContext('2d');
      context.imageSmoothingQuality = 'high';
      context.drawImage(image, 0, 0, \${size}, \${size});
      return canvas.toDataURL('image/png');
    })()\`);
    writeFileSync(job.folder + '/' + size + 'x' + size + '.png', Buffer.from(url.split(',')[1], 'base64'));
  }
  app.exit(0);
});
`;

const work = mkdtempSync(join(tmpdir(), 'icons-'));
try {
  writeFileSync(
    join(work, 'package.json'),
    JSON.stringify({ name: 'icons', version: '0.0.0', main: 'main.js' }),
  );
  writeFileSync(join(work, 'main.js'), renderer);
  const { executable } = await resolveElectron({ log: (line) => console.error(line) });
  const svg = `data:image/svg+xml;base64,${readFileSync(join(root, 'assets/icon.svg')).toString('base64')}`;
  const job = JSON.stringify({ svg, sizes, folder: join(root, 'assets/icons') });
  const args = process.getuid?.() === 0 ? ['--no-sandbox', work] : [work];
  const [file, all] = hasDisplay() ? [executable, args] : ['xvfb-run', ['-a', executable, ...args]];
  const { status } = spawnSync(file, all, { stdio: 'inherit', env: { ...process.env, ICON_JOB: job } });
  if (status !== 0) throw new Error(`rendering ended with ${status}`);
  writeFileSync(join(root, 'assets/icon.png'), readFileSync(join(root, 'assets/icons/512x512.png')));
} finally {
  rmSync(work, { recursive: true, force: true });
}
