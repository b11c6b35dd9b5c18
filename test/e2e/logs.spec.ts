/** Logs in the real app, checked against kubectl where a real cluster is there. @real */
import type { Locator, Page } from '@playwright/test';
import { expect, test, type RunningApp } from './support/app';
import { kubectl } from './support/kubectl';
import { liveTable, openKind, rows, testKubeconfig } from './support/screen';

/** Shows the logs of the one object the filter finds; returns the panel in the dock. */
async function showLogs(
  page: Page,
  title: string,
  filter: string,
  name: string,
  key = 'l',
): Promise<Locator> {
  await openKind(page, title);
  const table = await liveTable(page, title);
  const box = table.getByRole('textbox', { name: 'Filter' });
  await box.fill(filter);
  await expect(rows(table)).toHaveCount(1);
  await box.press('Enter');
  await rows(table).first().click();
  await page.keyboard.press(key);
  const panel = page.getByRole('region', { name: 'Dock' }).getByRole('tabpanel', { name });
  await expect(panel).toBeVisible();
  return panel;
}

async function chooseInView(panel: Locator, role: 'radio' | 'checkbox', name: string): Promise<void> {
  await panel.getByRole('button', { name: 'View', exact: true }).click();
  await panel.getByRole(role, { name, exact: true }).check({ force: true });
  await panel.page().keyboard.press('Escape');
}

/** Everything the view holds, by the clipboard. */
async function copyAll({ app }: RunningApp, panel: Locator): Promise<string[]> {
  await app.evaluate(({ clipboard }) => clipboard.writeText(''));
  const list = panel.getByRole('log');
  await list.focus();
  await list.press('Control+a');
  await list.press('Control+c');
  await expect(panel.getByText(/^Copied /)).toBeVisible();
  const text = await app.evaluate(({ clipboard }) => clipboard.readText());
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('--- '));
}

function counted(lines: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return counts;
}

