/**
 * Edits of objects on a real cluster (the development cluster's kubeconfigs): what the server
 * makes of dry runs, updates, applies and refusals, in a namespace of their own.
 */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { objects, type WriteResult } from '#shared/contract/objects';
import type { InputOf } from '#shared/rpc/define';
import { RpcClient } from '#shared/rpc/client';
import { portPair } from '#shared/rpc/port';
import { Scope } from '#shared/rpc/scope';
import { serve } from '#shared/rpc/server';
import { openSession } from '../../src/main/cluster-host/session';
import { Kubeconfigs } from '../../src/main/kubeconfig/source';
import { kitKubeconfigs } from '../support/real-cluster';

const kit = kitKubeconfigs();
const folder = kit ?? '';
const kubectl = [
  '/var/cache/binnacle-cluster/bin/kubectl',
  '/usr/local/bin/kubectl',
  '/usr/bin/kubectl',
].find(existsSync);
const isThere = kit !== undefined && kubectl !== undefined;
if (!isThere) console.warn('SKIPPED: no real cluster is up');

const namespace = `binnacle-edit-${randomBytes(3).toString('hex')}`;
let scope: Scope;
let client: RpcClient;

function kube(input: string | undefined, ...args: string[]): string {
  return execFileSync(kubectl ?? '', ['--kubeconfig', join(folder, 'admin.yaml'), ...args], {
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(input === undefined ? {} : { input }),
  });
}

type Input = InputOf<(typeof objects)['members']['write']>;
const plain: Pick<Input, 'how' | 'dryRun' | 'force' | 'reveal'> = {
  how: 'update',
  dryRun: false,
  force: false,
  reveal: false,
};
const ref = (name: string, kind = 'configmaps'): { kind: string; namespace: string; name: string } => ({
  kind,
  namespace,
  name,
});

function ok(result: WriteResult): Extract<WriteResult, { ok: true }> {
  if (!result.ok) throw new Error(`${result.refusal}: ${result.error.message}`);
  return result;
}

function no(result: WriteResult): Extract<WriteResult, { ok: false }> {
  if (result.ok) throw new Error('was not refused');
  return result;
}

const write = (input: Partial<Input> & { text: string }): Promise<WriteResult> =>
  client.call(objects, 'write', { ...plain, ...input });

const webDeployment = (name: string, more = ''): string => `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  replicas: 0
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      containers:
        - {name: main, image: "local/shop:1"}
${more}`;

