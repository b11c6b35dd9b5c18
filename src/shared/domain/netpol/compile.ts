/**
 * NetworkPolicy v1 objects -> compiled policies (S1-S17). Never throws: what the API server would
 * refuse grants nothing and is told as a problem. Admin tiers are in compile-admin.ts.
 */
import { compileAdmin } from './compile-admin';
import { CALICO_GROUPS, compileCalico } from './compile-calico';
import { compileCilium } from './compile-cilium';
import { isPort, listOf, portSpec, protocolOf, selector, type Tell } from './compile-help';
import type { Peer, Policy, PortItem, Rule } from './compiled';
import { ipSet, parseCidr, subtractIps, type Cidr } from './ip';
import { connOf, MAX_PORT, NONE, portRange } from './ports';
import { isObject } from './selector';
import type { Direction, PolicyObject, PolicyProblem } from './types';

type Loose = Readonly<Record<string, unknown>>;

/** Of every kind that is known, those of Cilium and Calico too; a Cilium policy may be several. */
export function compileAll(object: PolicyObject): readonly Policy[] {
  const apiVersion = String(object.apiVersion ?? '');
  const [group = ''] = apiVersion.split('/');
  if (group === 'cilium.io') return compileCilium(object, apiVersion);
  const one = CALICO_GROUPS.has(group) ? compileCalico(object, group, apiVersion) : compilePolicy(object);
  return one ? [one] : [];
}

/** Undefined when the object is none of the four kinds, or an unknown version of one. */
export function compilePolicy(object: PolicyObject): Policy | undefined {
  const [group = '', version = ''] = String(object.apiVersion ?? '').split('/');
  if (group === 'policy.networking.k8s.io') return compileAdmin(object, version);
  if (group !== 'networking.k8s.io' || object.kind !== 'NetworkPolicy') return undefined;
  const problems: PolicyProblem[] = [];
  const tell: Tell = (code, at, rule, text) => problems.push({ code, at, rule, text });
  const namespace = String(object.metadata?.namespace || 'default');
  const spec = isObject(object.spec) ? object.spec : {};
  const types = listOf(spec.policyTypes);
  // S1: without types always ingress, and egress only where there is at least one rule for it.
  const isolates = (type: 'Ingress' | 'Egress'): boolean =>
    types.length > 0 ? types.includes(type) : type === 'Ingress' || listOf(spec.egress).length > 0;
  if (unreadable(spec.policyTypes) || types.some((type) => type !== 'Ingress' && type !== 'Egress'))
    tell('badType', 'policyTypes', 'S1', 'policyTypes holds only Ingress and Egress, written so');
  if (!isObject(object.spec))
    tell('badSelector', 'spec', 'S5', 'no spec: it isolates every pod of its namespace');
  const section = (direction: Direction, type: 'Ingress' | 'Egress'): readonly Rule[] | null => {
    const rules = listOf(spec[direction]);
    if (unreadable(spec[direction])) tell('badPeer', direction, 'S6', 'is no list: it allows nothing');
    if (isolates(type)) return rules.map((rule, i) => compileRule(rule, i, direction, namespace, tell));
    if (rules.length > 0) {
      tell(
        'sectionWithoutType',
        direction,
        'S2',
        `policyTypes leaves out ${type}: these rules have no effect`,
      );
    }
    return null;
  };
  return {
    ref: { kind: 'NetworkPolicy', group, namespace, name: String(object.metadata?.name ?? '') },
    apiVersion: `${group}/${version}`,
    tier: 'networkPolicy',
    priority: 0,
    subject: {
      namespace,
      pods: spec.podSelector == null ? undefined : selector(spec.podSelector, 'podSelector', tell),
    },
    ingress: section('ingress', 'Ingress'),
    egress: section('egress', 'Egress'),
    terminating: Boolean(object.metadata?.deletionTimestamp),
    problems,
  };
}

function compileRule(
  value: unknown,
  index: number,
  direction: Direction,
  namespace: string,
  tell: Tell,
): Rule {
  const side = direction === 'ingress' ? 'from' : 'to';
  const at = `${direction}[${index}]`;
  if (value !== null && !isObject(value)) {
    tell('badPeer', at, 'S6', 'is no rule: it allows nothing');
    return { index, name: '', action: 'Accept', peers: [{ kind: 'none', text: 'no rule' }], ports: null };
  }
  const rule = value ?? {};
  const peers = listOf(rule[side]);
  const ports = listOf(rule.ports);
  if (unreadable(rule[side])) tell('badPeer', `${at}.${side}`, 'S7', 'is no list: this rule allows nothing');
  if (unreadable(rule.ports)) tell('badPort', `${at}.ports`, 'S7', 'is no list: this rule allows nothing');
  return {
    index,
    name: '',
    action: 'Accept',
    peers:
      peers.length === 0
        ? unreadable(rule[side])
          ? [{ kind: 'none', text: 'no list' }]
          : null
        : peers.map((peer, i) => compilePeer(peer, `${at}.${side}[${i}]`, namespace, tell)),
    ports:
      ports.length === 0
        ? unreadable(rule.ports)
          ? portSpec([{ ports: NONE }])
          : null
        : portSpec(ports.map((port, i) => compilePort(port, `${at}.ports[${i}]`, tell))),
  };
}

