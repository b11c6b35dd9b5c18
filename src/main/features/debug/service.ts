/**
 * Serves the `debug` slice: makes what `kubectl debug` makes, follows it, and takes it away again.
 * Guarantees: `plan` sends nothing but reads; `create` makes exactly one thing (and deletes the
 * original after it, where asked); `remove` deletes nothing but the pod of that uid.
 */
import { debug, type DebugRequest, type DebugState, type DebugTarget } from '#shared/contract/debug';
import type { Level } from '#shared/domain/pss/types';
import { str } from '#shared/k8s/read';
import { coalesce, implement, type Served, type Sink } from '#shared/rpc/server';
import { AppFailure, isCancelled, toAppError } from '#shared/util/app-error';
import type { Api } from '../../k8s/api';
import { resourcePath } from '../../k8s/path';
import { watchFew } from '../../k8s/watch-few';
import { debugPods } from './debug-pods';
import { make, warningsOf, yamlOf } from './make';
import { isMirror, podFacts, type WholePod } from './pod-facts';
import { debugState } from './progress';
import { explainRefusal, mirrorError } from './refusal';
import { GRACE_SECONDS, NodePods, podPath, remove } from './node-pods';
import { enforcedBy, securityOf } from './security';

export interface DebugDeps {
  readonly api: Api;
  /** Learns of the pods of nodes that are made, and of those that are removed. */
  readonly nodePods?: NodePods;
}

const OUTPUT_LINES = 200;
const OUTPUT_BYTES = 256 * 1024;
/** Where a pod may be read but not watched. */
const POLL_MS = 2_000;

export function debugService({ api, nodePods = new NodePods(api) }: DebugDeps): Served {
  return implement(debug, {
    pod: async ({ namespace, pod }, signal) => {
      const [found, enforced] = await Promise.all([
        readPod(api, namespace, pod, signal),
        levelOf(api, namespace, signal),
      ]);
      return { ...podFacts(found), ...(enforced === undefined ? {} : { enforced }) };
    },

    plan: async (request, signal) => {
      try {
        const pod = await subject(api, request, signal);
        const made = make(request, pod);
        const level = await levelOf(api, request.namespace, signal);
        const security = level === undefined ? undefined : securityOf(request, pod, made.pod, level);
        return {
          yaml: yamlOf(made.object),
          warnings: warningsOf(request, pod, made),
          ...(security ? { security } : {}),
        };
      } catch (thrown) {
        const error = toAppError(thrown);
        if (error.code !== 'invalid') throw thrown;
        return { yaml: '', warnings: [], problem: error.message };
      }
    },

    create: async (request, signal) => {
      const made = await create(api, request, signal);
      if (made.way === 'node') nodePods.made(made);
      return made;
    },

    follow: (input, sink) => follow(api, input, sink),

    output: async ({ namespace, pod, container }, signal) => {
      const answer = await api.open(
        {
          path: podPath(namespace, pod, 'log'),
          query: { container, tailLines: OUTPUT_LINES, limitBytes: OUTPUT_BYTES },
          accept: '*/*',
        },
        signal,
      );
      const parts: Uint8Array[] = [];
      let length = 0;
      for await (const part of answer.body) {
        parts.push(part);
        length += part.length;
        if (length >= OUTPUT_BYTES) break;
      }
      return Buffer.concat(parts).toString('utf8');
    },

    remove: async ({ namespace, pod, uid }, signal) => {
      try {
        await remove(api, namespace, pod, uid, GRACE_SECONDS, signal);
      } catch (thrown) {
        // Gone, or another pod of that name: what was to be removed is not there.
        const { code } = toAppError(thrown);
        if (code !== 'not-found' && code !== 'conflict') throw thrown;
      }
      nodePods.removed(uid);
    },

    pods: (input, signal) => debugPods(api, input, signal),
  });
}

function readPod(api: Api, namespace: string, pod: string, signal: AbortSignal): Promise<WholePod> {
  return api.json<WholePod>({ path: podPath(namespace, pod) }, signal);
}

