/** Manifests to connections: workloads, ranges of the outside, differences. */
import { describe, expect, it } from 'vitest';
import { connections } from '#shared/domain/netpol/connectivity';
import { diffConnections } from '#shared/domain/netpol/diff';
import { NetpolModel } from '#shared/domain/netpol/model';
import type { Manifest } from './manifests';
import { netpolSnapshot } from './netpol-manifests';

const template = (app: string, more: object = {}): object => ({
  template: {
    metadata: { labels: { app } },
    spec: { containers: [{ name: 'c', ports: [{ name: 'http', containerPort: 8080 }] }], ...more },
  },
});
const workload = (kind: string, name: string, spec: object): Manifest => ({
  apiVersion: kind === 'CronJob' || kind === 'Job' ? 'batch/v1' : 'apps/v1',
  kind,
  metadata: { name },
  spec,
});
const pod = (
  name: string,
  owner?: [string, string],
  labels: Record<string, string> = {},
  status: object = {},
): Manifest => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    labels,
    ...(owner ? { ownerReferences: [{ kind: owner[0], name: owner[1], controller: true }] } : {}),
  },
  spec: {},
  status,
});
const policy = (spec: object): Manifest => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'p' },
  spec,
});
const model = (...objects: Manifest[]): NetpolModel => new NetpolModel(netpolSnapshot(objects));
const ids = (...objects: Manifest[]): string[] => [...model(...objects).workloads.keys()].sort();

describe('workloads of manifests', () => {
  it('are controllers with a template, without any pod', () => {
    expect(
      ids(
        workload('Deployment', 'd', template('d')),
        workload('CronJob', 'c', { jobTemplate: { spec: template('c') } }),
        pod('bare'),
      ),
    ).toEqual(['default/bare[Pod]', 'default/c[CronJob]', 'default/d[Deployment]']);
  });
  it('collapse owned pods to the highest owner that is there, else to the owner they name', () => {
    const set = {
      ...workload('ReplicaSet', 'd-1', template('d')),
      metadata: { name: 'd-1', ownerReferences: [{ kind: 'Deployment', name: 'd', controller: true }] },
    };
    expect(ids(workload('Deployment', 'd', template('d')), set, pod('d-1-x', ['ReplicaSet', 'd-1']))).toEqual(
      ['default/d[Deployment]'],
    );
    expect(ids(set, pod('d-1-x', ['ReplicaSet', 'd-1']))).toEqual(['default/d-1[ReplicaSet]']);
    expect(ids(pod('x-1', ['ReplicaSet', 'x']))).toEqual(['default/x[ReplicaSet]']);
  });
  it('are found over a ReplicaSet or Job that was left out, by the names controllers give', () => {
    const hashed = pod('d-5f-x', ['ReplicaSet', 'd-5f'], { 'pod-template-hash': '5f' });
    expect(ids(workload('Deployment', 'd', template('d')), hashed)).toEqual(['default/d[Deployment]']);
    expect(ids(hashed)).toEqual(['default/d-5f[ReplicaSet]']);
    const cron = workload('CronJob', 'c', { jobTemplate: { spec: template('c') } });
    expect(ids(cron, pod('c-28900000-y', ['Job', 'c-28900000']))).toEqual(['default/c[CronJob]']);
    expect(ids(cron, pod('j-y', ['Job', 'j']))).toEqual(['default/c[CronJob]', 'default/j[Job]']);
  });
  it('of every kind with a template have its labels and ports', () => {
    for (const kind of ['StatefulSet', 'DaemonSet', 'ReplicaSet']) {
      const [one] = [...model(workload(kind, 'w', template('w'))).pods.values()];
      expect([one?.pod.workload, one?.pod.labels, one?.pod.ports?.[0]?.port]).toEqual([
        `default/w[${kind}]`,
        { app: 'w' },
        8080,
      ]);
    }
    const old = { ...workload('ReplicationController', 'rc', template('rc')), apiVersion: 'v1' };
    expect(ids(old)).toEqual(['default/rc[ReplicationController]']);
    expect([...model(workload('Job', 'j', template('j'))).pods.values()][0]?.pod.labels).toMatchObject({
      'job-name': 'j',
    });
  });
  it('S27 leave finished pods out, and a finished Job with them', () => {
    expect(ids(pod('done', undefined, {}, { phase: 'Succeeded' }))).toEqual([]);
    expect(
      ids(workload('Job', 'j', template('j')), pod('j-1', ['Job', 'j'], {}, { phase: 'Failed' })),
    ).toEqual([]);
    expect(ids(workload('Job', 'j', template('j')))).toEqual(['default/j[Job]']);
  });
});

