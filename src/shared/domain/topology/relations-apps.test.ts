/** T56-T66: each with what it finds and what it must not. */
import { expect, it } from 'vitest';
import { edges, labels, notes, o } from './test-help';

const ARGO = 'argoproj.io';
const MON = 'monitoring.coreos.com';

it('T56 knows releases by type and label, members by annotations and label', () => {
  const stored = labels({ owner: 'helm', name: 'blog', version: '2', status: 'deployed' });
  const both = notes({ 'meta.helm.sh/release-name': 'blog', 'meta.helm.sh/release-namespace': 'a' });
  const managed = labels({ 'app.kubernetes.io/managed-by': 'Helm' });
  expect(
    edges(
      'T56',
      o('Secret', 'a/r', { type: 'helm.sh/release.v1' }, stored),
      o('Secret', 'a/x', { type: 'Opaque' }, stored),
      o('Service', 'b/s', {}, { ...both, ...managed }),
      o('Service', 'a/copy', {}, both),
      o('Service', 'a/half', {}, { ...managed, ...notes({ 'meta.helm.sh/release-name': 'blog' }) }),
    ),
  ).toEqual(['Secret/a/r stores HelmRelease/a/blog', 'Service/b/s part-of-release HelmRelease/a/blog']);
});

it('T57 believes a tracking id only about the object itself', () => {
  const app = o(`Application.${ARGO}`, 'argocd/shop', {
    status: { resources: [{ group: 'apps', kind: 'Deployment', namespace: 'a', name: 'web' }] },
  });
  const tracked = (path: string, id: string): unknown =>
    o('Deployment.apps', path, {}, notes({ 'argocd.argoproj.io/tracking-id': id }));
  const manages = 'Application/argocd/shop manages Deployment/a/web';
  expect(edges('T57', app, tracked('a/web', 'shop:apps/Deployment:a/web'))).toEqual([
    manages,
    'Deployment/a/web tracked-by Application/argocd/shop',
  ]);
  expect(edges('T57', app, tracked('a/copy', 'shop:apps/Deployment:a/web'))).toEqual([
    `${manages} (missing)`,
  ]);
  expect(
    edges(
      'T57',
      app,
      o('Pod', 'a/web', {}, notes({ 'argocd.argoproj.io/tracking-id': 'shop:apps/Deployment:a/web' })),
    ),
  ).toEqual([`${manages} (missing)`]);
  expect(edges('T57', tracked('a/web', 'team_shop:apps/Deployment:a/web'))).toEqual([
    'Deployment/a/web tracked-by Application/team/shop (missing)',
  ]);
  const label = labels({ 'app.kubernetes.io/instance': 'shop' });
  expect(edges('T57', o(`Application.${ARGO}`, 'argocd/shop'), o('Service', 'a/s', {}, label))).toEqual([
    'Service/a/s tracked-by Application/argocd/shop (inferred)',
  ]);
  expect(edges('T57', o('Service', 'a/s', {}, label))).toEqual([]);
});

it('T58 follows Flux labels with both parts, inventory and sources', () => {
  const KS = 'Kustomization.kustomize.toolkit.fluxcd.io';
  const ks = o(KS, 'flux/apps', {
    spec: { sourceRef: { kind: 'GitRepository', name: 'repo' } },
    status: {
      inventory: {
        entries: [
          { id: 'a_web_apps_Deployment' },
          { id: '_system__x_rbac.authorization.k8s.io_ClusterRole' },
        ],
      },
    },
  });
  const prefix = 'kustomize.toolkit.fluxcd.io';
  expect(
    edges(
      'T58',
      ks,
      o(
        'Deployment.apps',
        'a/web',
        {},
        labels({ [`${prefix}/name`]: 'apps', [`${prefix}/namespace`]: 'flux' }),
      ),
      o('Service', 'a/half', {}, labels({ [`${prefix}/name`]: 'apps' })),
    ),
  ).toEqual([
    'Deployment/a/web applied-by Kustomization/flux/apps',
    'Kustomization/flux/apps manages ClusterRole//system:x (missing)',
    'Kustomization/flux/apps manages Deployment/a/web',
    'Kustomization/flux/apps source GitRepository/flux/repo (missing)',
  ]);
});

