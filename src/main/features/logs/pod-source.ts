/**
 * Which pods a log view is about, live: hand-picked ones, those of a workload, those of a selector.
 * Guarantees: a pod that was deleted is said once (undefined); a failing watch keeps what is known.
 * A user who may read pods but not list them still gets hand-picked ones.
 */
import type { KindInfo } from '#shared/contract/cluster';
import type { LogPods, LogSource } from '#shared/contract/logs';
import { formatSelector } from '#shared/k8s/selector';
import type { LabelSelector } from '#shared/k8s/types';
import { Scope } from '#shared/rpc/scope';
import { fail, toAppError, type AppError } from '#shared/util/app-error';
import type { Api } from '../../k8s/api';
import { sleep } from '../../k8s/backoff';
import { resourcePath } from '../../k8s/path';
import { watchFew, type FewState, type WholeObject } from '../../k8s/watch-few';
import { readPod, type PodInfo } from './pod-info';

export interface PodEvents {
  pod(uid: string, pod: PodInfo | undefined): void;
  /** What keeps the whole from being known; undefined when all is well again. */
  problem(error: AppError | undefined): void;
  /** The first answer is in. */
  known(): void;
  /** The server answers again after it did not. */
  reachable(): void;
}

export interface PodSourceDeps {
  readonly api: Api;
  kind(id: string, signal: AbortSignal): Promise<KindInfo | undefined>;
}

interface Selected {
  readonly namespace: string;
  readonly query: Readonly<Record<string, string>>;
  readonly accept?: (pod: WholeObject) => boolean;
}

/** More hand-picked pods of a namespace than this are found by one watch of the namespace. */
const SINGLE_WATCHES = 4;
const POLL = 5_000;

/** Most pods told at once. */
const MOST_TOLD = 1_000;

/** The pods of a source as they are now. */
export async function podsOf(source: LogSource, deps: PodSourceDeps, signal: AbortSignal): Promise<LogPods> {
  const scope = new Scope('log-pods');
  const onAbort = (): void => scope.dispose();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const pods: LogPods['pods'][number][] = [];
    let truncated = false;
    for (const { namespace, query, accept } of await select(source, deps, scope)) {
      const path = resourcePath({ group: '', version: 'v1', resource: 'pods', namespace });
      const list = await deps.api.json<{
        items?: WholeObject[] | null;
        metadata?: { continue?: string };
      }>({ path, query: { ...query, limit: MOST_TOLD } }, scope.signal);
      truncated ||= (list.metadata?.continue ?? '') !== '';
      for (const object of list.items ?? []) {
        const pod = accept && !accept(object) ? undefined : readPod(object);
        if (!pod) continue;
        const { name, phase, containers } = pod;
        pods.push({ namespace: pod.namespace, name, phase, containers: containers.length });
      }
    }
    return { pods: pods.slice(0, MOST_TOLD), truncated: truncated || pods.length > MOST_TOLD };
  } finally {
    signal.removeEventListener('abort', onAbort);
    scope.dispose();
  }
}

/** Follows until the scope ends. */
export function followPods(source: LogSource, deps: PodSourceDeps, events: PodEvents, scope: Scope): void {
  void select(source, deps, scope).then(
    (selected) => {
      let waiting = selected.length;
      const once = (): void => {
        waiting -= 1;
        if (waiting === 0) events.known();
      };
      for (const one of selected) watchPods(one, source, deps, events, once, scope);
    },
    (thrown: unknown) => {
      if (scope.disposed) return;
      events.problem(toAppError(thrown));
      events.known();
    },
  );
}

function watchPods(
  { namespace, query, accept }: Selected,
  source: LogSource,
  deps: PodSourceDeps,
  events: PodEvents,
  known: () => void,
  parent: Scope,
): void {
  const scope = parent.child('pods');
  const before = new Map<string, string>();
  let first = true;
  let away = false;
  const onChange = (state: FewState): void => {
    if (state.phase === 'live' && away) events.reachable();
    away = state.phase === 'stale';
    if (state.phase === 'denied' && source.type === 'pods') {
      scope.dispose();
      pollPods(namespace, source, deps, events, known, parent);
      return;
    }
    if (state.phase === 'live' || state.phase === 'gone') {
      const seen = new Set<string>();
      for (const [uid, object] of state.items) {
        if (accept && !accept(object)) continue;
        seen.add(uid);
        const version = object.metadata?.resourceVersion ?? '';
        if (before.get(uid) === version) continue;
        before.set(uid, version);
        const pod = readPod(object);
        if (pod) events.pod(uid, pod);
      }
      for (const uid of [...before.keys()]) {
        if (seen.has(uid)) continue;
        before.delete(uid);
        events.pod(uid, undefined);
      }
    }
    events.problem(state.phase === 'live' ? undefined : state.error);
    if (first && state.phase !== 'loading') {
      first = false;
      known();
    }
  };
  const path = resourcePath({ group: '', version: 'v1', resource: 'pods', namespace });
  watchFew({ api: deps.api, path, query, scope, onChange });
}

