/** Serves the `netpol` slice over the live model. Questions are answered here, off the UI's thread. */
import { netpol, type MatrixBatch, type PolicyRow } from '#shared/contract/netpol';
import { refText, type Policy } from '#shared/domain/netpol/compiled';
import { coverageOf } from '#shared/domain/netpol/coverage';
import { formatter } from '#shared/domain/netpol/connectivity';
import { dnsServers, type DnsServers } from '#shared/domain/netpol/dns';
import { generatePolicies } from '#shared/domain/netpol/generate';
import { inquire } from '#shared/domain/netpol/inquiry';
import { mistakesOf } from '#shared/domain/netpol/mistakes';
import type { NetpolModel } from '#shared/domain/netpol/model';
import { workloadParts } from '#shared/domain/netpol/places';
import { policyPage } from '#shared/domain/netpol/policy-page';
import { subjectText } from '#shared/domain/netpol/policy-words';
import { reachOf } from '#shared/domain/netpol/reach';
import type { Direction } from '#shared/domain/netpol/types';
import type { Change } from '#shared/domain/netpol/what-if';
import { coalesce, implement, type Served, type Sink } from '#shared/rpc/server';
import { fail } from '#shared/util/app-error';
import { placeChoices } from './choices';
import { LiveNetpol, type LiveDeps } from './live';
import { otherPolicies } from './others';
import { VerdictLog } from './verdict-log';
import { policiesText, readPolicies, whatIf } from './what-if';

const STATE_EVERY = 500;
const ASK_EVERY = 300;
const VIEW_EVERY = 1_000;
/** Workloads a matrix is drawn of. */
const MOST_DRAWN = 1_500;

export interface NetpolService {
  readonly served: Served;
  suspend(): void;
  resume(): void;
}

export function netpolService(deps: LiveDeps): NetpolService {
  const live = new LiveNetpol(deps);
  const log = new VerdictLog();
  const refOf = (kind: string, namespace: string, name: string): Policy | undefined =>
    live
      .model()
      .policies.find(({ ref }) => ref.kind === kind && ref.namespace === namespace && ref.name === name);

  /** Feeds a stream with what `take` makes of the model, once it is whole and whenever it changes. */
  const follow = <T>(sink: Sink<T>, every: number, take: () => T): void => {
    const feed = coalesce(sink, () => (live.ready ? take() : undefined), every);
    live.use(sink.scope, feed.mark);
    feed.mark();
  };

  const served = implement(netpol, {
    state: (_, sink) => {
      const feed = coalesce(sink, () => live.state(), STATE_EVERY);
      live.use(sink.scope, feed.mark);
      feed.mark();
    },
    places: (input) => placeChoices(live.model(), live.services(), input),
    ask: (input, sink) =>
      follow(sink, ASK_EVERY, () => ({
        revision: live.revision,
        ...inWords(() => ({ answer: inquire(live.world(), input) })),
      })),
    reach: ({ place, direction }, sink) =>
      follow(sink, VIEW_EVERY, () => ({
        revision: live.revision,
        rows: [],
        ...inWords(() => ({ rows: reachOf(live.model(), place, direction) })),
      })),
    matrix: ({ namespaces }, sink) => follow(sink, VIEW_EVERY, () => matrixBatch(live, new Set(namespaces))),
    coverage: ({ namespaces }, sink) =>
      follow(sink, VIEW_EVERY, () => {
        const dns = live.dns();
        const server = dns.service ? `${dns.service.namespace}/${dns.service.name}` : dns.pods[0]?.key;
        const coverage = coverageOf(live.model(), dns, namespaces);
        return { revision: live.revision, ...coverage, ...(server === undefined ? {} : { dns: server }) };
      }),
    policy: ({ kind, namespace, name }, sink) =>
      follow(sink, VIEW_EVERY, () => {
        const policy = refOf(kind, namespace, name);
        const { revision } = live;
        return policy ? { revision, page: policyPage(live.model(), policy, live.dns()) } : { revision };
      }),
    policies: ({ namespaces }, sink) => {
      const others = otherPolicies(deps, sink.scope, () => feed.mark());
      const feed = coalesce(
        sink,
        () =>
          live.ready
            ? {
                revision: live.revision,
                rows: policyRows(live.model(), live.dns(), new Set(namespaces)),
                others: others(),
              }
            : undefined,
        VIEW_EVERY,
      );
      live.use(sink.scope, feed.mark);
      feed.mark();
    },
    whatIf: ({ text, remove, labels }) => {
      const changes: Change[] = [
        ...remove.map((ref) => ({ type: 'remove' as const, ...ref })),
        ...readPolicies(text).map((policy) => ({ type: 'put' as const, policy })),
        ...labels.map((one) => ({ type: 'labels' as const, ...one })),
      ];
      if (changes.length === 0) throw fail('invalid-input', 'Nothing to change was given.');
      return whatIf(live.model(), live.snapshot(), changes, live.dns());
    },
    policyText: ({ kind, namespace, name }) => {
      const found = live
        .policyObjects()
        .find(
          (one) =>
            one.kind === kind && (one.metadata?.namespace ?? '') === namespace && one.metadata?.name === name,
        );
      if (!found) throw fail('not-found', `There is no ${kind} ${namespace ? `${namespace}/` : ''}${name}.`);
      return { text: policiesText([found]) };
    },
    generate: ({ flows, ingress, egress }) => {
      const { model, services, slices } = live.world();
      const { service, pods } = dnsServers(model, services, slices);
      const labels = service?.selector;
      const port = pods[0]?.port ?? 53;
      const dns = service && labels ? { namespace: service.namespace, labels, port } : undefined;
      const made = generatePolicies(model, flows, { ingress, egress, ...(dns ? { dns } : {}) });
      return { text: policiesText(made.policies), notes: made.notes };
    },
    changes: (_, sink) =>
      follow(sink, VIEW_EVERY, () => {
        if (live.model().workloads.size <= MOST_DRAWN)
          log.take(live.model(), live.matrix(), live.takeCauses());
        return log.batch();
      }),
  });
  return { served, suspend: () => live.suspend(), resume: () => live.resume() };
}

/** Errors of a question are words for the person who asked it. */
function inWords<T extends object>(take: () => T): T | { problem: string } {
  try {
    return take();
  } catch (thrown) {
    return { problem: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

function matrixBatch(live: LiveNetpol, wanted: ReadonlySet<string>): MatrixBatch {
  const { workloads, cells, uneven } = live.matrix();
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

function policyRows(model: NetpolModel, dns: DnsServers, wanted: ReadonlySet<string>): PolicyRow[] {
  const groups = [...model.groups.values()].filter((group) => group.pods > 0);
  return model.policies
    .filter(({ ref }) => wanted.size === 0 || ref.namespace === '' || wanted.has(ref.namespace))
    .map((policy) => ({
      ref: policy.ref,
      subject: subjectText(policy),
      pods: groups.reduce((sum, group) => (model.selects(policy, group) ? sum + group.pods : sum), 0),
      ingress: sideWords(policy, 'ingress'),
      egress: sideWords(policy, 'egress'),
      mistakes: mistakesOf(model, policy, dns),
    }))
    .sort((a, b) => (refText(a.ref) < refText(b.ref) ? -1 : 1));
}

function sideWords(policy: Policy, direction: Direction): string {
  const rules = policy[direction];
  if (rules === null) return '';
  if (rules.length === 0) return 'nothing';
  return rules.length === 1 ? '1 rule' : `${rules.length} rules`;
}
