/**
 * One measured process of the list, event and idle benches: `host-child.ts MODE KUBECONFIG [HOLD]`.
 * Its own process, so that memory, pauses and cold code are its own. Times run from the first
 * request; loading the program is not counted. Answers with one message to its parent; in mode
 * `hold` it goes on and answers `mark` with the CPU used so far.
 */
import '../../src/main/cluster-host/jit';
import { PerformanceObserver, performance } from 'node:perf_hooks';
import { cluster } from '../../src/shared/contract/cluster';
import { resources, type ViewBatch } from '../../src/shared/contract/resources';
import { RpcClient } from '../../src/shared/rpc/client';
import { portPair } from '../../src/shared/rpc/port';
import { Scope } from '../../src/shared/rpc/scope';
import { serve } from '../../src/shared/rpc/server';
import { openSession } from '../../src/main/cluster-host/session';
import { eachChunk } from '../../src/main/k8s/body';
import { openApi } from '../../src/main/k8s/open-api';
import type { ContextConfig } from '../../src/main/kubeconfig/types';
import { contextOf } from './context-of';
import { gc } from './gc';

const PROTOBUF = 'application/vnd.kubernetes.protobuf,application/json;q=0.9';
const INITIAL_END = Buffer.from('k8s.io/initial-events-end');

export interface Measured {
  readonly firstMs: number;
  readonly allMs: number;
  readonly rows: number;
  readonly bytes: number;
  /** Heap and array buffers above the empty program, after a collection. */
  readonly keptBytes: number;
  readonly rssBytes: number;
  readonly gcMs: number;
  readonly cpuMs: number;
}

let longestGc = 0;
const observer = new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) longestGc = Math.max(longestGc, entry.duration);
});

function collect(): { kept: number; rss: number } {
  for (let i = 0; i < 3; i++) gc();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { kept: heapUsed + external, rss };
}

const parent = (process as { parentPort?: { postMessage(message: unknown): void } }).parentPort;
const tell = (message: unknown): void =>
  void (parent ? parent.postMessage(message) : process.send?.(message));

/** What a screen sees: the view of all pods, first rows and then every row. */
function ours(
  context: ContextConfig,
  scope: Scope,
  hidden: boolean,
  onBatch: (batch: ViewBatch) => void,
): Promise<{ firstMs: number; allMs: number; rows: number }> {
  const began = performance.now();
  const session = openSession({ context, environment: {}, scope });
  const [near, far] = portPair();
  serve(far, session.services, scope);
  scope.add(() => near.close());
  const client = new RpcClient(near);
  let firstMs = NaN;
  return new Promise((resolve, reject) => {
    let order: readonly string[] = [];
    client.open(cluster, 'status', undefined, { onData: () => undefined, onEnd: () => undefined });
    client.open(
      resources,
      'view',
      { kind: 'pods', namespaces: [], filter: '', sort: null, offset: 0, limit: 50, request: 1, hidden },
      {
        onData: (batch) => {
          order = batch.order ?? order;
          const now = performance.now() - began;
          if (Number.isNaN(firstMs) && order.length >= Math.min(50, batch.total) && batch.total > 0) {
            firstMs = now;
          }
          onBatch(batch);
          if (batch.state.phase === 'live') resolve({ firstMs, allMs: now, rows: batch.total });
          if (batch.state.phase === 'denied' || batch.state.phase === 'failed') {
            reject(new Error(batch.state.error.message));
          }
        },
        onEnd: (error) => reject(new Error(error?.message ?? 'the view ended')),
      },
    );
  });
}