/** One by one, by name, for who may get pods and not list them; or may read their logs only. */
function pollPods(
  namespace: string,
  source: LogSource & { readonly type: 'pods' },
  { api }: PodSourceDeps,
  events: PodEvents,
  known: () => void,
  scope: Scope,
): void {
  const names = source.pods.filter((one) => one.namespace === namespace);
  const run = async (name: string): Promise<void> => {
    const path = resourcePath({ group: '', version: 'v1', resource: 'pods', namespace, name });
    let uid: string | undefined;
    let first = true;
    for (;;) {
      try {
        const object = await api.json<WholeObject>({ path }, scope.signal);
        const pod = readPod(object);
        if (pod) {
          if (uid !== undefined && uid !== pod.uid) events.pod(uid, undefined);
          uid = pod.uid;
          events.pod(uid, pod);
        }
        events.problem(undefined);
      } catch (thrown) {
        if (scope.disposed) return;
        const error = toAppError(thrown);
        if (error.code === 'not-found' && uid !== undefined) events.pod(uid, undefined);
        // No right to see the pod is no reason not to ask for its log.
        if (error.code === 'forbidden' && uid === undefined) {
          uid = `${namespace}/${name}`;
          events.pod(uid, blindPod(namespace, name, uid));
        } else if (error.code !== 'forbidden') events.problem(error);
      }
      if (first) known();
      first = false;
      await sleep(POLL, scope.signal);
    }
  };
  for (const { name } of names) run(name).catch(() => undefined);
}

function blindPod(namespace: string, name: string, uid: string): PodInfo {
  const container = {
    name: '',
    type: 'main',
    restarts: 0,
    state: 'unknown',
    reason: '',
    message: '',
  } as const;
  const ended = { exitCode: undefined, exitReason: '', exitedAt: undefined };
  return {
    uid,
    namespace,
    name,
    node: '',
    phase: '',
    reason: '',
    terminating: false,
    defaultContainer: '',
    containers: [{ ...container, ...ended }],
  };
}

async function select(source: LogSource, deps: PodSourceDeps, scope: Scope): Promise<readonly Selected[]> {
  if (source.type === 'node') return [];
  if (source.type === 'selector') {
    const spaces = source.namespaces?.length ? source.namespaces : [source.namespace];
    return spaces.map((namespace) => ({ namespace, query: { labelSelector: source.selector } }));
  }
  if (source.type === 'pods') return handPicked(source.pods);
  const kind = await deps.kind(source.kind, scope.signal);
  if (!kind) throw fail('unsupported', `The server does not serve ${source.kind}.`);
  const { namespace, name } = source;
  if (kind.id === 'pods') return handPicked([{ namespace, name }]);
  if (kind.id === 'nodes') return [{ namespace: '', query: { fieldSelector: `spec.nodeName=${name}` } }];
  if (kind.id === 'cronjobs.batch') return [await ofCronJob(namespace, name, deps, scope)];
  const path = resourcePath({
    group: kind.group,
    version: kind.version,
    resource: kind.resource,
    namespace: kind.namespaced ? namespace : '',
    name,
  });
  const object = await deps.api.json<WholeObject>({ path }, scope.signal);
  const selector = selectorOf(object);
  if (selector !== undefined) return [{ namespace, query: { labelSelector: selector } }];
  const uid = object.metadata?.uid;
  return [{ namespace, query: {}, accept: (pod) => ownersOf(pod).some((owner) => owner.uid === uid) }];
}

function handPicked(pods: readonly { readonly namespace: string; readonly name: string }[]): Selected[] {
  const byNamespace = new Map<string, string[]>();
  for (const { namespace, name } of pods)
    byNamespace.set(namespace, [...(byNamespace.get(namespace) ?? []), name]);
  return [...byNamespace].flatMap(([namespace, names]): Selected[] => {
    if (names.length <= SINGLE_WATCHES)
      return names.map((name) => ({ namespace, query: { fieldSelector: `metadata.name=${name}` } }));
    const wanted = new Set(names);
    return [{ namespace, query: {}, accept: (pod) => wanted.has(pod.metadata?.name ?? '') }];
  });
}

/** `matchLabels` of workloads, the plain map of Services and ReplicationControllers. */
function selectorOf(object: WholeObject): string | undefined {
  const spec = object['spec'] as { selector?: unknown } | undefined;
  const selector = spec?.selector;
  if (typeof selector === 'string' && selector !== '') return selector;
  if (typeof selector !== 'object' || selector === null) return undefined;
  const labels = selector as LabelSelector;
  const wrapped = 'matchLabels' in labels || 'matchExpressions' in labels;
  const text = formatSelector(wrapped ? labels : { matchLabels: selector as Record<string, string> });
  return text === 'all' || text === '' ? undefined : text;
}

interface Owner {
  readonly uid?: string;
  readonly kind?: string;
  readonly name?: string;
}

function ownersOf(object: WholeObject): readonly Owner[] {
  const owners = object.metadata?.['ownerReferences'];
  return Array.isArray(owners) ? (owners as Owner[]) : [];
}

/** Pods of the jobs of a cron job: its jobs come and go, so they are watched too. */
async function ofCronJob(
  namespace: string,
  name: string,
  { api }: PodSourceDeps,
  scope: Scope,
): Promise<Selected> {
  const uids = new Set<string>();
  await new Promise<void>((resolve, reject) => {
    scope.add(() => reject(fail('cancelled', 'Cancelled.')));
    watchFew({
      api,
      path: resourcePath({ group: 'batch', version: 'v1', resource: 'jobs', namespace }),
      query: {},
      scope: scope.child('jobs'),
      onChange: ({ phase, items, error }) => {
        for (const [uid, job] of items) {
          if (ownersOf(job).some((owner) => owner.kind === 'CronJob' && owner.name === name)) uids.add(uid);
        }
        if (phase === 'denied' || phase === 'failed')
          reject(
            fail(error?.code ?? 'server', error?.message ?? 'Jobs cannot be listed.', {
              denied: error?.denied,
            }),
          );
        else if (phase === 'live') resolve();
      },
    });
  });
  const accept = (pod: WholeObject): boolean => ownersOf(pod).some((owner) => uids.has(owner.uid ?? ''));
  return { namespace, query: { labelSelector: 'job-name' }, accept };
}
