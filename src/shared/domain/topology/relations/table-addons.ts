/** Well-known add-ons: cert-manager, secret operators, Prometheus Operator, Istio, Knative, Rollouts: T61-T64. */
import { str } from '../../../k8s/read';
import type { LabelSelector } from '../../../k8s/types';
import { byName, byNamespacedName, byRef, dig, get, isFields, row, rows, texts } from './match';
import { linkHost } from './table-network';
import type { Matcher, Relation } from './types';

const CM = 'cert-manager.io';
const ES = 'ExternalSecret.external-secrets.io';
const MON = 'monitoring.coreos.com';
const ISTIO = 'networking.istio.io';
const KN = 'serving.knative.dev';
const ROLLOUT = 'Rollout.argoproj.io';
const INJECTED = [
  'ValidatingWebhookConfiguration.admissionregistration.k8s.io',
  'MutatingWebhookConfiguration.admissionregistration.k8s.io',
  'APIService.apiregistration.k8s.io',
  'CustomResourceDefinition.apiextensions.k8s.io',
].join(' ');
const ENTRY = 'Ingress.networking.k8s.io Gateway.gateway.networking.k8s.io';

/** T62: the Secret is named after the ExternalSecret unless told. */
const externalTarget: Matcher = (value, sink) => {
  const name = str(dig(value, 'target', 'name')) || sink.self.name;
  sink.link(
    { group: '', kind: 'Secret', namespace: sink.self.namespace, name },
    { field: `${sink.path()}.target.name`, value: name },
  );
};

const sealedTarget: Matcher = (value, sink) => {
  const name = str(dig(value, 'template', 'metadata', 'name')) || sink.self.name;
  sink.link(
    { group: '', kind: 'Secret', namespace: sink.self.namespace, name },
    { field: `${sink.path()}.template.metadata.name`, value: name },
  );
};

/** T63: own namespace unless `any` or a list of names. */
const monitored: Matcher = (value, sink, relation) => {
  const selector = get(value, 'selector');
  if (!isFields(selector)) return;
  const scope = get(value, 'namespaceSelector');
  const names = texts(get(scope, 'matchNames'));
  const namespaces = get(scope, 'any') === true ? 'any' : names.length > 0 ? names : [sink.self.namespace];
  sink.select({
    ...relation.target,
    namespaces,
    selector: selector as LabelSelector,
    options: { field: `${sink.path()}.selector` },
  });
};

/** T63: no selector selects nothing; no namespace selector is the own namespace. */
function picks(selectorField: string, namespaceField: string): Matcher {
  return (value, sink, relation) => {
    const selector = get(value, selectorField);
    const namespaces = get(value, namespaceField);
    if (!isFields(selector)) return;
    sink.select({
      ...relation.target,
      namespaces: isFields(namespaces) ? 'any' : [sink.self.namespace],
      ...(isFields(namespaces) && { namespaceSelector: namespaces as LabelSelector }),
      selector: selector as LabelSelector,
      options: { field: `${sink.path()}.${selectorField}` },
    });
  };
}

/** T64: a short name is a Service of the own namespace; others go by their full name. */
const istioHost: Matcher = (value, sink) => {
  if (typeof value !== 'string' || value === '') return;
  const port = get(get(sink.parent, 'port'), 'number');
  const options = typeof port === 'number' ? { port: String(port) } : {};
  if (/^[a-z0-9-]+$/.test(value)) {
    sink.link({ group: '', kind: 'Service', namespace: sink.self.namespace, name: value }, options);
  } else linkHost(sink, value, options);
};

/** T64: `mesh` is every sidecar, no gateway. */
const istioGateway: Matcher = (value, sink, relation) => {
  if (value !== 'mesh') byNamespacedName(value, sink, relation);
};

const gatewayPods: Matcher = (value, sink) => {
  if (!isFields(value) || Object.keys(value).length === 0) return;
  sink.select({
    group: '',
    kind: 'Pod',
    namespaces: 'any',
    selector: { matchLabels: value as Record<string, string> },
  });
};

const DESTINATIONS = ['http', 'tcp', 'tls'].map((protocol) => `spec.${protocol}[].route[].destination.host`);
const STRATEGY = [
  'canary.canaryService',
  'canary.stableService',
  'blueGreen.activeService',
  'blueGreen.previewService',
];
const note = (key: string): string => `metadata.annotations["${key}"]`;