it('T59 knows other appliers', () => {
  const rancher = notes({
    'objectset.rio.cattle.io/owner-gvk': 'apps/v1, Kind=Deployment',
    'objectset.rio.cattle.io/owner-name': 'web',
    'objectset.rio.cattle.io/owner-namespace': 'b',
    'config.k8s.io/owning-inventory': 'inv',
  });
  const fields = {
    managedFields: [
      { manager: 'deployer', operation: 'Apply' },
      { manager: 'kubelet', operation: 'Update', subresource: 'status' },
      { manager: 'kube-controller-manager', operation: 'Update' },
    ],
  };
  expect(
    edges(
      'T59',
      o('Service', 'a/s', {}, { ...rancher, ...labels({ 'kapp.k14s.io/app': '1' }), ...fields }),
      o('Service', 'a/t', {}, labels({ app: '1' })),
    ),
  ).toEqual([
    'Service/a/s applied-by Deployment/b/web (missing)',
    'Service/a/s applied-by Inventory//inv',
    'Service/a/s applied-by KappApp/a/1',
    'Service/a/s applied-by Manager//deployer',
  ]);
});

it('T60 knows OLM owners, operators and groups', () => {
  const OLM = 'operators.coreos.com';
  const d = o(
    'Deployment.apps',
    'a/d',
    {},
    labels({ 'olm.owner': 'csv', 'olm.owner.namespace': 'ops', 'operators.coreos.com/etcd.ops': '' }),
  );
  const csv = o(`ClusterServiceVersion.${OLM}`, 'ops/csv', {}, notes({ 'olm.operatorGroup': 'g' }));
  const sub = o(`Subscription.${OLM}`, 'ops/s', { status: { installedCSV: 'csv', currentCSV: 'next' } });
  expect(
    edges('T60', d, csv, sub, o('Deployment.apps', 'a/x', {}, labels({ 'example.com/etcd.ops': '' }))),
  ).toEqual([
    'ClusterServiceVersion/ops/csv operator-group OperatorGroup/ops/g (missing)',
    'Deployment/a/d olm-owner ClusterServiceVersion/ops/csv',
    'Deployment/a/d operator Operator//etcd.ops (missing)',
    'Subscription/ops/s installed ClusterServiceVersion/ops/csv',
  ]);
});

it('T61 links certificates, issuers and injected CAs', () => {
  const CM = 'cert-manager.io';
  const c = o(`Certificate.${CM}`, 'a/c', {
    spec: { secretName: 's', issuerRef: { kind: 'ClusterIssuer', name: 'ca' } },
  });
  const d = o(`Certificate.${CM}`, 'a/d', { spec: { issuerRef: { name: 'ca' } } });
  const i = o('Ingress.networking.k8s.io', 'a/i', {}, notes({ 'cert-manager.io/cluster-issuer': 'ca' }));
  const w = o(
    'MutatingWebhookConfiguration.admissionregistration.k8s.io',
    'w',
    {},
    notes({ 'cert-manager.io/inject-ca-from': 'a/c' }),
  );
  const s = o('Secret', 'a/s', {}, notes({ 'cert-manager.io/certificate-name': 'c' }));
  expect(
    edges(
      'T61',
      c,
      d,
      i,
      w,
      s,
      o(`ClusterIssuer.${CM}`, 'ca'),
      o('Pod', 'a/p', {}, notes({ 'cert-manager.io/issuer': 'ca' })),
    ),
  ).toEqual([
    'Certificate/a/c issued-by ClusterIssuer//ca',
    'Certificate/a/c writes Secret/a/s',
    'Certificate/a/d issued-by Issuer/a/ca (missing)',
    'Ingress/a/i issued-by ClusterIssuer//ca',
    'MutatingWebhookConfiguration//w ca-from Certificate/a/c',
    'Secret/a/s certificate Certificate/a/c',
  ]);
});

it('T62 writes the Secret it names, else the one of its own name', () => {
  const ES = 'ExternalSecret.external-secrets.io';
  expect(
    edges(
      'T62',
      o(ES, 'a/e', {
        spec: { target: { name: 's' }, secretStoreRef: { kind: 'ClusterSecretStore', name: 'v' } },
      }),
      o(ES, 'a/f', { spec: {} }),
      o('SealedSecret.bitnami.com', 'a/g', { spec: {} }),
      o('Secret', 'a/e'),
      o('Secret', 'a/s'),
    ),
  ).toEqual([
    'ExternalSecret/a/e store ClusterSecretStore//v (missing)',
    'ExternalSecret/a/e writes Secret/a/s',
    'ExternalSecret/a/f writes Secret/a/f (missing)',
    'SealedSecret/a/g writes Secret/a/g (missing)',
  ]);
});

