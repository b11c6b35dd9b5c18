/**
 * Where a Prometheus (or what speaks its language) is usually found: from Services and from
 * the operator's objects to places worth a probe, likeliest first. Nothing is contacted here.
 */

export type Flavour = 'Prometheus' | 'Thanos' | 'VictoriaMetrics' | 'Mimir' | 'OpenShift' | 'Google managed';

export interface Place {
  /** `namespace/name:port`, with the scheme where it is https, and the path of its API. */
  readonly id: string;
  readonly namespace: string;
  readonly service: string;
  readonly port: string;
  readonly https: boolean;
  /** Before `/api/v1`: empty, or with a leading slash. */
  readonly prefix: string;
  readonly flavour: Flavour;
  /** What spoke for it. */
  readonly why: string;
}

export interface ServiceLike {
  readonly metadata?: {
    readonly name?: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly spec?: {
    readonly ports?: readonly {
      readonly name?: string;
      readonly port?: number;
      readonly protocol?: string;
    }[];
    readonly selector?: Readonly<Record<string, string>>;
  };
}

/** Asked for as label selectors, one request each. */
export const serviceSelectors: readonly string[] = [
  'app.kubernetes.io/name in (prometheus,thanos-query,thanos-query-frontend,thanos-querier,vmsingle,vmselect,victoria-metrics-single,victoria-metrics-cluster-vmselect,mimir,query-frontend)',
  'app in (prometheus,prometheus-server,kube-prometheus-stack-prometheus,prometheus-operator-prometheus,thanos-query,thanos-querier,vmsingle,vmselect,victoria-metrics-single)',
  'operated-prometheus=true',
];

/** Names that charts and operators give their Services: namespace, name, port. */
export const wellKnown: readonly (readonly [namespace: string, name: string, port: string])[] = [
  ['monitoring', 'prometheus-operated', '9090'],
  ['monitoring', 'prometheus-k8s', '9090'],
  ['monitoring', 'kube-prometheus-stack-prometheus', '9090'],
  ['monitoring', 'prometheus-server', '80'],
  ['prometheus', 'prometheus-server', '80'],
  ['lens-metrics', 'prometheus', '80'],
  ['openshift-monitoring', 'thanos-querier', '9091'],
  ['gmp-public', 'frontend', '9090'],
];

/** Helpers beside a Prometheus that carry its labels and speak another language. */
const others =
  /(^|-)(alertmanager|node-exporter|pushgateway|kube-state-metrics|operator|grafana|exporter|adapter|vmagent|vmalert|vminsert|vmstorage|sidecar|store|storegateway|compactor|ruler|receive|distributor|ingester|kubelet|coredns)(-|$)/;

const portNames = ['web', 'http-web', 'http', 'prometheus', 'http-metrics', 'http1', 'reloader-web'];
const knownPorts = [9090, 80, 8481, 8428, 8429, 10902, 9091, 8080, 443];

/** undefined: it does not look like one. `why`: the selector or the rule that found it. */
export function placeOf(service: ServiceLike, why: string): Place | undefined {
  const name = service.metadata?.name ?? '';
  const namespace = service.metadata?.namespace ?? '';
  if (name === '' || namespace === '' || others.test(name)) return undefined;
  const ports = (service.spec?.ports ?? []).filter(
    (port) => typeof port.port === 'number' && (port.protocol ?? 'TCP') === 'TCP',
  );
  const best =
    portNames.flatMap((wanted) =>
      ports.filter((port) => port.name === wanted && wanted !== 'reloader-web'),
    )[0] ??
    knownPorts.flatMap((wanted) => ports.filter((port) => port.port === wanted))[0] ??
    ports[0];
  if (best?.port === undefined) return undefined;
  const https =
    best.name === 'https' ||
    best.port === 443 ||
    (namespace === 'openshift-monitoring' && best.port === 9091);
  return place({ namespace, service: name, port: String(best.port), https, why });
}

/** Operator objects: the Service it makes is `prometheus-operated` in the namespace of each. */
export function placeOfOperated(
  kind: 'Prometheus' | 'ThanosRuler',
  namespace: string,
  why: string,
): Place | undefined {
  if (kind !== 'Prometheus' || namespace === '') return undefined;
  return place({ namespace, service: 'prometheus-operated', port: '9090', https: false, why });
}

export function place(of: {
  readonly namespace: string;
  readonly service: string;
  readonly port: string;
  readonly https: boolean;
  readonly why: string;
}): Place {
  const flavour = flavourOf(of.namespace, of.service);
  const prefix = prefixOf(of.service);
  const scheme = of.https ? 'https:' : '';
  return { ...of, flavour, prefix, id: `${of.namespace}/${scheme}${of.service}:${of.port}${prefix}` };
}

function flavourOf(namespace: string, name: string): Flavour {
  if (namespace === 'openshift-monitoring') return 'OpenShift';
  if (namespace.startsWith('gmp-')) return 'Google managed';
  if (/thanos/.test(name)) return 'Thanos';
  if (/^(vm|victoria)|vmselect|vmsingle/.test(name)) return 'VictoriaMetrics';
  if (/mimir/.test(name)) return 'Mimir';
  return 'Prometheus';
}

function prefixOf(name: string): string {
  if (/vmselect/.test(name)) return '/select/0/prometheus';
  if (/mimir/.test(name)) return '/prometheus';
  return '';
}

const rank: Readonly<Record<Flavour, number>> = {
  Thanos: 0,
  OpenShift: 0,
  'Google managed': 1,
  Mimir: 2,
  VictoriaMetrics: 2,
  Prometheus: 3,
};

/** Each place once; queriers over several Prometheus before the single ones, then by name. */
export function rankPlaces(places: readonly Place[]): readonly Place[] {
  const byId = new Map<string, Place>();
  for (const one of places) if (!byId.has(one.id)) byId.set(one.id, one);
  // prometheus-operated is the same as the named Service beside it, which survives the operator.
  return [...byId.values()].sort(
    (a, b) => rank[a.flavour] - rank[b.flavour] || weight(a) - weight(b) || (a.id < b.id ? -1 : 1),
  );
}

function weight({ service }: Place): number {
  return service === 'prometheus-operated' ? 1 : 0;
}

/** Path of the API server's proxy to the place; each segment encoded. */
export function proxyPath(of: Place): string {
  const { namespace, service, port, https, prefix } = of;
  const target = `${https ? 'https:' : ''}${service}:${port}`;
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/services/${encodeURIComponent(target)}/proxy${prefix}`;
}
