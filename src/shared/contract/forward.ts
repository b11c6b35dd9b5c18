/**
 * Port-forwards: listeners on this machine whose connections end at a port of a pod. Served by
 * the cluster's host, so they end with it. States are facts (rules/watch-and-streams.md 2.3).
 */
import { z } from 'zod';
import { call, slice, stream } from '../rpc/define';
import type { AppError } from '../util/app-error';

export interface ForwardTarget {
  /** Kind id: `pods`, `services`, `deployments.apps`, ... */
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** A port that can be forwarded to, as the object names it. */
export interface ForwardPort {
  /** What `start` takes: a number or a name. */
  readonly remote: string;
  readonly number: number;
  readonly name?: string;
  /** `http -> 8080` of a Service, or the container that names it. */
  readonly detail?: string;
  /** Looks like something a browser shows. */
  readonly scheme?: 'http' | 'https';
}

export interface ForwardOptions {
  readonly ports: readonly ForwardPort[];
  /** The pod a connection would reach now; null: none, and `problem` says why. */
  readonly pod: string | null;
  readonly problem?: AppError;
  /** What happens when the pod is replaced, in a sentence. */
  readonly heals: string;
}

export type ForwardPhase =
  /** Looks for a pod for the first time. */
  | 'starting'
  /** The listener is open and a pod is there. */
  | 'listening'
  /** The listener is open; no pod to connect to yet. */
  | 'waiting'
  /** There was a pod; connections wait (up to 30 s) for the next. */
  | 'reconnecting'
  /** Connections cannot succeed until something is changed; `error` says what. */
  | 'failed';

export interface ForwardRow {
  readonly id: string;
  readonly target: ForwardTarget;
  /** As asked: `http` or `8080`. */
  readonly remote: string;
  /** Port of the pod, once known. */
  readonly podPort: number | null;
  readonly pod: string | null;
  readonly address: string;
  readonly localPort: number;
  readonly phase: ForwardPhase;
  /** Why it waits, reconnects or failed. */
  readonly error?: AppError;
  /** Connections open now, in all, and those that failed. */
  readonly open: number;
  readonly total: number;
  readonly failed: number;
  readonly lastFailure?: { readonly message: string; readonly at: number };
  /** Bytes from and to the pod, in all and in the last second. */
  readonly received: number;
  readonly sent: number;
  readonly receivedRate: number;
  readonly sentRate: number;
  /** Times another pod took over. */
  readonly healed: number;
  readonly scheme?: 'http' | 'https';
  readonly startedAt: number;
}

export interface PortHolder {
  readonly pid?: number;
  readonly name?: string;
}

/** What became of one wished port. */
export type ForwardStarted =
  | { readonly row: ForwardRow }
  | {
      readonly error: AppError;
      /** The local port is taken: by whom, where the system tells, and the next free one. */
      readonly holder?: PortHolder;
      readonly nextFree?: number;
    };

/** Kinds with pods behind them that can be followed. */
export const forwardKinds: readonly string[] = [
  'pods',
  'services',
  'deployments.apps',
  'replicasets.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'jobs.batch',
  'replicationcontrollers',
];

/** A forward as it is kept for a context. */
export interface SavedForward extends ForwardTarget {
  readonly remote: string;
  readonly local: number;
  readonly address: '127.0.0.1' | '0.0.0.0';
}

const name = z.string().min(1).max(253);
export const forwardTarget = z.object({ kind: z.string().min(1).max(512), namespace: name, name });
const remote = z.string().regex(/^(?:\d{1,5}|[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)$/);
const localPort = z.number().int().min(0).max(65_535);

export const forward = slice('forward', {
  /** Ports the object names, and whether a pod is there. */
  options: call(z.object({ target: forwardTarget })).returns<ForwardOptions>(),
  /** One entry for each port, in order; local 0 takes a free one. Nothing is changed silently. */
  start: call(
    z.object({
      target: forwardTarget,
      /** A loopback address unless the person chose otherwise. */
      address: z.enum(['127.0.0.1', '0.0.0.0']).default('127.0.0.1'),
      ports: z
        .array(z.object({ remote, local: localPort }))
        .min(1)
        .max(50),
    }),
  ).returns<readonly ForwardStarted[]>(),
  /** Closes the listener and its connections. */
  stop: call(z.object({ id: z.string().max(64) })).returns<void>(),
  list: stream(z.void(), z.never()).of<readonly ForwardRow[]>(),
});
