/** Maps of the real cluster's samples: what is joined, that nothing moves without need, and the way by keyboard. */
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './support/app';
import { kubectl } from './support/kubectl';
import { testKubeconfig } from './support/screen';

const kubeconfig = testKubeconfig;

test.describe('topology @real', () => {
  test.skip(kubeconfig === undefined, 'needs the samples of a real cluster');
  test.describe.configure({ mode: 'serial' });

  test('shop: ingress to service to pods to node, policies, claims', async ({ launchApp }) => {
    const { page } = await launchApp(kubeconfig === undefined ? {} : { kubeconfig });
    const list = await openMap(page, 'shop');
    const selected = page.getByRole('status', { name: 'Selected object' });
    // Along edges only: each step must be joined to the one before.
    await choose(list, /^ing shop,/);
    await follow(page, list, selected, /^svc (frontend|cart),/);
    await follow(page, list, selected, /^po (frontend|cart)-/);
    await follow(page, list, selected, /^(no |cm |secret |sa )/);
    for (const policy of [
      'default-deny',
      'cart-from-frontend',
      'db-from-backend',
      'frontend-from-anywhere',
    ]) {
      await choose(list, new RegExp(`^netpol ${policy},`));
      await follow(page, list, selected, /^po (cart|db|frontend)-/);
    }
    await page.getByRole('radiogroup', { name: 'View' }).getByText('Storage', { exact: true }).click();
    await choose(list, /^pvc data-db-0,/);
    await follow(page, list, selected, /^(pv pv-db-0|sc manual),/);
  });

  test('scaling cart adds a pod and moves nobody', async ({ launchApp }) => {
    test.setTimeout(120_000);
    const { page } = await launchApp(kubeconfig === undefined ? {} : { kubeconfig });
    const list = await openMap(page, 'shop');
    const before = await places(list);
    const pods = (all: ReadonlyMap<string, string>): number =>
      [...all.keys()].filter((name) => name.startsWith('po cart-')).length;
    const count = pods(before);
    expect(count).toBeGreaterThan(0);
    const limits = JSON.parse(await kubectl('get', 'hpa', 'cart', '-n', 'shop', '-o', 'json')) as {
      spec: { minReplicas: number };
    };
    const least = limits.spec.minReplicas;
    const setLeast = (value: number): Promise<string> =>
      kubectl('patch', 'hpa', 'cart', '-n', 'shop', '-p', JSON.stringify({ spec: { minReplicas: value } }));
    try {
      // The autoscaler would undo a scaled deployment within seconds: both are told.
      await setLeast(count + 1);
      await kubectl('scale', 'deployment', 'cart', '-n', 'shop', `--replicas=${count + 1}`);
      await expect.poll(async () => pods(await places(list)), { timeout: 40_000 }).toBe(count + 1);
      const after = await places(list);
      const stayed = [...before].filter(([name]) => after.has(name));
      expect(stayed.map(([name]) => name)).toEqual(
        expect.arrayContaining(['deploy cart', 'svc cart', 'sts db']),
      );
      for (const [name, place] of stayed) expect(after.get(name), name).toBe(place);
    } finally {
      await setLeast(least);
      await kubectl('scale', 'deployment', 'cart', '-n', 'shop', `--replicas=${count}`);
    }
    await expect.poll(async () => pods(await places(list)), { timeout: 80_000 }).toBe(count);
    const again = await places(list);
    // Others work in this namespace too: what is still there stands where it stood.
    const stayed = [...before].filter(([name]) => again.has(name) && !name.startsWith('po cart-'));
    expect(stayed.map(([name]) => name)).toEqual(
      expect.arrayContaining(['deploy cart', 'svc cart', 'sts db']),
    );
    for (const [name, place] of stayed) expect(again.get(name), name).toBe(place);
  });

  test('by keyboard alone to the logs of a pod', async ({ launchApp }) => {
    const { page } = await launchApp(kubeconfig === undefined ? {} : { kubeconfig });
    await openMap(page, 'shop');
    const map = page.getByRole('listbox', { name: /^Objects of the map/ });
    const selected = page.getByRole('status', { name: 'Selected object' });
    for (
      let press = 0;
      press < 40 && !(await map.evaluate((one) => one === document.activeElement));
      press += 1
    ) {
      await page.keyboard.press('Tab');
    }
    await expect(map).toBeFocused();
    await page.keyboard.press('ArrowDown');
    for (
      let press = 0;
      press < 60 && !/^svc frontend/.test((await selected.textContent()) ?? '');
      press += 1
    ) {
      await page.keyboard.press('ArrowDown');
    }
    await expect(selected).toHaveText(/^svc frontend/);
    await page.keyboard.press('ArrowRight');
    await expect(selected).toHaveText(/^po frontend-/);
    const pod = /^po (\S+),/.exec((await selected.textContent()) ?? '')?.[1] ?? '';
    await page.keyboard.press('l');
    await expect(page.getByRole('tab', { name: new RegExp(pod) })).toBeVisible({ timeout: 15_000 });
  });
});

/** Chooses the namespace and opens the map; its list, once the map is live. */
async function openMap(page: Page, namespace: string): Promise<Locator> {
  await expect(page.getByRole('status', { name: 'Connection' })).toHaveText('live', { timeout: 30_000 });
  await page.keyboard.press(':');
  await page.keyboard.type(`ns ${namespace}`);
  const results = page.getByRole('listbox', { name: 'Results' });
  await expect(results.getByRole('option').first()).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: `Namespaces: ${namespace}` })).toBeVisible();
  await page
    .getByRole('navigation', { name: 'Kinds' })
    .getByRole('link', { name: 'Topology', exact: true })
    .click();
  await expect(page.getByRole('status', { name: 'State of the map' })).toHaveText(/^live/, {
    timeout: 20_000,
  });
  return page.getByRole('listbox', { name: /^Objects of the map/ });
}

/** Clicks an object of the list, which draws only what is in sight: it is scrolled until the object is. */
async function choose(list: Locator, name: RegExp): Promise<void> {
  const option = list.getByRole('option', { name });
  await expect
    .poll(async () => {
      for (let top = 0; top < 3_000 && (await option.count()) === 0; top += 400) {
        await list.evaluate((box, at) => (box.scrollTop = at), top);
        await list.evaluate(
          () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
        );
      }
      return option.count();
    })
    .toBe(1);
  await option.click();
}

/** Walks to the right; the step must lead to what `name` says. */
async function follow(page: Page, list: Locator, selected: Locator, name: RegExp): Promise<void> {
  const before = await selected.textContent();
  await list.focus();
  await page.keyboard.press('ArrowRight');
  await expect(selected).not.toHaveText(before ?? '');
  await expect(selected).toHaveText(name);
}

async function places(list: Locator): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  // The list draws what is in sight only: it is read from top to bottom.
  const height = await list.evaluate((box) => box.scrollHeight);
  for (let top = 0; top < height; top += 300) {
    const rows = await list.evaluate(async (box, at) => {
      box.scrollTop = at;
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      return [...box.querySelectorAll('[role=option]')].map(
        (one) =>
          [
            (one.getAttribute('aria-label') ?? '').split(',')[0] ?? '',
            one.getAttribute('data-place') ?? '',
          ] as const,
      );
    }, top);
    for (const [name, place] of rows) found.set(name, place);
  }
  return found;
}
