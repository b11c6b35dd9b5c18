/** One side of one flow, step by step: which policy, rule, peer and port decided it. */
import { rulesOf, type Policy } from './compiled';
import { evaluateOne } from './evaluate';
import type { NetpolModel } from './model';
import { hasConn, type Protocol } from './ports';
import type { Group, LiveRule, PriorityClass, Stage } from './runtime';
import type { Direction } from './types';
import type { Decision, NearMiss, SideVerdict } from './verdict';

const MAX_NEAR = 10;

export interface Flow {
  readonly group: Group;
  readonly direction: Direction;
  /** The other end. */
  readonly view: number;
  readonly protocol: Protocol;
  readonly port: number;
}

export function exempt(because: string): SideVerdict {
  return {
    allowed: true,
    undefined: false,
    tier: 'exempt',
    because,
    decidedBy: [],
    passedBy: [],
    isolatedBy: [],
    nearMisses: [],
  };
}

export function traceSide(model: NetpolModel, flow: Flow): SideVerdict {
  if (flow.group.host) return exempt('S23');
  const { group, direction, view, protocol, port } = flow;
  const holds = (bound: 'certain' | 'possible'): boolean =>
    hasConn(model.conns.get(evaluateOne(model, group, direction, view, bound)), protocol, port);
  const allowed = holds('certain');
  const side = group.sides[direction];
  const undecided = side.contested && !allowed && holds('possible');
  const passedBy: Decision[] = [];
  const base = { ...exempt(''), allowed, undefined: undecided, passedBy };

  const firstMatch = (classes: readonly PriorityClass[]): Decision[] => {
    for (const { policies } of classes) {
      const found = policies.flatMap(({ rules }) => firstRule(model, flow, rules) ?? []);
      if (found.length > 0) return found;
    }
    return [];
  };
  if (side.stages) return traceStages(model, flow, side.stages, base, firstMatch);
  const admin = firstMatch(side.admin);
  const passes = admin.length > 0 && admin.every(({ action }) => action === 'Pass');
  if (passes) passedBy.push(...admin);
  else if (admin.length > 0) return { ...base, tier: 'admin', because: 'tiers', decidedBy: admin };
  if (side.network !== null) {
    const isolatedBy = side.network.map(({ live }) => live.policy.ref);
    const decidedBy = side.network.flatMap(({ rules }) =>
      rules.flatMap((rule) => match(model, flow, rule) ?? []),
    );
    return {
      ...base,
      tier: 'networkPolicy',
      because: allowed ? 'S3' : side.network.every(({ rules }) => rules.length === 0) ? 'S6' : 'S3',
      decidedBy,
      isolatedBy,
      nearMisses: allowed
        ? []
        : near(
            model,
            flow,
            side.network.flatMap(({ rules }) => rules),
          ),
    };
  }
  const baseline = firstMatch(side.baseline);
  if (baseline.length > 0) return { ...base, tier: 'baseline', because: 'tiers', decidedBy: baseline };
  return { ...base, tier: 'default', because: 'S3' };
}

/** Tier by tier, as an engine with tiers of its own goes through them. */
function traceStages(
  model: NetpolModel,
  flow: Flow,
  stages: readonly Stage[],
  base: SideVerdict & { readonly passedBy: Decision[] },
  firstMatch: (classes: readonly PriorityClass[]) => Decision[],
): SideVerdict {
  for (const { tier, classes, final } of stages) {
    const found = firstMatch(classes);
    if (found.length > 0 && found.every(({ action }) => action === 'Pass')) {
      base.passedBy.push(...found);
      continue;
    }
    const name = tier === 'default' ? 'networkPolicy' : 'admin';
    if (found.length > 0) {
      const network = found.some(({ policy }) => policy.group === 'networking.k8s.io');
      return { ...base, tier: network ? 'networkPolicy' : 'admin', because: 'tiers', decidedBy: found };
    }
    if (final && classes.length > 0) {
      const all = classes.flatMap(({ policies }) => policies);
      return {
        ...base,
        tier: name,
        because: 'tiers',
        isolatedBy: all.map(({ live }) => live.policy.ref),
        nearMisses: near(
          model,
          flow,
          all.flatMap(({ rules }) => rules).filter(({ rule }) => rule.action === 'Accept'),
        ),
      };
    }
  }
  return { ...base, tier: 'default', because: 'S3' };
}

function firstRule(model: NetpolModel, flow: Flow, rules: readonly LiveRule[]): Decision | undefined {
  for (const rule of rules) {
    const decision = match(model, flow, rule);
    if (decision) return decision;
  }
  return undefined;
}

function match(model: NetpolModel, flow: Flow, rule: LiveRule): Decision | undefined {
  const destination = flow.direction === 'ingress' ? flow.group : (model.views[flow.view]?.group ?? null);
  const open = (named: boolean): boolean =>
    hasConn(model.conns.get(named ? model.portsOf(rule, destination) : rule.base), flow.protocol, flow.port);
  let peer: number | null = null;
  if (rule.peers !== null) {
    const found = rule.peers.find(
      (one) => model.peerMatches(one, flow.view) && open(flow.direction === 'ingress' || one.ipSet < 0),
    );
    if (!found) return undefined;
    peer = Math.max(0, (rule.rule.peers ?? []).indexOf(rule.source[rule.peers.indexOf(found)]!));
  } else if (!open(true)) return undefined;
  const { policy, rule: spec } = rule;
  return {
    policy: policy.ref,
    rule: spec.index,
    ruleName: spec.name,
    action: spec.action,
    peer,
    port: portIndex(rule, destination, flow),
  };
}

function portIndex(rule: LiveRule, destination: Group | null, { protocol, port }: Flow): number | null {
  if (!rule.rule.ports) return null;
  const at = rule.rule.ports.items.findIndex(({ ports, named }) => {
    if (hasConn(ports, protocol, port)) return true;
    if (!named || (named.protocol !== undefined && named.protocol !== protocol)) return false;
    const known = destination?.ports.get(named.name) ?? [];
    return known.some((one) => one.port === port && one.protocol === protocol);
  });
  return at < 0 ? null : at;
}

function near(model: NetpolModel, flow: Flow, rules: readonly LiveRule[]): NearMiss[] {
  const destination = flow.direction === 'ingress' ? flow.group : (model.views[flow.view]?.group ?? null);
  const list = rules.map((rule) => ({
    policy: rule.policy.ref,
    rule: rule.rule.index,
    peerMatches: rule.peers === null || rule.peers.some((peer) => model.peerMatches(peer, flow.view)),
    portMatches: hasConn(model.conns.get(model.portsOf(rule, destination)), flow.protocol, flow.port),
  }));
  const score = (miss: NearMiss): number => (miss.peerMatches ? 2 : 0) + (miss.portMatches ? 1 : 0);
  return list.sort((a, b) => score(b) - score(a)).slice(0, MAX_NEAR);
}

/** Policies with rules in a direction that select a pod group, of any tier. */
export function policiesOf(group: Group, direction: Direction): readonly Policy[] {
  const { admin, network, baseline } = group.sides[direction];
  const all = [...[...admin, ...baseline].flatMap(({ policies }) => policies), ...(network ?? [])];
  return all.map(({ live }) => live.policy).filter((policy) => rulesOf(policy, direction) !== null);
}
