/**
 * Where traffic to a Service goes: the pods (or addresses) behind it and their target port after
 * NAT (S19). EndpointSlices are the truth; without the right to read them, selector and target port
 * stand in. Says what it could not resolve instead of guessing.
 */
import type { StringMap } from '../../k8s/types';
import { PROTOCOLS, type Protocol } from './ports';
import type { NetPod } from './types';

export interface ServicePort {
  readonly name: string;
  readonly port: number;
  /** Number or name on the pods; the port itself when missing. */
  readonly target: number | string;
  readonly protocol: string;
  readonly nodePort?: number;
}

export interface NetService {
  readonly namespace: string;
  readonly name: string;
  readonly type: string;
  readonly headless: boolean;
  readonly local: boolean;
  readonly externalName?: string;
  readonly ports: readonly ServicePort[];
  readonly selector?: StringMap;
}

export interface NetSlice {
  readonly namespace: string;
  readonly service: string;
  readonly ports: readonly {
    readonly name: string;
    readonly port: number | null;
    readonly protocol: string;
  }[];
  readonly endpoints: readonly {
    readonly addresses: readonly string[];
    readonly pod?: string;
    readonly ready: boolean;
  }[];
}

export interface Backend {
  /** `ns/pod`, or an address. */
  readonly pod?: string;
  readonly address?: string;
  readonly port: number;
}

export interface Resolved {
  readonly backends: readonly Backend[];
  readonly protocol: Protocol;
  /** How the Service port became a target port. */
  readonly note: string;
  readonly caveats: readonly { readonly rule: string; readonly text: string }[];
}

/** Throws an Error with words for a person when the Service leads nowhere. */
export function resolveService(
  service: NetService,
  slices: readonly NetSlice[] | undefined,
  pods: Iterable<NetPod>,
  asked: number | string | null,
  protocol: Protocol,
): Resolved {
  const id = `${service.namespace}/${service.name}`;
  if (service.type === 'ExternalName') {
    throw new Error(
      `Service ${id} is only a name for ${service.externalName ?? 'another host'}: ask about its address`,
    );
  }
  const port = findPort(service, asked, protocol);
  const own = (slices ?? []).filter(
    (one) => one.namespace === service.namespace && one.service === service.name,
  );
  const backends = slices ? fromSlices(own, service, port, asked) : fromSelector(service, pods, port);
  const target = [...new Set(backends.map((one) => one.port))].join(', ');
  const count = backends.length;
  if (count === 0) throw new Error(`Service ${id} has no endpoints for that port: nothing answers there`);
  const caveats = [];
  if (service.type === 'NodePort' || service.type === 'LoadBalancer') {
    if (!service.local) {
      caveats.push({
        rule: 'S20',
        text: `From outside, the source address may be rewritten to a node's before policies see it (externalTrafficPolicy is not Local)`,
      });
    }
  }
  return {
    backends,
    protocol: PROTOCOLS.find((one) => one === port?.protocol) ?? protocol,
    note: `Service ${id} ${port ? `port ${port.port}` : 'headless'} leads to ${count} ${count === 1 ? 'endpoint' : 'endpoints'} on port ${target}; policies judge that, not the Service address.`,
    caveats,
  };
}

function findPort(
  service: NetService,
  asked: number | string | null,
  protocol: Protocol,
): ServicePort | undefined {
  if (asked === null) return service.ports[0];
  const found = service.ports.find(
    (one) =>
      (one.port === asked || (typeof asked === 'string' && one.name === asked)) && one.protocol === protocol,
  );
  if (found || service.headless) return found;
  const has = service.ports.map((one) => `${one.protocol} ${one.port}${one.name ? ` (${one.name})` : ''}`);
  throw new Error(
    `Service ${service.namespace}/${service.name} has no port ${protocol} ${asked}: it has ${has.join(', ') || 'none'}`,
  );
}

function fromSlices(
  slices: readonly NetSlice[],
  service: NetService,
  port: ServicePort | undefined,
  asked: number | string | null,
): Backend[] {
  const out = new Map<string, Backend>();
  for (const slice of slices) {
    const number =
      port === undefined
        ? typeof asked === 'number'
          ? asked
          : null
        : (slice.ports.find(({ name, protocol }) => name === port.name && protocol === port.protocol)?.port ??
          null);
    if (number === null) continue;
    for (const { addresses, pod, ready } of slice.endpoints) {
      if (!ready) continue;
      if (pod !== undefined) out.set(pod, { pod: `${service.namespace}/${pod}`, port: number });
      else for (const address of addresses) out.set(address, { address, port: number });
    }
  }
  return [...out.values()];
}

function fromSelector(service: NetService, pods: Iterable<NetPod>, port: ServicePort | undefined): Backend[] {
  const wanted = Object.entries(service.selector ?? {});
  if (wanted.length === 0 || !port) return [];
  const out: Backend[] = [];
  for (const pod of pods) {
    if (pod.namespace !== service.namespace) continue;
    if (!wanted.every(([key, value]) => pod.labels?.[key] === value)) continue;
    const number =
      typeof port.target === 'number'
        ? port.target
        : pod.ports?.find(({ name, init }) => name === port.target && !init)?.port;
    if (number !== undefined) out.push({ pod: `${pod.namespace}/${pod.name}`, port: number });
  }
  return out;
}
