/**
 * Pictures of the shell's states from the built preview page, under the app's own content
 * rules. `node test/shots/shell-preview/shoot.mjs OUT-DIR [NAME...]`; needs a chromium.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, resolve } from 'node:path';
import { chromium } from 'playwright';

const csp =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "font-src 'self'; connect-src 'self'; worker-src 'self'; base-uri 'none'; require-trusted-types-for 'script'";
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.woff2': 'font/woff2' };
const root = resolve('out/shell-preview');
const [, , out = 'out/shell-shots', ...only] = process.argv;

const server = createServer((request, response) => {
  const path = new URL(request.url, 'http://x').pathname;
  try {
    const body = readFileSync(join(root, path === '/' ? 'index.html' : path));
    response.writeHead(200, {
      'content-type': types[extname(path)] ?? 'text/html',
      'content-security-policy': csp,
    });
    response.end(body);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const base = `http://127.0.0.1:${server.address().port}/`;

const link = (page, name) =>
  page
    .getByRole('navigation', { name: 'Kinds' })
    .locator('visible=true')
    .getByRole('link', { name, exact: true })
    .click();
const shots = {
  overview: { query: 'state=live' },
  'overview-light': { query: 'state=live&theme=light' },
  pods: { query: '', act: (page) => link(page, 'Pods') },
  'pods-light-small': { query: 'theme=light', size: [1024, 700], act: (page) => link(page, 'Pods') },
  'pods-drawer': {
    query: 'broken=1&protected=1',
    act: async (page) => {
      await link(page, 'Pods');
      await page.getByText('CrashLoop, exit 3').first().waitFor();
      await page.keyboard.press('j');
      await page.keyboard.press('Enter');
      await page.waitForTimeout(400);
    },
  },
  split: {
    query: '',
    act: async (page) => {
      await link(page, 'Pods');
      await page.keyboard.press('Control+\\');
      await page.waitForTimeout(300);
    },
  },
  palette: {
    query: '',
    act: async (page) => {
      await page.keyboard.press('Control+k');
      await page.getByRole('dialog', { name: 'Command palette' }).waitFor();
      await page.keyboard.type('po');
    },
  },
  'jump-light': {
    query: 'theme=light',
    act: async (page) => {
      await page.keyboard.press(':');
      await page.getByRole('dialog', { name: 'Command palette' }).waitFor();
      await page.keyboard.type('deploy -n shop');
    },
  },
  namespaces: {
    query: 'state=restricted',
    act: async (page) => {
      await page.keyboard.press('n');
      await page.waitForTimeout(300);
    },
  },
  keys: { query: '', act: (page) => page.keyboard.press('?') },
  clusters: {
    query: 'theme=light',
    act: (page) => page.getByRole('button', { name: 'All clusters' }).click(),
  },
  settings: { query: '', act: (page) => page.getByRole('button', { name: 'Settings' }).click() },
  'many-clusters': {
    query: 'contexts=500',
    act: (page) => page.getByRole('button', { name: 'All clusters' }).click(),
  },
  connecting: { query: 'state=connecting' },
  unreachable: { query: 'state=unreachable' },
  'unreachable-light-small': { query: 'state=unreachable&theme=light', size: [1024, 700] },
  unauthorized: { query: 'state=unauthorized' },
  stale: { query: 'state=stale', act: (page) => link(page, 'Pods') },
  restarting: { query: 'state=restarting' },
  failed: { query: 'state=failed' },
};

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
mkdirSync(out, { recursive: true });
let bad = 0;
for (const [name, shot] of Object.entries(shots)) {
  if (only.length > 0 && !only.includes(name)) continue;
  const [width, height] = shot.size ?? [1440, 900];
  const page = await browser.newPage({ viewport: { width, height } });
  page.on(
    'console',
    (message) => message.type() === 'error' && ((bad += 1), console.log(name, message.text())),
  );
  page.on('pageerror', (error) => ((bad += 1), console.log(name, error.message)));
  await page.goto(`${base}?${shot.query}`);
  try {
    await page.waitForSelector('[data-ready=shell]', { timeout: 10_000 });
    await shot.act?.(page);
    await page.waitForTimeout(500);
  } catch (error) {
    bad += 1;
    console.log(name, error.message);
  }
  await page.screenshot({ path: join(out, `${name}.png`) });
  await page.close();
}
await browser.close();
server.close();
process.exitCode = bad > 0 ? 1 : 0;
