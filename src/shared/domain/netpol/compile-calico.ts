/**
 * Calico NetworkPolicy and GlobalNetworkPolicy (v3) -> compiled policies of their tier and order: the
 * L3/L4 core. What goes beyond it (L7, service accounts, source ports, Services as peers) is told; an
 * Allow rule that needs it grants nothing, a Deny rule acts on all the rest of it says.
 */
import type { Peer, Policy, PortItem, PortSpec, Rule } from './compiled';
import { isPort, listOf, portSpec, protocolOf, type Tell } from './compile-help';
import { calicoSelector } from './calico-selector';
import { ipSet, parseCidr, subtractIps, V4_FIRST, V4_LAST, V6_FIRST, V6_LAST, type IpSet } from './ip';
import {
  ALL_PORTS,
  complementPorts,
  connOf,
  NONE,
  portRange,
  PROTOCOLS,
  unionConn,
  type Protocol,
} from './ports';
import { isObject, type Selector } from './selector';
import type { Action, Direction, PolicyObject, PolicyProblem } from './types';

type Loose = Readonly<Record<string, unknown>>;

export const CALICO_GROUPS: ReadonlySet<string> = new Set(['projectcalico.org', 'crd.projectcalico.org']);
/** Of a policy or tier without an order: after all that have one. */
const LAST = Number.MAX_SAFE_INTEGER;
const NAME = 'kubernetes.io/metadata.name';
const PROTOCOL_NUMBERS: Readonly<Record<number, Protocol>> = { 6: 'TCP', 17: 'UDP', 132: 'SCTP' };

export function compileCalico(object: PolicyObject, group: string, apiVersion: string): Policy | undefined {
  const global = object.kind === 'GlobalNetworkPolicy';
  if (!global && object.kind !== 'NetworkPolicy') return undefined;
  const spec = isObject(object.spec) ? object.spec : {};
  const problems: PolicyProblem[] = [];
  const tell: Tell = (code, at, rule, text) => problems.push({ code, at, rule, text });
  const namespace = global ? '' : String(object.metadata?.namespace || 'default');
  for (const field of ['doNotTrack', 'preDNAT', 'applyOnForward']) {
    if (spec[field] === true) tell('beyond', field, 'S30', `${field} acts on host endpoints, not on pods`);
  }
  if (spec.serviceAccountSelector) tell('beyond', 'serviceAccountSelector', 'S30', BEYOND.serviceAccounts);
  const own = selectorOf(spec.selector, 'selector', tell);
  const types = listOf(spec.types);
  const [ingress, egress] = [listOf(spec.ingress), listOf(spec.egress)];
  const has = (type: 'Ingress' | 'Egress'): boolean =>
    types.length > 0
      ? types.includes(type)
      : type === 'Egress'
        ? egress.length > 0
        : ingress.length > 0 || egress.length === 0;
  const rules = (list: readonly unknown[], direction: Direction): readonly Rule[] =>
    list.flatMap((value, i) => compileRule(value, i, direction, namespace, tell) ?? []);
  const onHosts = spec.doNotTrack === true || spec.preDNAT === true;
  const needsAccount = Boolean(spec.serviceAccountSelector);
  return {
    ref: { kind: object.kind, group, namespace, name: String(object.metadata?.name ?? '') },
    apiVersion,
    tier: 'engine',
    priority: typeof spec.order === 'number' ? spec.order : LAST,
    calicoTier: typeof spec.tier === 'string' && spec.tier !== '' ? spec.tier : 'default',
    subject: {
      ...(global ? {} : { namespace }),
      ...(global && spec.namespaceSelector
        ? { namespaces: namespacesOf(spec.namespaceSelector, 'namespaceSelector', tell) }
        : {}),
      pods: needsAccount ? calicoSelector('global()') : own,
    },
    ingress: has('Ingress') && !onHosts ? rules(ingress, 'ingress') : null,
    egress: has('Egress') && !onHosts ? rules(egress, 'egress') : null,
    terminating: Boolean(object.metadata?.deletionTimestamp),
    problems,
  };
}

const BEYOND = {
  serviceAccounts: 'service accounts are not known here: what needs them matches nothing',
  services: 'Services as peers are not resolved here: this matches nothing',
  http: 'HTTP rules are judged by the proxy: only addresses and ports are judged here',
  sourcePorts: 'source ports are not judged here: this matches nothing',
  mixed: 'selectors beside networks in one entity are not judged here: this matches nothing',
  icmp: 'ICMP is not judged here (S29)',
} as const;

