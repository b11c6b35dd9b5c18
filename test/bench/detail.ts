/**
 * Opening a pod's details and its YAML editor in the real app, on a cluster of 10,000 pods:
 * from the click to the content on screen (two frames painted), measured inside the page.
 * The first opening of each loads its code and is told apart.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { figure, median, round, type BenchOptions, type BenchResult } from './bench';
import { benchCluster } from './cluster';
import { buildApp, findElectron, openDisplay, root, startElectron } from './electron';

const PODS = 10_000;
const RUNS = 9;

interface Samples {
  readonly rows: number;
  readonly detail: readonly number[];
  readonly editor: readonly number[];
}

/** In the page: opens `runs` pods one after the other, each once in the drawer and once in the editor. */
const drive = (runs: number): string => `(async () => {
  const until = async (look, what, limit = 20000) => {
    const end = performance.now() + limit;
    for (;;) {
      const found = look();
      if (found) return found;
      if (performance.now() > end) throw new Error('no ' + what);
      await new Promise((done) => requestAnimationFrame(done));
    }
  };
  const painted = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const press = (key) => (document.activeElement ?? document.body).dispatchEvent(
    new KeyboardEvent('keydown', { key, code: key, bubbles: true, cancelable: true }));
  const click = (element) => {
    for (const type of ['pointerdown', 'mousedown', 'pointerup', 'mouseup', 'click'])
      element.dispatchEvent(new MouseEvent(type, { bubbles: true, cancelable: true, button: 0, detail: 1 }));
  };
  const link = await until(() => document.querySelector('nav [role=link][aria-label=Pods]'), 'link to Pods');
  click(link);
  const full = (one) => Number(one.getAttribute('aria-rowcount')) > ${PODS};
  const grid = await until(() => [...document.querySelectorAll('[role=grid]')].find(full), '${PODS} rows', 60000);
  await painted();
  const drawer = () => document.querySelector('[role=tablist][aria-label=Details]');
  const summary = () => document.querySelector('[role=tablist][aria-label=Details]')?.nextElementSibling;
  const rowsNow = () => [...grid.querySelectorAll('[role=rowgroup]:last-of-type [role=row]')];
  const detail = [];
  const editor = [];
  for (let turn = 0; turn < ${runs}; turn += 1) {
    const row = await until(() => rowsNow()[turn + 1], 'row');
    const cell = await until(() => row.querySelector('[data-col=name]'), 'name');
    let began = performance.now();
    click(cell);
    if (!drawer()) press('Enter');
    await until(() => { const body = summary(); return drawer() && body && !body.hasAttribute('aria-busy') && body.textContent.length > 40; }, 'details');
    await painted();
    detail.push(performance.now() - began);
    began = performance.now();
    press('e');
    await until(() => [...document.querySelectorAll('[role=textbox][aria-label^="YAML of"]')].some((one) => one.offsetParent !== null && one.textContent.includes('kind:')), 'editor');
    await painted();
    editor.push(performance.now() - began);
    const pods = await until(() => [...document.querySelectorAll('[role=tab]')].find((one) => /^Pods/.test(one.textContent)), 'tab of Pods');
    click(pods);
    await until(() => rowsNow().length > ${runs}, 'rows again');
    press('Escape');
    await until(() => !drawer(), 'closed details');
    await painted();
  }
  return JSON.stringify({ rows: Number(grid.getAttribute('aria-rowcount')) - 1, detail, editor });
})().catch((error) => JSON.stringify({ error: String(error) + ' | ' + document.body.innerText.slice(0, 300) }))`;

/** `--kubeconfig FILE` measures a given cluster. */
export async function run(options: BenchOptions): Promise<BenchResult> {
  const { runs = RUNS, flags, say } = options;
  if (flags['app'] === undefined) buildApp();
  const cluster = benchCluster(PODS, options);
  const display = await openDisplay();
  const folder = mkdtempSync(join(tmpdir(), 'bench-detail-'));
  try {
    mkdirSync(join(folder, 'home'));
    const started = startElectron(findElectron(), flags['app'] ?? root, {
      ...process.env,
      ...display.env,
      HOME: join(folder, 'home'),
      BINNACLE_HOME: join(folder, 'home', 'state'),
      BINNACLE_SHELL_ENV: 'own',
      KUBECONFIG: cluster.kubeconfig,
    });
    try {
      await started.ask(`document.querySelector('[data-ready]') ? 1 : null`, 60_000);
      const text = String(await started.ask(drive(runs + 1), 240_000));
      const found = JSON.parse(text) as Samples & { error?: string };
      if (found.error !== undefined) throw new Error(found.error);
      const [firstDetail = NaN, ...detail] = found.detail;
      const [firstEditor = NaN, ...editor] = found.editor;
      say(
        `details ${detail.map((ms) => round(ms)).join(', ')} ms; editor ${editor.map((ms) => round(ms)).join(', ')} ms`,
      );
      return {
        values: {},
        bars: [],
        figures: [
          figure('pods', found.rows, 'pods', { atLeast: PODS }),
          figure('details of a pod', round(median(detail)), 'ms', { atMost: 150 }),
          figure('details, first time', round(firstDetail), 'ms'),
          figure('editor ready', round(median(editor)), 'ms', { atMost: 300 }),
          figure('editor, first time', round(firstEditor), 'ms'),
        ],
        detail: { detail: found.detail, editor: found.editor },
      };
    } finally {
      await started.stop();
    }
  } finally {
    display.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