/** The same bytes by Node's own HTTP client, thrown away (or, `objects`, parsed and kept). */
async function plain(
  context: ContextConfig,
  scope: Scope,
  mode: string,
): Promise<{ allMs: number; bytes: number; rows: number; kept?: unknown }> {
  const began = performance.now();
  const api = openApi(context, {}, scope);
  const watch = mode === 'fetch-watch-list';
  const controller = new AbortController();
  const response = await api.open(
    {
      path: '/api/v1/pods',
      accept: mode === 'objects' ? 'application/json' : PROTOBUF,
      query: watch
        ? {
            watch: true,
            sendInitialEvents: true,
            resourceVersionMatch: 'NotOlderThan',
            allowWatchBookmarks: true,
            timeoutSeconds: 300,
          }
        : { resourceVersion: '0' },
      timeoutMs: 60_000,
      long: watch,
    },
    controller.signal,
  );
  let bytes = 0;
  let tail = Buffer.alloc(0);
  const chunks: Uint8Array[] = [];
  let ended = false;
  await eachChunk(response.body, (chunk) => {
    bytes += chunk.length;
    if (mode === 'objects') chunks.push(Uint8Array.from(chunk));
    if (!watch || ended) return;
    tail = Buffer.concat([tail, chunk.subarray(-512)]).subarray(-512);
    ended = tail.includes(INITIAL_END);
    if (ended) controller.abort();
  }).catch((thrown: unknown) => {
    if (!ended) throw thrown;
  });
  // Right after its start a server may refuse to send everything: no figure may come of that.
  if (watch && !ended) throw new Error(`the stream ended after ${bytes} bytes, before its bookmark`);
  if (mode !== 'objects') return { allMs: performance.now() - began, bytes, rows: NaN };
  // One string may be at most half a gigabyte: beyond that this way of reading ends anyway.
  const kept = JSON.parse(Buffer.concat(chunks.splice(0)).toString('utf8')) as { items: unknown[] };
  return { allMs: performance.now() - began, bytes, rows: kept.items.length, kept };
}

async function main(): Promise<void> {
  const [mode = '', kubeconfig = ''] = process.argv.slice(2);
  const context = await contextOf(kubeconfig);
  const scope = new Scope('bench');
  const empty = collect();
  observer.observe({ entryTypes: ['gc'] });
  longestGc = 0;
  const before = process.cpuUsage();
  const cpu = (): number => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
  let batches = 0;
  const names = new Map<string, string>();
  const hold = mode === 'hold' || mode === 'hold-hidden';
  const read: { firstMs?: number; allMs: number; rows: number; bytes?: number; kept?: unknown } =
    mode === 'ours' || hold
      ? await ours(context, scope, mode === 'hold-hidden', (batch) => {
          batches++;
          if (!hold) return;
          for (const row of batch.rows) {
            names.set(row.name, row.namespace);
            const probe = /Probe(\d+)/.exec(JSON.stringify(row.cells));
            if (probe) tell({ seen: Number(probe[1]), at: Date.now() });
          }
        })
      : await plain(context, scope, mode);
  const cpuMs = cpu();
  // Entries of collections are delivered with the next turn; those asked for below do not count.
  await new Promise((resolve) => setTimeout(resolve, 50));
  const gcMs = longestGc;
  const rssNow = process.memoryUsage().rss;
  const after = collect();
  const measured: Measured = {
    firstMs: read.firstMs ?? NaN,
    allMs: read.allMs,
    rows: read.kept === undefined ? read.rows : (read.kept as { items: unknown[] }).items.length,
    bytes: read.bytes ?? NaN,
    keptBytes: after.kept - empty.kept,
    rssBytes: rssNow - empty.rss,
    gcMs,
    cpuMs,
  };
  tell({ measured, pods: [...names].slice(0, 20) });
  if (!hold) {
    scope.dispose();
    if (!parent) process.disconnect();
    setTimeout(() => process.exit(0), 100).unref();
    return;
  }
  process.on('message', (message) => {
    if (message === 'mark') tell({ cpu: cpu(), batches, gcMs: longestGc });
    if (message === 'heap') tell({ heap: collect().kept });
    if (message === 'reset') longestGc = 0;
    if (message === 'stop') process.exit(0);
  });
}

main().catch((thrown: unknown) => {
  console.error(thrown);
  process.exit(70);
});