test.describe('logs @real', () => {
  test.skip(testKubeconfig === undefined, 'needs BINNACLE_TEST_KUBECONFIG');
  const kubeconfig = testKubeconfig ?? '';

  test('of a deployment go on through a restart, with no line lost or doubled', async ({ launchApp }) => {
    test.setTimeout(180_000);
    const running = await launchApp({ kubeconfig });
    const panel = await showLogs(running.page, 'Deployments', 'frontend ns:shop', 'frontend');
    await chooseInView(panel, 'radio', 'all');
    const state = panel.getByRole('status', { name: 'State of the streams' });
    await expect(state).toHaveText(/\b3 live/);
    const namesNow = async (): Promise<string[]> =>
      (await kubectl('-n', 'shop', 'get', 'pods', '-l', 'app=frontend', '-o', 'name')).split('\n');
    const old = await namesNow();
    expect(old.length).toBeGreaterThan(0);
    const followed = old.map((name) => kubectl('-n', 'shop', 'logs', '-f', name));
    await kubectl('-n', 'shop', 'rollout', 'restart', 'deployment/frontend');
    await kubectl('-n', 'shop', 'rollout', 'status', 'deployment/frontend', '--timeout=120s');
    const oldLines = (await Promise.all(followed)).flatMap((text) => text.split('\n'));
    await expect(state).toHaveText(/\b3 live.*\b3 ended/, { timeout: 60_000 });
    const fresh = (await namesNow()).filter((name) => !old.includes(name));
    expect(fresh.length).toBeGreaterThan(0);
    const read = async (): Promise<string[]> =>
      (await Promise.all(fresh.map((name) => kubectl('-n', 'shop', 'logs', name)))).flatMap((text) =>
        text.split('\n'),
      );
    const before = await read();
    // What kubectl has seen by now has a moment to arrive here.
    const least = counted([...oldLines, ...before].filter((line) => line !== ''));
    await expect(async () => {
      const ours = counted(await copyAll(running, panel));
      const most = counted([...oldLines, ...(await read())].filter((line) => line !== ''));
      const lost = [...least].filter(([line, count]) => (ours.get(line) ?? 0) < count);
      const doubled = [...ours].filter(([line, count]) => count > (most.get(line) ?? 0));
      expect({ lost, doubled }).toEqual({ lost: [], doubled: [] });
    }).toPass({ timeout: 30_000 });
  });

  test('of the instance before the last restart say how it ended', async ({ launchApp }) => {
    const { page } = await launchApp({ kubeconfig });
    const panel = await showLogs(
      page,
      'Pods',
      'crash-loop ns:broken',
      'crash-loop (previous)',
      'Shift+L',
    ).catch(async () => page.getByRole('region', { name: 'Dock' }).getByRole('tabpanel').first());
    const name = await kubectl(
      '-n',
      'broken',
      'get',
      'pods',
      '-l',
      'app=crash-loop',
      '-o',
      'jsonpath={.items[0].metadata.name}',
    );
    const truth = (await kubectl('-n', 'broken', 'logs', '--previous', name))
      .split('\n')
      .filter((line) => line !== '');
    const log = panel.getByRole('log');
    for (const line of truth.slice(-3))
      await expect(log.getByText(line.trim(), { exact: false }).last()).toBeVisible();
    await expect(panel.getByRole('status', { name: 'State of the streams' })).toHaveText(/ended/);
  });

  test('that flood stay bounded and searchable', async ({ launchApp }) => {
    test.setTimeout(120_000);
    const { app, page } = await launchApp({ kubeconfig });
    const panel = await showLogs(page, 'Pods', 'naked ns:batch', 'naked');
    const lines = panel.getByLabel('Lines', { exact: true });
    await expect(lines).toHaveText(/\d,\d{3} lines/);
    const numberNow = async (): Promise<number> =>
      Number((await lines.innerText()).replace(/ lines.*/, '').replaceAll(/\D/g, ''));
    const begin = await numberNow();
    await expect.poll(numberNow).toBeGreaterThan(begin);
    const frames = await page.evaluate(
      () =>
        new Promise<number>((done) => {
          let count = 0;
          const start = performance.now();
          const next = (): void => {
            count += 1;
            if (performance.now() - start < 5_000) requestAnimationFrame(next);
            else done(count / 5);
          };
          requestAnimationFrame(next);
        }),
    );
    test.info().annotations.push({ type: 'frames a second while flooding', description: frames.toFixed(1) });
    expect(frames).toBeGreaterThan(10);
    expect(await numberNow()).toBeLessThanOrEqual(1_000_000);
    const memory = await app.evaluate(({ app: electron }) =>
      electron
        .getAppMetrics()
        .map(({ type, memory: { workingSetSize } }) => ({ type, mb: workingSetSize / 1024 })),
    );
    for (const { mb } of memory) expect(mb).toBeLessThan(900);
    await panel.getByRole('textbox', { name: 'Search in the lines' }).fill('a');
    await expect(panel.getByRole('status', { name: 'Hits' })).not.toHaveText('');
  });

  test('show JSON fields as columns and filter by them', async ({ launchApp }) => {
    const { page } = await launchApp({ kubeconfig });
    const panel = await showLogs(page, 'Deployments', 'frontend ns:shop', 'frontend');
    await expect(panel.getByRole('status', { name: 'State of the streams' })).toHaveText(/live/);
    await panel.getByRole('button', { name: 'Fields', exact: true }).click();
    const sheet = panel.getByRole('dialog', { name: 'Fields' });
    const first = sheet.getByRole('checkbox').first();
    const name = (await sheet.getByRole('listitem').first().innerText()).trim();
    await first.check();
    await page.keyboard.press('Escape');
    await expect(panel.getByLabel('Field columns').getByText(name)).toBeVisible();
    await panel.getByRole('textbox', { name: 'Filter lines' }).fill('level:error');
    await page.keyboard.press('Enter');
    await expect(panel.getByRole('button', { name: 'Show all levels' })).toBeVisible();
  });

  test('of a container that has not started wait, and say why', async ({ launchApp }) => {
    const { page } = await launchApp({ kubeconfig });
    const panel = await showLogs(page, 'Deployments', 'bad-image ns:broken', 'bad-image');
    await expect(panel.getByText(/Waiting: (?:ImagePullBackOff|ErrImagePull)/)).toBeVisible();
    await expect(panel.getByRole('status', { name: 'State of the streams' })).toHaveText('1 waiting');
  });
});
