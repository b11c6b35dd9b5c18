/** The fast reader says what the full one says, or nothing. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseFully, type LoadedFile } from './load';
import { fastKubeconfig } from './load-fast';

const plain = (file: LoadedFile): unknown => ({
  ...file,
  contexts: [...file.contexts],
  clusters: [...file.clusters],
  users: [...file.users],
});

/** True when the fast reader took it. */
function agrees(text: string): boolean {
  const fast = fastKubeconfig('/f', text);
  if (fast) expect(plain(fast)).toEqual(plain(parseFully('/f', text)));
  return fast !== null;
}

const usual = `apiVersion: v1
kind: Config
preferences: {}
current-context: gke_p_europe-west1-b_prod
# Made by hand
clusters:
- cluster:
    certificate-authority-data: LS0tLS1CRUdJTg==
    extensions:
    - extension:
        last-update: Mon, 02 Jan 2023 10:00:00 UTC
        provider: minikube.sigs.k8s.io
        version: v1.34.0
      name: cluster_info
    server: https://192.168.49.2:8443
  name: minikube
- cluster:
    server: "https://10.0.0.1:6443"
    insecure-skip-tls-verify: true
  name: gke_p_europe-west1-b_prod
contexts:
- context:
    cluster: gke_p_europe-west1-b_prod
    namespace: shop
    user: arn:aws:eks:eu-west-1:123456789012:cluster/prod
  name: gke_p_europe-west1-b_prod

users:
- name: arn:aws:eks:eu-west-1:123456789012:cluster/prod
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      args:
      - --region
      - eu-west-1
      - eks
      - get-token
      - --output
      - json
      command: aws
      env:
      - name: AWS_PROFILE
        value: 'prod'
      interactiveMode: IfAvailable
      provideClusterInfo: false
`;

describe('fastKubeconfig', () => {
  it('takes what kubectl and cloud tools write, with any line end', () => {
    expect(agrees(usual)).toBe(true);
    expect(agrees(usual.replaceAll('\n', '\r\n'))).toBe(true);
    expect(agrees(usual.replace(/\n(?=- | {2})/g, '\n  '))).toBe(true);
  });

  const folder = join(__dirname, '../../../test/kubeconfig/cases');
  it.each(readdirSync(folder))('%s: the same or nothing', (name) => {
    agrees(readFileSync(join(folder, name), 'utf8').replace(/^\ufeff/, ''));
  });

  it.each([
    ['a multi-line scalar', usual.replace('namespace: shop', 'namespace: shop\n      and: more')],
    ['a folded scalar', usual.replace('namespace: shop', 'namespace: shop\n      more')],
    ['a block scalar', usual.replace('namespace: shop', 'namespace: |\n      shop')],
    ['a number as a name', usual.replace('name: minikube\n', 'name: 123\n')],
    ['a yes as a name', usual.replace('name: minikube\n', 'name: yes\n')],
    ['a comment behind a value', usual.replace('namespace: shop', 'namespace: shop # here')],
    ['a twice-used name', usual.replace('name: minikube\n', 'name: gke_p_europe-west1-b_prod\n')],
    ['an anchor', usual.replace('namespace: shop', 'namespace: &a shop')],
    ['a merge key', usual.replace('namespace: shop', '<<: *a')],
    ['a second document', `${usual}---\nkind: Config\n`],
    ['no value', usual.replace('namespace: shop', 'namespace:')],
    ['a nested list', usual.replace('- --region', '- - --region')],
    ['a key of a map in a list of texts', usual.replace('- --region', '- region: x')],
    ['an item that goes on', usual.replace('- --region\n', '- --region\n        more\n')],
    ['an octal', usual.replace('namespace: shop', 'namespace: 0777')],
    ['an exponent', usual.replace('namespace: shop', 'namespace: 1e3')],
    ['a sexagesimal', usual.replace('namespace: shop', 'namespace: 12:30:45')],
    ['an address', usual.replace('namespace: shop', 'namespace: 10.0.0.1:80')],
    ['a date', usual.replace('namespace: shop', 'namespace: 2024-01-01')],
    ['an explicit key', usual.replace('namespace: shop', '? namespace\n    : shop')],
    ['a bare dash', usual.replace('- context:', '-\n  context:')],
    ['less indentation', usual.replace('    namespace: shop', '   namespace: shop')],
    ['more indentation', usual.replace('    namespace: shop', '     namespace: shop')],
    ['a list that is a map', usual.replace('clusters:\n', 'clusters:\n  a: b\n')],
    ['a prototype', usual.replace('namespace: shop', '__proto__: shop')],
    ['a constructor', usual.replace('namespace: shop', 'constructor: shop')],
  ])('%s: the same or nothing', (_, text) => {
    expect(text).not.toBe(usual);
    agrees(text);
  });

  it('says the same or nothing after any small change of the text', () => {
    const lines = usual.split('\n');
    const piece = fc.constantFrom(
      ...[
        '',
        ' ',
        '  ',
        '- ',
        '-',
        ':',
        ': ',
        '#',
        ' #',
        '"',
        "'",
        '{',
        '}',
        '[',
        ']',
        ',',
        '&a',
        '*a',
        '!!str ',
        '|',
      ],
      ...[
        '>',
        '?',
        '---',
        '...',
        'yes',
        '1',
        '0x1',
        '~',
        'null',
        'name: x',
        '\t',
        '\r',
        '\\',
        'ä',
        '%',
        '@',
        '`',
        '<<: ',
      ],
    );
    const change = fc.record({
      line: fc.nat(lines.length - 1),
      at: fc.nat(60),
      cut: fc.nat(6),
      text: piece,
      how: fc.constantFrom('edit', 'drop', 'double', 'indent'),
    });
    let taken = 0;
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        const now = [...lines];
        for (const { line, at, cut, text, how } of changes) {
          const old = now[line] ?? '';
          if (how === 'edit') now[line] = old.slice(0, at) + text + old.slice(at + cut);
          else if (how === 'drop') now.splice(line, 1);
          else if (how === 'double') now.splice(line, 0, old);
          else now[line] = `  ${old}`;
        }
        if (agrees(now.join('\n'))) taken += 1;
      }),
      { numRuns: 3_000 },
    );
    // The property would be empty if nothing were taken.
    expect(taken).toBeGreaterThan(300);
  });
});
