/**
 * CiliumNetworkPolicy and CiliumClusterwideNetworkPolicy (v2) -> compiled policies: what they allow
 * joins what NetworkPolicies allow, what they deny goes before all. The L3/L4 core; what goes beyond
 * (L7 rules, FQDN, entities whose addresses are not known here) is told and grants nothing by itself.
 */
import type { Peer, Policy, PortItem, PortSpec, Rule } from './compiled';
import { isPort, listOf, portSpec, protocolOf, type Tell } from './compile-help';
import { ipSet, parseCidr, subtractIps, V4_FIRST, V4_LAST, V6_FIRST, V6_LAST, type IpSet } from './ip';
import { ALL_PORTS, connOf, NONE, portRange, PROTOCOLS, unionConn, type Protocol } from './ports';
import { compileSelector, isObject, type Selector } from './selector';
import type { Direction, PolicyObject, PolicyProblem } from './types';

type Loose = Readonly<Record<string, unknown>>;

const NAME = 'kubernetes.io/metadata.name';
const POD_NAMESPACE = 'io.kubernetes.pod.namespace';
const NAMESPACE_LABELS = 'io.cilium.k8s.namespace.labels.';
const NOWHERE: Peer = { kind: 'none', text: 'nothing named here' };
const WORLD: IpSet = ipSet([
  { first: V4_FIRST, last: V4_LAST },
  { first: V6_FIRST, last: V6_LAST },
]);

/** One for each spec and effect: the allows, and the denies that go before everything. */
export function compileCilium(object: PolicyObject, apiVersion: string): Policy[] {
  const clusterwide = object.kind === 'CiliumClusterwideNetworkPolicy';
  if (!clusterwide && object.kind !== 'CiliumNetworkPolicy') return [];
  const specs = [object.spec, ...listOf((object as { specs?: unknown }).specs)].filter(isObject);
  const namespace = clusterwide ? '' : String(object.metadata?.namespace || 'default');
  return specs.flatMap((spec) => compileSpec(object, spec, namespace, apiVersion));
}

function compileSpec(object: PolicyObject, spec: Loose, namespace: string, apiVersion: string): Policy[] {
  const problems: PolicyProblem[] = [];
  const tell: Tell = (code, at, rule, text) => problems.push({ code, at, rule, text });
  const base = {
    ref: {
      kind: String(object.kind),
      group: 'cilium.io',
      namespace,
      name: String(object.metadata?.name ?? ''),
    },
    apiVersion,
    terminating: Boolean(object.metadata?.deletionTimestamp),
    problems,
  };
  if (spec.nodeSelector) {
    tell('beyond', 'nodeSelector', 'S30', 'a policy for nodes: pods are not selected by it');
    const subject = { namespaces: compileSelector(null) };
    return [{ ...base, tier: 'networkPolicy', priority: 0, subject, ingress: null, egress: null }];
  }
  const picked = endpointPeer(spec.endpointSelector, namespace, 'endpointSelector', tell);
  const subject =
    picked.kind === 'pods'
      ? { namespace: picked.namespace, namespaces: picked.namespaces, pods: picked.pods }
      : { namespaces: compileSelector(null) };
  const rules = (field: string, direction: Direction, action: 'Accept' | 'Deny'): Rule[] =>
    listOf(spec[field]).flatMap((rule, i) =>
      compileRule(rule, i, `${field}[${i}]`, direction, action, namespace, tell),
    );
  const there = (direction: Direction): boolean =>
    listOf(spec[direction]).length > 0 || listOf(spec[`${direction}Deny`]).length > 0;
  const defaults = isObject(spec.enableDefaultDeny) ? spec.enableDefaultDeny : {};
  const passive = { ingress: defaults.ingress === false, egress: defaults.egress === false };
  const allow: Policy = {
    ...base,
    tier: 'networkPolicy',
    priority: 0,
    subject,
    ingress: there('ingress') ? rules('ingress', 'ingress', 'Accept') : null,
    egress: there('egress') ? rules('egress', 'egress', 'Accept') : null,
    ...(passive.ingress || passive.egress ? { passive } : {}),
  };
  const denied = [rules('ingressDeny', 'ingress', 'Deny'), rules('egressDeny', 'egress', 'Deny')] as const;
  if (denied[0].length === 0 && denied[1].length === 0) return [allow];
  // Every deny goes before every allow; among themselves their order means nothing.
  const deny: Policy = {
    ...allow,
    tier: 'admin',
    priority: -1,
    problems: [],
    ingress: denied[0].length > 0 ? denied[0] : null,
    egress: denied[1].length > 0 ? denied[1] : null,
  };
  return [allow, deny];
}