function selectorOf(value: unknown, at: string, tell: Tell): Selector {
  const made = calicoSelector(typeof value === 'string' ? value : '');
  const bad = value != null && typeof value !== 'string';
  if (!made.valid || bad) tell('badSelector', at, 'S10', 'this selector cannot be read: it matches nothing');
  return bad ? calicoSelector('(') : made;
}

function namespacesOf(value: unknown, at: string, tell: Tell): Selector {
  const rename = (key: string): string => (key === 'projectcalico.org/name' ? NAME : key);
  const made = calicoSelector(typeof value === 'string' ? value : '(', rename);
  if (!made.valid) tell('badSelector', at, 'S10', 'this selector cannot be read: it matches nothing');
  return made;
}

function actionOf(value: unknown): Action | 'Log' | undefined {
  if (value === 'Allow') return 'Accept';
  return value === 'Deny' || value === 'Pass' || value === 'Log' ? value : undefined;
}

function compileRule(
  value: unknown,
  index: number,
  direction: Direction,
  namespace: string,
  tell: Tell,
): Rule | undefined {
  const rule = isObject(value) ? value : {};
  const at = `${direction}[${index}]`;
  const action = actionOf(rule.action);
  if (action === 'Log') return undefined;
  if (!action)
    tell('badAction', `${at}.action`, 'S30', `${JSON.stringify(rule.action)} is no action: read as Deny`);
  const source = isObject(rule.source) ? rule.source : {};
  const destination = isObject(rule.destination) ? rule.destination : {};
  const [own, other] = direction === 'ingress' ? [destination, source] : [source, destination];
  let beyond = !action;
  const past = (what: keyof typeof BEYOND, place: string): void => {
    tell('beyond', `${at}${place}`, 'S30', BEYOND[what]);
    if (what !== 'http') beyond = true;
  };
  if (rule.http) past('http', '.http');
  for (const [side, end] of [
    ['source', source],
    ['destination', destination],
  ] as const) {
    if (end.serviceAccounts) past('serviceAccounts', `.${side}`);
    if (end.services) past('services', `.${side}`);
  }
  if (listOf(source.ports).length > 0 || listOf(source.notPorts).length > 0)
    past('sourcePorts', '.source.ports');
  if (listOf(own.nets).length > 0 || listOf(own.notNets).length > 0) past('mixed', '.nets');
  const ports = portsOf(rule, destination, at, tell);
  const peers = peersOf(
    other,
    `${at}.${direction === 'ingress' ? 'source' : 'destination'}`,
    namespace,
    tell,
    past,
  );
  const mine = own.selector || own.notSelector ? entitySelector(own, at, tell) : undefined;
  const made: Rule = {
    index,
    name: '',
    action: action ?? 'Deny',
    peers,
    ports,
    ...(mine ? { own: mine } : {}),
  };
  if (!beyond) return made;
  return made.action === 'Accept'
    ? { ...made, peers: [{ kind: 'none', text: 'beyond addresses and ports' }] }
    : made;
}

function entitySelector(end: Loose, at: string, tell: Tell): Selector {
  const plus = typeof end.selector === 'string' ? end.selector : '';
  const minus = typeof end.notSelector === 'string' && end.notSelector !== '' ? end.notSelector : undefined;
  const text = [plus === '' ? undefined : `(${plus})`, minus === undefined ? undefined : `!(${minus})`];
  return selectorOf(text.filter(Boolean).join(' && '), `${at}.selector`, tell);
}

function peersOf(
  end: Loose,
  at: string,
  namespace: string,
  tell: Tell,
  past: (what: keyof typeof BEYOND, place: string) => void,
): readonly Peer[] | null {
  const nets = listOf(end.nets);
  const notNets = listOf(end.notNets);
  const byName = Boolean(end.selector) || Boolean(end.namespaceSelector) || Boolean(end.notSelector);
  if (nets.length === 0 && notNets.length === 0 && !byName) return null;
  if (nets.length > 0 || notNets.length > 0) {
    if (byName) past('mixed', '');
    const plus = nets.length === 0 ? EVERY : setOf(nets, `${at}.nets`, tell);
    const minus = setOf(notNets, `${at}.notNets`, tell);
    if (!plus || !minus) return [{ kind: 'none', text: 'networks that cannot be read' }];
    const text = `${nets.length === 0 ? 'any' : nets.join(', ')}${notNets.length === 0 ? '' : ` except ${notNets.join(', ')}`}`;
    return [{ kind: 'ips', set: subtractIps(plus, minus), text }];
  }
  if (!end.selector && !end.namespaceSelector) past('mixed', '.notSelector');
  return [
    {
      kind: 'pods',
      ...(end.namespaceSelector
        ? { namespaces: namespacesOf(end.namespaceSelector, `${at}.namespaceSelector`, tell) }
        : namespace === ''
          ? { namespaces: calicoSelector('') }
          : { namespace }),
      pods: entitySelector(end, at, tell),
    },
  ];
}