describe('connections', () => {
  const web = workload('Deployment', 'web', template('web'));
  const db = workload('StatefulSet', 'db', template('db'));

  it('without policies are all, self pairs and outside to outside left out', () => {
    expect(connections(model(web, db)).map(({ src, dst, conn }) => `${src} ${dst} ${conn}`)).toEqual([
      '0.0.0.0-255.255.255.255 default/db[StatefulSet] All',
      '0.0.0.0-255.255.255.255 default/web[Deployment] All',
      'default/db[StatefulSet] 0.0.0.0-255.255.255.255 All',
      'default/db[StatefulSet] default/web[Deployment] All',
      'default/web[Deployment] 0.0.0.0-255.255.255.255 All',
      'default/web[Deployment] default/db[StatefulSet] All',
    ]);
  });

  const shut = policy({
    podSelector: { matchLabels: { app: 'db' } },
    policyTypes: ['Ingress', 'Egress'],
    ingress: [
      {
        from: [{ podSelector: { matchLabels: { app: 'web' } } }],
        ports: [{ port: 'http' }, { port: 53, protocol: 'UDP' }],
      },
      { from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }] },
    ],
  });
  it('come as exact ports and ranges', () => {
    const list = connections(model(web, db, shut)).filter(({ src, dst }) => `${src}${dst}`.includes('db['));
    expect(list).toEqual([
      { src: '10.0.0.0-10.0.255.255', dst: 'default/db[StatefulSet]', conn: 'All' },
      { src: '10.2.0.0-10.255.255.255', dst: 'default/db[StatefulSet]', conn: 'All' },
      { src: 'default/web[Deployment]', dst: 'default/db[StatefulSet]', conn: 'TCP 8080;UDP 53' },
    ]);
  });

  it('of a controller whose pods differ are those of any of its pods', () => {
    const [a, b] = [
      pod('w-1', ['ReplicaSet', 'w'], { app: 'web' }),
      pod('w-2', ['ReplicaSet', 'w'], { app: 'other' }),
    ];
    const conn = (...objects: Manifest[]): string | undefined =>
      connections(model(...objects, db, shut)).find(
        ({ src, dst }) => src === 'default/w[ReplicaSet]' && dst.includes('db['),
      )?.conn;
    expect(conn(a, b)).toBe('TCP 8080;UDP 53');
    expect(conn(b)).toBeUndefined();
  });

  it('S11 namespaces that only pods name have their name label', () => {
    const far = { ...web, metadata: { name: 'far', namespace: 'ops' } };
    const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': 'ops' } };
    const open = policy({ podSelector: {}, ingress: [{ from: [{ namespaceSelector }] }] });
    const pairs = connections(model(web, db, far, open)).filter(
      ({ dst }) => dst === 'default/db[StatefulSet]',
    );
    expect(pairs.map(({ src }) => src)).toEqual(['ops/far[Deployment]']);
  });

  it('differ by what is added, removed and changed', () => {
    const wider = policy({
      ...(shut.spec as object),
      ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/7' } }], ports: [{ port: 80 }] }],
    });
    const { added, removed, changed } = diffConnections(model(web, db, shut), model(web, db, wider));
    const dst = 'default/db[StatefulSet]';
    expect(added).toEqual([
      { src: '10.1.0.0-10.1.255.255', dst, conn: 'TCP 80' },
      { src: '11.0.0.0-11.255.255.255', dst, conn: 'TCP 80' },
    ]);
    expect(removed).toEqual([{ src: 'default/web[Deployment]', dst, conn: 'TCP 8080;UDP 53' }]);
    expect(changed).toEqual([
      { src: '10.0.0.0-10.0.255.255', dst, before: 'All', after: 'TCP 80' },
      { src: '10.2.0.0-10.255.255.255', dst, before: 'All', after: 'TCP 80' },
    ]);
  });
});