function compileRule(
  value: unknown,
  index: number,
  at: string,
  direction: Direction,
  action: 'Accept' | 'Deny',
  namespace: string,
  tell: Tell,
): Rule[] {
  const rule = isObject(value) ? value : {};
  const way = direction === 'ingress' ? 'from' : 'to';
  const ports = portsOf(rule, at, tell);
  const peers: Peer[] = [];
  let named = false;
  const side = (field: string, read: (item: unknown, place: string) => readonly Peer[]): void => {
    const list = rule[field];
    if (list == null) return;
    named = true;
    listOf(list).forEach((item, i) => peers.push(...read(item, `${at}.${field}[${i}]`)));
  };
  let anyone = false;
  side(`${way}Endpoints`, (item, place) => [endpointPeer(item, namespace, place, tell)]);
  side(`${way}CIDR`, (item, place) => [cidrPeer(String(item), [], place, tell)]);
  side(`${way}CIDRSet`, (item, place) => {
    const set = isObject(item) ? item : {};
    if (set.cidr == null) return [beyond(place, 'groups of CIDRs are not known here', tell)];
    return [cidrPeer(String(set.cidr), listOf(set.except).map(String), place, tell)];
  });
  side(`${way}Entities`, (item, place) => {
    if (item === 'all') anyone = true;
    return entityPeers(String(item), place, tell);
  });
  side(`${way}Nodes`, (item) => [{ kind: 'nodes', selector: compileSelector(stripped(item)) }]);
  for (const field of ['toFQDNs', 'toServices', 'toGroups', 'fromGroups', 'fromRequires', 'toRequires']) {
    side(field, (_, place) => [
      beyond(place, `${field} names what is not known here`, tell, field === 'toFQDNs'),
    ]);
  }
  // Neither a peer nor ports: it isolates and allows nothing.
  const idle = !named && ports === null && rule.icmps == null;
  if (idle || (rule.icmps != null && ports === null)) return [];
  const base = { index, name: '', action, ports };
  return [{ ...base, peers: anyone || !named ? null : peers.length > 0 ? peers : [NOWHERE] }];
}

function beyond(place: string, text: string, tell: Tell, domainNames = false): Peer {
  tell(domainNames ? 'domainNames' : 'beyond', place, 'S30', `${text}: it matches nothing`);
  return { kind: 'none', text, ...(domainNames ? { domainNames } : {}) };
}

/** Cilium's own prefixes of label keys mean where a label comes from. */
function keyOf(key: string): string {
  return key.replace(/^(?:k8s|any)[:.]/, '');
}

function stripped(selector: unknown): unknown {
  if (!isObject(selector)) return selector;
  const labels = isObject(selector.matchLabels) ? selector.matchLabels : {};
  return {
    matchLabels: Object.fromEntries(Object.entries(labels).map(([key, text]) => [keyOf(key), text])),
    matchExpressions: listOf(selector.matchExpressions).map((item) =>
      isObject(item) ? { ...item, key: keyOf(String(item.key)) } : item,
    ),
  };
}

/** Namespace labels stand among the pod's in Cilium; here they are told apart. */
function endpointPeer(value: unknown, own: string, at: string, tell: Tell): Peer {
  if (!isObject(value)) {
    tell('badSelector', at, 'S10', 'no selector: it matches nothing');
    return NOWHERE;
  }
  const plain = stripped(value) as { matchLabels: Loose; matchExpressions: readonly unknown[] };
  const pods: { matchLabels: Record<string, unknown>; matchExpressions: unknown[] } = {
    matchLabels: {},
    matchExpressions: [],
  };
  const spaces: typeof pods = { matchLabels: {}, matchExpressions: [] };
  let spoken = false;
  const place = (key: string): readonly [typeof pods, string] => {
    if (key !== POD_NAMESPACE && !key.startsWith(NAMESPACE_LABELS)) return [pods, key];
    spoken = true;
    return [spaces, key === POD_NAMESPACE ? NAME : key.slice(NAMESPACE_LABELS.length)];
  };
  for (const [key, text] of Object.entries(plain.matchLabels)) {
    if (key.startsWith('reserved:')) return beyond(at, `${key} is no pod`, tell);
    const [into, name] = place(key);
    into.matchLabels[name] = text;
  }
  for (const item of plain.matchExpressions) {
    const [into, name] = place(isObject(item) ? String(item.key) : '');
    into.matchExpressions.push(isObject(item) ? { ...item, key: name } : item);
  }
  const made: Selector = compileSelector(pods);
  const namespaces = compileSelector(spaces);
  if (!made.valid || !namespaces.valid)
    tell('badSelector', at, 'S10', 'this selector cannot be read: it matches nothing');
  return { kind: 'pods', ...(spoken || own === '' ? { namespaces } : { namespace: own }), pods: made };
}

