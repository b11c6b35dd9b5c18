/** Serves the `netpol` slice over the live model. Questions are answered here, off the UI's thread. */
import { netpol, type GraphBatch, type PolicyRow, type WhatIf } from '#shared/contract/netpol';
import type { Policy } from '#shared/domain/netpol/compiled';
import { coverageSteps, type Coverage } from '#shared/domain/netpol/coverage';
import { dnsServers } from '#shared/domain/netpol/dns';
import { flowSteps, focusGraph, type FlowGraph } from '#shared/domain/netpol/flow-graph';
import { generatePolicies } from '#shared/domain/netpol/generate';
import { inquire } from '#shared/domain/netpol/inquiry';
import { policyPage } from '#shared/domain/netpol/policy-page';
import { reachOf } from '#shared/domain/netpol/reach';
import type { Steps } from '#shared/domain/netpol/steps';
import type { Change } from '#shared/domain/netpol/what-if';
import { coalesce, implement, type Served, type Sink } from '#shared/rpc/server';
import { fail } from '#shared/util/app-error';
import { placeChoices } from './choices';
import { LiveNetpol, type LiveDeps } from './live';
import { otherPolicies } from './others';
import { PARTS } from './parts';
import { runSliced, Sliced } from './sliced';
import { VerdictLog } from './verdict-log';
import { matrixBatch, MOST_DRAWN, policySteps } from './views';
import { policiesText, readPolicies, whatIfSteps } from './what-if';

const STATE_EVERY = 500;
const ASK_EVERY = 300;
const VIEW_EVERY = 1_000;

interface PolicyQuery {
  readonly kind: string;
  readonly group?: string | undefined;
  readonly namespace: string;
  readonly name: string;
}

export interface NetpolService {
  readonly served: Served;
  suspend(): void;
  resume(): void;
}

