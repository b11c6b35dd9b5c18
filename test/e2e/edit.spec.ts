/**
 * Editing objects of a real cluster (BINNACLE_TEST_KUBECONFIG): an edit merged with what
 * kubectl did meanwhile, refusals in words, new objects from text. In a namespace of its own.
 */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './support/app';
import { makeCertificate } from '../../src/demo/certificate';
import { apply, applyAs, kubectl } from './support/kubectl';
import { liveTable, openKind, rows, testKubeconfig } from './support/screen';

const namespace = `binnacle-edit-${randomBytes(3).toString('hex')}`;

const deployment = (name: string): Record<string, unknown> => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace },
  spec: {
    replicas: 0,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: 'main', image: 'local/shop:1' }] },
    },
  },
});

/** Opens the editor on a row's object by key, as a person would. */
async function edit(page: Page, name: string): Promise<Locator> {
  const panel = await openKind(page, 'Deployments');
  await page.keyboard.press('/');
  await page.keyboard.type(`ns:${namespace} ${name}`);
  await page.keyboard.press('Enter');
  await expect(rows(panel)).toHaveCount(1);
  await rows(panel).first().getByText(name, { exact: true }).click();
  await page.keyboard.press('Escape');
  await page.keyboard.press('e');
  const editor = page.getByRole('textbox', { name: `YAML of ${name}` });
  await expect(editor).toContainText('kind: Deployment');
  return editor;
}

/** Replaces text by the editor's own search panel: the document may be larger than the screen. */
async function replace(page: Page, editor: Locator, from: string, to: string): Promise<void> {
  await editor.click();
  await page.keyboard.press('Control+f');
  await page.getByRole('textbox', { name: 'Find' }).fill(from);
  await page.getByRole('textbox', { name: 'Replace' }).fill(to);
  await page.getByRole('button', { name: 'replace all' }).click();
  await page.keyboard.press('Escape');
}

