/** Faults 61 and 62: deletes that hang and deletes of many. */
import { beforeEach, expect } from 'vitest';
import { actions, type ItemResult, type RunBatch } from '#shared/contract/actions';
import { ask } from '../../src/demo/test-client';
import { sendJson } from '../integration/k8s-support';
import type { Front } from './support/front';
import { fault } from './support/row';
import { openObject, until, type Page } from './support/sessions';
import { stage } from './support/stage';

const s = stage();
let server: Front;
let page: Page;

beforeEach(async () => {
  server = await s.before();
  page = s.page(server);
});

interface Ref {
  kind: string;
  namespace: string;
  name: string;
  uid: string;
}
async function make(name: string, metadata: object = {}): Promise<Ref> {
  const { body } = await ask(s.demo, '/api/v1/namespaces/shop/configmaps', {
    method: 'POST',
    body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...metadata } },
  });
  const { uid } = body['metadata'] as { uid: string };
  return { kind: 'configmaps', namespace: 'shop', name, uid };
}

interface Run {
  readonly results: Map<number, ItemResult>;
  last: RunBatch | undefined;
  readonly cancel: () => void;
}
function remove(items: readonly Ref[]): Run {
  const results = new Map<number, ItemResult>();
  const stream = page.client.open(
    actions,
    'run',
    { verb: 'delete', options: { propagation: 'Background', grace: null }, items: [...items] },
    {
      onData: (batch) => {
        run.last = batch;
        for (const item of batch.items) results.set(item.index, item);
      },
      onEnd: () => undefined,
    },
  );
  const run: Run = { results, last: undefined, cancel: () => stream.update({ cancel: true }) };
  return run;
}
const deletes = (): string[] => server.asked.filter((one) => one.startsWith('DELETE'));

fault(
  61,
  async () => {
    const item = await make('stuck', { finalizers: ['example.io/never'] });
    const object = openObject(page, item);
    const run = remove([item]);
    await until(() => run.last?.finished === true);
    expect(run.results.get(0)).toMatchObject({
      phase: 'done',
      message: 'Being deleted: waits for example.io/never',
    });
    await until(() => JSON.stringify(object.states.at(-1)?.object ?? {}).includes('deletionTimestamp'));
    // Once, as asked: nothing took the finalizer away or forced it.
    expect(deletes()).toHaveLength(1);
    expect(server.asked.filter((one) => /^(PATCH|PUT)/.test(one))).toEqual([]);
  },
  'the finalizer is named, nothing is forced',
);

fault(
  61,
  async () => {
    await ask(s.demo, '/api/v1/namespaces', {
      method: 'POST',
      body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'ending' } },
    });
    const { body } = await ask(s.demo, '/api/v1/namespaces/ending');
    const { uid } = body['metadata'] as { uid: string };
    const run = remove([{ kind: 'namespaces', namespace: '', name: 'ending', uid }]);
    await until(() => run.last?.finished === true);
    expect(run.results.get(0)?.message).toMatch(/^(Ending|Being deleted)/);
    const after = await ask(s.demo, '/api/v1/namespaces/ending');
    expect((after.body['status'] as { phase: string }).phase).toBe('Terminating');
  },
  'a namespace that ends',
);

fault(
  62,
  async () => {
    const items: Ref[] = [];
    for (let at = 0; at < 500; at += 1) items.push(await make(`bulk-${at}`));
    let [open, most] = [0, 0];
    server.rules.push((request, response) => {
      if (request.method !== 'DELETE') return false;
      open += 1;
      most = Math.max(most, open);
      response.on('close', () => (open -= 1));
      const odd = Number(/bulk-(\d+)/.exec(request.url ?? '')?.[1]) % 2 === 1;
      if (odd)
        sendJson(response, { kind: 'Status', code: 403, reason: 'Forbidden', message: 'not this one' }, 403);
      return odd;
    });
    const run = remove(items);
    await until(() => run.last?.finished === true, 60_000);
    expect(run.last).toMatchObject({ total: 500, done: 500, failed: 250 });
    for (let at = 0; at < 500; at += 1) {
      const result = run.results.get(at);
      expect(result?.phase, `item ${at}`).toBe(at % 2 === 1 ? 'failed' : 'done');
      if (at % 2 === 1) expect(result?.error?.code).toBe('forbidden');
    }
    expect(most).toBeLessThanOrEqual(5);
    expect(deletes()).toHaveLength(500);
    // Again with those that are left: the rest is not asked for twice.
    server.rules.length = 0;
    const left = items.filter((_, at) => run.results.get(at)?.phase === 'failed');
    const second = remove(left);
    await until(() => second.last?.finished === true, 60_000);
    expect(second.last).toMatchObject({ total: 250, failed: 0 });
    expect(deletes()).toHaveLength(750);
  },
  undefined,
  120_000,
);

fault(
  62,
  async () => {
    const items: Ref[] = [];
    for (let at = 0; at < 40; at += 1) items.push(await make(`cancel-${at}`));
    server.rules.push((request) => {
      if (request.method === 'DELETE' && deletes().length === 10) run.cancel();
      return false;
    });
    const run = remove(items);
    await until(() => run.last?.finished === true, 30_000);
    const phases = [...run.results.values()].map((one) => one.phase);
    // What had begun was finished; the rest says that it was not begun.
    expect(phases.filter((phase) => phase === 'done')).toHaveLength(deletes().length);
    expect(phases.filter((phase) => phase === 'cancelled')).toHaveLength(40 - deletes().length);
    expect(deletes().length).toBeLessThan(25);
    for (const one of items)
      await ask(s.demo, `/api/v1/namespaces/shop/configmaps/${one.name}`, { method: 'DELETE' });
  },
  'stopped half way',
);

fault(
  62,
  async () => {
    const item = await make('throttled');
    let refusals = 0;
    const times: number[] = [];
    server.rules.push((request, response) => {
      if (request.method !== 'DELETE') return false;
      times.push(Date.now());
      if (refusals++ > 0) return false;
      response.setHeader('retry-after', '2');
      sendJson(response, { kind: 'Status', code: 429, reason: 'TooManyRequests' }, 429);
      return true;
    });
    const run = remove([item]);
    await until(() => run.last?.finished === true, 20_000);
    expect(run.results.get(0)).toMatchObject({ phase: 'done' });
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(1_900);
  },
  '429 waits as the server says',
);
