/** Objects deleted and made anew because a field of theirs cannot be changed; on a real cluster. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { objects, type RecreateState } from '#shared/contract/objects';
import { openBench, realCluster, type Bench } from './objects-support';

if (realCluster === undefined) console.warn('SKIPPED: no real cluster');

describe.skipIf(realCluster === undefined)('recreate', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench('anew');
  });
  afterAll(() => {
    bench.kube(
      undefined,
      '-n',
      bench.namespace,
      'patch',
      'cm',
      '--type=merge',
      '-p',
      '{"metadata":{"finalizers":null}}',
      'held',
    );
    bench.close();
  });

  const read = (kind: string, name: string) =>
    bench.client.call(objects, 'read', { kind, namespace: bench.namespace, name, reveal: false });
  const input = (kind: string, name: string, text: string, base: string) => ({
    text,
    base,
    target: { kind, namespace: bench.namespace, name },
    reveal: false,
  });

  /** All states; `see` may cancel. */
  const recreate = (
    sent: ReturnType<typeof input>,
    see: (state: RecreateState, cancel: () => void) => void = () => undefined,
  ): Promise<readonly RecreateState[]> =>
    new Promise((resolve, reject) => {
      const states: RecreateState[] = [];
      const stream = bench.client.open(
        objects,
        'recreate',
        { ...sent, propagation: 'Background' },
        {
          onData: (state) => {
            states.push(state);
            see(state, () => stream.update({ cancel: true }));
            if (!/^(done|failed|cancelled)$/.test(state.phase)) return;
            stream.close();
            resolve(states);
          },
          onEnd: (error) => reject(new Error(error?.message ?? 'ended')),
        },
      );
    });

  it('a deployment with another selector', async () => {
    const deployment = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: bench.namespace },
      spec: {
        replicas: 0,
        selector: { matchLabels: { app: 'web' } },
        template: {
          metadata: { labels: { app: 'web' } },
          spec: { containers: [{ name: 'main', image: 'local/shop:1' }] },
        },
      },
    };
    bench.kube(deployment, 'apply', '-f', '-');
    const source = await read('deployments.apps', 'web');
    const sent = input(
      'deployments.apps',
      'web',
      source.text.replaceAll('app: web', 'app: other'),
      source.base,
    );
    const preview = await bench.client.call(objects, 'recreatePreview', sent);
    expect(preview.problem).toBeUndefined();
    expect(preview.after).toContain('app: other');
    expect(preview.warnings[0]).toContain('Its revisions are lost.');
    const before = bench.kube(
      undefined,
      '-n',
      bench.namespace,
      'get',
      'deploy',
      'web',
      '-o',
      'jsonpath={.metadata.uid}',
    );
    const states = await recreate(sent);
    expect(states.at(-1)).toMatchObject({ phase: 'done' });
    const after = bench.kube(
      undefined,
      '-n',
      bench.namespace,
      'get',
      'deploy',
      'web',
      '-o',
      'jsonpath={.metadata.uid} {.spec.selector.matchLabels.app}',
    );
    expect(after).toMatch(/ other$/);
    expect(after).not.toContain(before);
  });

  it('a job with another image, its generated selector left out', async () => {
    const job = {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'import', namespace: bench.namespace },
      spec: {
        suspend: true,
        template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'local/shop:1' }] } },
      },
    };
    bench.kube(job, 'apply', '-f', '-');
    const source = await read('jobs.batch', 'import');
    const sent = input(
      'jobs.batch',
      'import',
      source.text.replaceAll('local/shop:1', 'local/shop:2'),
      source.base,
    );
    expect((await bench.client.call(objects, 'recreatePreview', sent)).problem).toBeUndefined();
    expect((await recreate(sent)).at(-1)?.phase).toBe('done');
    expect(
      bench.kube(
        undefined,
        '-n',
        bench.namespace,
        'get',
        'job',
        'import',
        '-o',
        'jsonpath={..containers[0].image}',
      ),
    ).toBe('local/shop:2');
  });

  it('puts the old one back when the server refuses the new one', async () => {
    bench.kube(
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'kept', namespace: bench.namespace },
        data: { a: 'b' },
      },
      'apply',
      '-f',
      '-',
    );
    const source = await read('configmaps', 'kept');
    const text = source.text.replace('a: b', '"no/slash": c');
    const sent = input('configmaps', 'kept', text, source.base);
    expect((await bench.client.call(objects, 'recreatePreview', sent)).problem?.message).toContain(
      'no/slash',
    );
    const last = (await recreate(sent)).at(-1);
    expect(last).toMatchObject({
      phase: 'failed',
      message: 'The server refused the new config map; the old one was put back as it was.',
    });
    expect(
      bench.kube(undefined, '-n', bench.namespace, 'get', 'cm', 'kept', '-o', 'jsonpath={.data.a}'),
    ).toBe('b');
  });

  it('waits for finalizers by name; a cancel makes no new one', async () => {
    const held = { name: 'held', namespace: bench.namespace, finalizers: ['example.com/hold'] };
    bench.kube({ apiVersion: 'v1', kind: 'ConfigMap', metadata: held, data: { a: 'b' } }, 'apply', '-f', '-');
    const source = await read('configmaps', 'held');
    const states = await recreate(input('configmaps', 'held', source.text, source.base), (state, cancel) => {
      if (state.phase === 'waiting') cancel();
    });
    expect(states.map(({ message }) => message)).toContain(
      'The old one waits for example.com/hold; the new one waits until it is gone.',
    );
    expect(states.at(-1)).toMatchObject({
      phase: 'cancelled',
      gone: true,
      message: 'The old config map is being deleted all the same; no new one was made. Your text is kept.',
    });
  });

  it('deletes nothing that is another object by now', async () => {
    const make = (): string =>
      bench.kube(
        { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'other', namespace: bench.namespace } },
        'apply',
        '-f',
        '-',
      );
    make();
    const source = await read('configmaps', 'other');
    bench.kube(undefined, '-n', bench.namespace, 'delete', 'cm', 'other');
    make();
    const last = (await recreate(input('configmaps', 'other', source.text, source.base))).at(-1);
    expect(last).toMatchObject({ phase: 'failed', message: 'Nothing was done. Look at the preview again.' });
    expect(bench.kube(undefined, '-n', bench.namespace, 'get', 'cm', 'other', '-o', 'name').trim()).toBe(
      'configmap/other',
    );
  });
});