export const ADDON_RELATIONS: readonly Relation[] = [
  row('T61', 'writes', `Certificate.${CM}`, 'spec.secretName', 'Secret'),
  row(
    'T61',
    'issued-by',
    `Certificate.${CM} CertificateRequest.${CM}`,
    'spec.issuerRef',
    `Issuer.${CM}`,
    byRef({ namespace: 'own' }),
  ),
  row('T61', 'issued-by', ENTRY, note('cert-manager.io/issuer'), `Issuer.${CM}`),
  row('T61', 'issued-by', ENTRY, note('cert-manager.io/cluster-issuer'), `ClusterIssuer.${CM}`),
  row('T61', 'certificate', 'Secret', note('cert-manager.io/certificate-name'), `Certificate.${CM}`),
  row(
    'T61',
    'ca-from',
    INJECTED,
    note('cert-manager.io/inject-ca-from'),
    `Certificate.${CM}`,
    byNamespacedName,
  ),
  row('T61', 'ca-from', INJECTED, note('cert-manager.io/inject-ca-from-secret'), 'Secret', byNamespacedName),

  row('T62', 'writes', ES, 'spec', 'Secret', externalTarget),
  ...rows(
    'T62',
    'store',
    ES,
    ['spec.secretStoreRef', 'spec.data[].sourceRef.storeRef', 'spec.dataFrom[].sourceRef.storeRef'],
    'SecretStore.external-secrets.io',
    byRef({ namespace: 'own' }),
  ),
  row('T62', 'writes', 'SealedSecret.bitnami.com', 'spec', 'Secret', sealedTarget),

  row('T63', 'monitors', `ServiceMonitor.${MON}`, 'spec', 'Service', monitored),
  row('T63', 'monitors', `PodMonitor.${MON}`, 'spec', 'Pod', monitored),
  row(
    'T63',
    'picks',
    `Prometheus.${MON}`,
    'spec',
    `ServiceMonitor.${MON}`,
    picks('serviceMonitorSelector', 'serviceMonitorNamespaceSelector'),
  ),
  row(
    'T63',
    'picks',
    `Prometheus.${MON}`,
    'spec',
    `PodMonitor.${MON}`,
    picks('podMonitorSelector', 'podMonitorNamespaceSelector'),
  ),
  row(
    'T63',
    'picks',
    `Prometheus.${MON}`,
    'spec',
    `PrometheusRule.${MON}`,
    picks('ruleSelector', 'ruleNamespaceSelector'),
  ),

  row('T64', 'uses-gateway', `VirtualService.${ISTIO}`, 'spec.gateways[]', `Gateway.${ISTIO}`, istioGateway),
  row('T64', 'host', `VirtualService.${ISTIO}`, 'spec.hosts[]', 'Service', istioHost),
  ...rows('T64', 'routes-to', `VirtualService.${ISTIO}`, DESTINATIONS, 'Service', istioHost),
  ...rows(
    'T64',
    'mirrors-to',
    `VirtualService.${ISTIO}`,
    ['spec.http[].mirror.host', 'spec.http[].mirrors[].destination.host'],
    'Service',
    istioHost,
  ),
  row('T64', 'host', `DestinationRule.${ISTIO}`, 'spec.host', 'Service', istioHost),
  row('T64', 'selects', `Gateway.${ISTIO}`, 'spec.selector', 'Pod', gatewayPods),
  row(
    'T64',
    'routes-to',
    `Route.${KN} Service.${KN}`,
    'spec.traffic[].revisionName',
    `Revision.${KN}`,
    byName,
  ),
  row('T64', 'routes-to', `Route.${KN}`, 'spec.traffic[].configurationName', `Configuration.${KN}`),
  row(
    'T64',
    'revision',
    `Configuration.${KN} Service.${KN}`,
    'status.latestReadyRevisionName',
    `Revision.${KN}`,
  ),
  row(
    'T64',
    'template-of',
    ROLLOUT,
    'spec.workloadRef',
    'Deployment.apps',
    byRef({ namespace: 'own', guess: true }),
  ),
  ...rows(
    'T64',
    'rollout-service',
    ROLLOUT,
    STRATEGY.map((path) => `spec.strategy.${path}`),
    'Service',
  ),
];
