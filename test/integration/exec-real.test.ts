/**
 * A credential plugin against a real cluster: 200 requests at once run it once, and once more after
 * its credential has run out. The plugin is our own, so that nobody else's runs are counted.
 */
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Scope } from '#shared/rpc/scope';
import { openApi } from '../../src/main/k8s/open-api';
import { Kubeconfigs } from '../../src/main/kubeconfig/source';
import type { ContextConfig } from '../../src/main/kubeconfig/types';
import { kitKubeconfigs } from '../support/real-cluster';

const kit = kitKubeconfigs();
const folder = kit ?? '';
const tokenFile = join(folder, '..', 'token-file');
const isThere = kit !== undefined && existsSync(tokenFile);
if (!isThere) console.warn('SKIPPED: no real cluster is up');

/** Seconds a credential lasts; a new one is fetched at half of so short a life. */
const LIFE = 20;

describe.skipIf(!isThere)('a credential plugin and a real cluster', () => {
  let scope: Scope;
  let own: string;
  beforeEach(() => {
    scope = new Scope('exec-real');
    own = mkdtempSync(join(tmpdir(), 'exec-real-'));
    copyFileSync(tokenFile, join(own, 'token'));
    writeFileSync(
      join(own, 'plugin'),
      `#!/bin/sh
echo run >> ${own}/runs
sleep 0.3
printf '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"%s","expirationTimestamp":"%s"}}' "$(cat ${own}/token)" "$(date -u -d '+${LIFE} seconds' +%Y-%m-%dT%H:%M:%SZ)"
`,
    );
    chmodSync(join(own, 'plugin'), 0o755);
  });
  afterEach(() => {
    scope.dispose();
    rmSync(own, { recursive: true, force: true });
  });

  const runs = (): number =>
    existsSync(join(own, 'runs')) ? readFileSync(join(own, 'runs'), 'utf8').split('\n').length - 1 : 0;

  async function context(): Promise<ContextConfig> {
    const source = new Kubeconfigs({ scope, environment: { KUBECONFIG: join(folder, 'exec.yaml') } });
    const { current } = await source.start();
    const found = source.resolve(current ?? '');
    if (!found.user.exec) throw new Error('exec.yaml names no plugin');
    return { ...found, user: { ...found.user, exec: { ...found.user.exec, command: join(own, 'plugin') } } };
  }

  it('runs once for 200 requests at once, and once more when the credential is over', async () => {
    const api = openApi(await context(), { PATH: process.env['PATH'] ?? '/usr/bin:/bin' }, scope);
    const ask200 = (): Promise<unknown[]> =>
      Promise.all(
        Array.from({ length: 200 }, () =>
          api.json({ path: '/api/v1/namespaces/shop/pods', query: { limit: 1 } }, scope.signal),
        ),
      );
    const began = Date.now();
    expect(await ask200()).toHaveLength(200);
    expect(runs()).toBe(1);
    const expires = api.credentials.report.expires ?? 0;
    expect(expires).toBeGreaterThan(began);
    await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(expires), { timeout: 60_000, interval: 200 });
    expect(await ask200()).toHaveLength(200);
    expect(runs()).toBe(2);
    expect(api.credentials.report.plugin).toMatchObject({ runs: 2, last: { end: 'exit code 0' } });
  });
});
