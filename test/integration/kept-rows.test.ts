/** The second session of a cluster shows the rows of the first one while its lists are on their way. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { resources, type ViewBatch } from '#shared/contract/resources';
import { RpcClient } from '#shared/rpc/client';
import { portPair } from '#shared/rpc/port';
import { Scope } from '#shared/rpc/scope';
import { serve } from '#shared/rpc/server';
import { startDemo, type Demo } from '../../src/demo/demo';
import { openSession } from '../../src/main/cluster-host/session';

let demo: Demo;
const folder = mkdtempSync(join(tmpdir(), 'kept-rows-'));
const rows = { folder, key: randomBytes(32).toString('base64') };

beforeAll(async () => {
  demo = await startDemo({ seed: 7, pace: 0 });
});

afterAll(async () => {
  await demo.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Opens a table and gives every batch until one fits. */
async function open(kind: string, until: (batch: ViewBatch) => boolean) {
  const scope = new Scope('session');
  const session = openSession({
    context: {
      id: 'demo',
      name: 'demo',
      file: 'demo',
      namespace: 'default',
      cluster: {
        name: 'demo',
        server: demo.url,
        ca: { data: demo.caPem },
        insecureSkipTlsVerify: false,
        disableCompression: false,
      },
      user: { name: 'demo', token: demo.token },
    },
    environment: {},
    rows,
    scope,
  });
  const [near, far] = portPair();
  serve(far, session.services, scope);
  const client = new RpcClient(near);
  const query = { kind, namespaces: [], filter: '', sort: null, offset: 0, limit: 200, request: 1 };
  const batch = await new Promise<ViewBatch>((resolve) => {
    client.open(resources, 'view', query, {
      onData: (one) => {
        if (until(one)) resolve(one);
      },
      onEnd: () => undefined,
    });
  });
  return {
    batch,
    close: async () => {
      await session.keepRows();
      client.close();
      scope.dispose();
    },
  };
}

it('shows the rows of last time as stale, and never those of Secrets', async () => {
  const live = (batch: ViewBatch): boolean => batch.state.phase === 'live';
  const first = await open('pods', live);
  await first.close();
  expect(readdirSync(folder)).toHaveLength(1);
  const hold = demo.faults.add({ resource: 'pods', fault: { type: 'silence' } });
  const second = await open('pods', (batch) => batch.total > 0);
  hold();
  expect(second.batch.state.phase).toBe('stale');
  expect(second.batch.total).toBe(first.batch.total);
  await second.close();
  const secrets = await open('secrets', live);
  await secrets.close();
  expect(readdirSync(folder)).toHaveLength(1);
});
