/**
 * Network policies of one cluster: what may reach what and why, over a live model at its host.
 * Streams answer anew whenever pods, policies, namespaces or nodes change the answer. Nothing here
 * sends traffic; whether the cluster enforces any of it is said by `state` (S30).
 */
import { z } from 'zod';
import type { Engine } from '../domain/netpol/engine';
import type { InquiryAnswer } from '../domain/netpol/inquiry';
import type { Place } from '../domain/netpol/places';
import { call, slice, stream } from '../rpc/define';
import type { AppError } from '../util/app-error';

/** One kind the model is made of. */
export interface NetpolPart {
  readonly kind: string;
  readonly title: string;
  /** `absent`: the server does not serve it. */
  readonly phase: 'absent' | 'reading' | 'live' | 'stale' | 'denied';
  readonly count: number;
  /** Namespaces it is read in; undefined: all. */
  readonly namespaces?: readonly string[];
  readonly error?: AppError;
}

export interface NetpolState {
  /** Everything that may be read has been read once. */
  readonly ready: boolean;
  readonly engine: Engine;
  readonly parts: readonly NetpolPart[];
  readonly pods: number;
  readonly workloads: number;
  readonly policies: number;
  /** Grows with each change of the model. */
  readonly revision: number;
}

export interface PlaceChoice {
  readonly place: Place;
  readonly label: string;
  readonly detail: string;
}

export interface AskBatch {
  readonly revision: number;
  readonly answer?: InquiryAnswer;
  /** Why there is no answer, in words for a person. */
  readonly problem?: string;
}

const name = z.string().min(1).max(253);
const namespace = z.string().min(1).max(253);

export const placeSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('pod'), namespace, name }),
  z.object({ type: z.literal('service'), namespace, name }),
  z.object({ type: z.literal('workload'), id: z.string().min(1).max(600) }),
  z.object({ type: z.literal('namespace'), name }),
  z.object({ type: z.literal('ip'), address: z.string().min(1).max(64) }),
  z.object({ type: z.literal('internet') }),
]);

const question = z.object({
  from: placeSchema,
  to: placeSchema,
  port: z.union([z.number().int(), z.string().min(1).max(63), z.null()]),
  protocol: z.enum(['TCP', 'UDP', 'SCTP']),
});
export type NetpolQuestion = z.infer<typeof question>;

export const netpol = slice('netpol', {
  state: stream(z.void(), z.never()).of<NetpolState>(),
  /** Places whose name holds the text, best first. */
  places: call(
    z.object({
      text: z.string().max(256),
      services: z.boolean(),
      limit: z.number().int().min(1).max(200),
    }),
  ).returns<readonly PlaceChoice[]>(),
  ask: stream(question, z.never()).of<AskBatch>(),
});
