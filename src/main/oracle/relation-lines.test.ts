/** The oracle as it is called: files of all sorts in, lines out; what is broken hides nothing else. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readManifests, type Manifest } from './manifests';
import { relationLines } from './relation-lines';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relations-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function told(...manifests: readonly unknown[]): string[] {
  return relationLines(manifests as Manifest[]).map((line) => {
    const { from, to, relation, field } = JSON.parse(line) as Record<string, string>;
    return `${from} ${relation} ${to} by ${field}`;
  });
}

const POD = `apiVersion: v1
kind: Pod
metadata: {name: p, labels: {app: web}}
spec: {nodeName: n1}
`;
const SERVICE = `apiVersion: v1
kind: Service
metadata: {name: s, namespace: default}
spec: {selector: {app: web}}
`;

it('reads folders, several documents, lists and lines of JSON, and tells what it cannot read', () => {
  mkdirSync(join(folder, 'deep/er'), { recursive: true });
  writeFileSync(join(folder, 'deep/er/a.yml'), `${POD}---\nkind: [broken\n---\n${SERVICE}`);
  writeFileSync(join(folder, 'bad.json'), '{"kind": "Pod",');
  writeFileSync(
    join(folder, 'lines.json'),
    ['CSIDriver', 'CSINode']
      .map((kind) => JSON.stringify({ apiVersion: 'storage.k8s.io/v1', kind, metadata: { name: 'n1' } }))
      .join('\n'),
  );
  writeFileSync(join(folder, 'empty.yaml'), '# nothing\n');
  writeFileSync(join(folder, 'notes.txt'), POD.replace('name: p', 'name: other'));
  symlinkSync(join(folder, 'nowhere'), join(folder, 'lost.yaml'));
  symlinkSync(folder, join(folder, 'deep/again.yaml'));
  const list = { apiVersion: 'v1', kind: 'NodeList', items: [{ metadata: { name: 'n1' } }] };
  const nested = { apiVersion: 'v1', kind: 'List', items: [list, null, 'x', { kind: 'Pod' }] };
  writeFileSync(join(folder, 'nodes.json'), JSON.stringify(nested));
  const reports: string[] = [];
  const lines = relationLines(readManifests(folder, (line) => reports.push(line)));
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    { from: 'CSINode//n1', to: 'Node//n1', relation: 'describes', field: 'metadata.name' },
    { from: 'Pod/default/p', to: 'Node//n1', relation: 'runs-on', field: 'spec.nodeName' },
    {
      from: 'Pod/default/p',
      to: 'ServiceAccount/default/default',
      relation: 'runs-as',
      field: 'spec.serviceAccountName',
    },
    { from: 'Service/default/s', to: 'Pod/default/p', relation: 'selects', field: 'spec.selector' },
  ]);
  for (const name of ['a.yml', 'bad.json', 'lost.yaml'])
    expect(reports.filter((line) => line.includes(name)).length, name).toBeGreaterThan(0);
  expect(reports.filter((line) => /lines|nodes|empty/.test(line))).toEqual([]);
});

it('takes a kind as namespaced or not by its definition, its objects, then its name', () => {
  const ref = { targetRef: { apiVersion: 'x.io/v1', kind: 'Cluster', name: 'c' } };
  const holder = { apiVersion: 'y.io/v1', kind: 'Claim', metadata: { name: 'h', namespace: 'a' }, spec: ref };
  expect(told(holder)).toEqual(['Claim/a/h refers-to Cluster/a/c by spec.targetRef']);
  const crd = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'clusters.x.io' },
    spec: { group: 'x.io', scope: 'Cluster', names: { kind: 'Cluster', plural: 'clusters' } },
  };
  expect(told(holder, crd)).toContain('Claim/a/h refers-to Cluster//c by spec.targetRef');
  const policy = { apiVersion: 'x.io/v1', kind: 'ClusterThing', metadata: { name: 't' }, spec: {} };
  const owned = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: 'm',
      ownerReferences: [{ apiVersion: 'x.io/v1', kind: 'ClusterThing', name: 't', uid: '' }],
    },
  };
  expect(told(policy, owned)).toEqual([
    'ConfigMap/default/m owner ClusterThing//t by metadata.ownerReferences[0].uid',
  ]);
});

it('an object is owned by the uid that is meant, never by a name alone', () => {
  const owner = (uid: string): unknown => ({
    apiVersion: 'x.io/v1',
    kind: 'Database',
    metadata: { name: 'd', namespace: 'a', uid },
  });
  const owned = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: 's',
      namespace: 'a',
      ownerReferences: [{ apiVersion: 'x.io/v1', kind: 'Database', name: 'd', uid: 'one' }],
    },
  };
  const line = 'Secret/a/s owner Database/a/d by metadata.ownerReferences[0].uid';
  expect(told(owner('one'), owned)).toEqual([line]);
  expect(told(owner('two'), owned)).toEqual([]);
  expect(told(owned)).toEqual([line]);
});

it('reads what a Helm release installed from its newest revision', () => {
  const payload = (version: number, kind: string): string => {
    const manifest = `---\napiVersion: v1\nkind: ${kind}\nmetadata:\n  name: web\n`;
    const text = JSON.stringify({ name: 'blog', namespace: 'a', version, manifest });
    return Buffer.from(gzipSync(text).toString('base64')).toString('base64');
  };
  const stored = (version: number, kind: string): unknown => ({
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'helm.sh/release.v1',
    metadata: { name: `sh.helm.release.v1.blog.v${version}`, namespace: 'a', labels: { owner: 'helm' } },
    data: { release: payload(version, kind) },
  });
  expect(told(stored(1, 'ConfigMap'), stored(2, 'Service'))).toEqual([
    'HelmRelease/a/blog installs Service/a/web by status.resources[0]',
  ]);
  const broken = { ...(stored(3, 'Pod') as Manifest), data: { release: 'bm90IGdvb2Q=' } };
  expect(told(broken)).toEqual([]);
});

it('guesses references only where a kind is told or known', () => {
  const custom = (spec: unknown): unknown => ({
    apiVersion: 'y.io/v1',
    kind: 'Thing',
    metadata: { name: 't', namespace: 'a' },
    spec,
  });
  const crd = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'databases.z.io' },
    spec: { group: 'z.io', scope: 'Namespaced', names: { kind: 'Database', plural: 'databases' } },
  };
  expect(
    told(
      crd,
      custom({
        passwordSecretKeyRef: { name: 's', key: 'k' },
        databaseRef: { name: 'd' },
        secretNames: ['one', 'two'],
        displayName: 'x',
        userRef: { name: 'u' },
        template: { apiVersion: 'v1', kind: 'Pod', name: 'no', spec: {} },
      }),
    ).filter((line) => line.includes('refers-to')),
  ).toEqual([
    'Thing/a/t refers-to Database/a/d by spec.databaseRef',
    'Thing/a/t refers-to Secret/a/one by spec.secretNames[0]',
    'Thing/a/t refers-to Secret/a/s by spec.passwordSecretKeyRef',
    'Thing/a/t refers-to Secret/a/two by spec.secretNames[1]',
  ]);
});

it('keeps to what versions and defaults say of selectors', () => {
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'a' } };
  const budget = (apiVersion: string): unknown => ({
    apiVersion,
    kind: 'PodDisruptionBudget',
    metadata: { name: 'b', namespace: 'a' },
    spec: { selector: {} },
  });
  const line = 'PodDisruptionBudget/a/b protects Pod/a/p by spec.selector';
  expect(told(pod, budget('policy/v1'))).toContain(line);
  expect(told(pod, budget('policy/v1beta1'))).not.toContain(line);
  const policy = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'n', namespace: 'a' },
    spec: { policyTypes: ['Ingress'] },
  };
  expect(told(pod, policy)).toContain('NetworkPolicy/a/n applies-to Pod/a/p by spec.podSelector');
  const endpoints = { apiVersion: 'v1', kind: 'Endpoints', metadata: { name: 'e', namespace: 'a' } };
  expect(told(endpoints)).toEqual([]);
  const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'e', namespace: 'a' } };
  expect(told(endpoints, service)).toEqual(['Endpoints/a/e endpoints-of Service/a/e by metadata.name']);
});