it('T63 monitors Services of the own namespace unless told', () => {
  const selector = { matchLabels: { app: 'x' } };
  const services = [
    o('Service', 'a/s', {}, labels({ app: 'x' })),
    o('Service', 'b/s', {}, labels({ app: 'x' })),
    o('Service', 'a/t', {}, labels({ app: 'y' })),
  ];
  const monitor = (namespaceSelector?: unknown): unknown =>
    o(`ServiceMonitor.${MON}`, 'a/m', { spec: { selector, namespaceSelector } }, labels({ team: 't' }));
  expect(edges('T63', monitor(), ...services)).toEqual(['ServiceMonitor/a/m monitors Service/a/s']);
  expect(edges('T63', monitor({ any: true }), ...services)).toHaveLength(2);
  expect(edges('T63', monitor({ matchNames: ['b'] }), ...services)).toEqual([
    'ServiceMonitor/a/m monitors Service/b/s',
  ]);
  const prometheus = (spec: unknown): unknown => o(`Prometheus.${MON}`, 'c/p', { spec });
  expect(edges('T63', prometheus({ serviceMonitorSelector: {} }), monitor())).toEqual([]);
  expect(
    edges('T63', prometheus({ serviceMonitorSelector: {}, serviceMonitorNamespaceSelector: {} }), monitor()),
  ).toEqual(['Prometheus/c/p picks ServiceMonitor/a/m']);
});

it('T64 follows Istio hosts, Knative revisions and Rollouts', () => {
  const v = o('VirtualService.networking.istio.io', 'a/v', {
    spec: {
      gateways: ['mesh', 'infra/g'],
      hosts: ['shop.example.com'],
      http: [
        { route: [{ destination: { host: 'web' } }, { destination: { host: 'far.b.svc.cluster.local' } }] },
      ],
    },
  });
  const r = o(`Rollout.${ARGO}`, 'a/r', {
    spec: {
      workloadRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      strategy: { canary: { canaryService: 'web' } },
    },
  });
  const k = o('Route.serving.knative.dev', 'a/k', { spec: { traffic: [{ revisionName: 'k-1' }] } });
  expect(
    edges(
      'T64',
      v,
      r,
      k,
      o('Service', 'a/web'),
      o('Service', 'a/far'),
      o('Service', 'b/far'),
      o('Gateway.networking.istio.io', 'a/g'),
    ),
  ).toEqual([
    'Rollout/a/r rollout-service Service/a/web',
    'Rollout/a/r template-of Deployment/a/web (missing)',
    'Route/a/k routes-to Revision/a/k-1 (missing)',
    'VirtualService/a/v host Outside//shop.example.com',
    'VirtualService/a/v routes-to Service/a/web',
    'VirtualService/a/v routes-to Service/b/far',
    'VirtualService/a/v uses-gateway Gateway/infra/g (missing)',
  ]);
});

it('T65 groups by label within a namespace', () => {
  const app = labels({
    'app.kubernetes.io/instance': 'blog',
    'app.kubernetes.io/name': 'wordpress',
    'app.kubernetes.io/part-of': 'site',
  });
  expect(
    edges(
      'T65',
      o('Service', 'a/s', {}, app),
      o('Service', 'b/s', {}, labels({ 'app.kubernetes.io/name': 'wordpress' })),
      o('Node', 'n', {}, app),
      o('Service', 'a/t', {}, labels({ app: 'blog' })),
    ),
  ).toEqual([
    'Service/a/s part-of App/a/site',
    'Service/a/s part-of-app App/a/blog',
    'Service/b/s part-of-app App/b/wordpress',
  ]);
});

it('T66 infers references of unknown kinds, never of known ones, never as facts', () => {
  const c = o('Backup.x.io', 'a/b', {
    spec: {
      passwordSecretRef: { name: 's' },
      targetRef: { kind: 'Backup', name: 'b' },
      storage: { configMapName: 'c' },
      displayName: 'x',
      someRef: { name: 'unknown' },
      sourceRefs: [{ apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'db', namespace: 'n' }],
    },
  });
  expect(edges('T66', c, o('Secret', 'a/s'), o('Secret', 'b/s'))).toEqual([
    'Backup/a/b refers-to Backup/a/b (inferred)',
    'Backup/a/b refers-to ConfigMap/a/c (missing) (inferred)',
    'Backup/a/b refers-to Secret/a/s (inferred)',
    'Backup/a/b refers-to StatefulSet/n/db (missing) (inferred)',
  ]);
  expect(edges('T66', o('Pod', 'a/p', { spec: { volumes: [{ secret: { secretName: 's' } }] } }))).toEqual([]);
});
