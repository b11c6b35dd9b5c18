/** Fault 64: Secrets in which Helm keeps its releases, damaged in every way. */
import { gzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { resources, type RevealedValue } from '#shared/contract/resources';
import { ask } from '../../src/demo/test-client';
import { fault } from './support/row';
import { demoContext, openPage, Screen, until } from './support/sessions';
import { stage } from './support/stage';

const s = stage();

const whole = {
  name: 'blog',
  info: { status: 'deployed', last_deployed: '2026-03-01T10:00:00Z' },
  chart: { metadata: { name: 'blog', version: '1.2.3', appVersion: '9' }, templates: [{}, {}] },
  config: { replicas: 2 },
  manifest: 'kind: Service\n---\nkind: Deployment\n',
};
/** As Helm writes it: JSON, gzip, base64; the API adds its own base64. */
const packed = (text: string | Buffer): string =>
  Buffer.from(gzipSync(text).toString('base64')).toString('base64');
const plain = (text: string): string => Buffer.from(text).toString('base64');

const releases: Readonly<Record<string, Record<string, string>>> = {
  'sh.helm.release.v1.fine.v1': { release: packed(JSON.stringify(whole)) },
  'sh.helm.release.v1.not-base64.v1': { release: plain('*** not base64 ***') },
  'sh.helm.release.v1.cut-gzip.v1': {
    release: plain(gzipSync(JSON.stringify(whole)).subarray(0, 40).toString('base64')),
  },
  'sh.helm.release.v1.not-json.v1': { release: packed('{"name": "bl') },
  'sh.helm.release.v1.odd.v1': { release: packed('[1, null, "x"]') },
  'sh.helm.release.v1.null.v1': { release: packed('null') },
  'sh.helm.release.v1.bomb.v1': { release: packed(Buffer.alloc(80 * 2 ** 20, 0x20)) },
  // One part of a release that is kept in several Secrets.
  'sh.helm.release.v1.chunked.v1': {
    release: plain(gzipSync(JSON.stringify(whole)).toString('base64').slice(0, 100)),
  },
  'sh.helm.release.v1.empty.v1': {},
  'sh.helm.release.v1.large.v1': {
    release: packed(JSON.stringify({ ...whole, manifest: 'kind: ConfigMap\n'.repeat(650_000) })),
  },
};

async function make(): Promise<void> {
  for (const [name, data] of Object.entries(releases)) {
    const made = await ask(s.demo, '/api/v1/namespaces/shop/secrets', {
      method: 'POST',
      body: {
        apiVersion: 'v1',
        kind: 'Secret',
        type: 'helm.sh/release.v1',
        metadata: { name, labels: { owner: 'helm', status: 'deployed', version: '1' } },
        data,
      },
    });
    expect([200, 201, 409], name).toContain(made.status);
  }
}

fault(64, async () => {
  await make();
  const page = openPage(demoContext(s.demo), s.scope);
  const screen = new Screen(page.client, { kind: 'secrets', namespaces: ['shop'] });
  await screen.live();
  const names = Object.keys(releases);
  // Whatever one of them holds: all are listed.
  await until(() => names.every((name) => screen.names.includes(name)));
  const reveal = (name: string): Promise<RevealedValue> =>
    page.client.call(resources, 'reveal', { kind: 'secrets', namespace: 'shop', name, key: 'release' });
  const unreadable = ['not-base64', 'cut-gzip', 'not-json', 'odd', 'null', 'bomb', 'chunked'];
  for (const short of unreadable) {
    const began = performance.now();
    const { meaning, bytes } = await reveal(`sh.helm.release.v1.${short}.v1`);
    expect(meaning, short).toHaveLength(1);
    expect(meaning?.[0], short).toMatchObject({
      label: 'Helm release',
      tone: 'warn',
      text: expect.stringMatching(/^It cannot be read: /) as unknown,
    });
    expect(bytes).toBeGreaterThan(0);
    expect(performance.now() - began, short).toBeLessThan(3_000);
  }
  expect((await reveal('sh.helm.release.v1.bomb.v1')).meaning?.[0]?.text).toMatch(/more than 32 MiB/);
  expect((await reveal('sh.helm.release.v1.fine.v1')).meaning).toContainEqual({
    label: 'Chart',
    text: 'blog 1.2.3',
  });
  // 10 MB unpacked is a large release, not a damaged one.
  expect((await reveal('sh.helm.release.v1.large.v1')).meaning).toContainEqual({
    label: 'Objects',
    text: '650000: ConfigMap',
  });
  await expect(reveal('sh.helm.release.v1.empty.v1')).rejects.toMatchObject({ error: { code: 'not-found' } });
  expect(screen.phase).toBe('live');
});
