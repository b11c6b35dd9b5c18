import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Scope } from '#shared/rpc/scope';
import { AppFailure, type AppError } from '#shared/util/app-error';
import type { ClusterConfig, ExecConfig } from '../kubeconfig/types';
import { execEnvironment, findCommand } from './exec-environment';
import { redact, stderrTail } from './exec-output';
import { ExecCredentials } from './exec-plugin';

const api = 'client.authentication.k8s.io/v1';
const cluster: ClusterConfig = {
  name: 'c',
  server: 'https://h',
  ca: { data: 'PEM' },
  insecureSkipTlsVerify: false,
  disableCompression: false,
  execConfig: { audience: 'x' },
};

describe.skipIf(process.platform === 'win32')('ExecCredentials', () => {
  let folder: string;
  let scope: Scope;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'exec-plugin-'));
    scope = new Scope('test');
  });
  afterEach(() => {
    scope.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  function plugin(script: string, more: Partial<ExecConfig> = {}, timeoutMs = 10_000): ExecCredentials {
    const path = join(folder, 'plugin');
    writeFileSync(path, `#!/bin/sh\necho run >> ${folder}/calls\n${script}\n`);
    chmodSync(path, 0o755);
    const exec: ExecConfig = {
      apiVersion: api,
      command: path,
      args: [],
      env: [],
      interactiveMode: 'Never',
      provideClusterInfo: true,
      ...more,
    };
    return new ExecCredentials(exec, cluster, { PATH: '/usr/bin:/bin', HOME: folder }, scope, { timeoutMs });
  }

  const answer = (status: object): string =>
    `printf '%s' '${JSON.stringify({ kind: 'ExecCredential', apiVersion: api, status })}'`;
  const calls = (): number => readFileSync(join(folder, 'calls'), 'utf8').split('\n').length - 1;
  const inTime = (ms: number): string => new Date(Date.now() + ms).toISOString();

  async function errorOf(work: Promise<unknown>): Promise<AppError> {
    const thrown = await work.then(
      () => undefined,
      (error: unknown) => error,
    );
    if (thrown instanceof AppFailure) return thrown.error;
    throw new Error('It should have failed.');
  }

  it('fault 37: one run for 200 requests, and one more once it has expired', async () => {
    const one = plugin(`sleep 0.1; ${answer({ token: 'tok', expirationTimestamp: inTime(3_600_000) })}`);
    const all = await Promise.all(Array.from({ length: 200 }, () => one.current(scope.signal)));
    expect(new Set(all.map((got) => got.token))).toEqual(new Set(['tok']));
    expect(calls()).toBe(1);
    vi.setSystemTime(Date.now() + 3_550_000);
    // Inside the last minute: renewed, though its own answer is now short-lived.
    await one.current(scope.signal).finally(() => vi.useRealTimers());
    expect(calls()).toBe(2);
  });

  it('hands over the cluster, closes stdin and lays its environment over ours', async () => {
    const one = plugin(
      `cat; printf '%s' "$KUBERNETES_EXEC_INFO" > ${folder}/info; printf '%s' "$A-$LD_PRELOAD" > ${folder}/env\n${answer({ token: 't' })}`,
      {
        env: [
          { name: 'A', value: 'b' },
          { name: 'LD_PRELOAD', value: '/evil.so' },
        ],
      },
    );
    await one.current(scope.signal);
    expect(JSON.parse(readFileSync(join(folder, 'info'), 'utf8'))).toEqual({
      kind: 'ExecCredential',
      apiVersion: api,
      spec: {
        interactive: false,
        cluster: {
          server: 'https://h',
          'certificate-authority-data': Buffer.from('PEM').toString('base64'),
          config: { audience: 'x' },
        },
      },
    });
    expect(readFileSync(join(folder, 'env'), 'utf8')).toBe('b-');
  });

  it('fault 11: refreshes once after a 401, then stops until asked again', async () => {
    const one = plugin(answer({ token: 'tok' }));
    const first = await one.current(scope.signal);
    expect(one.rejected(first.generation)).toBe(true);
    const second = await one.current(scope.signal);
    expect(one.rejected(first.generation)).toBe(true);
    expect(one.rejected(second.generation)).toBe(false);
    expect(await errorOf(one.current(scope.signal))).toMatchObject({ code: 'unauthorized' });
    expect(calls()).toBe(2);
    one.retry();
    await one.current(scope.signal);
    expect(calls()).toBe(3);
  });

  it('refreshes again after a 401 where the one before was accepted', async () => {
    const one = plugin(answer({ token: 'tok' }));
    for (let round = 0; round < 3; round++) {
      const got = await one.current(scope.signal);
      one.accepted(got.generation);
      expect(one.rejected(got.generation)).toBe(true);
    }
    expect(calls()).toBe(3);
  });

  it('fault 38: shows exit code and stderr without escapes and secrets, and stops', async () => {
    const one = plugin(`printf '\\033[31mexpired\\033[0m token=abcdef0123456789\\n' >&2; exit 3`);
    const error = await errorOf(one.current(scope.signal));
    expect(error).toMatchObject({ code: 'credentials' });
    expect(error.message).toMatch(/failed with exit code 3\. It says: expired token=\[redacted\]/);
    await errorOf(one.current(scope.signal));
    expect(calls()).toBe(1);
  });

  it.each([
    ['garbage', 'echo hello', /not JSON/],
    ['{}', 'echo {}', /no ExecCredential/],
    ['nothing', 'true', /printed no credential/],
    ['a warning before the JSON', `echo careful; ${answer({ token: 't' })}`, /not JSON/],
    [
      'another version',
      `echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1beta1","status":{"token":"t"}}'`,
      /another apiVersion/,
    ],
    ['no status', `echo '{"kind":"ExecCredential","apiVersion":"${api}"}'`, /without a status/],
    ['an empty status', answer({}), /neither a token nor/],
    ['a certificate without key', answer({ clientCertificateData: 'x' }), /only one of/],
    ['a token with a line break', answer({ token: 'a\nb' }), /characters that no token has/],
    ['100 MB', 'head -c 100000000 /dev/zero', /more than 1 MiB/],
  ])('fault 36: says what is wrong with %s, and keeps none of it', async (_, script, expected) => {
    const one = plugin(script);
    expect((await errorOf(one.current(scope.signal))).message).toMatch(expected);
    expect(one.expires).toBeUndefined();
  });

  it('fault 39: tries an expired credential once more', async () => {
    const one = plugin(answer({ token: 't', expirationTimestamp: inTime(-1000) }));
    expect((await errorOf(one.current(scope.signal))).message).toMatch(/already expired/);
    expect(calls()).toBe(2);
  });

  it('fault 35: kills one that hangs, with its children', async () => {
    const one = plugin(`sh -c 'echo $$ > ${folder}/child; sleep 60' & wait`, {}, 400);
    expect((await errorOf(one.current(scope.signal))).message).toMatch(/did not end within/);
    const child = Number(readFileSync(join(folder, 'child'), 'utf8'));
    await vi.waitFor(() => expect(isRunning(child)).toBe(false));
  });

  it('lets one who waits give up, without ending the run for the others', async () => {
    const one = plugin(`sleep 0.2; ${answer({ token: 't' })}`);
    const impatient = new AbortController();
    const [gone, stays] = [one.current(impatient.signal), one.current(scope.signal)];
    impatient.abort();
    expect((await errorOf(gone)).code).toBe('cancelled');
    expect((await stays).token).toBe('t');
    expect(calls()).toBe(1);
  });

  it('fault 38: says where it looked for a missing one, with the install hint', async () => {
    const error = await errorOf(
      plugin('', { command: 'no-such-plugin', installHint: 'run \u001b[1mapt\u001b[0m' }).current(
        scope.signal,
      ),
    );
    expect(error.message).toBe(
      'The credential plugin no-such-plugin is not installed, or not on the PATH: /usr/bin, /bin.',
    );
    expect(error.hint).toBe('run apt');
  });

  it('tells a file that may not be run from one that is not there', async () => {
    const path = join(folder, 'text');
    writeFileSync(path, 'x');
    expect((await errorOf(plugin('', { command: path }).current(scope.signal))).message).toMatch(
      /text is not executable/,
    );
  });
});

