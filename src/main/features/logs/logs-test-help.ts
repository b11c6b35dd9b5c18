/** A server of pods and their logs for tests: what it holds is set by hand, what is asked is counted. */
import { Scope } from '#shared/rpc/scope';
import { fail } from '#shared/util/app-error';
import { noFilter } from '#shared/contract/logs';
import type { Api, ApiRequest, ApiResponse } from '../../k8s/api';
import type { WholeObject } from '../../k8s/watch-few';
import { LogSession, type SessionOptions } from './log-session';
import { LogView } from './log-view';

/** Chunks of an answer; a promise in between is waited for, an Error breaks the connection. */
export type Body = Iterable<Buffer | Promise<unknown> | Error>;

export class FakeCluster {
  readonly pods = new Map<string, WholeObject>();
  /** Answers a question for a log. */
  log: (pod: string, follow: boolean, request: ApiRequest) => Body = () => [];
  open = 0;
  mostOpening = 0;
  private opening = 0;
  private version = 1;
  /** Follows by pod: they end with it. */
  private readonly ends = new Map<string, Set<() => void>>();
  private readonly watchers = new Set<(line: string) => void>();

  put(pod: WholeObject): void {
    this.version += 1;
    const { uid = '', ...rest } = pod.metadata ?? {};
    const made = { ...pod, metadata: { uid, ...rest, resourceVersion: String(this.version) } };
    const type = this.pods.has(uid) ? 'MODIFIED' : 'ADDED';
    this.pods.set(uid, made);
    this.tell(type, made);
  }

  remove(uid: string): void {
    const gone = this.pods.get(uid);
    this.pods.delete(uid);
    if (gone) this.tell('DELETED', gone);
    this.ends.get(gone?.metadata?.name ?? '')?.forEach((end) => end());
  }

  private tell(type: string, object: WholeObject): void {
    for (const watcher of this.watchers) watcher(`${JSON.stringify({ type, object })}\n`);
  }

  readonly api = {
    clockOffset: 0,
    dropConnections: () => undefined,
    json: async () => ({
      apiVersion: 'v1',
      kind: 'PodList',
      metadata: { resourceVersion: String(this.version) },
      items: [...this.pods.values()],
    }),
    open: async (request: ApiRequest, signal: AbortSignal): Promise<ApiResponse> => {
      const head = { status: 200, headers: {} };
      if (request.query?.['watch'] === true) return { ...head, body: this.watch(signal) };
      const pod = /\/pods\/([^/]+)\/log$/.exec(request.path)?.[1] ?? '';
      return { ...head, body: this.body(pod, request, signal) };
    },
  } as unknown as Api;

  private async *watch(signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const waiting: string[] = [];
    let wake: () => void = () => undefined;
    const onLine = (line: string): void => {
      waiting.push(line);
      wake();
    };
    this.watchers.add(onLine);
    try {
      while (!signal.aborted) {
        for (const line of waiting.splice(0)) yield Buffer.from(line);
        await aborted(signal, new Promise<void>((resolve) => (wake = resolve)));
      }
    } finally {
      this.watchers.delete(onLine);
    }
  }

  private async *body(pod: string, request: ApiRequest, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const follow = request.query?.['follow'] === true;
    this.open += 1;
    if (!follow) this.opening += 1;
    this.mostOpening = Math.max(this.mostOpening, this.opening);
    try {
      for (const part of this.log(pod, follow, request)) {
        await Promise.resolve();
        if (part instanceof Error) throw part;
        if (part instanceof Promise) await aborted(signal, part);
        else yield part;
      }
      if (follow) {
        const ends = this.ends.get(pod) ?? new Set();
        this.ends.set(pod, ends);
        await aborted(signal, new Promise<void>((resolve) => ends.add(resolve)));
      }
    } finally {
      this.open -= 1;
      if (!follow) this.opening -= 1;
    }
  }
}

async function aborted(signal: AbortSignal, other: Promise<unknown>): Promise<void> {
  let onAbort: () => void = () => undefined;
  const end = new Promise<void>((_, reject) => {
    onAbort = (): void => reject(fail('cancelled', 'Cancelled.'));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    await Promise.race([other, end]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

export function podOf(
  name: string,
  state: object = { running: {} },
  more: { readonly phase?: string; readonly containers?: number; readonly restarts?: number } = {},
): WholeObject {
  const names = Array.from({ length: more.containers ?? 1 }, (_, i) => `c${i}`);
  const restartCount = more.restarts ?? 0;
  return {
    metadata: { name, namespace: 'n', uid: `uid-${name}` },
    spec: { nodeName: 'node-1', containers: names.map((one) => ({ name: one })) },
    status: {
      phase: more.phase ?? 'Running',
      containerStatuses: names.map((one) => ({ name: one, restartCount, state })),
    },
  };
}

export const stampOf = (ms: number): string => new Date(ms).toISOString().replace('Z', '000000Z');

export interface Opened {
  readonly session: LogSession;
  readonly view: LogView;
  /** Rows of the view as text. */
  texts(): string[];
}

export function openLogs(cluster: FakeCluster, scope: Scope, options: Partial<SessionOptions> = {}): Opened {
  const session = new LogSession({
    api: cluster.api,
    kind: async () => undefined,
    now: Date.now,
    source: { type: 'selector', namespace: 'n', selector: 'a=b' },
    previous: false,
    follow: true,
    tail: null,
    sinceSeconds: null,
    keep: 1_000_000,
    scope,
    onChange: () => undefined,
    ...options,
  });
  const view = new LogView(session.store, (id, hidden) => session.isHidden(id, hidden));
  view.setFilter(noFilter);
  const texts = (): string[] => {
    while (view.busy) view.advance(5);
    const out: string[] = [];
    for (let row = view.first; row < view.end; row += 1)
      out.push(session.store.text(view.seqOf(row))?.toString('utf8') ?? '');
    return out;
  };
  return { session, view, texts };
}
