/**
 * The verdict as a set of ports: which of them a group of pods lets in from, or out to, a view.
 * Tiers in order: Admin by priority, first match; then NetworkPolicy if any isolates (final);
 * else Baseline, first match; else allow. Where two policies of a tier share a priority the order
 * is undefined: `certain` is what every order allows, `possible` what some order allows. Engines with
 * tiers of their own (stages.ts) go through all of them in their order.
 */
import { EVERYTHING, NOTHING } from './conn-table';
import type { NetpolModel } from './model';
import type { Group, LiveRule, PriorityClass } from './runtime';
import type { Direction } from './types';

export type Bound = 'certain' | 'possible';

/** Of one view alone; an id of the model's ConnTable. */
export function evaluateOne(
  model: NetpolModel,
  group: Group,
  direction: Direction,
  view: number,
  bound: Bound = 'certain',
): number {
  return evaluate(model, group, direction, view, bound)[0]!;
}

/** Of every view, by its id; null where no policy has a say and all is allowed. */
export function evaluateRow(
  model: NetpolModel,
  group: Group,
  direction: Direction,
  bound: Bound = 'certain',
): Int32Array | null {
  const { admin, network, baseline } = group.sides[direction];
  if (admin.length === 0 && network === null && baseline.length === 0) return null;
  return evaluate(model, group, direction, -1, bound);
}

function evaluate(
  model: NetpolModel,
  group: Group,
  direction: Direction,
  only: number,
  bound: Bound,
): Int32Array {
  const { conns } = model;
  const size = only < 0 ? model.views.length : 1;
  const { admin, network, baseline, stages } = group.sides[direction];
  const hits = (rule: LiveRule, act: (at: number, ports: number) => void): void =>
    eachHit(model, group, direction, rule, only, act);
  let open: Int32Array = new Int32Array(size).fill(EVERYTHING);
  const accepted = new Int32Array(size);
  const tier = (classes: readonly PriorityClass[]): void => {
    const passed = new Int32Array(size);
    for (const one of classes) runClass(model, one, bound, hits, open, accepted, passed);
    open = open.map((ports, i) => conns.union(ports, passed[i]!));
  };
  if (stages) {
    for (const { classes, final } of stages) {
      const passed = new Int32Array(size);
      for (const one of classes) runClass(model, one, bound, hits, open, accepted, passed);
      open = final ? passed : open.map((ports, i) => conns.union(ports, passed[i]!));
    }
    return open.map((ports, i) => conns.union(accepted[i]!, ports));
  }
  if (admin.length > 0) tier(admin);
  if (network !== null) {
    const granted = new Int32Array(size);
    for (const { rules } of network) {
      for (const rule of rules) {
        hits(rule, (at, ports) => {
          granted[at] = conns.union(granted[at]!, ports);
        });
      }
    }
    return granted.map((ports, i) => conns.union(accepted[i]!, conns.intersect(ports, open[i]!)));
  }
  if (baseline.length > 0) tier(baseline);
  return open.map((ports, i) => conns.union(accepted[i]!, ports));
}

type Hits = (rule: LiveRule, act: (at: number, ports: number) => void) => void;

function runClass(
  { conns }: NetpolModel,
  { policies }: PriorityClass,
  bound: Bound,
  hits: Hits,
  open: Int32Array,
  accepted: Int32Array,
  passed: Int32Array,
): void {
  const size = open.length;
  const taken = { Accept: new Int32Array(size), Pass: new Int32Array(size), Deny: new Int32Array(size) };
  for (const { rules } of policies) {
    const left = policies.length > 1 ? open.slice() : open;
    for (const rule of rules) {
      const into = taken[rule.rule.action];
      hits(rule, (at, ports) => {
        const hit = conns.intersect(left[at]!, ports);
        if (hit === NOTHING) return;
        into[at] = conns.union(into[at]!, hit);
        left[at] = conns.subtract(left[at]!, hit);
      });
    }
  }
  const { Accept, Pass, Deny } = taken;
  for (let i = 0; i < size; i += 1) {
    const [first, last] = bound === 'certain' ? [Deny[i]!, Accept[i]!] : [Accept[i]!, Deny[i]!];
    const middle = conns.subtract(Pass[i]!, first);
    const third = conns.subtract(conns.subtract(last, first), middle);
    accepted[i] = conns.union(accepted[i]!, bound === 'certain' ? third : first);
    passed[i] = conns.union(passed[i]!, middle);
    const all = conns.union(conns.union(first, middle), third);
    open[i] = conns.subtract(open[i]!, all);
  }
}

/** Calls `act` for each view the rule matches, perhaps more than once, with the ports it means there. */
export function eachHit(
  model: NetpolModel,
  group: Group,
  direction: Direction,
  rule: LiveRule,
  only: number,
  act: (at: number, ports: number) => void,
): void {
  // S13: names are those of the destination: the group itself for ingress, the peer for egress.
  const own = direction === 'ingress' ? model.portsOf(rule, group) : rule.base;
  const named = direction === 'egress' && rule.named.length > 0;
  const portsAt = (view: number): number => (named ? model.portsOf(rule, model.views[view]!.group) : own);
  if (rule.peers === null) {
    if (only >= 0) act(0, portsAt(only));
    else for (let view = 0; view < model.views.length; view += 1) act(view, portsAt(view));
    return;
  }
  for (const peer of rule.peers) {
    // A name never matches addresses, whoever has them (S13).
    const ips = peer.ipSet >= 0;
    if (only >= 0) {
      if (model.peerMatches(peer, only)) act(0, ips ? own : portsAt(only));
    } else for (const view of peer.views) act(view, ips ? own : portsAt(view));
  }
}

/** Connections that some pod of one group may open to some pod of another (S4, S18). */
export function pairConn(model: NetpolModel, from: Group, to: Group, bound: Bound = 'certain'): number {
  return overFamilies(model, from, to, (source, destination) => {
    const egress = evaluateOne(model, from, 'egress', destination, bound);
    return egress === NOTHING
      ? NOTHING
      : model.conns.intersect(egress, evaluateOne(model, to, 'ingress', source, bound));
  });
}

/** Joins what a function says of each family both have; without a common one, of all views. */
export function overFamilies(
  model: NetpolModel,
  from: Group,
  to: Group,
  judge: (source: number, destination: number) => number,
): number {
  let all = NOTHING;
  let common = false;
  for (const strict of [true, false]) {
    if (common) break;
    for (const source of from.views) {
      for (const destination of to.views) {
        if (strict && !compatible(model, source, destination)) continue;
        common = true;
        all = model.conns.union(all, judge(source, destination));
      }
    }
  }
  return all;
}

function compatible(model: NetpolModel, a: number, b: number): boolean {
  const left = model.views[a]!.family;
  const right = model.views[b]!.family;
  return left === 0 || right === 0 || left === right;
}
