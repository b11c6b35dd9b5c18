/**
 * Whether a NetworkPolicy changes nothing today: every pod it selects is isolated by others anyway,
 * and they allow all that it allows. True of the pods that run now; others may come.
 */
import { NOTHING } from './conn-table';
import { eachHit } from './evaluate';
import type { Policy } from './compiled';
import type { NetpolModel } from './model';
import type { Direction } from './types';

const DIRECTIONS: readonly Direction[] = ['ingress', 'egress'];

/** The policies that make this one needless; undefined when it has an effect, or selects nothing. */
export function madeNeedlessBy(model: NetpolModel, policy: Policy): readonly Policy[] | undefined {
  if (policy.tier !== 'networkPolicy') return undefined;
  const others = new Set<Policy>();
  let selected = false;
  for (const group of model.groups.values()) {
    if (group.pods === 0 || !model.selects(policy, group)) continue;
    if (group.sides.ingress.stages || group.sides.egress.stages) return undefined;
    selected = true;
    for (const direction of DIRECTIONS) {
      const network = group.sides[direction].network ?? [];
      const own = network.find(({ live }) => live.policy === policy);
      if (!own) continue;
      const rest = network.filter((one) => one !== own);
      if (rest.length === 0) return undefined;
      const granted = new Int32Array(model.views.length);
      for (const { live, rules } of rest) {
        others.add(live.policy);
        for (const rule of rules) {
          eachHit(model, group, direction, rule, -1, (at, ports) => {
            granted[at] = model.conns.union(granted[at]!, ports);
          });
        }
      }
      let more = false;
      for (const rule of own.rules) {
        eachHit(model, group, direction, rule, -1, (at, ports) => {
          if (model.conns.subtract(ports, granted[at]!) !== NOTHING) more = true;
        });
        if (more) return undefined;
      }
    }
  }
  return selected ? [...others] : undefined;
}