function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

describe('exec environment', () => {
  it.each([
    'LD_PRELOAD',
    'LD_LIBRARY_PATH',
    'DYLD_INSERT_LIBRARIES',
    'NODE_OPTIONS',
    'ELECTRON_RUN_AS_NODE',
    'A=B',
  ])('refuses %s from a kubeconfig', (name) => {
    const exec = { env: [{ name, value: 'x' }] } as unknown as ExecConfig;
    expect(Object.keys(execEnvironment({ PATH: '/bin' }, exec, '{}')).sort()).toEqual([
      'KUBERNETES_EXEC_INFO',
      'PATH',
    ]);
  });

  it('never looks into relative parts of PATH', () => {
    expect(findCommand('x', { PATH: `.:bin:/none` })).toEqual({ path: undefined, searched: ['/none'] });
  });
});

describe('redact', () => {
  it.each([
    ['Bearer abcdefgh12345', 'Bearer [redacted]'],
    ['eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln', '[redacted]'],
    ['"password": "hunter2"', '"password": [redacted]'],
    ['aws_secret_access_key=abc', 'aws_secret_access_key=[redacted]'],
    ['https://me:pw@host/x', 'https://[redacted]@host/x'],
    ['AKIAABCDEFGHIJKLMNOP', '[redacted]'],
    ['The SSO session has expired. Run aws sso login.', 'The SSO session has expired. Run aws sso login.'],
  ])('%s', (given, expected) => expect(redact(given)).toBe(expected));

  it('keeps the end of long output', () => {
    const tail = stderrTail(`${'line of words\n'.repeat(1000)}the cause`);
    expect(tail.endsWith('the cause')).toBe(true);
    expect(tail.length).toBeLessThanOrEqual(1201);
  });
});