const EVERY: IpSet = ipSet([
  { first: V4_FIRST, last: V4_LAST },
  { first: V6_FIRST, last: V6_LAST },
]);

function setOf(list: readonly unknown[], at: string, tell: Tell): IpSet | undefined {
  const cidrs = list.map((text) => {
    const value = String(text);
    return parseCidr(value.includes('/') ? value : `${value}/${value.includes(':') ? 128 : 32}`);
  });
  if (cidrs.some((one) => one === undefined)) {
    tell('badCidr', at, 'S16', `${list.map(String).join(', ')} holds no CIDR: it matches nothing`);
    return undefined;
  }
  return ipSet(cidrs.flatMap((one) => one ?? []));
}

function protocolsOf(rule: Loose, at: string, tell: Tell): readonly Protocol[] {
  const read = (value: unknown): Protocol | undefined =>
    typeof value === 'number' ? PROTOCOL_NUMBERS[value] : protocolOf(String(value).toUpperCase());
  if (rule.protocol != null) {
    const one = read(rule.protocol);
    if (!one) tell('beyond', `${at}.protocol`, 'S29', `${String(rule.protocol)}: ${BEYOND.icmp}`);
    return one ? [one] : [];
  }
  if (rule.notProtocol != null) return PROTOCOLS.filter((one) => one !== read(rule.notProtocol));
  return PROTOCOLS;
}

function portsOf(rule: Loose, destination: Loose, at: string, tell: Tell): PortSpec | null {
  const [wanted, not] = [listOf(destination.ports), listOf(destination.notPorts)];
  const plain = rule.protocol == null && rule.notProtocol == null;
  if (plain && wanted.length === 0 && not.length === 0 && !rule.icmp && !rule.notICMP) return null;
  if (rule.icmp || rule.notICMP) {
    tell('beyond', `${at}.icmp`, 'S29', BEYOND.icmp);
    return portSpec([{ ports: NONE }]);
  }
  const protocols = protocolsOf(rule, at, tell);
  const each = (make: (protocol: Protocol) => PortItem['ports']): PortItem['ports'] =>
    protocols.reduce((all, protocol) => unionConn(all, make(protocol)), NONE);
  if (wanted.length === 0 && not.length === 0)
    return portSpec([{ ports: each((one) => connOf(one, ALL_PORTS)) }]);
  const range = (value: unknown): readonly [number, number] | undefined => {
    const match = /^(\d{1,5})(?::(\d{1,5}))?$/.exec(String(value));
    if (!match) return undefined;
    const [low, high] = [Number(match[1]), Number(match[2] ?? match[1])];
    return isPort(low) && isPort(high) && low <= high ? [low, high] : undefined;
  };
  if (not.length > 0) {
    const holes = not.map(range);
    const bad = wanted.length > 0 || holes.includes(undefined);
    if (bad) tell('badPort', `${at}.destination.notPorts`, 'S12', 'cannot be read: it matches nothing');
    if (bad) return portSpec([{ ports: NONE }]);
    const left = complementPorts(mergeRanges(holes.flatMap((one) => (one ? [one] : []))));
    return portSpec([{ ports: each((one) => connOf(one, left)) }]);
  }
  return portSpec(
    wanted.flatMap((value): PortItem[] => {
      const found = range(value);
      if (found) return [{ ports: each((one) => connOf(one, portRange(found[0], found[1]))) }];
      if (typeof value === 'string' && /[a-z]/i.test(value))
        return protocols.map((protocol) => ({ ports: NONE, named: { name: value, protocol } }));
      tell(
        'badPort',
        `${at}.destination.ports`,
        'S12',
        `${JSON.stringify(value)} is no port: it matches nothing`,
      );
      return [{ ports: NONE }];
    }),
  );
}

function mergeRanges(ranges: readonly (readonly [number, number])[]): number[] {
  const out: number[] = [];
  for (const [low, high] of [...ranges].sort(([a], [b]) => a - b)) {
    const end = out.length - 1;
    if (end > 0 && low <= out[end]! + 1) out[end] = Math.max(out[end]!, high);
    else out.push(low, high);
  }
  return out;
}