describe.skipIf(!isThere)('edits on a real cluster', () => {
  beforeAll(async () => {
    kube(undefined, 'create', 'namespace', namespace);
    scope = new Scope('objects-real');
    const source = new Kubeconfigs({ scope, environment: { KUBECONFIG: join(folder, 'admin.yaml') } });
    const state = await source.start();
    const context = source.resolve(state.current ?? '');
    const session = openSession({ context, environment: {}, scope: scope.child('session') });
    const [near, far] = portPair();
    serve(far, session.services, scope);
    client = new RpcClient(near);
  });

  afterAll(() => {
    kube(undefined, 'delete', 'namespace', namespace, '--wait=false');
    kube(undefined, 'delete', 'validatingwebhookconfiguration', namespace, '--ignore-not-found');
    scope.dispose();
  });

  it('creates, with a dry run that shows defaults and stores nothing', async () => {
    const text = webDeployment('made');
    const dry = ok(await write({ text, how: 'create', dryRun: true, namespace }));
    expect(dry.after).toContain('terminationMessagePath: /dev/termination-log');
    expect(dry.created).toBe(true);
    expect(() => kube(undefined, '-n', namespace, 'get', 'deployment', 'made')).toThrow();
    ok(await write({ text, how: 'create', namespace }));
    expect(no(await write({ text, how: 'create', namespace })).refusal).toBe('exists');
    const named = await write({
      text: webDeployment('other'),
      how: 'create',
      namespace: 'no-such-namespace',
    });
    expect(no(named).refusal).toBe('no-namespace');
  });

  it('merges an edit with what kubectl did meanwhile', async () => {
    kube(webDeployment('web'), '-n', namespace, 'apply', '-f', '-');
    const source = await client.call(objects, 'read', { ...ref('web', 'deployments.apps'), reveal: false });
    expect(source.text).not.toContain('managedFields');
    expect(source.text).not.toContain('resourceVersion');
    expect(source.owners.some((one) => one.path === 'spec.replicas' && one.line > 0)).toBe(true);
    kube(undefined, '-n', namespace, 'set', 'image', 'deployment/web', 'main=local/shop:2');
    const mine = source.text.replace('replicas: 0', 'replicas: 0\n  minReadySeconds: 5');
    const input = { text: mine, target: ref('web', 'deployments.apps'), base: source.base };
    const answer = no(await write({ ...input, dryRun: true }));
    expect(answer).toMatchObject({ refusal: 'changed', merge: { conflicts: [], by: 'kubectl-set' } });
    expect(answer.merge?.theirChanges).toContain('spec.template.spec.containers[name=main].image');
    const saved = ok(
      await write({ ...input, text: answer.merge?.text ?? '', base: answer.merge?.theirs ?? '' }),
    );
    expect(saved.after).toContain('minReadySeconds: 5');
    expect(saved.after).toContain('local/shop:2');
  });

  it('tells clashing fields and takes choices', async () => {
    kube(webDeployment('clash'), '-n', namespace, 'apply', '-f', '-');
    const source = await client.call(objects, 'read', { ...ref('clash', 'deployments.apps'), reveal: false });
    kube(undefined, '-n', namespace, 'set', 'image', 'deployment/clash', 'main=local/shop:2');
    const mine = source.text.replace('image: local/shop:1', 'image: local/shop:3');
    const target = ref('clash', 'deployments.apps');
    const { merge } = no(await write({ text: mine, target, base: source.base }));
    const id = 'spec.template.spec.containers[name=main].image';
    expect(merge?.conflicts).toEqual([
      { id, what: 'value', base: 'local/shop:1\n', mine: 'local/shop:3\n', theirs: 'local/shop:2\n' },
    ]);
    const merged = await client.call(objects, 'merge', {
      base: source.base,
      mine,
      theirs: merge?.theirs ?? '',
      choices: { [id]: 'mine' },
      reveal: false,
    });
    expect(merged.text).toContain('local/shop:3');
  });

  it('a newer status is no conflict', async () => {
    const source = await client.call(objects, 'read', { ...ref('web', 'deployments.apps'), reveal: false });
    kube(
      undefined,
      '-n',
      namespace,
      'patch',
      'deployment',
      'web',
      '--subresource=status',
      '--type=merge',
      '-p',
      '{"status":{"observedGeneration":1}}',
    );
    const text = source.text.replace('minReadySeconds: 5', 'minReadySeconds: 6');
    const saved = ok(await write({ text, target: ref('web', 'deployments.apps'), base: source.base }));
    expect(saved.after).toContain('minReadySeconds: 6');
  });

  it('names the immutable field', async () => {
    const source = await client.call(objects, 'read', { ...ref('web', 'deployments.apps'), reveal: false });
    const text = source.text.replaceAll('app: web', 'app: web2');
    const answer = no(
      await write({ text, dryRun: true, target: ref('web', 'deployments.apps'), base: source.base }),
    );
    expect(answer.refusal).toBe('immutable');
    expect(answer.error.message).toContain('spec.selector');
  });

  it('names the webhook that cannot be asked, and a quota', async () => {
    const webhook = {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: namespace },
      webhooks: [
        {
          name: 'guard.example.com',
          failurePolicy: 'Fail',
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
          timeoutSeconds: 1,
          clientConfig: { service: { name: 'no-webhook', namespace: 'broken' } },
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
          rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['*'], resources: ['configmaps'] }],
        },
      ],
    };
    kube(JSON.stringify(webhook), 'apply', '-f', '-');
    const config = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: guarded}\ndata: {a: b}\n';
    await expect
      .poll(async () => (await write({ text: config, how: 'create', dryRun: true, namespace })).ok, {
        timeout: 10_000,
      })
      .toBe(false);
    const answer = no(await write({ text: config, how: 'create', namespace }));
    expect(answer.refusal).toBe('webhook');
    expect(answer.error.message).toContain('guard.example.com');
    kube(undefined, '-n', namespace, 'create', 'quota', 'small', '--hard=secrets=0');
    const secret = 'apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n';
    await expect
      .poll(
        async () => {
          const result = await write({ text: secret, how: 'create', dryRun: true, namespace });
          return result.ok ? 'ok' : `${result.refusal} ${result.error.hint ?? ''}`;
        },
        { timeout: 10_000 },
      )
      .toMatch(/quota .*small/);
    kube(undefined, '-n', namespace, 'delete', 'quota', 'small');
  });

  it('applies with owners, conflicts and force', async () => {
    kube(webDeployment('applied'), '-n', namespace, 'apply', '--server-side', '-f', '-');
    const target = ref('applied', 'deployments.apps');
    const source = await client.call(objects, 'read', { ...target, reveal: false });
    const text = source.text.replace('image: local/shop:1', 'image: local/shop:2');
    const input = { text, target, base: source.base, how: 'apply' as const };
    const answer = no(await write({ ...input, dryRun: true }));
    expect(answer.refusal).toBe('owners');
    expect(answer.owners).toEqual([
      { manager: 'kubectl', field: 'spec.template.spec.containers[name="main"].image' },
    ]);
    // The controller writes the status of a fresh Deployment: a base it overtook is read again, as the editor does.
    await expect
      .poll(
        async () => {
          const { base } = await client.call(objects, 'read', { ...target, reveal: false });
          const result = await write({ ...input, base, force: true });
          return result.ok ? 'ok' : result.refusal;
        },
        { timeout: 10_000 },
      )
      .toBe('ok');
    const fields = kube(
      undefined,
      '-n',
      namespace,
      'get',
      'deployment',
      'applied',
      '-o',
      'json',
      '--show-managed-fields',
    );
    const own = (
      JSON.parse(fields) as { metadata: { managedFields: { manager: string; fieldsV1: unknown }[] } }
    ).metadata.managedFields.find((one) => one.manager === 'binnacle');
    // Only what was edited is ours.
    expect(JSON.stringify(own?.fieldsV1).length).toBeLessThan(250);
  });

  it('keeps secret values hidden and stored', async () => {
    kube(undefined, '-n', namespace, 'create', 'secret', 'generic', 'pass', '--from-literal=word=swordfish');
    const target = ref('pass', 'secrets');
    const source = await client.call(objects, 'read', { ...target, reveal: false });
    const encoded = Buffer.from('swordfish').toString('base64');
    expect(JSON.stringify(source)).not.toContain(encoded);
    const text = source.text.replace('metadata:', 'metadata:\n  labels: {a: b}');
    for (const how of ['update', 'apply'] as const) {
      const { base } = await client.call(objects, 'read', { ...target, reveal: false });
      const saved = ok(await write({ text, target, base, how }));
      expect(JSON.stringify(saved)).not.toContain(encoded);
    }
    const stored = kube(undefined, '-n', namespace, 'get', 'secret', 'pass', '-o', 'json');
    expect(JSON.parse(stored)).toMatchObject({ data: { word: encoded }, metadata: { labels: { a: 'b' } } });
  });

  it('says gone, replaced and warnings', async () => {
    // Of a kind that no controller writes to meanwhile.
    const make = (): string =>
      kube(undefined, '-n', namespace, 'create', 'role', 'gone', '--verb=get', '--resource=pods');
    make();
    const target = ref('gone', 'roles.rbac.authorization.k8s.io');
    const source = await client.call(objects, 'read', { ...target, reveal: false });
    const unknown = `${source.text}dataz: {a: b}\n`;
    const warned = ok(await write({ text: unknown, dryRun: true, target, base: source.base }));
    expect(warned.warnings.join()).toContain('dataz');
    kube(undefined, '-n', namespace, 'delete', 'role', 'gone');
    const edited = source.text.replace('- get', '- list');
    expect(edited).not.toBe(source.text);
    expect(no(await write({ text: edited, target, base: source.base })).refusal).toBe('gone');
    make();
    expect(no(await write({ text: edited, target, base: source.base })).refusal).toBe('replaced');
  });

  it('checks with the schema of the server', async () => {
    const text = webDeployment('typo', '  replicaz: 2\n  paused: "no"\n');
    const { remarks, objects: found } = await client.call(objects, 'check', { text });
    expect(found).toMatchObject([{ kindId: 'deployments.apps', name: 'typo' }]);
    expect(remarks.map((one) => one.message)).toEqual([
      'Unknown field replicaz: the server drops it. Did you mean replicas?',
      'paused must be true or false, and is text.',
    ]);
    const custom = await client.call(objects, 'schema', { apiVersion: 'apps/v1', kind: 'Deployment' });
    expect(Object.keys(custom?.defs ?? {}).length).toBeGreaterThan(50);
  });
});
