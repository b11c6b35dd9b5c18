/** What we read of a kubeconfig is what kubectl reads, wherever kubectl accepts it. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadKubeconfig } from '../../src/main/kubeconfig/load';
import { kitKubeconfigs } from '../support/real-cluster';

const kubectl = [
  '/var/cache/binnacle-cluster/bin/kubectl',
  '/usr/local/bin/kubectl',
  '/usr/bin/kubectl',
].find(existsSync);
if (!kubectl) console.warn('SKIPPED: no kubectl to compare kubeconfigs with');
const clusters = kitKubeconfigs();
if (clusters === undefined) console.warn('SKIPPED: the kubeconfigs of the real cluster: it is not up');

const b64 = Buffer.from('-----BEGIN CERTIFICATE-----').toString('base64');
const nasty: Record<string, string> = {
  empty: '',
  'only comments': '# nothing\n',
  'no apiVersion': 'kind: Config\nusers: []\n',
  'null everywhere': 'clusters: null\nusers: ~\ncontexts:\ncurrent-context: null\n',
  JSON: JSON.stringify({ apiVersion: 'v1', kind: 'Config', users: [{ name: 'a', user: { token: 't' } }] }),
  'byte order mark': '\ufeffusers:\n- name: a\n  user: {token: a}\n',
  CRLF: 'users:\r\n- name: a\r\n  user:\r\n    token: a\r\n    tokenFile: x/y\r\n',
  'several documents': 'users:\n- name: a\n  user: {token: a}\n---\nusers: []\n',
  'document markers': '---\nusers:\n- name: a\n  user: {token: a}\n...\n',
  'duplicate keys':
    'users:\n- name: a\n  user: {token: a, token: b}\nusers:\n- name: c\n  user: {token: c}\n',
  'merge keys': 'x: &b {token: q, username: ""}\nusers:\n- name: a\n  user: {<<: *b, as: jane}\n',
  'anchors and aliases':
    'users:\n- name: &n one\n  user: &u {token: t}\n- name: two\n  user: *u\ncurrent-context: *n\n',
  'yes as a flag':
    'clusters:\n- name: a\n  cluster: {server: x, insecure-skip-tls-verify: yes, disable-compression: on}\n',
  'texts that look like numbers of another time':
    'users:\n- name: a\n  user: {token: 12:30:45}\n- name: b\n  user: {token: 2020-01-01}\n',
  'quoted numbers and words':
    'users:\n- name: "1"\n  user: {token: "0123", username: \'yes\', password: "null"}\n',
  'block scalars': `users:\n- name: a\n  user:\n    token: >-\n      abc\n    client-certificate-data: |\n      ${b64}\n`,
  'folded data': `clusters:\n- name: a\n  cluster:\n    server: x\n    certificate-authority-data: ${b64}\n`,
  'unknown fields':
    'zzz: {a: [1]}\nusers:\n- name: a\n  more: 1\n  user: {token: t, Token: x, what: {ever: 1}}\n',
  extensions:
    'clusters:\n- name: a\n  cluster:\n    server: x\n    extensions:\n    - name: client.authentication.k8s.io/exec\n      extension: {audience: x}\n',
  'strange names':
    'contexts:\n- name: "arn:aws:eks:eu:1:cluster/x"\n  context: {cluster: "a/b:c", user: "😀", namespace: "ü"}\n',
  __proto__: 'contexts:\n- name: __proto__\n  context: {cluster: constructor, user: toString}\n',
  exec: 'users:\n- name: a\n  user:\n    exec:\n      apiVersion: client.authentication.k8s.io/v1beta1\n      command: ./bin/x\n      args: [a, "b c"]\n      env: [{name: A, value: "1"}]\n      installHint: "x\\ny"\n      provideClusterInfo: true\n      interactiveMode: Never\n',
  'exec with nulls':
    'users:\n- name: a\n  user: {exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: x, env: null, args: null}}\n',
  'auth-provider':
    'users:\n- name: a\n  user: {auth-provider: {name: oidc, config: {id-token: x, idp-issuer-url: "https://i"}}}\n',
  impersonation:
    'users:\n- name: a\n  user: {as: jane, as-uid: "1", as-groups: [g, "2"], as-user-extra: {k: [v, w]}}\n',
  'proxy and TLS fields':
    'clusters:\n- name: a\n  cluster: {server: "https://h:1/p", proxy-url: "socks5://u:p@h:1", tls-server-name: n}\n',
  // kubectl refuses these; we must name a place.
  'tab as indent': 'users:\n\t- name: a\n',
  'number as token': 'users:\n- name: a\n  user: {token: 0123}\n',
  'word as bool in text': 'contexts:\n- name: a\n  context: {cluster: yes}\n',
  'damaged base64': 'users:\n- name: a\n  user: {client-key-data: "YWJ"}\n',
  'two of one name': 'users:\n- name: a\n  user: {token: a}\n- name: a\n  user: {token: b}\n',
  'another kind': 'apiVersion: v1\nkind: Secret\n',
  'a text': 'hello\n',
};

describe.skipIf(!kubectl)('kubeconfigs as kubectl reads them', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'kubeconfig-oracle-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function oracle(path: string): Record<string, unknown> | undefined {
    try {
      const out = execFileSync(
        kubectl ?? '',
        ['--kubeconfig', path, 'config', 'view', '--raw', '-o', 'json'],
        { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
      );
      return JSON.parse(out) as Record<string, unknown>;
    } catch {
      return undefined;
    }
  }

  async function compare(path: string): Promise<void> {
    const theirs = oracle(path);
    const loaded = await loadKubeconfig(path);
    if (!loaded.ok) throw new Error(loaded.error.message);
    const { file } = loaded;
    if (!theirs) {
      expect(file.problems.length).toBeGreaterThan(0);
      expect(file.problems[0]?.message).toMatch(new RegExp(`^${path}:\\d+: `));
      return;
    }
    for (const [list, inner, ours] of [
      ['contexts', 'context', file.contexts],
      ['clusters', 'cluster', file.clusters],
      ['users', 'user', file.users],
    ] as const) {
      const entries = (theirs[list] ?? []) as { name: string; [inner: string]: unknown }[];
      expect([...ours.keys()].sort()).toEqual(entries.map((one) => one.name).sort());
      for (const entry of entries) {
        const found = ours.get(entry.name);
        expect(found?.problem).toBeUndefined();
        for (const [field, value] of Object.entries(entry[inner] as Record<string, unknown>))
          expect(same(found?.value[field], field), `${list} ${entry.name} ${field}`).toEqual(
            same(value, field),
          );
      }
    }
    expect(file.currentContext ?? '').toBe(theirs['current-context']);
  }

  /** kubectl fills in defaults of exec; base64 is compared by what it holds. */
  function same(value: unknown, field: string): unknown {
    if (field === 'exec')
      return {
        args: null,
        env: null,
        provideClusterInfo: false,
        interactiveMode: 'IfAvailable',
        ...(value as object),
      };
    if (field.endsWith('-data') && typeof value === 'string')
      return Buffer.from(value, 'base64').toString('latin1');
    return value;
  }

  it.each(Object.entries(nasty))('%s', async (name, text) => {
    const path = join(folder, `${name.replace(/\W/g, '-')}.yaml`);
    writeFileSync(path, text);
    await compare(path);
  });

  it.skipIf(clusters === undefined)('every kubeconfig of the real cluster', async () => {
    const names = readdirSync(clusters ?? '').filter((one) => one.endsWith('.yaml'));
    expect(names.length).toBeGreaterThan(10);
    for (const name of names) await compare(join(clusters ?? '', name));
  });
});