/** There, but not a list: must not be read as "anyone". */
function unreadable(value: unknown): boolean {
  return value != null && !Array.isArray(value);
}

function compilePeer(value: unknown, at: string, namespace: string, tell: Tell): Peer {
  const peer = isObject(value) ? value : {};
  const hasPods = peer.podSelector != null;
  const hasNamespaces = peer.namespaceSelector != null;
  if (peer.ipBlock != null) {
    if (hasPods || hasNamespaces) {
      tell('badPeer', at, 'S17', 'ipBlock cannot stand beside a selector: this item matches nothing');
      return { kind: 'none', text: 'ipBlock beside a selector' };
    }
    return compileIpBlock(isObject(peer.ipBlock) ? peer.ipBlock : {}, at, tell);
  }
  if (!hasPods && !hasNamespaces) {
    tell(
      'badPeer',
      at,
      'S8',
      'neither podSelector, namespaceSelector nor ipBlock: this item matches nothing',
    );
    return { kind: 'none', text: 'empty peer' };
  }
  return {
    kind: 'pods',
    ...(hasNamespaces
      ? { namespaces: selector(peer.namespaceSelector, `${at}.namespaceSelector`, tell) }
      : { namespace }),
    ...(hasPods ? { pods: selector(peer.podSelector, `${at}.podSelector`, tell) } : {}),
  };
}

function compileIpBlock(block: Loose, at: string, tell: Tell): Peer {
  const text = String(block.cidr ?? '');
  const cidr = parseCidr(text);
  if (!cidr) {
    tell(
      'badCidr',
      `${at}.ipBlock.cidr`,
      'S16',
      `${text || 'nothing'} is no CIDR: this item matches nothing`,
    );
    return { kind: 'none', text };
  }
  const minus: Cidr[] = [];
  const excepts = listOf(block.except).map(String);
  // A hole that cannot be read must not be filled: the whole item grants nothing.
  const closed = (place: string, words: string): Peer => {
    tell('badCidr', `${at}.ipBlock.${place}`, 'S17', `${words}: this item matches nothing`);
    return { kind: 'none', text };
  };
  if (unreadable(block.except)) return closed('except', 'except is no list');
  for (const [i, except] of excepts.entries()) {
    const hole = parseCidr(except);
    if (!hole) return closed(`except[${i}]`, `${except} is no CIDR`);
    if (hole.first < cidr.first || hole.last > cidr.last) {
      tell('exceptOutside', `${at}.ipBlock.except[${i}]`, 'S17', `${except} is not inside ${text}`);
      minus.push(hole);
    } else minus.push(hole);
  }
  return {
    kind: 'ips',
    set: subtractIps(ipSet([cidr]), ipSet(minus)),
    text: excepts.length > 0 ? `${text} except ${excepts.join(', ')}` : text,
  };
}

function compilePort(value: unknown, at: string, tell: Tell): PortItem {
  const item = isObject(value) ? value : {};
  const bad = (text: string, rule = 'S12'): PortItem => {
    tell('badPort', at, rule, `${text}: this item matches nothing`);
    return { ports: NONE };
  };
  if (!isObject(value)) return bad('not an object');
  const protocol = protocolOf(item.protocol ?? 'TCP');
  // S15: a protocol we do not know is never read as TCP.
  if (!protocol) return bad(`${JSON.stringify(item.protocol)} is no protocol of policies`, 'S15');
  const { port, endPort } = item;
  if (port == null) {
    if (endPort != null) return bad('endPort without port', 'S14');
    return { ports: connOf(protocol, portRange(1, MAX_PORT)) };
  }
  if (typeof port === 'string') {
    if (endPort != null) return bad('endPort needs a numeric port', 'S14');
    if (/^\d+$/.test(port)) tell('badPort', at, 'S13', `"${port}" in quotes is a port name, not a number`);
    return port === '' ? bad('empty port name', 'S13') : { ports: NONE, named: { name: port, protocol } };
  }
  if (!isPort(port)) return bad(`${JSON.stringify(port)} is no port`);
  if (endPort == null) return { ports: connOf(protocol, portRange(port, port)) };
  if (!isPort(endPort) || endPort < port) return bad('endPort must be a port not below port', 'S14');
  return {
    ports: connOf(protocol, portRange(port, endPort)),
    ...(endPort > port ? { ranged: { port, protocol } } : {}),
  };
}
