/**
 * AdminNetworkPolicy and BaselineAdminNetworkPolicy v1alpha1, ClusterNetworkPolicy v1alpha2 ->
 * compiled policies (fields v1alpha2/mapping/unknown peer field of the admin tiers). What cannot be understood fails closed: an Accept
 * rule with it matches less, a Deny or Pass rule with it denies everybody.
 */
import type { Peer, Policy, PortItem, PortSpec, Rule } from './compiled';
import { isPort, listOf, portSpec, protocolOf, selector, type Tell } from './compile-help';
import { ipSet, parseCidr, V4_FIRST, V4_LAST, V6_FIRST, V6_LAST, type IpSet } from './ip';
import { ALL_PORTS, connOf, NONE, portRange, type Protocol } from './ports';
import { isObject } from './selector';
import type { Action, Direction, PolicyObject, PolicyProblem, Tier } from './types';

type Loose = Readonly<Record<string, unknown>>;

const KINDS: Readonly<Record<string, { readonly version: string; readonly tier?: Tier }>> = {
  AdminNetworkPolicy: { version: 'v1alpha1', tier: 'admin' },
  BaselineAdminNetworkPolicy: { version: 'v1alpha1', tier: 'baseline' },
  ClusterNetworkPolicy: { version: 'v1alpha2' },
};

/** Older kinds had one baseline object and no priority for it: it comes last. */
const LAST_PRIORITY = 1000;

export function compileAdmin(object: PolicyObject, version: string): Policy | undefined {
  const kind = String(object.kind);
  const known = Object.prototype.hasOwnProperty.call(KINDS, kind) ? KINDS[kind] : undefined;
  if (!known || known.version !== version) return undefined;
  const problems: PolicyProblem[] = [];
  const tell: Tell = (code, at, rule, text) => problems.push({ code, at, rule, text });
  const spec = isObject(object.spec) ? object.spec : {};
  const tier =
    known.tier ?? (spec.tier === 'Admin' ? 'admin' : spec.tier === 'Baseline' ? 'baseline' : undefined);
  if (!tier) return undefined;
  const priority = typeof spec.priority === 'number' ? spec.priority : LAST_PRIORITY;
  const rules = (direction: Direction): readonly Rule[] | null => {
    const list = listOf(spec[direction]);
    // Unlike a NetworkPolicy, no rules means no effect.
    return list.length === 0 ? null : list.map((rule, i) => compileRule(rule, i, direction, version, tell));
  };
  return {
    ref: {
      kind,
      group: 'policy.networking.k8s.io',
      namespace: '',
      name: String(object.metadata?.name ?? ''),
    },
    apiVersion: `policy.networking.k8s.io/${version}`,
    tier,
    priority: kind === 'BaselineAdminNetworkPolicy' ? LAST_PRIORITY : priority,
    subject: subjectOf(spec.subject, tell),
    ingress: rules('ingress'),
    egress: rules('egress'),
    terminating: Boolean(object.metadata?.deletionTimestamp),
    problems,
  };
}

/** Exactly one of `namespaces` and `pods`; anything else selects nobody. */
function subjectOf(value: unknown, tell: Tell): Policy['subject'] {
  const peer = isObject(value) ? podPeer(value, 'subject', tell) : undefined;
  if (peer?.kind === 'pods') return { namespaces: peer.namespaces, pods: peer.pods };
  tell(
    'badPeer',
    'subject',
    'tiers',
    'needs exactly one of namespaces and pods: this policy selects nothing',
  );
  return { namespaces: selector(null, 'subject', tell) };
}

function podPeer(value: Loose, at: string, tell: Tell): Peer | undefined {
  const fields = Object.keys(value).filter((key) => value[key] != null);
  if (fields.length !== 1) return undefined;
  if (fields[0] === 'namespaces') {
    return { kind: 'pods', namespaces: selector(value.namespaces, `${at}.namespaces`, tell) };
  }
  if (fields[0] !== 'pods' || !isObject(value.pods)) return undefined;
  return {
    kind: 'pods',
    // Both are required there; an empty one selects all, a missing one cannot be stored.
    namespaces: selector(value.pods.namespaceSelector ?? {}, `${at}.pods.namespaceSelector`, tell),
    pods: selector(value.pods.podSelector ?? {}, `${at}.pods.podSelector`, tell),
  };
}

function compileRule(value: unknown, index: number, direction: Direction, version: string, tell: Tell): Rule {
  const rule = isObject(value) ? value : {};
  const side = direction === 'ingress' ? 'from' : 'to';
  const at = `${direction}[${index}]`;
  const action = actionOf(rule.action, version);
  if (!action) tell('badAction', `${at}.action`, 'tiers', `${JSON.stringify(rule.action)} is read as Deny`);
  const peers = listOf(rule[side]).map((peer, i) =>
    compilePeer(peer, direction, `${at}.${side}[${i}]`, tell),
  );
  const unknown = peers.length === 0 || peers.some(unreadable);
  if (peers.length === 0) tell('badPeer', `${at}.${side}`, 'tiers', 'no peers');
  const ports =
    version === 'v1alpha1' ? portsV1alpha1(rule.ports, at, tell) : protocols(rule.protocols, at, tell);
  const base = { index, name: typeof rule.name === 'string' ? rule.name : '' };
  if (action === 'Accept') return { ...base, action, peers, ports: ports.spec };
  // A domain name in a Deny or Pass rule is as unreadable as an unknown field.
  const closed = unknown || !action || peers.some((peer) => peer.kind === 'none');
  if (closed) return { ...base, action: 'Deny', peers: null, ports: ports.unknown ? null : ports.spec };
  if (ports.unknown) return { ...base, action: 'Deny', peers, ports: null };
  return { ...base, action, peers, ports: ports.spec };
}

