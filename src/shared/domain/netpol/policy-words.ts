/**
 * Policies in words: whom they select, and one sentence for each rule, made from the compiled form,
 * so that what is said is what is judged. Words only; names and labels come as they are stored.
 */
import type { Peer, Policy, PortItem, PortSpec, Rule } from './compiled';
import { NAME_LABEL } from './model';
import { ALL_PORTS, formatPorts, PROTOCOLS } from './ports';
import type { Selector } from './selector';
import type { Direction } from './types';

/** `app=web, tier in (a, b), !old`; '' for a selector of everything. */
export function selectorText(selector: Selector | undefined): string {
  if (!selector) return '';
  if (selector.text !== undefined) return selector.text;
  return selector.requirements
    .map(({ key, operator, values }) => {
      const list = [...values];
      switch (operator) {
        case 'In':
          return list.length === 1 ? `${key}=${list[0]}` : `${key} in (${list.join(', ')})`;
        case 'NotIn':
          return list.length === 1 ? `${key}!=${list[0]}` : `${key} not in (${list.join(', ')})`;
        case 'Exists':
          return `has ${key}`;
        case 'DoesNotExist':
          return `has no ${key}`;
        case 'Never':
          return 'nothing (selector cannot be read)';
      }
    })
    .join(', ');
}

function namespaceText(selector: Selector): string {
  if (selector.text !== undefined) return `namespaces with ${selector.text}`;
  if (selector.requirements.length === 0) return 'every namespace';
  const [first] = selector.requirements;
  if (selector.requirements.length === 1 && first?.key === NAME_LABEL && first.operator === 'In') {
    const names = [...first.values];
    return names.length === 1 ? `namespace ${names[0]}` : `namespaces ${names.join(', ')}`;
  }
  return `namespaces with ${selectorText(selector)}`;
}

/** `pods with app=frontend in shop`, `addresses 10.0.0.0/8`. */
export function peerText(peer: Peer): string {
  switch (peer.kind) {
    case 'ips':
      return `addresses ${peer.text}`;
    case 'nodes':
      return peer.selector.requirements.length === 0
        ? 'every node'
        : `nodes with ${selectorText(peer.selector)}`;
    case 'none':
      return `nothing (${peer.text})`;
    case 'pods': {
      const labels = selectorText(peer.pods);
      const where = peer.namespaces ? namespaceText(peer.namespaces) : `namespace ${peer.namespace ?? ''}`;
      return labels === '' ? `all pods in ${where}` : `pods with ${labels} in ${where}`;
    }
  }
}

function portItemText({ ports, named }: PortItem): string {
  if (named) return `${named.protocol ? `${named.protocol} ` : ''}port ${named.name}`;
  const parts = PROTOCOLS.filter((protocol) => ports[protocol].length > 0).map((protocol) => {
    const set = ports[protocol];
    if (set.length === 2 && set[0] === ALL_PORTS[0] && set[1] === ALL_PORTS[1])
      return `every ${protocol} port`;
    return `${protocol} ${formatPorts(set)}`;
  });
  return parts.length > 0 ? parts.join(', ') : 'no port (cannot be read)';
}

export function portsText(ports: PortSpec | null): string {
  return ports === null ? 'every port' : ports.items.map(portItemText).join(', ');
}

/** `from pods with app=frontend in namespace shop, on TCP port http`. */
export function ruleText(rule: Rule, direction: Direction): string {
  const way = direction === 'ingress' ? 'from' : 'to';
  const own = rule.own ? `, for pods with ${selectorText(rule.own)}` : '';
  const who =
    rule.peers === null
      ? `${way} anyone, inside and outside the cluster`
      : `${way} ${rule.peers.map(peerText).join(' or ')}`;
  return `${who}, on ${portsText(rule.ports)}${own}`;
}

/** One sentence for a rule: `Ingress rule 1 allows from ..., on ....`. */
export function ruleSentence(policy: Policy, rule: Rule, direction: Direction): string {
  const verb =
    policy.tier === 'networkPolicy' || (policy.tier === 'engine' && rule.action === 'Accept')
      ? 'allows'
      : rule.action === 'Accept'
        ? 'accepts'
        : rule.action === 'Deny'
          ? 'denies'
          : policy.tier === 'engine'
            ? 'passes on to the next tier'
            : 'passes on to NetworkPolicies';
  const title = direction === 'ingress' ? 'Ingress' : 'Egress';
  const name = rule.name === '' ? '' : ` (${rule.name})`;
  return `${title} rule ${rule.index + 1}${name} ${verb} ${ruleText(rule, direction)}.`;
}

/** What a direction without a rule means; undefined where there are rules. */
export function emptySentence(policy: Policy, direction: Direction): string | undefined {
  const rules = direction === 'ingress' ? policy.ingress : policy.egress;
  const way = direction === 'ingress' ? 'Ingress' : 'Egress';
  if (rules === null) {
    return policy.tier === 'networkPolicy'
      ? `${way} is not isolated by this policy.`
      : `${way} is not judged by this policy.`;
  }
  if (rules.length === 0 && policy.tier === 'engine')
    return `${way} is judged and no rule matches: the end of its tier decides, by default Deny.`;
  return rules.length === 0 ? `${way} is isolated and no rule allows anything.` : undefined;
}

/** `all pods of namespace shop`, `pods with app=cart in namespace shop`. */
export function subjectText(policy: Policy): string {
  const { namespace, namespaces, pods } = policy.subject;
  const labels = selectorText(pods);
  const where =
    namespace !== undefined
      ? `namespace ${namespace}`
      : namespaces
        ? namespaceText(namespaces)
        : 'every namespace';
  return labels === '' ? `all pods in ${where}` : `pods with ${labels} in ${where}`;
}
