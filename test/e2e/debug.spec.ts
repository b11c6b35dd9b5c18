/**
 * `kubectl debug` from the app, against a real cluster (BINNACLE_TEST_KUBECONFIG): what programs in the
 * debug containers see is what is judged.
 */
import { randomBytes } from 'node:crypto';
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './support/app';
import { apply, kubectl } from './support/kubectl';
import { openContext, testKubeconfig } from './support/screen';
import { choose, screen, type } from './support/terminals';

const namespace = `debug-${randomBytes(4).toString('hex')}`;
const options = {
  kubeconfig: testKubeconfig,
  settings: { debugImages: ['busybox:1.35'] },
};

async function askDebug(page: Page, kind: string, filter: string): Promise<Locator> {
  await choose(page, kind, filter);
  await page.keyboard.press('Shift+S');
  const dialog = page.getByRole('dialog', { name: /^Debug / });
  await expect(dialog.getByRole('combobox', { name: 'Profile' })).toBeVisible();
  return dialog;
}

async function usePullPolicy(dialog: Locator): Promise<void> {
  await dialog.getByText(/pull policy, custom profile$/).click();
  await dialog.getByRole('combobox', { name: 'Pull policy' }).selectOption('IfNotPresent');
}

/** Waits for a prompt: Enter makes one where the shell drew it before anybody looked. */
async function prompt(page: Page, terminal: Locator): Promise<void> {
  await expect(async () => {
    await type(page, terminal, '');
    await expect
      .poll(() => screen(terminal), { timeout: 2_000 })
      .toContainEqual(expect.stringMatching(/[#$]$/));
  }).toPass({ timeout: 60_000 });
}

const lines = async (...args: string[]): Promise<string[]> =>
  (await kubectl(...args)).split('\n').filter((line) => line !== '');

test.describe('debug', { tag: '@real' }, () => {
  test.beforeAll(async () => {
    await kubectl('create', 'namespace', namespace);
    await kubectl('label', 'namespace', namespace, 'pod-security.kubernetes.io/enforce=baseline');
    await apply({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `box-${namespace}`, namespace },
      spec: {
        terminationGracePeriodSeconds: 0,
        containers: [{ name: 'box', image: 'busybox:1.35', command: ['sleep', '3600'] }],
      },
    });
    await kubectl('-n', namespace, 'wait', '--for=condition=Ready', `pod/box-${namespace}`, '--timeout=60s');
  });
  test.afterAll(async () => {
    await kubectl('delete', 'namespace', namespace, '--wait=false');
  });

  test('an ephemeral container sees the processes of a pod without a shell', async ({ launchApp }) => {
    test.setTimeout(150_000);
    const { page, shot } = await launchApp(options);
    const dialog = await askDebug(page, 'Pods', 'coredns');
    await expect(dialog).toContainText('cannot be removed or changed');
    await usePullPolicy(dialog);
    await shot('debug-dialog');
    await dialog.getByRole('button', { name: 'Add debug container' }).click();
    const terminal = page.getByRole('group', { name: /^Debug container / });
    await prompt(page, terminal);
    await type(page, terminal, 'ps');
    await expect
      .poll(() => screen(terminal), { timeout: 20_000 })
      .toContainEqual(expect.stringMatching(/\/?coredns /));
    await shot('debug-ephemeral');

    // The one that runs is offered before another one is made.
    const again = await askDebug(page, 'Pods', 'coredns');
    await expect(again.getByRole('list', { name: /Debug containers that run/ })).toContainText(
      'sees coredns',
    );
    await page.keyboard.press('Escape');

    await type(page, terminal, 'exit 3');
    await expect(page.getByRole('region', { name: 'Dock' }).getByText('exit code 3')).toBeVisible();
    await shot('debug-ended');
  });

  test("a node's pod has the node's files, and goes with its tab", async ({ launchApp }) => {
    test.setTimeout(150_000);
    const { page, shot } = await launchApp(options);
    const dialog = await askDebug(page, 'Nodes', 'node-1');
    await expect(dialog).toContainText('chroot /host');
    await usePullPolicy(dialog);
    await shot('debug-node-dialog');
    await dialog.getByRole('button', { name: 'Create debug pod' }).click();
    const terminal = page.getByRole('group', { name: /^Debug container / });
    await prompt(page, terminal);
    await type(page, terminal, 'ls -d /host/etc && echo files-$((40+2))');
    await expect.poll(() => screen(terminal), { timeout: 20_000 }).toContain('files-42');
    await shot('debug-node');
    const name =
      (await page.getByRole('group', { name: /^Debug container / }).getAttribute('aria-label')) ?? '';
    const pod = name.split(' of ')[1] ?? '';
    expect(await kubectl('get', 'pods', '-A', '-o', 'name')).toContain(pod);
    await page
      .getByRole('region', { name: 'Dock' })
      .getByRole('button', { name: /^Close Node/ })
      .click();
    await expect
      .poll(() => kubectl('get', 'pods', '-A', '-o', 'name'), { timeout: 30_000 })
      .not.toContain(pod);
  });

  test("a node's pod goes when the app is quit", async ({ launchApp }) => {
    test.setTimeout(120_000);
    const { page, close } = await launchApp(options);
    const dialog = await askDebug(page, 'Nodes', 'node-1');
    await usePullPolicy(dialog);
    await dialog.getByRole('button', { name: 'Create debug pod' }).click();
    const terminal = page.getByRole('group', { name: /^Debug container / });
    await prompt(page, terminal);
    const pod = ((await terminal.getAttribute('aria-label')) ?? '').split(' of ')[1] ?? '';
    expect(await kubectl('get', 'pods', '-A', '-o', 'name')).toContain(pod);
    await close();
    await expect
      .poll(() => kubectl('get', 'pods', '-A', '-o', 'name'), { timeout: 30_000 })
      .not.toContain(pod);
  });

  test('an image that cannot be pulled is told in words, and waiting for it can be ended', async ({
    launchApp,
  }) => {
    test.setTimeout(150_000);
    const { page, shot } = await launchApp(options);
    const dock = page.getByRole('region', { name: 'Dock' });
    const waiting = dock.getByRole('status', { name: 'Debug session' });
    const inPod = await askDebug(page, 'Pods', `box-${namespace}`);
    await inPod.getByRole('combobox', { name: 'Image' }).fill('no-such.invalid/tools:1');
    await inPod.getByRole('combobox', { name: 'Profile' }).selectOption('baseline');
    await inPod.getByRole('button', { name: 'Add debug container' }).click();
    await expect(waiting).toContainText(/The image cannot be pulled: .*no-such\.invalid/, {
      timeout: 60_000,
    });
    await shot('debug-no-image');
    await dock.getByRole('button', { name: 'Stop waiting' }).click();
    await expect(waiting).toBeHidden();

    // A pod that was made for it goes with the wait.
    const images = (): Promise<string> =>
      kubectl('get', 'pods', '-A', '-o', 'jsonpath={.items[*].spec.containers[*].image}');
    const onNode = await askDebug(page, 'Nodes', 'node-1');
    await onNode.getByRole('combobox', { name: 'Image' }).fill('no-such.invalid/tools:2');
    await onNode.getByRole('button', { name: 'Create debug pod' }).click();
    await expect(waiting).toContainText(/The image cannot be pulled: .*no-such\.invalid/, {
      timeout: 60_000,
    });
    expect(await images()).toContain('no-such.invalid/tools:2');
    await dock.getByRole('button', { name: 'Delete the debug pod' }).click();
    await expect(waiting).toBeHidden();
    await expect.poll(images, { timeout: 30_000 }).not.toContain('no-such.invalid/tools:2');
  });

  test('what a crash leaves of a node session is offered at the next connect', async ({ launchApp }) => {
    test.setTimeout(180_000);
    const first = await launchApp(options);
    const dialog = await askDebug(first.page, 'Nodes', 'node-1');
    await usePullPolicy(dialog);
    await dialog.getByRole('button', { name: 'Create debug pod' }).click();
    const terminal = first.page.getByRole('group', { name: /^Debug container / });
    await prompt(first.page, terminal);
    const pod = ((await terminal.getAttribute('aria-label')) ?? '').split(' of ')[1] ?? '';
    const died = new Promise((done) => first.app.process().once('exit', done));
    first.app.process().kill('SIGKILL');
    await died;

    const { page, shot } = await launchApp({ kubeconfig: testKubeconfig, home: first.home });
    const strip = page.getByRole('status', { name: 'Debug pods' });
    await expect(strip).toContainText('An earlier session left 1 debug pod', { timeout: 30_000 });
    await shot('debug-leftover');
    await strip.getByRole('button', { name: 'Delete' }).click();
    const question = page.getByRole('dialog', { name: 'Delete 1 debug pod?' });
    await expect(question).toContainText(pod);
    await question.getByRole('button', { name: 'Delete 1 debug pod' }).click();
    await expect(strip).toBeHidden();
    await expect
      .poll(() => kubectl('get', 'pods', '-A', '-o', 'name'), { timeout: 30_000 })
      .not.toContain(pod);
  });

  test('a crash-looping pod is copied with another command; the copy goes when its tab does', async ({
    launchApp,
  }) => {
    test.setTimeout(150_000);
    const { page, shot } = await launchApp(options);
    const dialog = await askDebug(page, 'Pods', 'crash-loop');
    await expect(dialog.getByRole('radio', { name: 'Copy of the pod' })).toBeChecked();
    await expect(dialog).toContainText(/keeps ending/);
    await expect(dialog.getByRole('textbox', { name: 'Command' })).toHaveValue('sh');
    const copy = await dialog.getByRole('textbox', { name: 'Name of the copy' }).inputValue();
    await shot('debug-copy-dialog');
    await dialog.getByRole('button', { name: 'Create copy' }).click();
    const terminal = page.getByRole('group', { name: /^Debug container / });
    await prompt(page, terminal);
    await type(page, terminal, 'echo up-$((40+2))');
    await expect.poll(() => screen(terminal), { timeout: 20_000 }).toContain('up-42');
    expect(await lines('get', 'pods', '-n', 'broken', '-o', 'name')).toContain(`pod/${copy}`);
    await shot('debug-copy');
    await page
      .getByRole('region', { name: 'Dock' })
      .getByRole('button', { name: /^Close Debug/ })
      .click();
    const question = page.getByRole('dialog', { name: `Delete the copy ${copy}?` });
    await question.getByRole('button', { name: 'Delete copy' }).click();
    await expect
      .poll(() => lines('get', 'pods', '-n', 'broken', '-o', 'name'), { timeout: 30_000 })
      .not.toContain(`pod/${copy}`);
  });

  test('a policy that refuses debug containers is named, with its words', async ({ launchApp }) => {
    const policy = `${namespace}-no-debug`;
    const match = {
      resourceRules: [
        {
          apiGroups: [''],
          apiVersions: ['v1'],
          operations: ['UPDATE'],
          resources: ['pods/ephemeralcontainers'],
        },
      ],
    };
    await apply({
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name: policy },
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: match,
        validations: [{ expression: 'false', message: 'Debug containers are not for this namespace.' }],
      },
    });
    await apply({
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name: policy },
      spec: {
        policyName: policy,
        validationActions: ['Deny'],
        matchResources: { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } } },
      },
    });
    try {
      // The server takes a moment to know its policies.
      await expect
        .poll(
          () =>
            kubectl(
              '-n',
              namespace,
              'debug',
              `box-${namespace}`,
              '--image=busybox:1.35',
              '--profile=baseline',
              '--',
              'true',
            ).then(
              () => 'made',
              (error: Error) => error.message,
            ),
          { timeout: 30_000 },
        )
        .toContain('not for this namespace');
      const { page } = await launchApp(options);
      const dialog = await askDebug(page, 'Pods', `box-${namespace}`);
      await dialog.getByRole('combobox', { name: 'Profile' }).selectOption('baseline');
      await dialog.getByRole('button', { name: 'Add debug container' }).click();
      await expect(dialog.getByRole('alert')).toContainText('Debug containers are not for this namespace.');
    } finally {
      await kubectl('delete', 'validatingadmissionpolicybinding', policy, '--ignore-not-found');
      await kubectl('delete', 'validatingadmissionpolicy', policy, '--ignore-not-found');
    }
  });

  test('who may not add debug containers is told so before anything is asked', async ({ launchApp }) => {
    const name = (await kubectl('config', 'get-contexts', '-o', 'name'))
      .split('\n')
      .find((line) => line.startsWith('token@'));
    const { page } = await launchApp(options);
    await openContext(page, name ?? 'token');
    const dialog = await askDebug(page, 'Pods', 'coredns');
    await expect(dialog).toContainText(/patch pods\/ephemeralcontainers/, { timeout: 10_000 });
    await expect(dialog.getByRole('button', { name: 'Add debug container' })).toBeDisabled();
  });
});
