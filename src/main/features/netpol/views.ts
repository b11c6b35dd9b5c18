/** What the screens of network policies show, made from the live model: matrix, list of policies. */
import type { MatrixBatch, PolicyRow } from '#shared/contract/netpol';
import { refText, type Policy } from '#shared/domain/netpol/compiled';
import { formatter } from '#shared/domain/netpol/connectivity';
import type { DnsServers } from '#shared/domain/netpol/dns';
import { mistakesOf } from '#shared/domain/netpol/mistakes';
import type { NetpolModel } from '#shared/domain/netpol/model';
import { workloadParts } from '#shared/domain/netpol/places';
import { subjectText } from '#shared/domain/netpol/policy-words';
import type { Steps } from '#shared/domain/netpol/steps';
import type { Direction } from '#shared/domain/netpol/types';
import type { LiveNetpol } from './live';

/** Workloads a matrix is drawn of. */
export const MOST_DRAWN = 1_500;

/** Undefined while it is made. */
export function matrixBatch(live: LiveNetpol, wanted: ReadonlySet<string>): MatrixBatch | undefined {
  const matrix = live.matrix();
  if (!matrix) return undefined;
  const { workloads, cells, uneven } = matrix;
  const text = formatter(live.model());
  const size = workloads.length;
  const chosen = workloads
    .map(({ id }, at) => ({ id, at }))
    .filter(({ id }) => wanted.size === 0 || wanted.has(workloadParts(id).namespace));
  const base = { revision: live.revision, conns: [''] as string[] };
  if (chosen.length > MOST_DRAWN) {
    const none = { workloads: [], cells: new Uint16Array(0), uneven: new Uint8Array(0) };
    return { ...base, ...none, tooMany: chosen.length };
  }
  const known = new Map<number, number>();
  const out = { cells: new Uint16Array(chosen.length ** 2), uneven: new Uint8Array(chosen.length ** 2) };
  chosen.forEach(({ at: from }, i) => {
    chosen.forEach(({ at: to }, j) => {
      const conn = cells[from * size + to]!;
      let id = known.get(conn);
      if (id === undefined) {
        id = conn === 0 ? 0 : base.conns.push(text(conn)) - 1;
        known.set(conn, id);
      }
      out.cells[i * chosen.length + j] = id;
      out.uneven[i * chosen.length + j] = uneven[from * size + to]!;
    });
  });
  return {
    ...base,
    ...out,
    workloads: chosen.map(({ id, at }) => ({ id, pods: workloads[at]!.pods })),
  };
}

/** Policy by policy: each is looked at against all pods. */
export function* policySteps(
  model: NetpolModel,
  dns: DnsServers,
  wanted: ReadonlySet<string>,
): Steps<readonly PolicyRow[]> {
  const groups = [...model.groups.values()].filter((group) => group.pods > 0);
  const rows: PolicyRow[] = [];
  const seen = new Set<string>();
  for (const policy of model.policies) {
    const { ref } = policy;
    // Denies and further specs of a Cilium policy are of the same object.
    if (seen.has(`${ref.group} ${refText(ref)}`)) continue;
    seen.add(`${ref.group} ${refText(ref)}`);
    if (wanted.size > 0 && ref.namespace !== '' && !wanted.has(ref.namespace)) continue;
    rows.push({
      ref,
      subject: subjectText(policy),
      pods: groups.reduce((sum, group) => (model.selects(policy, group) ? sum + group.pods : sum), 0),
      ingress: sideWords(policy, 'ingress'),
      egress: sideWords(policy, 'egress'),
      mistakes: mistakesOf(model, policy, dns),
    });
    yield;
  }
  return rows.sort((a, b) => (refText(a.ref) < refText(b.ref) ? -1 : 1));
}

function sideWords(policy: Policy, direction: Direction): string {
  const rules = policy[direction];
  if (rules === null) return '';
  if (rules.length === 0) return 'nothing';
  return rules.length === 1 ? '1 rule' : `${rules.length} rules`;
}
