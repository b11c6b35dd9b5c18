/** Broken kubeconfigs and servers: a message in its own place, and all else keeps working. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from './support/app';
import { openKind, rows } from './support/screen';

let folder = '';
let server: Server;

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'binnacle-bad-'));
  server = createServer((_request, response) => response.end('<html>not a cluster</html>'));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
test.afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

function kubeconfig(name: string, url: string): string {
  const path = join(folder, `${name}.yaml`);
  const lines = [
    'apiVersion: v1',
    'kind: Config',
    `current-context: ${name}`,
    'clusters:',
    `- {name: ${name}, cluster: {server: "${url}"}}`,
    'users:',
    `- {name: ${name}, user: {token: none}}`,
    'contexts:',
    `- {name: ${name}, context: {cluster: ${name}, user: ${name}}}`,
  ];
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

test('a broken kubeconfig is named, and the others work', { tag: '@demo' }, async ({ launchApp }) => {
  const broken = join(folder, 'broken.yaml');
  writeFileSync(broken, 'apiVersion: v1\nclusters: [}\n');
  const good = kubeconfig('good', 'http://127.0.0.1:1');
  const { page } = await launchApp({ kubeconfig: `${broken}:${good}`, allow: [/kubeconfig|broken/i] });
  await page.getByRole('button', { name: 'All clusters' }).click();
  await expect(page.getByText(/broken\.yaml/).first()).toBeVisible();
  await expect(
    page.getByRole('navigation', { name: 'Clusters' }).getByRole('button', { name: /^good/ }),
  ).toBeVisible();
});

for (const [name, says, url] of [
  ['nobody-there', 'refuses connections', () => 'http://127.0.0.1:1'],
  ['garbage', /Kubernetes/, () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`],
] as const) {
  test(
    `a cluster that is ${name} says why, and the demo still opens`,
    { tag: '@demo' },
    async ({ launchApp }) => {
      const { page } = await launchApp({ kubeconfig: kubeconfig(name, url()) });
      const rail = page.getByRole('navigation', { name: 'Clusters' });
      await rail.getByRole('button', { name: new RegExp(`^${name}`) }).click();
      const place = page.getByRole('main').getByRole('alert').first();
      await expect(place).toContainText(says, { timeout: 30_000 });
      await expect(place.getByRole('button', { name: 'Try again' })).toBeVisible();

      await page.keyboard.press('Control+k');
      await expect(page.getByRole('combobox', { name: 'Jump to anything' })).toBeFocused();
      await page.keyboard.type('demo cluster');
      await page.getByRole('option', { name: /Open the demo cluster/ }).click();
      await expect(page.getByRole('status', { name: 'Connection' })).toHaveText('live', { timeout: 30_000 });
      await expect(rows(await openKind(page, 'Pods')).nth(2)).toBeVisible();
    },
  );
}
