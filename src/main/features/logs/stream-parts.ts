/** What a container's stream is given and what it gives, and its small sums. */
import type { LogStreamInfo, StreamPhase } from '#shared/contract/logs';
import type { Scope } from '#shared/rpc/scope';
import { fail } from '#shared/util/app-error';
import type { Api } from '../../k8s/api';
import type { Gate } from '../../k8s/gate';
import type { ContainerInfo, PodInfo } from './pod-info';

export const LIMITS = {
  /** Bytes a second of one container that are read in the long run, and the reserve for bursts. */
  rate: 6 * 1024 * 1024,
  burst: 48 * 1024 * 1024,
  /** A throttled stream further behind than this goes on with what is written now (ms). */
  mostBehind: 20_000,
  /** How long the pod's status may take to say why a stream ended (ms). */
  statusPatience: 2_500,
  /** How long a stream may wait for its turn to open (ms). */
  openPatience: 120_000,
  /** A restarting container's status may still name an instance whose log is gone: asked so often again. */
  previousTries: 4,
} as const;

/** One log as its session sees it: of a container, or of a node. */
export interface LogStream {
  readonly id: number;
  readonly phase: StreamPhase;
  readonly words: string;
  readonly lines: number;
  readonly restarts: number;
  readonly throttled: boolean;
  readonly type: LogStreamInfo['type'];
  readonly pod: PodInfo;
  readonly info: ContainerInfo;
  /** The pod as it is now; undefined: it was deleted. */
  update(pod: PodInfo | undefined): void;
  /** The server is there again: no more waiting. */
  nudge(): void;
  /** Until nothing more can come. Never rejects. */
  run(): Promise<void>;
}

export interface StreamOutput {
  line(
    stream: LogStream,
    bytes: Uint8Array,
    start: number,
    end: number,
    sec: number,
    nano: number,
    piece: boolean,
  ): void;
  /** `time`: epoch ms it belongs to; undefined for after the last line. */
  marker(stream: LogStream, words: string, time?: number): void;
  changed(stream: LogStream): void;
}

export interface StreamOptions {
  readonly api: Api;
  readonly gate: Gate;
  readonly scope: Scope;
  readonly output: StreamOutput;
  readonly previous: boolean;
  readonly withPrevious?: boolean | undefined;
  readonly follow: boolean;
  readonly tail: number | null;
  readonly sinceSeconds: number | null;
  /** The server's clock, epoch ms. */
  readonly now: () => number;
}

export function tooLate(): Error {
  return fail('timeout', 'Too many logs are being opened; this one had to wait too long.');
}

/** Whole seconds: the kubelet gets no more. */
export function rfc3339(ms: number): string {
  return new Date(Math.floor(ms / 1000) * 1000).toISOString().replace('.000Z', 'Z');
}

export function seconds(ms: number): string {
  return `${Math.max(1, Math.round(ms / 1000))} s`;
}