function unreadable(peer: Peer): boolean {
  if (peer.kind === 'none') return !peer.domainNames;
  if (peer.kind === 'nodes') return !peer.selector.valid;
  return peer.kind === 'pods' && (peer.namespaces?.valid === false || peer.pods?.valid === false);
}

function actionOf(value: unknown, version: string): Action | undefined {
  if (value === 'Deny' || value === 'Pass') return value;
  return value === (version === 'v1alpha1' ? 'Allow' : 'Accept') ? 'Accept' : undefined;
}

function compilePeer(value: unknown, direction: Direction, at: string, tell: Tell): Peer {
  const peer = isObject(value) ? value : {};
  const pods = podPeer(peer, at, tell);
  if (pods) return pods;
  const fields = Object.keys(peer).filter((key) => peer[key] != null);
  if (direction === 'egress' && fields.length === 1) {
    if (fields[0] === 'networks') return networks(listOf(peer.networks), at, tell);
    if (fields[0] === 'nodes') return { kind: 'nodes', selector: selector(peer.nodes, `${at}.nodes`, tell) };
    if (fields[0] === 'domainNames') {
      const text = listOf(peer.domainNames).map(String).join(', ');
      tell('domainNames', at, 'tiers', `${text}: addresses behind names are not known here`);
      return { kind: 'none', text, domainNames: true };
    }
  }
  tell(
    'unknownPeer',
    at,
    'tiers',
    `${fields.join(', ') || 'an empty peer'} is not understood and fails closed`,
  );
  return { kind: 'none', text: fields.join(', ') };
}

function networks(list: readonly unknown[], at: string, tell: Tell): Peer {
  const texts = list.map(String);
  const cidrs = texts.map(parseCidr);
  const bad = texts.filter((_, i) => !cidrs[i]);
  if (bad.length > 0 || texts.length === 0) {
    tell('badCidr', `${at}.networks`, 'tiers', `${bad.join(', ') || 'nothing'} is no CIDR`);
    return { kind: 'none', text: texts.join(', ') };
  }
  const set = ipSet(cidrs.flatMap((cidr) => cidr ?? []));
  const everyPod = covers(set, V4_FIRST, V4_LAST) || covers(set, V6_FIRST, V6_LAST);
  return { kind: 'ips', set, text: texts.join(', '), everyPod };
}

function covers(set: IpSet, first: bigint, last: bigint): boolean {
  return set.some((at, i) => i % 2 === 0 && at === first && set[i + 1] === last);
}

interface Ports {
  readonly spec: PortSpec | null;
  readonly unknown: boolean;
}

function collect(value: unknown, at: string, tell: Tell, read: (item: Loose) => PortItem | undefined): Ports {
  const list = listOf(value);
  if (value == null || (Array.isArray(value) && list.length === 0)) return { spec: null, unknown: false };
  const read1 = (item: unknown, i: number): PortItem | undefined => {
    const port = isObject(item) ? read(item) : undefined;
    if (!port) tell('badPort', `${at}[${i}]`, 'tiers', 'is not understood and fails closed');
    return port;
  };
  const items = list.map(read1);
  return {
    spec: portSpec(items.map((item) => item ?? { ports: NONE })),
    unknown: list.length === 0 || items.includes(undefined),
  };
}

function portsV1alpha1(value: unknown, at: string, tell: Tell): Ports {
  return collect(value, `${at}.ports`, tell, (item) => {
    const fields = Object.keys(item).filter((key) => item[key] != null);
    if (fields.length !== 1) return undefined;
    if (typeof item.namedPort === 'string') return { ports: NONE, named: { name: item.namedPort } };
    if (isObject(item.portNumber)) {
      const protocol = protocolOf(item.portNumber.protocol ?? 'TCP');
      return protocol && numbers(protocol, item.portNumber.port, item.portNumber.port);
    }
    if (isObject(item.portRange)) {
      const protocol = protocolOf(item.portRange.protocol ?? 'TCP');
      return protocol && numbers(protocol, item.portRange.start, item.portRange.end);
    }
    return undefined;
  });
}

function protocols(value: unknown, at: string, tell: Tell): Ports {
  return collect(value, `${at}.protocols`, tell, (item) => {
    const fields = Object.keys(item).filter((key) => item[key] != null);
    const [field] = fields;
    if (fields.length !== 1 || field === undefined) return undefined;
    if (field === 'destinationNamedPort') {
      const name = item[field];
      return typeof name === 'string' && name !== '' ? { ports: NONE, named: { name } } : undefined;
    }
    const protocol = protocolOf(field.toUpperCase());
    const inner = item[field];
    if (!protocol || field !== field.toLowerCase() || !isObject(inner)) return undefined;
    const destination = inner.destinationPort;
    if (destination == null) return { ports: connOf(protocol, ALL_PORTS) };
    if (!isObject(destination)) return undefined;
    const { number, range } = destination;
    if (number != null && range == null) return numbers(protocol, number, number);
    if (number == null && isObject(range)) return numbers(protocol, range.start, range.end);
    return undefined;
  });
}

function numbers(protocol: Protocol, first: unknown, last: unknown): PortItem | undefined {
  if (!isPort(first) || !isPort(last) || last < first) return undefined;
  return { ports: connOf(protocol, portRange(first, last)) };
}