test.describe('editing', { tag: '@real' }, () => {
  test.beforeAll(async () => {
    await kubectl('create', 'namespace', namespace);
    for (const name of ['merged', 'clashing', 'fixed', 'guarded']) await apply(deployment(name));
  });

  test.afterAll(async () => {
    await kubectl('delete', 'namespace', namespace, '--wait=false');
    await kubectl('delete', 'validatingwebhookconfiguration', namespace, '--ignore-not-found');
  });

  test('an edit is merged with what kubectl changed meanwhile, and saved', async ({ launchApp }) => {
    const { page } = await launchApp({ kubeconfig: testKubeconfig });
    const editor = await edit(page, 'merged');
    await replace(page, editor, 'replicas: 0', 'replicas: 0\\n  minReadySeconds: 7');
    await kubectl('-n', namespace, 'set', 'image', 'deployment/merged', 'main=local/shop:2');
    // Said as it happens; what was typed stays.
    await expect(
      page.getByText(/^kubectl-set changed it on the server .* Your changes are kept\.$/),
    ).toBeVisible();
    await page.getByRole('button', { name: 'Review changes' }).click();

    const merge = page.getByRole('region', { name: 'Merge' });
    await expect(merge).toContainText('kubectl-set changed this');
    await expect(merge).toContainText('Your changes and theirs fit together.');
    await merge.getByRole('button', { name: 'Use merged text' }).click();
    await page.getByRole('button', { name: 'Review changes' }).click();
    const review = page.getByRole('region', { name: 'Review' });
    await expect(review).toContainText('Dry run passed');
    await expect(review).toContainText('minReadySeconds: 7');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(page.getByText('Saved.')).toBeVisible();

    const stored = await kubectl(
      '-n',
      namespace,
      'get',
      'deployment',
      'merged',
      '-o',
      'jsonpath={.spec.minReadySeconds} {.spec.template.spec.containers[0].image}',
    );
    expect(stored).toBe('7 local/shop:2');
  });

  test('a field changed by both is shown side by side and nothing is overwritten', async ({ launchApp }) => {
    const { page } = await launchApp({ kubeconfig: testKubeconfig });
    const editor = await edit(page, 'clashing');
    await replace(page, editor, 'image: local/shop:1', 'image: local/shop:3');
    await kubectl('-n', namespace, 'set', 'image', 'deployment/clashing', 'main=local/shop:2');
    await page.getByRole('button', { name: 'Merge now' }).click();
    const field = page.getByRole('radiogroup', { name: 'spec.template.spec.containers[name=main].image' });
    await expect(field).toContainText('local/shop:3');
    await expect(field).toContainText('local/shop:2');
    await expect(page.getByRole('button', { name: '1 to choose' })).toBeDisabled();
    await field.getByRole('radio', { name: /^Theirs/ }).check();
    await page.getByRole('button', { name: 'Use merged text' }).click();
    const image = await kubectl('-n', namespace, 'get', 'deployment', 'clashing', '-o', 'jsonpath={..image}');
    expect(image).toBe('local/shop:2');
  });

  test('an immutable field is named; the draft outlives the app', async ({ launchApp }) => {
    const first = await launchApp({ kubeconfig: testKubeconfig });
    const editor = await edit(first.page, 'fixed');
    await replace(first.page, editor, 'app: fixed', 'app: other');
    await first.page.getByRole('button', { name: 'Review changes' }).click();
    const refused = first.page.getByRole('region', { name: 'Refused' });
    await expect(refused).toContainText('spec.selector of a Deployment cannot be changed once it exists');
    await expect(refused).toContainText('field is immutable');
    await first.close();

    const second = await launchApp({ kubeconfig: testKubeconfig, home: first.home });
    const again = second.page.getByRole('textbox', { name: 'YAML of fixed' });
    await expect(again).toContainText('app: other');
    await expect(second.page.getByText(/Your draft of .* is back/)).toBeVisible();
    await second.page.getByRole('button', { name: 'Discard changes' }).click();
    await expect(again).not.toContainText('app: other');

    // The other way out: deleted and created anew, after a preview.
    await replace(second.page, again, 'app: fixed', 'app: other');
    await second.page.getByRole('button', { name: 'Review changes' }).click();
    await second.page.getByRole('button', { name: 'Delete and create anew…' }).click();
    const anew = second.page.getByRole('region', { name: 'Delete and create anew' });
    await expect(anew).toContainText('Its revisions are lost.');
    await expect(anew).toContainText('The server would accept it.');
    await anew.getByRole('button', { name: 'Delete and create deployment anew' }).click();
    await second.page
      .getByRole('dialog')
      .getByRole('button', { name: 'Delete and create deployment anew' })
      .click();
    await expect(anew).toContainText('Deleted and created anew.', { timeout: 20_000 });
    const selector = 'jsonpath={.spec.selector.matchLabels.app}';
    expect(await kubectl('-n', namespace, 'get', 'deployment', 'fixed', '-o', selector)).toBe('other');
  });

  test('a webhook that refuses an edit is named, with its words; the text stays', async ({ launchApp }) => {
    const { caPem, certPem, keyPem } = makeCertificate(Date.now());
    const hook = createServer({ cert: certPem, key: keyPem }, (request, response) => {
      let body = '';
      request.on('data', (part: Buffer) => (body += part.toString('utf8')));
      request.on('end', () => {
        const { request: asked } = JSON.parse(body) as { request: { uid: string } };
        const status = { message: 'replicas belong to the night shift', code: 403 };
        const answer = { uid: asked.uid, allowed: false, status };
        response.setHeader('content-type', 'application/json');
        response.end(
          JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response: answer }),
        );
      });
    });
    await new Promise<void>((done) => hook.listen(0, '127.0.0.1', done));
    try {
      const { port } = hook.address() as AddressInfo;
      await apply({
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'ValidatingWebhookConfiguration',
        metadata: { name: namespace },
        webhooks: [
          {
            name: 'deny.example.com',
            failurePolicy: 'Fail',
            sideEffects: 'None',
            admissionReviewVersions: ['v1'],
            timeoutSeconds: 5,
            clientConfig: {
              url: `https://127.0.0.1:${port}/`,
              caBundle: Buffer.from(caPem).toString('base64'),
            },
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
            rules: [
              {
                apiGroups: ['apps'],
                apiVersions: ['v1'],
                operations: ['UPDATE'],
                resources: ['deployments'],
              },
            ],
          },
        ],
      });
      const { page } = await launchApp({ kubeconfig: testKubeconfig });
      const editor = await edit(page, 'guarded');
      await replace(page, editor, 'replicas: 0', 'replicas: 0\\n  minReadySeconds: 9');
      const refused = page.getByRole('region', { name: 'Refused' });
      // The server takes a moment to know a new webhook.
      await expect(async () => {
        const back = page.getByRole('button', { name: 'Back to editing' });
        if (await back.isVisible()) await back.click();
        await page.getByRole('button', { name: 'Review changes' }).click();
        await expect(refused).toBeVisible({ timeout: 2_000 });
      }).toPass({ timeout: 20_000 });
      await expect(refused).toContainText(
        'The admission webhook deny.example.com refused: replicas belong to the night shift',
      );
      await expect(editor).toContainText('minReadySeconds: 9');
    } finally {
      await kubectl('delete', 'validatingwebhookconfiguration', namespace);
      hook.closeAllConnections();
      hook.close();
    }
  });

  test('fields of others are taken over only by a choice, object by object', async ({ launchApp }) => {
    const shared = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'shared', namespace } };
    await applyAs('another-team', { ...shared, data: { mode: 'theirs' } });
    const { page } = await launchApp({ kubeconfig: testKubeconfig });
    await liveTable(page, 'Overview').catch(() => undefined);
    await page.keyboard.press('Control+k');
    await page.keyboard.type('New object');
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'YAML of new objects' }).click();
    await page.keyboard.insertText(
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: shared, namespace: ${namespace}}\ndata: {mode: mine}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: own, namespace: ${namespace}}\n`,
    );
    await page.getByRole('button', { name: 'Dry run' }).click();
    const dry = page.getByRole('list', { name: 'Results of the dry run' });
    const row = dry.getByRole('listitem').filter({ hasText: 'shared' });
    await expect(row).toContainText('belongs to another-team');
    await row.getByRole('button', { name: /shared/ }).click();
    await row.getByRole('button', { name: '1 field: take over from another-team' }).click();
    await expect(row).toContainText('would change, taking over fields of others');
    await page.getByRole('button', { name: 'Apply 2 objects' }).click();
    const results = page.getByRole('list', { name: 'Results', exact: true });
    await expect(results.getByRole('listitem').filter({ hasText: 'shared' })).toContainText('changed');
    await expect(results.getByRole('listitem').filter({ hasText: 'own' })).toContainText('created');
    expect(await kubectl('-n', namespace, 'get', 'cm', 'shared', '-o', 'jsonpath={.data.mode}')).toBe('mine');
  });

  test('new objects: dry run, a webhook that refuses, results for each', async ({ launchApp }) => {
    await apply({
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: namespace },
      webhooks: [
        {
          name: 'guard.example.com',
          failurePolicy: 'Fail',
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
          timeoutSeconds: 1,
          clientConfig: { service: { name: 'no-webhook', namespace: 'broken' } },
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
          rules: [
            { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] },
          ],
        },
      ],
    });
    const { page } = await launchApp({ kubeconfig: testKubeconfig });
    await liveTable(page, 'Overview').catch(() => undefined);
    await page.keyboard.press('Control+k');
    await page.keyboard.type('New object');
    await page.keyboard.press('Enter');
    const editor = page.getByRole('textbox', { name: 'YAML of new objects' });
    await editor.click();
    await page.keyboard.insertText(
      `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: guarded\n  namespace: ${namespace}\ndata:\n  mode: on\n---\napiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: fine\n  namespace: ${namespace}\n`,
    );
    await expect(page.getByRole('list', { name: 'Remarks' })).toContainText(
      'kubectl and the server read on as true',
    );
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText(
      `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: guarded\n  namespace: ${namespace}\ndata:\n  mode: "on"\n---\napiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: fine\n  namespace: ${namespace}\n`,
    );
    await page.getByRole('button', { name: 'Dry run' }).click();
    const dry = page.getByRole('list', { name: 'Results of the dry run' });
    await expect(dry).toContainText('The admission webhook guard.example.com could not be asked');
    await expect(dry).toContainText('would be created');
    await page.getByRole('button', { name: 'Apply 2 objects' }).click();
    const results = page.getByRole('list', { name: 'Results', exact: true });
    await expect(results.getByRole('listitem').filter({ hasText: 'fine' })).toContainText('created');
    expect(await kubectl('-n', namespace, 'get', 'serviceaccount', 'fine', '-o', 'name')).toBe(
      'serviceaccount/fine',
    );
    await kubectl('delete', 'validatingwebhookconfiguration', namespace);
    await page.getByRole('button', { name: 'Try 1 again' }).click();
    await expect(results.getByRole('listitem').filter({ hasText: 'guarded' })).toContainText('created', {
      timeout: 15_000,
    });
  });
});
