/**
 * Against a real Kubernetes (BINNACLE_TEST_KUBECONFIG, its current context): contexts switch
 * fast, and what others do there shows up in time. Everything made here is removed again.
 */
import { expect, test } from './support/app';
import { apply, cluster, kubectl } from './support/kubectl';
import { matched, openContext, openKind, rows, testKubeconfig } from './support/screen';

const options = { kubeconfig: testKubeconfig };
// A namespace may stay `Terminating` for long (a dead API service): each run has its own.
const namespace = `binnacle-e2e-${Date.now().toString(36)}`;
const limits = { pod: 1_000, definition: 10_000, switch: 2_000 };

test.describe('a real cluster', { tag: '@real' }, () => {
  test.beforeAll(async () => {
    await apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  });
  test.afterAll(async () => {
    await kubectl('delete', 'namespace', namespace, '--wait=false', '--ignore-not-found');
  });

  test('switching the context shows live pods within 2 s', async ({ launchApp }) => {
    const { page } = await launchApp(options);
    await expect(page.getByRole('status', { name: 'Connection' })).toHaveText('live', { timeout: 30_000 });
    const current = await kubectl('config', 'current-context');
    const other = (await kubectl('config', 'get-contexts', '-o', 'name'))
      .split('\n')
      .find((name) => name.startsWith('token@'));
    if (!other) throw new Error('the kubeconfig has no context token@...');
    await rows(await openKind(page, 'Pods'))
      .first()
      .waitFor();
    await openContext(page, other);
    await rows(await openKind(page, 'Pods'))
      .first()
      .waitFor();

    const began = Date.now();
    await openContext(page, current);
    await rows(page.getByRole('tabpanel', { name: 'Pods' }))
      .first()
      .waitFor();
    expect(Date.now() - began).toBeLessThan(limits.switch);
  });

  test('a pod deleted with kubectl leaves the table within 1 s', async ({ launchApp }) => {
    const name = `short-lived-${Date.now().toString(36)}`;
    await apply({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace },
      spec: {
        // Never scheduled, so that its end depends on nobody but the API server.
        nodeSelector: { 'binnacle.example/nowhere': 'yes' },
        containers: [{ name: 'app', image: 'busybox:1.35' }],
      },
    });
    const { page } = await launchApp(options);
    const panel = await openKind(page, 'Pods');
    await panel.getByRole('textbox', { name: 'Filter' }).fill(name);
    await expect.poll(() => matched(panel)).toBe(1);
    await kubectl('delete', 'pod', name, '-n', namespace, '--wait=true');
    await expect(panel.getByRole('row', { name: new RegExp(name) })).toHaveCount(0, { timeout: limits.pod });
  });

  test('a CRD added with kubectl appears in the navigation within 10 s, and leaves again', async ({
    launchApp,
  }) => {
    const plural = 'e2ewidgets';
    const crd = `${plural}.binnacle.example`;
    const { page } = await launchApp(options);
    await openKind(page, 'Pods');
    const nav = page.getByRole('navigation', { name: 'Kinds' });
    await apply({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: crd },
      spec: {
        group: 'binnacle.example',
        scope: 'Namespaced',
        names: { plural, singular: 'e2ewidget', kind: 'E2eWidget' },
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
          },
        ],
      },
    });
    try {
      const began = Date.now();
      const link = nav.getByRole('link', { name: /e2e ?widget/i });
      const folds = nav
        .getByRole('region', { name: 'Custom resources' })
        .getByRole('button', { expanded: false });
      await expect
        .poll(
          async () => {
            while ((await folds.count()) > 0) await folds.first().click();
            return link.count();
          },
          { timeout: limits.definition },
        )
        .toBeGreaterThan(0);
      expect(Date.now() - began).toBeLessThan(limits.definition);
      await kubectl('delete', 'crd', crd);
      await expect(link).toHaveCount(0, { timeout: 2 * limits.definition });
    } finally {
      await kubectl('delete', 'crd', crd, '--ignore-not-found');
    }
  });

  test('the API server stops and starts: live, stale, live, never a blank table', async ({ launchApp }) => {
    test.setTimeout(180_000);
    const { page } = await launchApp(options);
    const panel = await openKind(page, 'Pods');
    await expect(rows(panel).nth(3)).toBeVisible();
    // Watches the table all the while: the fewest rows that were ever drawn.
    await page.evaluate(() => {
      const state = window as unknown as { fewestRows: number };
      state.fewestRows = Infinity;
      const look = (): void => {
        const drawn = document.querySelectorAll('[role="grid"] [role="gridcell"]').length;
        state.fewestRows = Math.min(state.fewestRows, drawn);
        requestAnimationFrame(look);
      };
      look();
    });
    const state = panel.getByRole('status', { name: 'State of Pods' });
    await cluster('stop', 'apiserver');
    try {
      await expect(state).toHaveText(/stale/, { timeout: 60_000 });
      await expect(rows(panel).nth(3)).toBeVisible();
    } finally {
      await cluster('start', 'apiserver');
    }
    await expect(state).toHaveText('live', { timeout: 90_000 });
    expect(
      await page.evaluate(() => (window as unknown as { fewestRows: number }).fewestRows),
    ).toBeGreaterThan(3);
  });
});
