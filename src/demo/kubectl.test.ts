import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDemo, type Demo } from './demo';

const run = promisify(execFile);
const kubectl = process.env['BINNACLE_TEST_KUBECTL'] ?? '/var/cache/binnacle-cluster/bin/kubectl';
const there = existsSync(kubectl);
if (!there) console.warn(`SKIPPED: no kubectl at ${kubectl}; set BINNACLE_TEST_KUBECTL to run its tests`);

describe.skipIf(!there)('kubectl against the demo cluster', () => {
  let demo: Demo;
  let folder: string;

  beforeAll(async () => {
    demo = await startDemo();
    folder = mkdtempSync(join(tmpdir(), 'demo-kubectl-'));
    writeFileSync(join(folder, 'config'), demo.kubeconfig(), { mode: 0o600 });
  });
  afterAll(async () => {
    await demo.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const k = async (...args: string[]): Promise<string> =>
    (
      await run(kubectl, ['--cache-dir', join(folder, 'cache'), ...args], {
        env: { ...process.env, KUBECONFIG: join(folder, 'config') },
        timeout: 30_000,
      })
    ).stdout;

  it('gets, applies, waits, logs, executes and deletes', async () => {
    expect(await k('get', 'pods', '-A')).toContain('CrashLoopBackOff');
    const file = join(folder, 'pod.yaml');
    const pod =
      'apiVersion: v1\nkind: Pod\nmetadata:\n  name: probe\nspec:\n  containers:\n    - name: main\n      image: registry.example.com/probe:1.0.0\n';
    writeFileSync(file, pod);
    expect(await k('apply', '-f', file)).toContain('pod/probe created');
    expect(await k('apply', '-f', file)).toContain('unchanged');
    expect(await k('apply', '--server-side', '--force-conflicts', '-f', file)).toContain(
      'serverside-applied',
    );
    // `wait` is a watch with a field selector.
    expect(await k('wait', 'pod/probe', '--for=condition=Ready', '--timeout=25s')).toContain('condition met');
    expect(await k('logs', 'probe', '--tail=1')).not.toBe('');
    expect(await k('exec', 'probe', '--', 'hostname')).toBe('probe\n');
    await expect(k('exec', 'probe', '--', 'sh', '-c', 'exit 3')).rejects.toMatchObject({ code: 3 });
    expect(await k('delete', 'pod', 'probe', '--timeout=25s')).toContain('deleted');
    await expect(k('get', 'pod', 'probe')).rejects.toThrow(/NotFound/);
  }, 120_000);
});