/** The pod that is debugged; none for a node. The one that was looked at, not its successor. */
async function subject(api: Api, request: DebugRequest, signal: AbortSignal): Promise<WholePod | undefined> {
  if (request.way === 'node') return undefined;
  const pod = await readPod(api, request.namespace, request.pod, signal);
  if (request.uid !== '' && str(pod.metadata?.uid) !== request.uid) {
    throw new AppFailure({
      code: 'conflict',
      message: `Pod ${request.pod} was replaced meanwhile: this is another pod of the same name.`,
      hint: 'Close this and look at the new one.',
    });
  }
  if (request.way === 'ephemeral' && isMirror(pod)) throw new AppFailure(mirrorError(request.pod));
  return pod;
}

/** Undefined where the namespace may not be read. */
async function levelOf(api: Api, namespace: string, signal: AbortSignal): Promise<Level | undefined> {
  const path = resourcePath({ group: '', version: 'v1', resource: 'namespaces', name: namespace });
  try {
    const found = await api.json<{ metadata?: { labels?: Record<string, string> } }>({ path }, signal);
    return enforcedBy(found.metadata?.labels);
  } catch (thrown) {
    if (signal.aborted || isCancelled(thrown)) throw thrown;
    return undefined;
  }
}

async function create(api: Api, request: DebugRequest, signal: AbortSignal): Promise<DebugTarget> {
  const pod = await subject(api, request, signal);
  const made = make(request, pod);
  const { namespace } = request;
  const target = made.container === undefined ? {} : { container: made.container };
  try {
    if (request.way === 'ephemeral') {
      await api.json(
        {
          method: 'PATCH',
          path: podPath(namespace, request.pod, 'ephemeralcontainers'),
          contentType: 'application/strategic-merge-patch+json',
          body: JSON.stringify({ spec: { ephemeralContainers: [made.object] } }),
        },
        signal,
      );
      return { way: 'ephemeral', namespace, pod: request.pod, uid: request.uid, ...target };
    }
    const created = await api.json<WholePod>(
      {
        method: 'POST',
        path: resourcePath({ group: '', version: 'v1', resource: 'pods', namespace }),
        body: JSON.stringify(made.object),
      },
      signal,
    );
    if (request.way === 'copy' && request.replace === true)
      await remove(api, namespace, request.pod, request.uid, 0, signal);
    return {
      way: request.way,
      namespace,
      pod: str(created.metadata.name),
      uid: str(created.metadata.uid),
      ...target,
    };
  } catch (thrown) {
    if (isCancelled(thrown)) throw thrown;
    throw new AppFailure(
      explainRefusal(toAppError(thrown), request, (level) =>
        level === 'baseline' || level === 'restricted'
          ? securityOf(request, pod, made.pod, level)
          : undefined,
      ),
    );
  }
}

function follow(
  api: Api,
  { namespace, pod, container }: { namespace: string; pod: string; container: string },
  sink: Sink<DebugState>,
): void {
  let state: DebugState = { phase: 'waiting', words: 'Waiting for the node to start it.' };
  let told = '';
  let polling = false;
  const feed = coalesce<DebugState>(
    sink,
    () => {
      const text = JSON.stringify(state);
      if (text === told) return undefined;
      told = text;
      return state;
    },
    100,
  );
  const set = (next: DebugState): void => {
    state = next;
    feed.mark();
  };
  const gone = (): void => set({ phase: 'gone', words: `Pod ${pod} was deleted.` });
  const poll = (): void => {
    readPod(api, namespace, pod, sink.signal).then(
      (found) => {
        set(debugState(found, container));
        sink.scope.timeout(poll, POLL_MS);
      },
      (thrown: unknown) => {
        const error = toAppError(thrown);
        if (error.code === 'cancelled') return;
        if (error.code === 'not-found') return gone();
        if (error.code === 'forbidden') return sink.end(error);
        set({ ...state, stale: true });
        sink.scope.timeout(poll, POLL_MS);
      },
    );
  };
  let seen = false;
  watchFew({
    api,
    path: resourcePath({ group: '', version: 'v1', resource: 'pods', namespace }),
    query: { fieldSelector: `metadata.name=${pod}` },
    scope: sink.scope,
    onChange: ({ phase, items }) => {
      if (polling) return;
      if (phase === 'denied') {
        polling = true;
        return poll();
      }
      const [found] = items.values();
      if (found) {
        seen = true;
        const next = debugState(found as unknown as WholePod, container);
        set(phase === 'live' ? next : { ...next, stale: true });
      } else if (phase === 'live' || (phase === 'gone' && seen)) gone();
    },
  });
  feed.mark();
}
