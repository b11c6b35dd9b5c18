/** What a local terminal runs: checked in the shells themselves, with hostile names. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ContextConfig } from '../kubeconfig/types';
import { clearFolder, makeFolder } from './folders';
import type { TerminalOrder } from './messages';
import { oneContextKubeconfig } from './one-context';
import { planTerminal, promptText } from './plan';

const context: ContextConfig = {
  id: 'x',
  name: 'prod$(touch pwned)`id`%n\'"',
  file: '/k',
  namespace: 'shop',
  cluster: {
    name: 'c',
    server: 'https://api.example.com:6443',
    ca: { data: 'PEM' },
    insecureSkipTlsVerify: false,
    disableCompression: false,
  },
  user: { name: 'u', token: 'secret-token' },
};

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "pty plan'"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const order = (more: Partial<TerminalOrder> = {}): TerminalOrder => ({
  ticket: 't',
  kind: 'local',
  context,
  namespace: 'shop',
  environment: { PATH: process.env['PATH'] ?? '', HOME: home },
  shell: '/bin/bash',
  home,
  ...more,
});

describe('a local shell', () => {
  it.each([
    ['/bin/bash', '.bashrc', 'export KUBECONFIG=/elsewhere; PS1="mine> "'],
    ['/bin/sh', '.profile', ''],
  ])(
    '%s gets the one kubeconfig after its own start-up file, and a name is never code',
    (shell, file, text) => {
      writeFileSync(join(home, file), text);
      const folder = join(home, 'own');
      const plan = planTerminal(order({ shell }), folder, 'linux');
      makeFolder(folder, plan.files);
      const { stdout } = spawnSync(plan.file, [...plan.args], {
        cwd: plan.cwd,
        env: { ...plan.env },
        input: 'echo "[$KUBECONFIG]"; echo "<${PS1@P}>" 2>/dev/null || echo "<$PS1>"\nexit\n',
        encoding: 'utf8',
      });
      expect(stdout).toContain(`[${join(folder, 'kubeconfig')}]`);
      if (shell.endsWith('bash')) expect(stdout).toMatch(/\(prod__touch_pwned__id__n__\/shop\).*mine> /);
      expect(existsSync(join(home, 'pwned'))).toBe(false);
    },
  );

  it('writes its files for nobody else, and leaves none', () => {
    const folder = join(home, 'terminals', 'one');
    const plan = planTerminal(order(), folder, 'linux');
    makeFolder(folder, plan.files);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const name of Object.keys(plan.files)) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    expect(clearFolder(join(home, 'terminals'))).toBe(1);
    expect(existsSync(join(home, 'terminals'))).toBe(false);
    expect(clearFolder(join(home, 'terminals'))).toBe(0);
  });

  it('has no secret in its arguments or environment', () => {
    for (const shell of ['/bin/bash', '/bin/zsh', '/usr/bin/fish', '/bin/sh', 'powershell.exe', 'cmd.exe']) {
      const plan = planTerminal(
        order({ shell }),
        join(home, 'own'),
        shell.endsWith('.exe') ? 'win32' : 'linux',
      );
      expect(JSON.stringify([plan.args, plan.env, plan.shown])).not.toContain('secret-token');
      expect(JSON.stringify(plan.args)).not.toContain('$(touch');
      expect(plan.files['kubeconfig']).toContain('secret-token');
    }
  });

  it('makes names harmless for any prompt', () => {
    expect(promptText('arn:aws:eks:eu-1:1:cluster/prod', 'a b')).toBe('arn:aws:eks:eu-1:1:cluster/prod/a_b');
    expect(promptText(context.name, 'x')).toMatch(/^[\w.:@/-]+$/);
  });
});

describe('signing in', () => {
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1' as const,
    command: '/bin/sh',
    args: ['-c', 'echo TOKEN; echo "Code?" >&2; echo "$KUBERNETES_EXEC_INFO" >&2; exit 5'],
    env: [{ name: 'LD_PRELOAD', value: '/evil.so' }],
    interactiveMode: 'IfAvailable' as const,
    provideClusterInfo: false,
  };

  it('runs the plugin, shows what it says and never what it answers, and keeps its exit code', () => {
    const plan = planTerminal(
      order({ kind: 'sign-in', context: { ...context, user: { name: 'u', exec } } }),
      home,
      'linux',
    );
    const { stdout, stderr, status } = spawnSync(plan.file, [...plan.args], {
      env: { ...plan.env },
      encoding: 'utf8',
    });
    expect(stdout).toBe('');
    expect(stderr).toContain('Code?');
    expect(JSON.parse(stderr.split('\n')[1] ?? '')).toMatchObject({ spec: { interactive: true } });
    expect(status).toBe(5);
    expect(plan.env['LD_PRELOAD']).toBeUndefined();
    expect(Object.keys(plan.files)).toEqual([]);
  });

  it("prefers the person's own login command, with their own KUBECONFIG", () => {
    const plan = planTerminal(
      order({
        kind: 'sign-in',
        loginCommand: 'echo "$KUBECONFIG"',
        environment: { PATH: process.env['PATH'] ?? '', KUBECONFIG: '/mine' },
      }),
      home,
      'linux',
    );
    expect(
      execFileSync(plan.file, [...plan.args], {
        env: { ...plan.env },
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }),
    ).toBe('/mine\n');
  });

  it('says what to do where there is nothing to run', () => {
    expect(() => planTerminal(order({ kind: 'sign-in' }), home, 'linux')).toThrow(
      'does not sign in with a plugin',
    );
  });
});

it('writes a kubeconfig that reads back as the same context and nothing else', () => {
  const full: ContextConfig = {
    ...context,
    name: 'prod',
    cluster: { ...context.cluster, tlsServerName: 'api', proxyUrl: 'socks5://localhost:1' },
    user: {
      name: 'u',
      clientCertificate: { file: '/c.pem' },
      clientKey: { data: 'KEY' },
      impersonate: { user: 'jane', groups: ['dev'], uid: '7', extra: { a: ['b'] } },
    },
  };
  const read: unknown = JSON.parse(oneContextKubeconfig(full, 'web'));
  expect(read).toMatchObject({
    'current-context': 'prod',
    contexts: [{ name: 'prod', context: { cluster: 'c', user: 'u', namespace: 'web' } }],
    clusters: [
      {
        cluster: {
          server: full.cluster.server,
          'certificate-authority-data': Buffer.from('PEM').toString('base64'),
          'tls-server-name': 'api',
          'proxy-url': 'socks5://localhost:1',
        },
      },
    ],
    users: [
      {
        user: {
          'client-certificate': '/c.pem',
          'client-key-data': Buffer.from('KEY').toString('base64'),
          as: 'jane',
          'as-groups': ['dev'],
          'as-uid': '7',
          'as-user-extra': { a: ['b'] },
        },
      },
    ],
  });
});
