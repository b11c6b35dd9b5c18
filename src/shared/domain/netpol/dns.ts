/**
 * Who serves names in this cluster, and whether a group of pods may ask: UDP and TCP 53 to the DNS
 * pods after NAT, or to the node-local cache's usual address (S21).
 */
import { parseIp } from './ip';
import type { NetpolModel } from './model';
import { hasConn } from './ports';
import type { Group } from './runtime';
import type { NetService, NetSlice } from './services';
import { evaluateOne, pairConn } from './evaluate';

/** Of NodeLocal DNSCache. */
const NODE_LOCAL = '169.254.20.10';
const DNS_NAMESPACES: ReadonlySet<string> = new Set(['kube-system', 'openshift-dns']);

export interface DnsServers {
  /** `ns/pod` and the port it listens on. */
  readonly pods: readonly { readonly key: string; readonly port: number }[];
  /** Namespace and labels to name in a rule. */
  readonly service?: NetService;
}

export type DnsVerdict = 'allowed' | 'udp only' | 'denied' | 'unknown';

export function dnsServers(
  model: NetpolModel,
  services: ReadonlyMap<string, NetService>,
  slices: readonly NetSlice[] | undefined,
): DnsServers {
  for (const service of services.values()) {
    if (!DNS_NAMESPACES.has(service.namespace)) continue;
    const port = service.ports.find((one) => one.port === 53 && one.protocol === 'UDP');
    if (!port) continue;
    const pods = new Map<string, number>();
    for (const slice of slices ?? []) {
      if (slice.namespace !== service.namespace || slice.service !== service.name) continue;
      const number = slice.ports.find(({ name, protocol }) => name === port.name && protocol === 'UDP')?.port;
      for (const { pod } of slice.endpoints) {
        if (pod !== undefined) pods.set(`${service.namespace}/${pod}`, number ?? 53);
      }
    }
    const known = [...pods]
      .filter(([key]) => model.pods.has(key))
      .map(([key, number]) => ({ key, port: number }));
    if (known.length > 0) return { pods: known, service };
  }
  const named = [...model.pods.values()].filter(
    ({ pod }) => DNS_NAMESPACES.has(pod.namespace) && pod.labels?.['k8s-app'] === 'kube-dns',
  );
  return { pods: named.map(({ pod }) => ({ key: `${pod.namespace}/${pod.name}`, port: 53 })) };
}

/** Of one pod of the group; unknown where no DNS pod is seen. */
export function dnsVerdict(model: NetpolModel, group: Group, { pods }: DnsServers): DnsVerdict {
  if (group.host) return 'allowed';
  if (group.pods === 0 || pods.length === 0) return 'unknown';
  let udp = false;
  let tcp = false;
  for (const { key, port } of pods) {
    const server = model.pods.get(key);
    if (!server) continue;
    const conn = model.conns.get(pairConn(model, group, server.group));
    udp ||= hasConn(conn, 'UDP', port);
    tcp ||= hasConn(conn, 'TCP', port);
  }
  if (!udp) {
    const view = model.space.classOf(parseIp(NODE_LOCAL)!);
    // Only where a policy names that address: an open egress has been seen above.
    if (view !== 0) {
      const conn = model.conns.get(evaluateOne(model, group, 'egress', view));
      udp = hasConn(conn, 'UDP', 53);
      tcp = hasConn(conn, 'TCP', 53);
    }
  }
  return udp ? (tcp ? 'allowed' : 'udp only') : 'denied';
}
