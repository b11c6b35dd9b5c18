/** Verdicts in words, and in the shape of the command-line oracle. */
import { refText } from './compiled';
import type { Direction } from './types';
import type { Decision, SideVerdict, Verdict } from './verdict';

/** One sentence for one side; `name` is the pod or address whose side it is. */
export function sideSentence(side: SideVerdict, direction: Direction, name: string): string {
  const way = direction === 'ingress' ? 'in' : 'out';
  if (side.tier === 'exempt') return exemptSentence(side, name);
  const [first] = side.decidedBy;
  if (side.undefined) {
    return `${name}: undefined, ${side.decidedBy.map((one) => refText(one.policy)).join(' and ')} have the same priority.`;
  }
  if (side.tier === 'default') return `${name}: let ${way}, no policy selects it for ${direction}.`;
  if (first) {
    const verb = side.allowed ? `let ${way}` : `not let ${way}`;
    const others = side.decidedBy.length > 1 ? ` and ${side.decidedBy.length - 1} more` : '';
    return `${name}: ${verb} by ${place(first, direction)}${others}.`;
  }
  const by = side.isolatedBy.map(refText);
  const [miss] = side.nearMisses;
  const hint =
    miss && (miss.peerMatches || miss.portMatches)
      ? ` ${refText(miss.policy)} ${direction}[${miss.rule}] has the ${miss.peerMatches ? 'peer, but not the port' : 'port, but not the peer'}.`
      : '';
  return `${name}: not let ${way}, ${by.slice(0, 3).join(', ')}${by.length > 3 ? ` and ${by.length - 3} more` : ''} isolate it and no rule allows this.${hint}`;
}

function exemptSentence(side: SideVerdict, name: string): string {
  if (side.because === 'S13') return `${name}: no such port there.`;
  if (side.because === 'S24') return `${name}: always allowed, from the pod itself or its own node.`;
  if (side.because === 'S23') return `${name}: uses the host's network, policies do not apply to it.`;
  return `${name}: is no pod, policies do not apply to it.`;
}

/** `NetworkPolicy shop/cart-from-frontend ingress[0].from[0].ports[0]`. */
export function place(decision: Decision, direction: Direction): string {
  const admin = decision.policy.kind !== 'NetworkPolicy';
  const list = direction === 'ingress' ? 'from' : 'to';
  const ports = decision.policy.kind === 'ClusterNetworkPolicy' ? 'protocols' : 'ports';
  const peer = decision.peer === null ? '' : `, ${list}[${decision.peer}]`;
  const port = decision.port === null ? '' : `, ${ports}[${decision.port}]`;
  const group = admin ? ` (${decision.policy.group})` : '';
  return `${refText(decision.policy)}${group} ${direction}[${decision.rule}]${peer}${port}`;
}

/** The answer of `oracle:netpol`. */
export function verdictLine(verdict: Verdict): Record<string, unknown> {
  const side = (direction: Direction): Record<string, unknown> => {
    const one = verdict[direction];
    const name = direction === 'ingress' ? verdict.to.name : verdict.from.name;
    return {
      allowed: one.allowed,
      tier: one.tier,
      rule: one.because,
      decidedBy: one.decidedBy.map((decision) => ({
        policy: refText(decision.policy),
        action: decision.action,
        rule: decision.rule,
        peer: decision.peer,
        port: decision.port,
      })),
      ...(one.passedBy.length > 0 ? { passedBy: one.passedBy.map(({ policy }) => refText(policy)) } : {}),
      isolatedBy: one.isolatedBy.map(refText),
      text: sideSentence(one, direction, name),
    };
  };
  return {
    allowed: verdict.allowed,
    ...(verdict.undefined ? { undefined: true } : {}),
    ingress: side('ingress'),
    egress: side('egress'),
    caveats: verdict.caveats.map(({ code, rule, text }) => ({ code, rule, text })),
  };
}
