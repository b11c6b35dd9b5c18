/** A session as the page has it: spoken to over a port, with tables as a screen holds them. */
import { vi } from 'vitest';
import { cluster, type ClusterStatus, type KindsState } from '#shared/contract/cluster';
import { resources, type ObjectState, type ViewBatch, type WireRow } from '#shared/contract/resources';
import { RpcClient } from '#shared/rpc/client';
import type { InputOf } from '#shared/rpc/define';
import { portPair } from '#shared/rpc/port';
import type { Scope } from '#shared/rpc/scope';
import { serve } from '#shared/rpc/server';
import type { Demo } from '../../../src/demo/demo';
import { openSession, type Session } from '../../../src/main/cluster-host/session';
import type { ContextConfig } from '../../../src/main/kubeconfig/types';
import { contextConfig } from '../../integration/k8s-support';

export interface Page {
  readonly client: RpcClient;
  readonly session: Session;
  /** Of this session alone. */
  readonly scope: Scope;
  readonly status: () => ClusterStatus | undefined;
  /** Every phase since the start, without repeats. */
  readonly phases: string[];
}

export function demoContext(demo: Demo, token = demo.token, namespace = 'default'): ContextConfig {
  return {
    ...contextConfig({ server: demo.url, ca: { data: demo.caPem } }, { token }),
    namespace,
  };
}

export function openPage(context: ContextConfig, parent: Scope): Page {
  const scope = parent.child('page');
  const session = openSession({ context, environment: { PATH: '/usr/bin:/bin' }, scope });
  const [near, far] = portPair();
  serve(far, session.services, scope);
  const client = new RpcClient(near);
  scope.add(() => client.close());
  const phases: string[] = [];
  let status: ClusterStatus | undefined;
  client.open(cluster, 'status', undefined, {
    onData: (next) => {
      status = next;
      if (phases.at(-1) !== next.phase) phases.push(next.phase);
    },
    onEnd: () => undefined,
  });
  return { client, session, scope, status: () => status, phases };
}

type ViewInput = InputOf<(typeof resources)['members']['view']>;

/** The window of one table after every batch. */
export class Screen {
  readonly rows = new Map<string, WireRow>();
  order: readonly string[] = [];
  last: ViewBatch | undefined;
  readonly states: ViewBatch['state'][] = [];
  /** Epoch ms of each batch. */
  readonly times: number[] = [];
  /** The least number of rows since the first whole list. */
  least = Infinity;
  columns: readonly string[] = [];
  readonly update: (change: {
    request: number;
    namespaces?: string[];
    offset?: number;
    filter?: string;
  }) => void;
  readonly close: () => void;

  constructor(client: RpcClient, input: Partial<ViewInput> & { kind: string }) {
    const query = { namespaces: [], filter: '', sort: null, offset: 0, limit: 200, request: 1, ...input };
    const stream = client.open(resources, 'view', query, {
      onData: (batch) => this.take(batch),
      onEnd: () => undefined,
    });
    this.update = (change) => stream.update(change);
    this.close = () => stream.close();
  }

  get phase(): string | undefined {
    return this.last?.state.phase;
  }

  get names(): string[] {
    return this.order.map((id) => this.rows.get(id)?.name ?? '?');
  }

  live(timeoutMs = 15_000): Promise<void> {
    return until(() => this.phase === 'live', timeoutMs);
  }

  private take(batch: ViewBatch): void {
    this.times.push(Date.now());
    for (const row of batch.rows) this.rows.set(row.id, row);
    if (batch.order) this.order = batch.order;
    if (batch.columns) this.columns = batch.columns.map((column) => column.id);
    if (this.states.some((state) => state.phase === 'live')) this.least = Math.min(this.least, batch.total);
    this.last = batch;
    this.states.push(batch.state);
  }
}

/** Every state of one object since it was opened. */
export function openObject(
  page: Page,
  ref: { kind: string; namespace: string; name: string },
): { states: ObjectState[]; close(): void } {
  const states: ObjectState[] = [];
  const stream = page.client.open(resources, 'object', ref, {
    onData: (state) => {
      states.push(state);
    },
    onEnd: () => undefined,
  });
  return { states, close: () => stream.close() };
}

export function openKinds(page: Page): { last(): KindsState; close(): void } {
  let last: KindsState = { kinds: [], failedGroups: [] };
  const stream = page.client.open(cluster, 'kinds', undefined, {
    onData: (state) => {
      last = state;
    },
    onEnd: () => undefined,
  });
  return { last: () => last, close: () => stream.close() };
}

/** Waits for a condition, looking every 20 ms; the error names the condition. */
export async function until(test: () => boolean, timeoutMs = 15_000): Promise<void> {
  await vi.waitFor(
    () => {
      if (!test()) throw new Error(`still waiting for: ${test.toString()}`);
    },
    { timeout: timeoutMs, interval: 20 },
  );
}