/** CIDRs mean what is outside of the cluster: pods are known by their labels. */
function cidrPeer(text: string, excepts: readonly string[], at: string, tell: Tell): Peer {
  const read = (one: string): ReturnType<typeof parseCidr> =>
    parseCidr(one.includes('/') ? one : `${one}/${one.includes(':') ? 128 : 32}`);
  const cidr = read(text);
  const holes = excepts.map(read);
  if (!cidr || holes.includes(undefined)) {
    tell('badCidr', at, 'S16', `${[text, ...excepts].join(', ')} cannot be read: it matches nothing`);
    return { kind: 'none', text };
  }
  const set = subtractIps(ipSet([cidr]), ipSet(holes.flatMap((hole) => hole ?? [])));
  const shown = excepts.length > 0 ? `${text} except ${excepts.join(', ')}` : text;
  return { kind: 'ips', set, text: shown, outsideOnly: true };
}

function entityPeers(name: string, at: string, tell: Tell): readonly Peer[] {
  const half = (v6: boolean): IpSet =>
    ipSet([v6 ? { first: V6_FIRST, last: V6_LAST } : { first: V4_FIRST, last: V4_LAST }]);
  const world = (set: IpSet, text: string): Peer => ({ kind: 'ips', set, text, outsideOnly: true });
  const nodes: Peer = { kind: 'nodes', selector: compileSelector({}) };
  switch (name) {
    case 'all':
      return [world(WORLD, 'everything')];
    case 'world':
      return [world(WORLD, 'outside of the cluster')];
    case 'world-ipv4':
      return [world(half(false), 'IPv4 outside of the cluster')];
    case 'world-ipv6':
      return [world(half(true), 'IPv6 outside of the cluster')];
    case 'cluster':
      return [{ kind: 'pods', namespaces: compileSelector({}) }, nodes];
    case 'host':
    case 'remote-node':
      tell('beyond', at, 'S30', `entity ${name}: read as every node, which of them is not told apart`);
      return [nodes];
    case 'kube-apiserver':
    case 'ingress':
    case 'health':
    case 'init':
    case 'unmanaged':
      return [beyond(at, `entity ${name} is known to Cilium's agents only`, tell)];
    default:
      return [beyond(at, `entity ${name} is not known`, tell)];
  }
}

function portsOf(rule: Loose, at: string, tell: Tell): PortSpec | null {
  if (rule.icmps != null) tell('beyond', `${at}.icmps`, 'S29', 'ICMP is not judged here');
  const list = rule.toPorts;
  if (list == null) return null;
  const items: PortItem[] = [];
  listOf(list).forEach((value, i) => {
    const one = isObject(value) ? value : {};
    const place = `${at}.toPorts[${i}]`;
    if (one.rules || one.listener)
      tell('beyond', place, 'S30', 'L7 rules narrow this further: only addresses and ports are judged here');
    if (listOf(one.serverNames).length > 0)
      tell(
        'beyond',
        place,
        'S30',
        'server names narrow this further: only addresses and ports are judged here',
      );
    const ports = listOf(one.ports);
    if (ports.length === 0)
      items.push({ ports: PROTOCOLS.reduce((all, p) => unionConn(all, connOf(p, ALL_PORTS)), NONE) });
    ports.forEach((port, j) => items.push(...portItems(port, `${place}.ports[${j}]`, tell)));
  });
  return portSpec(items.length > 0 ? items : [{ ports: NONE }]);
}

function portItems(value: unknown, at: string, tell: Tell): PortItem[] {
  const item = isObject(value) ? value : {};
  const name = String(item.protocol ?? 'ANY').toUpperCase();
  const one = protocolOf(name);
  const protocols: readonly Protocol[] = name === 'ANY' ? PROTOCOLS : one ? [one] : [];
  const bad = (): PortItem[] => {
    tell('badPort', at, 'S12', 'cannot be read: it matches nothing');
    return [{ ports: NONE }];
  };
  if (protocols.length === 0) return bad();
  const text = String(item.port ?? '0');
  if (!/^\d+$/.test(text))
    return protocols.map((protocol) => ({ ports: NONE, named: { name: text, protocol } }));
  const port = Number(text);
  const end = item.endPort == null || item.endPort === 0 ? port : Number(item.endPort);
  if (port !== 0 && (!isPort(port) || !isPort(end) || end < port)) return bad();
  const set = port === 0 ? ALL_PORTS : portRange(port, end);
  return [{ ports: protocols.reduce((all, protocol) => unionConn(all, connOf(protocol, set)), NONE) }];
}
