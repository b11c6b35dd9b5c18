/** What cannot be written, each with the words a person reads. On a real cluster, in a namespace of its own. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { objects } from '#shared/contract/objects';
import { toAppError } from '#shared/util/app-error';
import { openBench, realCluster, refusedBy, written, type Bench } from './objects-support';

if (realCluster === undefined) console.warn('SKIPPED: no real cluster');

const config = (name: string, more = 'data: {a: b}'): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n${more}\n`;

describe.skipIf(realCluster === undefined)('bad input', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench('bad');
  });
  afterAll(() => bench.close());

  const target = (name: string, kind = 'configmaps') => ({ kind, namespace: bench.namespace, name });
  /** `refusal: message hint`, of a creation. */
  const create = async (text: string, namespace = bench.namespace, dryRun = true): Promise<string> => {
    const { refusal, error } = refusedBy(await bench.write({ text, how: 'create', namespace, dryRun }));
    return `${refusal}: ${error.message} ${error.hint ?? ''}`.trim();
  };
  const made = async (name: string, more?: string) => {
    written(await bench.write({ text: config(name, more), how: 'create', namespace: bench.namespace }));
    return bench.client.call(objects, 'read', { ...target(name), reveal: false });
  };

  it('invalid YAML: line and column', async () => {
    expect(await create('apiVersion: v1\nkind: ConfigMap\nmetadata:\n\tname: x\n')).toBe(
      'invalid: Line 4, column 1: A tab cannot indent YAML: use spaces. Mend the YAML first.',
    );
  });

  it('unknown kind', async () => {
    expect(await create('apiVersion: example.com/v1\nkind: Nothing\nmetadata: {name: x}\n')).toBe(
      'invalid: This cluster serves no Nothing in example.com/v1. Check apiVersion and kind, or install the CRD first.',
    );
  });

  it('wrong namespace', async () => {
    expect(await create(config('x'), 'binnacle-no-such')).toBe(
      'no-namespace: There is no namespace binnacle-no-such. Create it first, or write into another one.',
    );
    const source = await made('moved');
    const text = source.text.replace(`namespace: ${bench.namespace}`, 'namespace: default');
    const { error } = refusedBy(await bench.write({ text, target: target('moved'), base: source.base }));
    expect(error.message).toBe(
      `This edit is of ${bench.namespace}/moved; the text names configmaps default/moved.`,
    );
  });

  it('immutable field: which, why, and the way out', async () => {
    const source = await made('fixed', 'immutable: true\ndata: {a: b}');
    const text = source.text.replace('a: b', 'a: c');
    const no = refusedBy(
      await bench.write({ text, target: target('fixed'), base: source.base, dryRun: true }),
    );
    expect(no.refusal).toBe('immutable');
    expect(no.error.message).toBe('data of a ConfigMap cannot be changed once it exists.');
    expect(no.error.causes?.[0]?.message).toContain('field is immutable when `immutable` is set');
    expect(no.error.hint).toContain('delete the ConfigMap and create it anew');
  });

  it('webhook refusal: which', async () => {
    const hook = {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: bench.namespace },
      webhooks: [
        {
          name: 'guard.example.com',
          failurePolicy: 'Fail',
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
          timeoutSeconds: 1,
          clientConfig: { service: { name: 'no-webhook', namespace: bench.namespace } },
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': bench.namespace } },
          rules: [
            { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] },
          ],
        },
      ],
    };
    bench.kube(hook, 'apply', '-f', '-');
    try {
      await expect
        .poll(
          async () =>
            (
              await bench.write({
                text: config('x'),
                how: 'create',
                namespace: bench.namespace,
                dryRun: true,
              })
            ).ok,
          { timeout: 15_000 },
        )
        .toBe(false);
      expect(await create(config('x'))).toMatch(
        /^webhook: The admission webhook guard\.example\.com could not be asked, so the server refused: .* Its service does not answer\./,
      );
    } finally {
      bench.kube(undefined, 'delete', 'validatingwebhookconfiguration', bench.namespace);
      await expect
        .poll(
          async () =>
            (
              await bench.write({
                text: config('x'),
                how: 'create',
                namespace: bench.namespace,
                dryRun: true,
              })
            ).ok,
          { timeout: 15_000 },
        )
        .toBe(true);
    }
  });

  it('quota refusal: which', async () => {
    bench.kube(undefined, '-n', bench.namespace, 'create', 'quota', 'small', '--hard=secrets=0');
    const secret = 'apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n';
    await expect
      .poll(
        async () => {
          const result = await bench.write({
            text: secret,
            how: 'create',
            dryRun: true,
            namespace: bench.namespace,
          });
          return result.ok ? 'ok' : result.refusal;
        },
        { timeout: 15_000 },
      )
      .toBe('quota');
    expect(await create(secret)).toMatch(
      /exceeded quota: small.* Ask for less, free something, or raise the quota small of the namespace\.$/,
    );
  });

  it('object gone meanwhile, or another of its name', async () => {
    const source = await made('gone');
    const text = source.text.replace('a: b', 'a: c');
    const save = async (): Promise<string> => {
      const { refusal, error } = refusedBy(
        await bench.write({ text, target: target('gone'), base: source.base }),
      );
      return `${refusal}: ${error.message}`;
    };
    bench.kube(undefined, '-n', bench.namespace, 'delete', 'configmap', 'gone');
    expect(await save()).toBe('gone: It is gone: somebody deleted it meanwhile.');
    await made('gone');
    expect(await save()).toBe(
      'replaced: It was deleted and made anew meanwhile: this is another object of the same name.',
    );
  });

  it('409: who, and a merge', async () => {
    const source = await made('raced', 'data: {a: b, x: "1"}');
    bench.kube(undefined, '-n', bench.namespace, 'patch', 'configmap', 'raced', '-p', '{"data":{"x":"2"}}');
    const text = source.text.replace('a: b', 'a: c');
    const no = refusedBy(await bench.write({ text, target: target('raced'), base: source.base }));
    expect(no.refusal).toBe('changed');
    expect(no.error.message).toBe('kubectl-patch changed it meanwhile.');
    expect(no.merge?.conflicts).toEqual([]);
    expect(no.merge?.text).toContain('a: c');
    expect(no.merge?.text).toMatch(/x: "2"/);
  });

  it('read-only context', async () => {
    const source = await made('locked');
    bench.setReadOnly(true);
    try {
      const text = source.text.replace('a: b', 'a: c');
      const error = await bench
        .write({ text, target: target('locked'), base: source.base })
        .then(() => undefined, toAppError);
      expect(`${error?.message ?? ''} ${error?.hint ?? ''}`).toMatch(/read-only/);
    } finally {
      bench.setReadOnly(false);
    }
    expect(
      bench.kube(undefined, '-n', bench.namespace, 'get', 'cm', 'locked', '-o', 'jsonpath={.data.a}'),
    ).toBe('b');
  });

  it('a 3 MB config map', async () => {
    const text = config('large', `data: {a: "${'x'.repeat(3 * 1024 * 1024)}"}`);
    const words = await create(text, bench.namespace, false);
    expect(words.slice(0, 300)).toMatch(/^invalid: .*(1048576|size)/s);
    expect(words.length).toBeLessThan(2_000);
  });

  it('binary data stays what it is', async () => {
    const bytes = Buffer.from([0, 1, 2, 255, 254]).toString('base64');
    const source = await made('binary', `binaryData: {blob: ${bytes}}\ndata: {a: b}`);
    expect(source.text).toContain(`blob: ${bytes}`);
    const text = source.text.replace('a: b', 'a: c');
    written(await bench.write({ text, target: target('binary'), base: source.base }));
    expect(
      bench.kube(
        undefined,
        '-n',
        bench.namespace,
        'get',
        'cm',
        'binary',
        '-o',
        'jsonpath={.binaryData.blob} {.data.a}',
      ),
    ).toBe(`${bytes} c`);
    expect(await create(config('x', 'binaryData: {blob: "not base64!"}'))).toMatch(
      /^(invalid|other): .*base64/s,
    );
  });

  it('anchors are read; a bomb of them is refused at once', async () => {
    const text = config('anchored', 'data: {a: &x "1", b: *x}');
    const { after } = written(
      await bench.write({ text, how: 'create', namespace: bench.namespace, dryRun: true }),
    );
    expect(after).toMatch(/a: "1"\n {2}b: "1"/);
    const rows = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
    for (let i = 1; i < 12; i += 1)
      rows.push(
        `a${i}: &a${i} [${Array(9)
          .fill(`*a${i - 1}`)
          .join(', ')}]`,
      );
    const began = performance.now();
    expect(await create(rows.join('\n'))).toMatch(/^invalid: Line 1, column \d+: Aliases repeat too much/);
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  it.each([
    ['on', 'kubectl and the server read on as true. For the text write "on".'],
    ['0777', '0777 is an octal number: it is read as 511.'],
    ['1_000', '1_000 is read as the number 1000. For the text write "1_000".'],
  ])('YAML 1.1: %s', async (value, words) => {
    const { remarks } = await bench.client.call(objects, 'check', {
      text: config('x', `data:\n  a: ${value}`),
    });
    expect(remarks.map((one) => one.message)).toContain(words);
  });
});
