/** What a container's stream is given and what it gives, and its small sums. */
import type { Scope } from '#shared/rpc/scope';
import { fail } from '#shared/util/app-error';
import type { Api } from '../../k8s/api';
import type { Gate } from '../../k8s/gate';
import type { ContainerStream } from './container-stream';

export interface StreamOutput {
  line(
    stream: ContainerStream,
    bytes: Uint8Array,
    start: number,
    end: number,
    sec: number,
    nano: number,
    piece: boolean,
  ): void;
  /** `time`: epoch ms it belongs to; undefined for after the last line. */
  marker(stream: ContainerStream, words: string, time?: number): void;
  changed(stream: ContainerStream): void;
}

export interface StreamOptions {
  readonly api: Api;
  readonly gate: Gate;
  readonly scope: Scope;
  readonly output: StreamOutput;
  readonly previous: boolean;
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
