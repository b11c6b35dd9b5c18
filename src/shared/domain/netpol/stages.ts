/**
 * Calico's order of everything: tiers by their order, in a tier policies by theirs. NetworkPolicies
 * stand in the default tier at order 1000, admin tiers at both ends of it. A tier that has a policy for
 * the pod decides, unless a rule passes the flow on or the tier's default action is Pass.
 */
import type { PriorityClass, Side, Stage } from './runtime';
import type { EngineTier } from './types';

type Chosen = PriorityClass['policies'][number];

const LAST = Number.MAX_SAFE_INTEGER;
const DEFAULT = 'default';
const ORDERS: Readonly<Record<string, number>> = {
  adminnetworkpolicy: 1_000,
  [DEFAULT]: 1_000_000,
  baselineadminnetworkpolicy: 10_000_000,
};
/** Of NetworkPolicies in the default tier. */
const NETWORK_ORDER = 1_000;

interface Entry extends PriorityClass {
  readonly name: string;
}

export function withStages(side: Side, engine: readonly Chosen[], tiers: readonly EngineTier[]): Side {
  if (engine.length === 0) return side;
  const byTier = new Map<string, Entry[]>();
  const put = (tier: string, entry: Entry): void => {
    const list = byTier.get(tier);
    if (list) list.push(entry);
    else byTier.set(tier, [entry]);
  };
  for (const one of engine) {
    const { calicoTier = DEFAULT, priority, ref } = one.live.policy;
    put(calicoTier, { priority, policies: [one], name: `${ref.name} ${ref.namespace}` });
  }
  if (side.network) put(DEFAULT, { priority: NETWORK_ORDER, policies: side.network, name: 'knp.' });
  const known = new Map(tiers.map((tier) => [tier.name, tier]));
  const orderOf = (name: string): number => known.get(name)?.order ?? ORDERS[name] ?? LAST;
  const stages = [...byTier].map(([tier, list]) => ({
    tier,
    order: orderOf(tier),
    classes: list.sort((a, b) => a.priority - b.priority || (a.name < b.name ? -1 : 1)),
    final: known.get(tier)?.defaultAction !== 'Pass',
  }));
  const admin = (tier: string, classes: readonly PriorityClass[]): Stage & { order: number } => ({
    tier,
    order: orderOf(tier),
    classes,
    final: false,
  });
  const all = [
    ...stages,
    admin('adminnetworkpolicy', side.admin),
    admin('baselineadminnetworkpolicy', side.baseline),
  ].sort((a, b) => a.order - b.order || (a.tier < b.tier ? -1 : 1));
  const own = engine.map((one): PriorityClass => ({ priority: one.live.policy.priority, policies: [one] }));
  // Who lists what judges a pod finds the engine's policies among the first.
  return { ...side, admin: [...own, ...side.admin], stages: all };
}