export function netpolService(deps: LiveDeps): NetpolService {
  const live = new LiveNetpol(deps);
  const log = new VerdictLog();
  const policiesOf = ({ kind, group, namespace, name }: PolicyQuery): Policy[] =>
    live
      .model()
      .policies.filter(
        ({ ref }) =>
          ref.kind === kind &&
          (group === undefined || ref.group === group) &&
          ref.namespace === namespace &&
          ref.name === name,
      );

  /** Feeds a stream with what `take` makes of the model, once it is whole and whenever it changes. */
  const follow = <T>(sink: Sink<T>, every: number, take: () => T | undefined): void => {
    const feed = coalesce(sink, () => (live.ready ? take() : undefined), every);
    live.use(sink.scope, feed.mark);
    feed.mark();
  };

  /** As `follow`, for what takes long: made in slices, the newest result stays until the next. */
  const followSliced = <T, R>(
    sink: Sink<R>,
    work: () => Steps<T>,
    shape: (made: T) => R | undefined,
  ): { mark(): void } => {
    const made = new Sliced<T>(sink.scope, () => feed.mark());
    const feed = coalesce(
      sink,
      () => {
        if (!live.ready) return undefined;
        const now = made.take(live.revision, work) ?? made.last;
        return now === undefined ? undefined : shape(now);
      },
      VIEW_EVERY,
    );
    live.use(sink.scope, feed.mark);
    feed.mark();
    return feed;
  };

  /** Notes verdicts that changed, while anybody looks at network policies. */
  const watchVerdicts = (): void => {
    if (!live.ready || live.model().workloads.size > MOST_DRAWN) return;
    const matrix = live.matrix();
    if (matrix) log.take(live.model(), matrix, live.takeCauses());
  };

  const served = implement(netpol, {
    state: (_, sink) => {
      const feed = coalesce(
        sink,
        () => {
          watchVerdicts();
          return live.state();
        },
        STATE_EVERY,
      );
      live.use(sink.scope, feed.mark);
      feed.mark();
    },
    places: (input) => placeChoices(live.model(), live.services(), input),
    ask: (input, sink) =>
      follow(sink, ASK_EVERY, () => ({
        revision: live.revision,
        ...inWords(() => ({ answer: inquire(live.world(), input) })),
      })),
    reach: ({ place, direction }, sink) => {
      follow(sink, VIEW_EVERY, () => ({
        revision: live.revision,
        rows: [],
        ...inWords(() => ({ rows: reachOf(live.model(), place, direction) })),
      }));
    },
    matrix: ({ namespaces }, sink) => follow(sink, VIEW_EVERY, () => matrixBatch(live, new Set(namespaces))),
    graph: ({ namespaces, focus }, sink) => {
      if (focus) {
        follow(sink, VIEW_EVERY, () => ({
          revision: live.revision,
          nodes: [],
          edges: [],
          ...inWords(() => focusGraph(live.model(), focus)),
        }));
        return;
      }
      followSliced<FlowGraph | undefined, GraphBatch>(
        sink,
        () => {
          const matrix = live.matrix();
          return matrix ? flowSteps(live.model(), matrix, namespaces) : nothing();
        },
        (made) => (made === undefined ? undefined : { revision: live.revision, ...made }),
      );
    },
    coverage: ({ namespaces }, sink) => {
      followSliced(
        sink,
        () => coverageSteps(live.model(), live.dns(), namespaces),
        (coverage: Coverage) => {
          const dns = live.dns();
          const server = dns.service ? `${dns.service.namespace}/${dns.service.name}` : dns.pods[0]?.key;
          return { revision: live.revision, ...coverage, ...(server === undefined ? {} : { dns: server }) };
        },
      );
    },
    policy: (query, sink) =>
      follow(sink, VIEW_EVERY, () => {
        const [policy, ...more] = policiesOf(query);
        const { revision } = live;
        return policy ? { revision, page: policyPage(live.model(), policy, live.dns(), more) } : { revision };
      }),
    policies: ({ namespaces }, sink) => {
      const others = otherPolicies(
        deps,
        sink.scope,
        () => feed.mark(),
        (id) => PARTS.some((def) => def.id === id && live.judges(def)),
      );
      const feed = followSliced(
        sink,
        () => policySteps(live.model(), live.dns(), new Set(namespaces)),
        (rows: readonly PolicyRow[]) => ({ revision: live.revision, rows, others: others() }),
      );
    },
    whatIf: ({ text, remove, labels }, signal) => {
      const changes: Change[] = [
        ...remove.map((ref) => ({ type: 'remove' as const, ...ref })),
        ...readPolicies(text).map((policy) => ({ type: 'put' as const, policy })),
        ...labels.map((one) => ({ type: 'labels' as const, ...one })),
      ];
      if (changes.length === 0) throw fail('invalid-input', 'Nothing to change was given.');
      const scope = deps.scope.child('netpol-what-if');
      signal.addEventListener('abort', scope.dispose, { once: true });
      return new Promise<WhatIf>((resolve, reject) => {
        runSliced(whatIfSteps(live.snapshot(), changes, live.dns()), scope, resolve, reject);
        scope.add(() => reject(fail('cancelled', 'The question was taken back.')));
      }).finally(() => {
        signal.removeEventListener('abort', scope.dispose);
        scope.dispose();
      });
    },
    policyText: ({ kind, group, namespace, name }) => {
      const found = live
        .policyObjects()
        .find(
          (one) =>
            one.kind === kind &&
            (group === undefined || one.apiVersion?.startsWith(`${group}/`) === true) &&
            (one.metadata?.namespace ?? '') === namespace &&
            one.metadata?.name === name,
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
        watchVerdicts();
        return log.batch();
      }),
  });
  return { served, suspend: () => live.suspend(), resume: () => live.resume() };
}

/** What waits for the matrix: it is asked again when that is there. */
function* nothing<T>(): Steps<T | undefined> {
  yield;
  return undefined;
}

/** Errors of a question are words for the person who asked it. */
function inWords<T extends object>(take: () => T): T | { problem: string } {
  try {
    return take();
  } catch (thrown) {
    return { problem: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}
